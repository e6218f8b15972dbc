"""Calls of the Bot API that are to be made once the change that caused them is stored."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum


class Lane(IntEnum):
    """Who goes first: an answer, then what staff are told unasked, then a notice to many."""

    REPLY = 0
    STAFF = 1
    BULK = 2


@dataclass(frozen=True)
class Call:
    """A method of the Bot API and its parameters as a JSON text.

    If it puts a question of the chat's draft, `question` is that question's count, by which the
    message that shows it is remembered. `attachment` refers to the file that goes with it, such as
    "card:123456789:png": it is made when the call is made, and never stored. `progress_of` is the
    notice whose progress this message tells: it is remembered, to be changed later.
    """

    chat_id: int
    method: str
    parameters: str
    lane: Lane = Lane.REPLY
    question: int | None = None
    attachment: str | None = None
    progress_of: int | None = None

    def readdressed(self, chat_id: int) -> "Call":
        """Make the same call to another chat."""
        parameters = json.loads(self.parameters) | {"chat_id": chat_id}
        text = json.dumps(parameters, ensure_ascii=False)
        return replace(self, chat_id=chat_id, parameters=text)


@dataclass(frozen=True)
class OutgoingCall:
    """A stored call; calls of one chat are made in the order of their ids."""

    id: int
    call: Call
    created_at: datetime


@dataclass(frozen=True)
class Acknowledgement:
    """The answer to a tap (answerCallbackQuery): made once after the commit, never stored."""

    tap_id: str
    text: str | None = None

    @property
    def parameters(self) -> str:
        """The parameters of the call as a JSON text."""
        shown = {"text": self.text[:200]} if self.text else {}
        return json.dumps({"callback_query_id": self.tap_id, **shown}, ensure_ascii=False)
