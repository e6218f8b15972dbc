"""An invented population: day after day people register, and offices answer them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from domain.applications import Application, Status
from domain.cases import Case
from domain.context import Context
from domain.demo.arrivals import Day, count_days, list_days
from domain.demo.homes import Homes
from domain.demo.journeys import Journey, Office
from domain.demo.office_hours import OfficeHours
from domain.demo.people import Invented, Inventor
from domain.duplicates import Likeness, compare
from domain.numbers import draw_number
from domain.occupations import Occupations
from domain.places import Gazetteer
from domain.registrations import Registration
from domain.staff import Staff
from domain.submission import complete

_DOUBLES = 0.005
_REMEMBERED = 2000
_WAKES, _SLEEPS, _BUSIEST = 6.0, 22.0, 10.0
_HOURS_AFTER = timedelta(days=60)


@dataclass(frozen=True)
class Plan:
    """How many people shall have registered by the end of a day, or by `now` if it comes sooner.

    `waiting` is the share that still waits, the newest; without it offices work as they would.
    """

    people: int
    seed: int
    until: date
    zone: ZoneInfo
    waiting: float | None = None
    now: datetime | None = None
    promised_days: int = 1

    @property
    def ends_at(self) -> datetime:
        """The moment after which nothing has happened yet."""
        evening = datetime.combine(self.until, time(23, 59), self.zone).astimezone(UTC)
        return min(evening, self.now) if self.now else evening

    @property
    def launched_on(self) -> date:
        """The day on which the first people register."""
        return self.until - timedelta(days=count_days(self.people) - 1)


@dataclass(frozen=True)
class Double:
    """The application, by its place in the order of all, of somebody who registered before."""

    index: int
    number: str
    likeness: Likeness


@dataclass(frozen=True)
class Life:
    """Somebody invented, what they submitted, and what became of it."""

    invented: Invented
    application: Application
    journey: Journey
    double: Double | None = None


@dataclass(frozen=True)
class _Known:
    index: int
    invented: Invented
    application: Application


class Population:
    """Makes the lives of a plan in the order in which people register."""

    def __init__(
        self,
        plan: Plan,
        gazetteer: Gazetteer,
        occupations: Occupations,
        *,
        last_chat: int | None = None,
        taken: Iterable[str] = (),
    ) -> None:
        self._plan = plan
        self._gazetteer, self._occupations = gazetteer, occupations
        self._random = Random(f"{plan.seed} {last_chat}")  # noqa: S311 - nothing secret is drawn
        self._inventor = Inventor(self._random, Homes(gazetteer), last_chat)
        self._numbers = set(taken)
        self._known: list[_Known] = []

    def live(self, staff: Sequence[Staff]) -> Iterator[Life]:
        """Let everybody live up to now."""
        plan = self._plan
        last = plan.until + _HOURS_AFTER
        hours = OfficeHours(plan.launched_on, last, plan.zone, plan.promised_days)
        office = Office(self._random, hours, staff, plan.ends_at.timestamp())
        waiting_from = plan.people * (1 - (plan.waiting or 0.0))
        for index, (day, submitted_at) in enumerate(self._list_arrivals()):
            known = self._find_double()
            invented, application = self._submit(day, submitted_at, known, hours)
            double = _weigh(application, known)
            kept = double.number if double else None
            case = Case(
                application.number,
                application.chat_id,
                application.office,
                due_at=application.due_at,
            )
            moment = submitted_at.timestamp()
            if plan.waiting is None:
                journey = office.follow(case, moment, kept)
            elif index < round(waiting_from):
                journey = office.settle(case, moment, kept)
            else:
                journey = office.let_wait(case)
            self._remember(_Known(index, invented, application), journey)
            yield Life(invented, application, journey, double)

    def _list_arrivals(self) -> Iterator[tuple[Day, datetime]]:
        plan = self._plan
        end = plan.ends_at.astimezone(plan.zone)
        passed = (end.hour + end.minute / 60 - _WAKES) / (_SLEEPS - _WAKES)
        for day in list_days(plan.people, min(1.0, max(0.0, passed))):
            on = plan.launched_on + timedelta(days=day.index)
            sleeps = end.hour + end.minute / 60 if on == end.date() else _SLEEPS
            midnight = datetime.combine(on, time(), plan.zone)
            for hour in sorted(self._draw_hour(sleeps) for _ in range(day.people)):
                at = midnight + timedelta(seconds=int(hour * 3600))
                yield day, at.astimezone(UTC)

    def _draw_hour(self, sleeps: float) -> float:
        latest = min(sleeps, _SLEEPS)
        return self._random.triangular(_WAKES, latest, min(_BUSIEST, latest))

    def _submit(
        self, day: Day, submitted_at: datetime, known: _Known | None, hours: OfficeHours
    ) -> tuple[Invented, Application]:
        today = submitted_at.astimezone(self._plan.zone).date()
        if known:
            invented = self._inventor.register_again(known.invented.draft.answers, submitted_at)
        else:
            invented = self._inventor.invent(day, submitted_at, today)
        promised_on, due_at = hours.promise(submitted_at.timestamp())
        application = Application(
            number=self._draw_number(),
            chat_id=invented.chat_id,
            draft_tag=invented.draft.tag,
            form_version=invented.draft.form_version,
            registration=self._complete(invented, today),
            answers=invented.draft.answers,
            submitted_at=submitted_at,
            answer_due_on=promised_on,
            due_at=due_at,
        )
        return invented, application

    def _complete(self, invented: Invented, today: date) -> Registration:
        context = Context(invented.submitted_at, today, self._gazetteer, self._occupations, None)
        return complete(invented.draft, context)

    def _draw_number(self) -> str:
        while True:
            number = draw_number(self._random.randrange(10**8))
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _find_double(self) -> _Known | None:
        if self._known and self._random.random() < _DOUBLES:
            return self._random.choice(self._known)
        return None

    def _remember(self, known: _Known, journey: Journey) -> None:
        if journey.case.status is Status.WITHDRAWN or journey.case.duplicate_of:
            return
        if len(self._known) < _REMEMBERED:
            self._known.append(known)
        else:
            self._known[self._random.randrange(_REMEMBERED)] = known


def _weigh(application: Application, known: _Known | None) -> Double | None:
    """Compare somebody who registered again with who they were before."""
    if known is None:
        return None
    likeness = compare(application.registration.worker, known.application.registration.worker)
    if not likeness.is_possible:
        return None
    return Double(known.index, known.application.number, likeness)
