"""Keeps a second at Telegram from holding too many messages, however uneven the line."""

from collections import deque

GRAIN_SECONDS = 0.001
TELLING_TRIPS = 1_000
"""How many of the latest calls tell how long the way there and back takes at least."""


class Window:
    """Counts the messages that may arrive within one second of each other.

    Even spacing is not enough: what a slow line or a busy machine has held back arrives together
    with what comes next. A message arrives between its call's beginning and its answer, so one that
    begins now can share a second only with those under way, and with those that were answered less
    than a second ago, save the shortest time there and back. Times are seconds of one clock.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._under_way = 0
        self._answered_at: deque[float] = deque()
        self._trips: deque[float] = deque(maxlen=TELLING_TRIPS)

    def begin(self) -> None:
        """Count a message that begins."""
        self._under_way += 1

    def end(self, began_at: float, now: float) -> None:
        """Count a message that was answered, or never will be."""
        self._under_way -= 1
        self._answered_at.append(now)
        self._trips.append(now - began_at)
        self._forget_until(now - 1)

    def wait(self, now: float) -> float:
        """Tell how many seconds to wait until one more may begin; less, once one is answered."""
        a_second_ago = now - 1 + min(self._trips, default=0.0)
        self._forget_until(a_second_ago)
        if self._under_way + len(self._answered_at) < self._most:
            return 0.0
        until_free = self._answered_at[0] - a_second_ago if self._answered_at else 1.0
        return max(until_free, GRAIN_SECONDS)

    def _forget_until(self, moment: float) -> None:
        while self._answered_at and self._answered_at[0] <= moment:
            self._answered_at.popleft()
