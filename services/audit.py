"""Writing down who did what, or looked at what."""

from collections.abc import Mapping
from typing import Any

from domain.audit import ActorKind, AuditEvent
from services.desk import Actor


def note_worker(
    act: str, number: str | None, details: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Note what a worker did in the chat."""
    return AuditEvent(act, number, ActorKind.WORKER, None, "chat", details or {})


def note_staff(
    act: str, subject: str | None, actor: Actor, details: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Note what a member of staff did or looked at."""
    return AuditEvent(act, subject, ActorKind.STAFF, actor.staff.id, actor.origin, details or {})


def note_program(
    act: str, subject: str | None, origin: str, details: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Note what the program did by itself, or for somebody at its command line."""
    return AuditEvent(act, subject, ActorKind.PROGRAM, None, origin, details or {})
