"""What was done or looked at, by whom, and the chain that shows whether the record was changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

FIRST_LINK = "0" * 64
"""What the first event is chained to."""


class ActorKind(StrEnum):
    """Who did something."""

    WORKER = "worker"
    STAFF = "staff"
    PROGRAM = "program"


@dataclass(frozen=True)
class AuditEvent:
    """One act or look. It never holds personal data: who is meant is said by number or id.

    `subject` is an application's number, or a kind and an id such as 'staff:7'; `origin` says from
    where: 'chat', 'command', 'timer', 'sender', or 'web' and the address it came from.
    """

    act: str
    subject: str | None
    actor_kind: ActorKind
    actor_id: int | None
    origin: str
    details: Mapping[str, Any] = field(default_factory=dict)


def link(previous: str, event: AuditEvent, at: datetime) -> str:
    """Chain an event to the one before it: SHA-256 over both, as 64 hexadecimal digits."""
    fields = [
        previous,
        at.isoformat(timespec="microseconds"),
        event.act,
        event.subject,
        event.actor_kind.value,
        event.actor_id,
        event.origin,
        event.details,
    ]
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
