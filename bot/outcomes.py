"""What became of a call of the Bot API, and what follows for the message and the contact."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import aiohttp


class Kind(StrEnum):
    """What became of a call."""

    DELIVERED = "delivered"
    POINTLESS = "pointless"
    """Refused for good, yet nothing is missing: the message is as it should be, or gone."""
    LIMITED = "limited"
    UNREACHABLE = "unreachable"
    MOVED = "moved"
    REJECTED = "rejected"
    UNAUTHORIZED = "unauthorized"
    NOT_DELIVERED = "not_delivered"
    AMBIGUOUS = "ambiguous"
    UNATTACHED = "unattached"
    """Not made: the file that goes with it could not be made."""
    WITHDRAWN = "withdrawn"
    """Not made: it could not begin in time."""


@dataclass(frozen=True)
class Outcome:
    """What became of a call; `reason` is Telegram's, without what it quotes."""

    kind: Kind
    reason: str = ""
    retry_after_seconds: float = 0
    moved_to: int | None = None


DELIVERED = Outcome(Kind.DELIVERED)

POINTLESS_REASONS = (
    "message is not modified",
    "message to edit not found",
    "message to delete not found",
    "message can't be deleted",
    "message can't be edited",
    "query is too old",
    "query id is invalid",
)


ACCEPTED = b'{"ok":true'


def read_answer(status: int, text: bytes) -> Outcome:
    """Read Telegram's answer to a call; one that was accepted is not read any further."""
    if status == 200 and text.startswith(ACCEPTED):
        return DELIVERED
    answer = read_object(text)
    if status == 200 and answer.get("ok") is True:
        return DELIVERED
    reason = _without_quotes(str(answer.get("description", ""))) or f"status {status}"
    if answer.get("ok") is not False and status != 429:
        return Outcome(Kind.AMBIGUOUS, f"no answer of Telegram's, status {status}")
    parameters = answer.get("parameters") or {}
    if status == 429:
        return Outcome(Kind.LIMITED, reason, float(parameters.get("retry_after", 1)))
    if "migrate_to_chat_id" in parameters:
        return Outcome(Kind.MOVED, reason, moved_to=int(parameters["migrate_to_chat_id"]))
    return Outcome(_read_status(status, reason.lower()), reason)


def find_message_id(text: bytes) -> int | None:
    """Find the id of the message that an accepted call made."""
    message = read_object(text).get("result")
    message_id = message.get("message_id") if isinstance(message, dict) else None
    return message_id if isinstance(message_id, int) else None


def find_file_id(text: bytes, field: str) -> str | None:
    """Find what Telegram calls the file of a message that an accepted call made.

    `field` is where it lies, such as `voice`; of a picture the last and largest size is meant.
    """
    message = read_object(text).get("result")
    found = message.get(field) if isinstance(message, dict) else None
    if isinstance(found, list) and found:
        found = found[-1]
    file_id = found.get("file_id") if isinstance(found, dict) else None
    return file_id if isinstance(file_id, str) else None


def read_object(text: bytes) -> Mapping[str, Any]:
    """Read an answer that may be a proxy's page instead of Telegram's JSON."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _without_quotes(description: str) -> str:
    """Cut a description before the first quotation mark: what follows is out of a message."""
    return description.split('"', maxsplit=1)[0].strip()[:120]


def _read_status(status: int, reason: str) -> Kind:
    if status == 403 or "chat not found" in reason:
        return Kind.UNREACHABLE
    if status in (401, 404):
        return Kind.UNAUTHORIZED
    if any(known in reason for known in POINTLESS_REASONS):
        return Kind.POINTLESS
    if 400 <= status < 500:
        return Kind.REJECTED
    return Kind.AMBIGUOUS


def read_failure(error: Exception) -> Outcome:
    """Read a call that got no answer: did it leave this machine, or perhaps?"""
    never_left = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
    kind = Kind.NOT_DELIVERED if isinstance(error, never_left) else Kind.AMBIGUOUS
    return Outcome(kind, type(error).__name__)


NO_ANSWER = (aiohttp.ClientError, asyncio.TimeoutError, OSError)
"""What the transport raises when a call got no answer."""
