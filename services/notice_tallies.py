"""The recipients of many notices by status, counted anew only where that may have changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from db import recipients
from db.notices import StoredNotice
from db.staff import Connection
from domain.notices import Status
from domain.recipients import OPEN, UNSETTLED
from domain.recipients import Status as RecipientStatus

OVER = (Status.COMPLETED, Status.CANCELLED)

Counts = Mapping[RecipientStatus, int]


@dataclass(frozen=True)
class Tally:
    """The last figures of a notice that was over; it may since have been taken up and ended anew.

    Of one that is over nobody's status changes, but of those who are uncertain and sent to again.
    """

    stored: StoredNotice
    counts: Counts

    def holds(self, stored: StoredNotice, unsettled: Counts) -> bool:
        """Tell whether the figures are still true, as those who are unsettled now let know."""
        before = {status: n for status, n in self.counts.items() if status in UNSETTLED}
        return self.stored == stored and before == dict(unsettled)


class Tallies:
    """Counts the recipients of notices, which takes its time where they are many."""

    def __init__(self) -> None:
        self._kept: dict[int, Tally] = {}

    async def count(
        self, connection: Connection, listed: Iterable[StoredNotice]
    ) -> dict[int, Counts]:
        """Count the recipients of notices in each status, by the notices' ids."""
        asked = {one.id: one for one in listed}
        over = {key: one for key, one in asked.items() if one.notice.status in OVER}
        unsettled = await recipients.count_of(connection, over.keys(), UNSETTLED)
        known = {
            key: self._kept[key].counts
            for key, one in over.items()
            if key in self._kept and self._kept[key].holds(one, unsettled.get(key, {}))
        }
        counted = await recipients.count_of(connection, asked.keys() - known.keys())
        self._keep(over, counted)
        return {**known, **counted}

    def _keep(self, over: Mapping[int, StoredNotice], counted: Mapping[int, Counts]) -> None:
        for key, counts in counted.items():
            if key in over and OPEN.isdisjoint(counts):
                self._kept[key] = Tally(over[key], counts)
