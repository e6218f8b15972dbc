"""Whether Telegram refuses a notice itself, and not only some of its recipients."""

import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from bot.outcomes import Kind, Outcome
from domain.recipients import Key
from services.desk import Desk
from services.notice_refusals import hold_refused
from services.reminders import RunUnit

MOST_IN_A_ROW = 20

FILE_REASONS = ("file identifier", "file_id", "file reference")
"""Telegram does not know the file any more by the name that it gave it."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Refusal:
    """A notice that Telegram refuses, why, and to whom it did so in a row."""

    notice_id: int
    reason: str
    keys: tuple[Key, ...]

    @property
    def is_of_file(self) -> bool:
        """Whether the file of the notice must be uploaded anew."""
        return any(known in self.reason.lower() for known in FILE_REASONS)


HoldRefused: TypeAlias = Callable[[Refusal], Awaitable[None]]
"""Pauses a notice that Telegram refuses."""


class Refusals:
    """Counts the equal refusals in a row of each notice; a delivery ends a row.

    `found` has those that are too long; they are still to be acted upon. `held` are their notices:
    nobody more fails because of them until they are forgotten.
    """

    def __init__(self) -> None:
        self.found: list[Refusal] = []
        self.held: set[int] = set()
        self._rows: dict[int, Refusal] = {}

    def note(self, key: Key, outcome: Outcome) -> bool:
        """Note what became of a call, and tell whether the notice was refused, not the chat."""
        if outcome.kind is Kind.DELIVERED:
            self._rows.pop(key.notice_id, None)
        if outcome.kind is not Kind.REJECTED:
            return False
        if key.notice_id not in self.held:
            self._extend(key, outcome.reason)
        return key.notice_id in self.held

    def _extend(self, key: Key, reason: str) -> None:
        row = self._rows.get(key.notice_id)
        known = row.keys if row and _make_alike(row.reason) == _make_alike(reason) else ()
        row = Refusal(key.notice_id, reason, (*known, key))
        self._rows[key.notice_id] = row
        if len(row.keys) >= MOST_IN_A_ROW:
            self.found.append(row)
            self.held.add(key.notice_id)

    def list_over(self, in_hand: Collection[Key]) -> set[int]:
        """List the held notices that were acted upon, and of which nobody is in hand any more."""
        found = {one.notice_id for one in self.found}
        return self.held - found - {key.notice_id for key in in_hand}

    def forget(self, notice_id: int) -> None:
        """Count anew."""
        self.held.discard(notice_id)
        self._rows.pop(notice_id, None)


def _make_alike(reason: str) -> str:
    """Drop the places of an error in a text, which are others in each copy."""
    return _NUMBER.sub("", reason)


def make_hold(run: RunUnit, desk: Desk) -> HoldRefused:
    """Make the function that pauses a notice that Telegram refuses."""

    async def hold(refusal: Refusal) -> None:
        await run(
            partial(
                hold_refused,
                desk=desk,
                notice_id=refusal.notice_id,
                reason=refusal.reason,
                refused=refusal.keys,
                renews_file=refusal.is_of_file,
            )
        )

    return hold
