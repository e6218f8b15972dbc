"""How often a stored call is tried, and how long it rests between two tries."""

from collections import Counter
from datetime import timedelta

from bot.clock import Clock
from bot.outcomes import Kind, Outcome
from domain.outbox import OutgoingCall

LONGEST_BACKOFF_SECONDS = 60.0
MOST_AMBIGUOUS_TRIES = 20
"""A quarter of an hour: each may have been delivered, so there must be an end to them."""

MOST_ATTACHMENT_TRIES = 5

KEPT_TRYING = timedelta(hours=24)
"""How long a reply is tried: what Telegram has not taken by then nobody waits for any more."""


class Attempts:
    """Counts the tries of stored calls, each until it is forgotten."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._all: Counter[int] = Counter()
        self._ambiguous: Counter[int] = Counter()
        self._unattached: Counter[int] = Counter()

    def note(self, call: OutgoingCall, outcome: Outcome) -> float | None:
        """Count a try; give the seconds until the next one, or None if there is to be none."""
        match outcome.kind:
            case Kind.NOT_DELIVERED if not self._is_too_old(call):
                return self.note_failure(call)
            case Kind.AMBIGUOUS if self._ambiguous[call.id] < MOST_AMBIGUOUS_TRIES:
                self._ambiguous[call.id] += 1
                return self.note_failure(call)
            case Kind.UNATTACHED if self._unattached[call.id] < MOST_ATTACHMENT_TRIES - 1:
                self._unattached[call.id] += 1
                return self.note_failure(call)
        return None

    def note_failure(self, call: OutgoingCall) -> float:
        """Count a try after which there is another; give the seconds until then."""
        self._all[call.id] += 1
        return min(LONGEST_BACKOFF_SECONDS, 0.5 * 2.0 ** min(self._all[call.id] - 1, 10))

    def forget(self, call: OutgoingCall) -> None:
        """Forget a call that was made, or never will be."""
        for counter in (self._all, self._ambiguous, self._unattached):
            counter.pop(call.id, None)

    def _is_too_old(self, call: OutgoingCall) -> bool:
        return self._clock() - call.created_at > KEPT_TRYING
