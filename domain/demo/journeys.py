"""What becomes of invented applications: who takes and decides them, and when."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

from domain.audit import ActorKind, AuditEvent
from domain.cases import Act, Case, take_act
from domain.demo.office_hours import OfficeHours
from domain.staff import Right, Staff, may

ITEM_OF_CHANGE = "income.0"

_IN_TIME = 0.93
_WITHDRAWN, _REJECTED, _CORRECTED = 0.02, 0.064, 0.05
_NEVER_CORRECTED = 0.4
_APPEALS, _APPEALS_WON = 0.15, 0.45
_CHANGES, _REVOKED = 0.015, 0.003
_MERGED = 0.6
_HOUR, _DAY, _WORKING_DAY = 3600, 86_400, 7.5 * 3600
_REJECTIONS = {
    "identity_mismatch": 30, "identity_not_shown": 25, "not_reached": 18,
    "outside_programme": 14, "not_true": 8, "too_large": 5,
}  # fmt: skip
_CORRECTIONS = {
    ("differs_from_card", "name_latin"): 34, ("differs_from_card", "born"): 22,
    ("does_not_fit", "income.0"): 20, ("unclear", "workplace"): 24,
}  # fmt: skip
_CHECKS = (("id_card",), ("id_card", "phone_call"), ("phone_call",), ("id_card", "place"))


@dataclass(frozen=True)
class Step:
    """An act of somebody at a moment (POSIX seconds), and what the act needs to know."""

    act: Act
    actor: int | None
    at: float
    reason: str | None = None
    item: str | None = None
    kept: str | None = None
    checked: tuple[str, ...] = ()

    @property
    def details(self) -> dict[str, Any]:
        """What the audit log keeps beside the act."""
        told = {"told": True} if self.actor is not None and self.act is not Act.TAKE else {}
        checked = {"checked": list(self.checked)} if self.checked else {}
        known = {"reason": self.reason, "item": self.item, "kept": self.kept}
        if self.act is Act.MARK_AS_DUPLICATE:
            known["reason"] = None
        return {**{key: one for key, one in known.items() if one}, **checked, **told}


@dataclass
class Journey:
    """Where an application stands, and every step of its way there."""

    case: Case
    steps: list[Step] = field(default_factory=list)
    merged_from: Case | None = None

    def list_steps(self, act: Act) -> list[Step]:
        """List the steps of one kind."""
        return [step for step in self.steps if step.act is act]

    def find_step(self, act: Act) -> Step | None:
        """Find the first step of one kind."""
        return next(iter(self.list_steps(act)), None)


class Office:
    """The officers of all places at their work, up to a moment (POSIX seconds)."""

    def __init__(
        self, random: Random, hours: OfficeHours, staff: Iterable[Staff], now: float
    ) -> None:
        self._random = random
        self._hours = hours
        self._staff = list(staff)
        self._now = now
        self._officers: dict[str, Sequence[int]] = {}

    def follow(self, case: Case, submitted_at: float, double_of: str | None) -> Journey:
        """Follow an application up to now."""
        return self._walk(case, self._plan(case.office, submitted_at, double_of), until=self._now)

    def settle(self, case: Case, submitted_at: float, double_of: str | None) -> Journey:
        """Follow an application to its end, in a hurry if little time is left."""
        return self._walk(case, self._plan(case.office, submitted_at, double_of), until=None)

    def let_wait(self, case: Case) -> Journey:
        """Leave an application in the queue; a few have just been taken."""
        if not self._chance(0.05):
            return Journey(case)
        officer = self._random.choice(self._list_officers(case.office))
        return self._walk(case, [Step(Act.TAKE, officer, self._now)], until=None)

    def _walk(self, case: Case, plan: Iterable[Step], until: float | None) -> Journey:
        journey = Journey(case)
        for step in plan:
            if until is not None and step.at > until:
                break
            self._take(journey, step)
        return journey

    def _take(self, journey: Journey, step: Step) -> None:
        at = int(min(step.at, self._now))
        if step.kept:
            journey.merged_from = journey.case
        journey.case = take_act(
            journey.case,
            step.act,
            step.actor,
            _read_moment(at),
            due_at=self._hours.promise(at)[1],
            reason=step.reason,
            duplicate_of=step.kept,
        )
        journey.steps.append(replace(step, at=at))

    def _plan(self, office: str, start: float, double_of: str | None) -> Iterator[Step]:
        if self._chance(_WITHDRAWN):
            yield Step(Act.WITHDRAW, None, start + self._random.uniform(600, 12 * _HOUR))
            return
        officer, at = yield from self._open(office, start)
        if double_of and self._chance(_MERGED):
            yield Step(Act.MARK_AS_DUPLICATE, officer, at, "duplicate", kept=double_of)
        elif self._chance(_REJECTED):
            yield from self._reject(office, officer, at)
        elif self._chance(_CORRECTED):
            yield from self._ask_correction(office, officer, at)
        else:
            yield from self._approve(office, officer, at)

    def _open(
        self, office: str, start: float, but: int | None = None
    ) -> Generator[Step, None, tuple[int, float]]:
        """Let an officer take what somebody began to wait for; give who, and the next moment."""
        officers = [one for one in self._list_officers(office) if one != but]
        officer = self._random.choice(officers)
        began = self._hours.position(start)
        due = self._hours.position(self._hours.promise(start)[1].timestamp())
        if self._chance(_IN_TIME):
            ends = self._random.uniform(began, due)
        else:
            ends = due + self._random.uniform(600, 8 * _WORKING_DAY)
        takes = max(began, ends - self._random.uniform(90, 2400))
        yield Step(Act.TAKE, officer, max(start, self._hours.moment(takes)))
        return officer, max(start, self._hours.moment(ends))

    def _approve(self, office: str, officer: int, at: float) -> Iterator[Step]:
        yield Step(Act.APPROVE, officer, at, checked=self._random.choice(_CHECKS))
        if self._chance(_CHANGES):
            yield from self._change(office, at + self._random.uniform(1, 25) * _DAY)
        elif self._chance(_REVOKED):
            revoked_at = self._hours.position(at) + self._random.uniform(3, 20) * _WORKING_DAY
            yield Step(Act.REVOKE, officer, self._hours.moment(revoked_at), "issued_in_error")

    def _reject(self, office: str, officer: int, at: float) -> Iterator[Step]:
        yield Step(Act.REJECT, officer, at, self._draw(_REJECTIONS))
        if not self._chance(_APPEALS):
            return
        appealed_at = at + self._random.uniform(0.2, 4) * _DAY
        yield Step(Act.APPEAL, None, appealed_at)
        other, again_at = yield from self._open(office, appealed_at, but=officer)
        if self._chance(_APPEALS_WON):
            yield Step(Act.APPROVE, other, again_at, checked=("id_card", "phone_call"))
        else:
            yield Step(Act.REJECT, other, again_at, self._draw(_REJECTIONS))

    def _ask_correction(self, office: str, officer: int, at: float) -> Iterator[Step]:
        reason, item = self._draw(_CORRECTIONS)
        yield Step(Act.REQUEST_CORRECTION, officer, at, reason, item)
        if self._chance(_NEVER_CORRECTED):
            return
        corrected_at = at + self._random.uniform(0.1, 30) * _HOUR
        yield Step(Act.CORRECT, None, corrected_at, item=item)
        officer, again_at = yield from self._open(office, corrected_at)
        yield Step(Act.APPROVE, officer, again_at, checked=("id_card",))

    def _change(self, office: str, at: float) -> Iterator[Step]:
        yield Step(Act.REQUEST_CHANGE, None, at, item=ITEM_OF_CHANGE)
        officer, ends = yield from self._open(office, at)
        if self._chance(0.85):
            yield Step(Act.ACCEPT_CHANGE, officer, ends, item=ITEM_OF_CHANGE)
        else:
            yield Step(Act.DECLINE_CHANGE, officer, ends, "change_not_shown", ITEM_OF_CHANGE)

    def _list_officers(self, office: str) -> Sequence[int]:
        if office not in self._officers:
            self._officers[office] = [
                one.id for one in self._staff if may(one, Right.DECIDE, office)
            ]
        return self._officers[office]

    def _draw(self, weights: Mapping[Any, int]) -> Any:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _chance(self, chance: float) -> bool:
        return self._random.random() < chance


def list_events(
    number: str, submitted_at: float, journey: Journey
) -> list[tuple[float, AuditEvent]]:
    """List what the audit log keeps of an application, each with its moment."""
    submitted = AuditEvent(Act.SUBMIT, number, ActorKind.WORKER, None, "chat")
    events = [(submitted_at, submitted)]
    for step in journey.steps:
        kind = ActorKind.WORKER if step.actor is None else ActorKind.STAFF
        origin = "chat" if step.actor is None else f"web 192.0.2.{step.actor % 250 + 1}"
        events.append(
            (step.at, AuditEvent(step.act, number, kind, step.actor, origin, step.details))
        )
    return events


def _read_moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
