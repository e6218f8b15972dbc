"""What came of a run of notices, and whether it kept what was promised."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.faults import CallRecord

LIMIT_SECONDS = 1.0
HEARD_SECONDS = 0.5
"""So long a call may be on its way when the bot is told to wait, or a notice is paused."""


@dataclass(frozen=True)
class Result:
    """What came of a run, by what the simulator itself saw, and by what the ledger says.

    `uncertain` are all whoever were so, also those of the other notice and those sent to again.
    `early_calls` are notices that came while the bot was told to wait; the latest of them came so
    many milliseconds after that was said.
    """

    name: str
    per_second: int
    recipients: int
    delivered: int
    delivered_twice: int
    lost: int
    uncertain: int
    uncertain_bound: int
    parts: dict[str, int]
    late_joiners: int
    resent: int
    sent_while_paused: int
    other_parts: dict[str, int]
    other_wrong: int
    sent_after_stop: int
    kills: int
    queued_at_first_kill: int
    in_hand_at_kills: list[int]
    faults: dict[str, int]
    early_calls: int
    early_latest_ms: int
    seconds: float
    rate: float
    worst_second: int
    replies: int
    reply_p95_ms: float
    reply_p95_ms_over_kills: float
    core_share: float
    cpu_ms_each: float

    @property
    def is_clean(self) -> bool:
        """Whether everybody got it at most once and nobody is missing from the ledger."""
        kept = self.uncertain <= self.uncertain_bound
        wrong = self.lost + self.delivered_twice + self.other_wrong
        return kept and not wrong and sum(self.parts.values()) == self.recipients

    @property
    def is_obedient(self) -> bool:
        """Whether only what was on its way came after a pause, a stop or a limit."""
        late = self.sent_while_paused + self.sent_after_stop
        return not late and self.early_latest_ms <= 1000 * HEARD_SECONDS


def list_early(limited: Sequence[CallRecord]) -> list[float]:
    """List how long after the first of some refusals the others came that fall into its second."""
    early: list[float] = []
    told_at = float("-inf")
    for one in limited:
        if one.at - told_at < LIMIT_SECONDS:
            early.append(one.at - told_at)
        else:
            told_at = one.at
    return early
