"""The people of an invented event day: who is registered before it, and what each will do."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.invented_people import Inventor
from domain.applications import Application
from domain.campaigns import Plan
from domain.contacts import Contact
from domain.desk_form import Entry, fill
from domain.drafts import Draft
from domain.numbers import draw_number
from domain.registrations import Registration
from domain.submission import complete
from services.desk import Desk
from services.desk_registration import make_context

ZONE = ZoneInfo("Asia/Phnom_Penh")
START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
PLAN = Plan(
    code="btb-2026",
    name_km="ថ្ងៃចុះឈ្មោះ ខេត្តបាត់ដំបង",
    name_en="Registration day, Battambang",
    place="02",
    venue_km="សាលាខេត្តបាត់ដំបង",
    venue_en="Provincial hall, Battambang",
    held_on=date(2026, 3, 15),
    starts_at=datetime(2026, 3, 15, 1, 0, tzinfo=UTC),
    target=1_000,
    partner="CEYFA",
)
ELSEWHERE = "17"
FIRST_CHAT = 1_000_000


@dataclass(frozen=True)
class Numbers:
    """How many of whom there are."""

    invited: int = 3_500
    unreachable: int = 120
    unwilling: int = 180
    elsewhere: int = 200
    checked_in: int = 2_100
    at_desk: int = 600
    by_poster: int = 240
    too_late: int = 30
    neighbours: int = 25
    officers: int = 6
    a_minute: int = 15
    places: int = 1_500


SMALL = Numbers(120, 8, 8, 8, 70, 20, 12, 3, 4, 3, 15, 40)


@dataclass(frozen=True)
class Member:
    """Somebody who was registered before the day."""

    chat_id: int
    number: str


class Crowd:
    """Makes people up, the same ones for the same seed."""

    def __init__(self, desk: Desk, numbers: Numbers, seed: int = 1) -> None:
        self.random = Random(seed)
        self.numbers = numbers
        self._desk = desk
        self._inventor = Inventor(seed)
        self._inside = self._inventor.list_inside(PLAN.place, 8)
        self._outside = self._inventor.list_inside(ELSEWHERE, 8)
        self._lots = iter(self.random.sample(range(10**8), 20_000))
        self._pattern = self._make_pattern()
        self._next_chat = FIRST_CHAT

    def make_member(
        self, at: datetime, *, inside: bool = True, reachable: bool = True, willing: bool = True
    ) -> tuple[Contact, Application]:
        """Make somebody up who has registered in a chat."""
        self._next_chat += 1
        contact = Contact(
            self._next_chat,
            created_at=at,
            active_at=at,
            locale="km",
            reachable=reachable,
            wants_notices=willing,
        )
        return contact, self.make_application(self._next_chat, at, None, inside=inside)

    def make_application(
        self, chat_id: int, at: datetime, source: str | None, *, inside: bool = True
    ) -> Application:
        """Make what somebody sends in from a chat."""
        worker = replace(
            self._inventor.invent(),
            home=self.random.choice(self._inside if inside else self._outside),
        )
        lot = next(self._lots)
        return Application(
            number=draw_number(lot),
            chat_id=chat_id,
            draft_tag=f"{lot:08}",
            form_version=1,
            registration=replace(self._pattern, worker=worker, source=source),
            answers={},
            submitted_at=at,
            answer_due_on=at.date(),
            due_at=at + timedelta(days=1),
        )

    def fill_page(self, now: datetime, tag: str) -> Draft:
        """Fill the page of the desk in for somebody new.

        Raises:
            ValueError: the page does not take it.
        """
        entries, context = self.invent_entries(), make_context(self._desk, now, "km")
        page = fill(self._desk.form, entries, context, tag, PLAN.code, PLAN.place)
        if page.troubles:
            raise ValueError(f"the page does not take {sorted(page.troubles)}")
        return page.draft

    def invent_entries(self) -> dict[str, Entry]:
        """Invent somebody new, as an officer enters them."""
        village = self.random.choice(self._inside)
        words = self._desk.gazetteer.describe(village, "km")
        worker = self._inventor.invent()
        typed = {
            **_typed("name_km", f"{worker.family_km} {worker.given_km}"),
            **_typed("name_latin", f"{worker.family_latin} {worker.given_latin}"),
            **_typed("born", worker.born[:4]),
            **_typed("identity", self._inventor.invent_id()),
            "home": Entry(words, (f"p.{village}",), words),
        }
        return {**_CHOSEN, **typed}

    def _make_pattern(self) -> Registration:
        context = make_context(self._desk, START, "km")
        return complete(self.fill_page(START, "desk:pattern"), context)


def _typed(name: str, text: str) -> dict[str, Entry]:
    return {name: Entry(text)}


def _chosen(name: str) -> Entry:
    return Entry(chosen=(name,))


_CHOSEN = {
    "language": _chosen("km"),
    "who_agrees": _chosen("present"),
    "consent_other": _chosen("yes"),
    "occupation": _chosen("o.street_food_vendor"),
    "category": _chosen("self_employed"),
    "since": _chosen("3_5"),
    "income": _chosen("unsaid"),
    "sex": _chosen("female"),
}
