"""An invented event day lived through in virtual time, with the services and a real database.

Beside the product, everything that is done is tallied here, in plain sets, to be compared later.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from benchmarks.event_crowd import PLAN, START, ZONE, Crowd, Member
from benchmarks.event_desks import Waits, measure_desks
from db import campaign_results, campaigns, cases, ledger, ready_recipients, staff
from db.campaign_results import FIGURES
from db.database import Database
from db.unit_of_work import UnitOfWork, run_unit
from documents.check_in import Ticket, write_link
from domain.applications import Status
from domain.campaigns import Campaign, end_of_counting, plan_reminders
from domain.recipients import ReadyRecipient, Rules, Settlement
from domain.recipients import Status as RecipientStatus
from domain.staff import WHOLE_COUNTRY, Role
from services import notices as notice_work
from services.campaign_notices import draft_invitation
from services.campaign_reminders import tend_campaigns
from services.campaigns import plan_campaign
from services.check_in import Entry, admit, take_link
from services.desk import Actor, Desk, Person
from services.desk_registration import draw_tag, make_context, register
from services.notice_clock import NoticeClock
from services.rsvp import answer_invitation

T = TypeVar("T")

FIRST_VERSION = 0
PER_SECOND = 28
TOGETHER = 50
FIRST_OFFICER_CHAT = 500
SUFFIXES = ("", "market", "radio")


@dataclass
class Tally:
    """What was done, as the simulation itself knows it."""

    invited: set[int] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    places: int = 0
    said_yes: list[str] = field(default_factory=list)
    came: set[str] = field(default_factory=set)
    registered: set[str] = field(default_factory=set)
    approved: set[str] = field(default_factory=set)
    by_source: Counter[str] = field(default_factory=Counter)
    by_officer: Counter[int] = field(default_factory=Counter)
    desk_of: Counter[int] = field(default_factory=Counter)
    reminded: list[tuple[int, int]] = field(default_factory=list)

    @property
    def coming(self) -> list[str]:
        """Who has a place: those who said yes first."""
        return self.said_yes[: self.places]

    @property
    def waiting(self) -> list[str]:
        """Who said yes too late for a place."""
        return self.said_yes[self.places :]

    def note_answer(self, number: str, *, coming: bool) -> None:
        """Note what somebody answered; who says no, and yes again, stands at the end."""
        self.answered.add(number)
        if coming and number not in self.said_yes:
            self.said_yes.append(number)
        elif not coming and number in self.said_yes:
            self.said_yes.remove(number)

    def count(self) -> dict[str, int]:
        """Count each figure."""
        return {name: len(getattr(self, name)) for name in FIGURES}


class EventDay:
    """One event day from its planning to a fortnight after it."""

    def __init__(self, database: Database, desk: Desk, crowd: Crowd) -> None:
        self.database, self.desk, self.crowd = database, desk, crowd
        self.now = START
        self.plan = replace(PLAN, capacity=crowd.numbers.places)
        self.tally = Tally(places=crowd.numbers.places)
        self.guests: list[Member] = []
        self.officers: list[Actor] = []
        self._rules = Rules(ZONE)

    async def live(self) -> dict[str, Any]:
        """Live through it, and give what the product counts."""
        await self._register_crowd()
        await self._hire()
        manager, colleague = self.officers[0], self.officers[1]
        self.campaign_id = await self.act(
            lambda uow: plan_campaign(uow, self.desk, manager, self.plan)
        )
        await self._invite(manager, colleague)
        await self._answer()
        await self._remind()
        await self._hold()
        await self._follow_up()
        return await self.read()

    async def act(self, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
        """Do one use case in a unit of work of its own."""
        given: list[T] = []

        async def note(uow: UnitOfWork) -> None:
            given.append(await work(uow))

        await self.run(note)
        return given[0]

    async def run(self, work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        """Run a unit of work at the time that it is now."""
        await run_unit(self.database, self.now, work)

    async def _register_crowd(self) -> None:
        numbers, earlier = self.crowd.numbers, self.now - timedelta(days=60)
        make = partial(self.crowd.make_member, earlier)
        invited = [make() for _ in range(numbers.invited)]
        others = [
            *(make(reachable=False) for _ in range(numbers.unreachable)),
            *(make(willing=False) for _ in range(numbers.unwilling)),
            *(make(inside=False) for _ in range(numbers.elsewhere)),
        ]
        everybody = [*invited, *others]
        for first in range(0, len(everybody), TOGETHER):
            await self.run(partial(_store, made=everybody[first : first + TOGETHER]))
        self.guests = [Member(one.chat_id, sent.number) for one, sent in invited]
        self.tally.invited = {one.chat_id for one in self.guests}

    async def _hire(self) -> None:
        roles = frozenset({Role.OFFICER, Role.CAMPAIGN_MANAGER})

        async def hire(uow: UnitOfWork, chat_id: int) -> Actor:
            add = partial(staff.add, uow.connection, uow.now, f"Officer {chat_id}")
            return Actor(await add(roles, frozenset({PLAN.place}), chat_id), "web 127.0.0.1")

        for chat_id in range(FIRST_OFFICER_CHAT, FIRST_OFFICER_CHAT + self.crowd.numbers.officers):
            self.officers.append(await self.act(partial(hire, chat_id=chat_id)))

    async def _invite(self, manager: Actor, colleague: Actor) -> None:
        notice_id = await self.act(
            lambda uow: draft_invitation(uow, self.desk, manager, self.campaign_id)
        )
        for agree, actor in ((notice_work.submit, manager), (notice_work.approve, colleague)):
            await self.act(
                partial(
                    agree,
                    desk=self.desk,
                    actor=actor,
                    notice_id=notice_id,
                    version=FIRST_VERSION,
                )
            )
        self.now += self.desk.notice_cancel_window
        await self._send_all()

    async def _send_all(self) -> int:
        """Begin what is due and send it at the usual pace."""
        await NoticeClock(self.run, self.database, self.desk).look(self.now)
        sent = 0
        while claimed := await self.database.write(self._claim):
            await self.database.write(partial(self._settle, claimed=claimed))
            sent += len(claimed)
            self.now += timedelta(seconds=1)
        return sent

    async def _claim(self, connection: Any) -> list[ReadyRecipient]:
        ready = await ready_recipients.list_ready(connection, self.now, PER_SECOND, self._rules)
        return await ledger.claim(connection, ready, self.now, self._rules)

    async def _settle(self, connection: Any, claimed: Sequence[ReadyRecipient]) -> None:
        settled = [Settlement(one.key, RecipientStatus.SENT, message_id=1) for one in claimed]
        await ledger.settle(connection, settled, self.now)

    async def _answer(self) -> None:
        """Let three of five answer, most with yes, and one of twenty change their mind."""
        acts: list[tuple[Member, bool]] = []
        for guest in self.guests:
            if self.crowd.random.random() < 0.6:
                coming = self.crowd.random.random() < 0.8
                acts.append((guest, coming))
                if self.crowd.random.random() < 0.05:
                    acts.append((guest, not coming))
        for first in range(0, len(acts), TOGETHER):
            self.now += timedelta(minutes=5)
            await self.run(partial(self._take_answers, acts=acts[first : first + TOGETHER]))

    async def _take_answers(self, uow: UnitOfWork, acts: Sequence[tuple[Member, bool]]) -> None:
        await uow.load([guest.chat_id for guest, _ in acts])
        for guest, coming in acts:
            person, choice = Person(guest.chat_id), str(self.campaign_id)
            await answer_invitation(uow, self.desk, person, None, choice, coming=coming)
            self.tally.note_answer(guest.number, coming=coming)

    async def _remind(self) -> None:
        for reminder in plan_reminders(PLAN, ZONE):
            self.now = reminder.due_at + timedelta(seconds=30)
            await tend_campaigns(self.run, self.desk)
            self.tally.reminded.append((len(self.tally.coming), await self._send_all()))

    async def _hold(self) -> None:
        """Open the doors: some are registered at the desks, the rest show a code or a number."""
        self.now = PLAN.starts_at
        numbers, random = self.crowd.numbers, self.crowd.random
        guests = numbers.checked_in - numbers.at_desk
        arriving = [*random.sample(self.guests, guests), *([None] * numbers.at_desk)]
        random.shuffle(arriving)
        began, registered = self.now, 0
        for place, member in enumerate(arriving):
            officer = self.officers[place % len(self.officers)]
            if member is None:
                registered += 1
                due = began + timedelta(minutes=registered / numbers.a_minute)
                self.now = max(self.now, due)
                await self._register_at_desk(officer)
            else:
                await self._check_in(officer, member, twice=random.random() < 0.02)

    async def _register_at_desk(self, officer: Actor) -> None:
        campaign = await self._get_campaign()
        draft = self.crowd.fill_page(self.now, draw_tag())
        context = make_context(self.desk, self.now, "km")
        number = await self.act(
            lambda uow: register(uow, self.desk, officer, campaign, draft, context)
        )
        self._note_came(number, officer)
        self.tally.registered.add(number)
        self.tally.by_source[PLAN.code] += 1
        self.tally.desk_of[officer.staff.id] += 1

    async def _check_in(self, officer: Actor, member: Member, *, twice: bool) -> None:
        """Check somebody in by the code on their phone or by number, a few once too often."""
        for _ in range(2 if twice else 1):
            if self.crowd.random.random() < 0.5:
                await self.run(partial(self._scan, officer=officer, member=member))
            else:
                campaign = await self._get_campaign()
                enter = partial(admit, desk=self.desk, actor=officer, campaign=campaign)
                await self.act(partial(enter, entry=Entry(member.number)))
            self._note_came(member.number, officer)

    async def _scan(self, uow: UnitOfWork, officer: Actor, member: Member) -> None:
        assert officer.staff.chat_id is not None
        assert self.desk.signing_key is not None
        await uow.load([officer.staff.chat_id])
        code = write_link(self.desk.signing_key, Ticket(self.campaign_id, member.number))
        await take_link(uow, self.desk, Person(officer.staff.chat_id), code)

    def _note_came(self, number: str, officer: Actor) -> None:
        if number not in self.tally.came:
            self.tally.came.add(number)
            self.tally.by_officer[officer.staff.id] += 1

    async def _follow_up(self) -> None:
        """Let people register by posters and neighbours' chats, some too late, and decide."""
        numbers, random = self.crowd.numbers, self.crowd.random
        end = end_of_counting(PLAN, ZONE)
        for count, offset in ((numbers.by_poster, -3), (numbers.too_late, 1)):
            for _ in range(count):
                self.now = end + timedelta(days=offset)
                suffix = random.choice(SUFFIXES)
                source = f"{PLAN.code}_{suffix}" if suffix else PLAN.code
                number = await self._submit_alone(source)
                if offset < 0:
                    self.tally.registered.add(number)
                    self.tally.by_source[source] += 1
        for guest in random.sample(self.guests, numbers.neighbours):
            self.now = end - timedelta(days=2)
            sent = self.crowd.make_application(guest.chat_id, self.now, None)
            await self.run(partial(_store, made=[(None, sent)]))
            self.tally.registered.add(sent.number)
        for number in sorted(self.tally.registered):
            if random.random() < 0.7:
                await self.run(partial(_approve, number=number))
                self.tally.approved.add(number)

    async def _submit_alone(self, source: str) -> str:
        contact, sent = self.crowd.make_member(self.now)
        sent = replace(sent, registration=replace(sent.registration, source=source))
        await self.run(partial(_store, made=[(contact, sent)]))
        return sent.number

    async def _get_campaign(self) -> Campaign:
        async with self.database.read() as connection:
            found = await campaigns.find(connection, self.campaign_id)
        assert found is not None
        return found

    async def measure_desks(self, each: int) -> Waits:
        """Serve the pages on the same day and database, and measure what officers wait for."""
        numbers = [one.number for one in self.guests if one.number not in self.tally.came]
        return await measure_desks(self.database, self.crowd, self.campaign_id, numbers, each)

    async def read(self) -> dict[str, Any]:
        """Read the table that the page shows."""
        campaign, until = await self._get_campaign(), end_of_counting(PLAN, ZONE)
        async with self.database.read() as connection:
            asked = connection, campaign
            return {
                "figures": await campaign_results.count_figures(*asked, until, WHOLE_COUNTRY),
                "sources": await campaign_results.count_by_source(*asked, until, WHOLE_COUNTRY),
                "officers": await campaign_results.count_by_officer(*asked, WHOLE_COUNTRY),
            }


async def _store(uow: UnitOfWork, made: Sequence[tuple[Any, Any]]) -> None:
    for contact, application in made:
        if contact is not None:
            uow.save_contact(contact)
        uow.add_application(application)


async def _approve(uow: UnitOfWork, number: str) -> None:
    case = await cases.find(uow.connection, number)
    assert case is not None
    uow.save_case(replace(case, status=Status.APPROVED, waiting=None, decided_at=uow.now))
