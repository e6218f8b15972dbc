"""How far a notice is: its recipients by status, how fast they are reached, and the answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from domain.notice_outlook import Outlook
from domain.recipients import Status
from domain.texts import Text
from domain.whole_numbers import read_number
from services.notice_titles import Title
from services.progress_words import word_phase, word_waits
from web.notice_badges import PHASES
from web.notice_words import RECIPIENTS
from web.recipient_words import word_reason

_MINUTE = timedelta(minutes=1)
_SHORTEST = timedelta(seconds=2)
"""Over less time than this no rate is worth telling."""


@dataclass(frozen=True)
class Figure:
    """How many recipients are in a status; `tone` colours what should not be."""

    status: Status
    words: Text
    count: int
    tone: str


@dataclass(frozen=True)
class Mark:
    """How many were settled at a moment, against which a rate is measured."""

    settled: int
    at: datetime

    @classmethod
    def read(cls, written: str, now: datetime) -> Self | None:
        """Read a mark from an address; one that cannot be is none."""
        settled, seconds = map(read_number, written.partition("-")[::2])
        if settled is None or seconds is None:
            return None
        at = datetime.fromtimestamp(min(seconds, int(now.timestamp())), now.tzinfo)
        return cls(settled, at)

    def __str__(self) -> str:
        return f"{self.settled}-{int(self.at.timestamp())}"


@dataclass(frozen=True)
class Progress:
    """The recipients of a notice at a moment; the figures sum to `total`.

    `badge` says how it stands if its status alone would say too little, `standing` says it in a
    sentence, and `waits` what those wait for whose turn has not come.
    """

    tally: tuple[Figure, ...]
    total: int
    settled: int
    uncertain: int
    rate: int
    minutes_left: int | None
    reasons: tuple[tuple[Text, int], ...]
    at: datetime
    badge: Text | None = None
    standing: Text | None = None
    waits: tuple[Text, ...] = ()
    is_open: bool = False


@dataclass(frozen=True)
class Results:
    """The answers to a notice: a row for each province, a column for each answer."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    sums: tuple[int, ...]


def measure(
    title: Title,
    counts: Mapping[Status, int],
    outlook: Outlook,
    reasons: Mapping[str, int],
    mark: Mark | None,
    now: datetime,
) -> Progress:
    """Tell how far a notice is, at which rate it goes on since the mark, and what it waits for."""
    total, waiting = sum(counts.values()), outlook.waiting
    rate = _measure_rate(total - waiting, mark, now)
    badge = PHASES.get(outlook.phase)
    return Progress(
        tally=tuple(
            Figure(Status(status), words, counts.get(Status(status), 0), tone)
            for status, (words, tone) in RECIPIENTS.items()
        ),
        total=total,
        settled=total - waiting,
        uncertain=counts.get(Status.UNCERTAIN, 0),
        rate=rate,
        minutes_left=-(-outlook.due // rate) if rate and outlook.due else None,
        reasons=_sum_reasons(reasons),
        at=now,
        badge=badge,
        standing=word_phase(title, outlook) if badge else None,
        waits=tuple(word_waits(outlook)),
        is_open=waiting > 0,
    )


def _sum_reasons(reasons: Mapping[str, int]) -> tuple[tuple[Text, int], ...]:
    """Count by what is said of a reason: different errors may be one to those who read."""
    words = {reason: word_reason(reason) for reason in reasons}
    said, summed = {one.id: one for one in words.values()}, Counter[str]()
    for reason, count in reasons.items():
        summed[words[reason].id] += count
    return tuple((said[key], count) for key, count in summed.most_common())


def move_mark(mark: Mark | None, settled: int, now: datetime) -> Mark:
    """Keep a mark for a minute, then set a new one: the rate is that of the last moments."""
    return mark if mark and now - mark.at < _MINUTE else Mark(settled, now)


def tabulate(counts: Mapping[tuple[str, str], int], labels: Mapping[str, str]) -> Results | None:
    """Make a table of answers; `labels` name the answers that could be given."""
    if not labels:
        return None
    provinces = sorted({place for place, answer in counts if answer in labels})
    rows = [(place, _count_row(counts, place, list(labels))) for place in provinces]
    sums = tuple(sum(row[at] for _, row in rows) for at in range(len(labels)))
    return Results(tuple(labels.values()), tuple(rows), sums)


def _count_row(
    counts: Mapping[tuple[str, str], int], place: str, answers: Sequence[str]
) -> tuple[int, ...]:
    return tuple(counts.get((place, answer), 0) for answer in answers)


def _measure_rate(settled: int, mark: Mark | None, now: datetime) -> int:
    if mark is None or now - mark.at < _SHORTEST:
        return 0
    return max(0, round((settled - mark.settled) * (_MINUTE / (now - mark.at))))
