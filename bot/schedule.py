"""Which call is made next: lanes, one call at a time in a chat, pace, and waiting where told."""

import heapq
from collections import deque

from domain.outbox import Lane, OutgoingCall

Queue = tuple[Lane, int]
"""The calls of one lane to one chat: made one after the other, in their order."""


class Schedule:
    """What waits to be sent. Times are seconds of a clock that only goes forward.

    The first lane goes first. `per_second` spaces the messages evenly (0: no pace), since a burst
    that meets a slow line would arrive together with the next one; a late start is caught up by a
    quarter of a space, so that a second never holds more than one message above the pace. A queue
    or a lane that was told to wait holds nobody else up.
    """

    def __init__(self, per_second: int = 0) -> None:
        self._space = 1 / per_second if per_second else 0.0
        self._next_slot = float("-inf")
        self._calls: dict[Queue, deque[OutgoingCall]] = {}
        self._ready: dict[Lane, deque[Queue]] = {lane: deque() for lane in Lane}
        self._held: list[tuple[float, Queue]] = []
        self._lane_held_until: dict[Lane, float] = dict.fromkeys(Lane, 0.0)

    def __len__(self) -> int:
        return sum(len(calls) for calls in self._calls.values())

    def add(self, call: OutgoingCall) -> None:
        """Put a call at the end of its queue."""
        queue = (call.call.lane, call.call.chat_id)
        if queue in self._calls:
            self._calls[queue].append(call)
        else:
            self._calls[queue] = deque([call])
            self._ready[call.call.lane].append(queue)

    def take(self, now: float) -> OutgoingCall | float | None:
        """Take the next call; or tell how many seconds to wait for one; or None: there is none.

        A call that was taken stays at the head of its queue until `finish` or `hold`.
        """
        self._release(now)
        waits = []
        for lane in Lane:
            if not self._ready[lane]:
                continue
            wait = max(self._lane_held_until[lane] - now, self._pace_wait(lane, now))
            if wait <= 0:
                return self._begin(self._ready[lane].popleft(), now)
            waits.append(wait)
        if self._held:
            waits.append(self._held[0][0] - now)
        return min(waits, default=None)

    def finish(self, call: OutgoingCall) -> None:
        """Drop a call that was taken: made, or never to be made."""
        queue = (call.call.lane, call.call.chat_id)
        calls = self._calls[queue]
        calls.popleft()
        if calls:
            self._ready[call.call.lane].append(queue)
        else:
            del self._calls[queue]

    def hold(self, call: OutgoingCall, until: float) -> None:
        """Try a call that was taken again later; its queue waits with it."""
        heapq.heappush(self._held, (until, (call.call.lane, call.call.chat_id)))

    def hold_lane(self, lane: Lane, until: float) -> None:
        """Begin no call of a lane before a time."""
        self._lane_held_until[lane] = max(until, self._lane_held_until[lane])

    def _release(self, now: float) -> None:
        while self._held and self._held[0][0] <= now:
            queue = heapq.heappop(self._held)[1]
            self._ready[queue[0]].append(queue)

    def _begin(self, queue: Queue, now: float) -> OutgoingCall:
        call = self._calls[queue][0]
        if is_paced(call):
            self._next_slot = max(self._next_slot, now - self._space / 4) + self._space
        return call

    def _pace_wait(self, lane: Lane, now: float) -> float:
        call = self._calls[self._ready[lane][0]][0]
        return self._next_slot - now if self._space and is_paced(call) else 0.0


def is_paced(call: OutgoingCall) -> bool:
    """Whether a call counts toward Telegram's limit of messages a second."""
    return call.call.method.startswith("send")
