"""Stops notices while Telegram's answers leave open whether they arrive."""

import structlog

from bot.outcomes import Kind

log = structlog.get_logger(__name__)

MOST_IN_A_ROW = 5
FIRST_REST_SECONDS = 5.0
LONGEST_REST_SECONDS = 60.0

UNANSWERED = (Kind.AMBIGUOUS, Kind.NOT_DELIVERED)
"""Telegram has said nothing that one could rely on."""


class Brake:
    """Says how long to rest after some calls in a row that got no certain answer.

    Once it is on, one call at a time is made after ever longer rests, until one is answered.
    """

    def __init__(self) -> None:
        self._in_a_row = 0
        self._rests = 0
        self._rests_until = 0.0

    @property
    def is_on(self) -> bool:
        """Whether only one call at a time is to be made."""
        return self._in_a_row >= MOST_IN_A_ROW

    def note(self, kind: Kind, now: float) -> float:
        """Note what became of a call, and tell how many seconds to rest."""
        if kind in UNANSWERED or (kind is Kind.UNATTACHED and self.is_on):
            self._in_a_row += kind in UNANSWERED
            return self._rest(now) if self.is_on and now >= self._rests_until else 0.0
        if kind is not Kind.UNATTACHED:
            self._release()
        return 0.0

    def _rest(self, now: float) -> float:
        if not self._rests:
            log.warning("notices rest, since Telegram's answers leave open whether they arrive")
        seconds = min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2.0 ** min(self._rests, 10))
        self._rests += 1
        self._rests_until = now + seconds
        return seconds

    def _release(self) -> None:
        if self._rests:
            log.info("notices go on")
        self._in_a_row = self._rests = 0
