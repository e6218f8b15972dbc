"""When invented people register: the counts that were published, and the campaigns' days."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

COUNTS = ((-1, 0), (57, 11_447), (69, 18_522), (130, 51_324), (212, 119_183))
"""Applications received by the end of a day, counted from the launch on 16 December 2024."""


@dataclass(frozen=True)
class Campaign:
    """A campaign in a province: the day of its event, its code in links, and who came by it."""

    day: int
    province: str
    source: str
    registered: int


CAMPAIGNS = (
    Campaign(35, "12", "campaign-phnom-penh", 700),
    Campaign(69, "02", "campaign-battambang", 2_000),
    Campaign(89, "17", "campaign-siem-reap", 2_000),
    Campaign(133, "05", "campaign-kampong-speu", 2_300),
    Campaign(159, "06", "campaign-kampong-thom", 2_000),
)
"""Attendance was published (1,500 to 3,500); that two in three of it register is our guess, and
so is Siem Reap's day in March."""

_SPREAD = (0.7, 0.2, 0.1)


@dataclass(frozen=True)
class Day:
    """A day since the launch, how many register, and the share that a campaign brings."""

    index: int
    people: int
    campaign: Campaign | None = None
    campaign_share: float = 0.0


def count_days(people: int) -> int:
    """Count the days from the launch to the first published count that is not smaller."""
    ends = [day for day, total in COUNTS[1:] if total >= people]
    return (ends[0] if ends else COUNTS[-1][0]) + 1


def list_days(people: int, last_day_share: float = 1.0) -> list[Day]:
    """List the days on which so many people register, the shape scaled to their number.

    Of the last day only a share may have passed.
    """
    days = count_days(people)
    brought = [_find_brought(day) for day in range(days)]
    weights = [_usual(day) + extra for day, (_, extra) in enumerate(brought)]
    weights[-1] *= last_day_share
    total = sum(weights)
    ends = [round(people * reached / total) for reached in accumulate(weights)]
    starts = [0, *ends]
    return [
        Day(day, end - start, campaign, extra / (_usual(day) + extra))
        for day, (start, end, (campaign, extra)) in enumerate(
            zip(starts, ends, brought, strict=False)
        )
    ]


def _usual(day: int) -> float:
    """Return how many register on a day without any campaign."""
    at = min(bisect_left(COUNTS, (day, 0)), len(COUNTS) - 1)
    (before, earlier), (until, later) = COUNTS[at - 1 : at + 1]
    brought = sum(_find_brought(one)[1] for one in range(before + 1, until + 1))
    return (later - earlier - brought) / (until - before)


def _find_brought(day: int) -> tuple[Campaign | None, float]:
    for campaign, share in _list_spread():
        if campaign.day + share[0] == day:
            return campaign, share[1] * campaign.registered
    return None, 0.0


def _list_spread() -> Iterator[tuple[Campaign, tuple[int, float]]]:
    for campaign in CAMPAIGNS:
        for after in enumerate(_SPREAD):
            yield campaign, after
