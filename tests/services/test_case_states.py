"""Everybody acts in any order: what must hold of applications holds after each act."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from db import audit, cases
from db.database import Database
from db.tables import applications, audit_events, certificates, contacts, outgoing_calls
from db.unit_of_work import UnitOfWork
from domain.applications import Status
from domain.cases import (
    ALLOWED,
    DECISIONS,
    STATUS_AFTER,
    UNDECIDED,
    Act,
    Case,
    NotPossible,
    Waiting,
    find_hindrance,
)
from domain.drafts import Draft
from domain.facts import Revised
from domain.staff import Right, Role, may
from domain.submission import complete
from services.appeals import appeal, withdraw
from services.case_taps import Tapped
from services.cases import NoSuchCase
from services.desk import Actor, Desk, Person
from services.revisions import take_revision
from tests.chat import CONTEXT
from tests.conftest import Clock
from tests.samples import chat_of, make_contact
from tests.services.counter import Counter
from tests.services.office import (
    NUMBER,
    OTHER_NUMBER,
    SIEM_REAP,
    Bureau,
    get_submitted,
    make_case_file,
)
from tests.services.office_acts import OFFICE_ACTS

CHATS = {NUMBER: 7, OTHER_NUMBER: 8}
TOLD = DECISIONS | {Act.REVOKE, Act.UNDO_MERGE, Act.HAND_OVER}
"""Acts of the office of which the worker hears."""

JUDGING = [act for act in OFFICE_ACTS if act in DECISIONS | {Act.REVOKE, Act.UNDO_MERGE}]

OUTSIDERS: tuple[dict[str, Any], ...] = (
    {"places": [SIEM_REAP]},
    {"roles": [Role.CAMPAIGN_MANAGER]},
    {"roles": [Role.ANALYST, Role.BENEFIT_OWNER], "places": None},
    {"roles": [Role.ADMINISTRATOR], "places": None},
    {},
)
"""Who may decide nothing in Battambang; the last of them has left."""


@dataclass(frozen=True)
class Prepared:
    """A file with two applications, the officers of their province, and everybody else."""

    file: Path
    desk: Desk
    officers: list[Actor]
    others: list[Actor]


@dataclass(frozen=True)
class Seen:
    """What is stored, as far as an act may change it."""

    cases: dict[str, Case]
    certified: list[str]
    people: set[int]
    reachable: set[int]
    calls: list[tuple[int, str]]
    events: list[tuple[str, str | None, str, int | None]]
    broken: int | None


async def prepare(file: Path, desk: Desk) -> Prepared:
    """Make an office with two applications, its officers, and the others."""
    database = Database(f"sqlite+aiosqlite:///{file}")
    bureau = Bureau(Counter(database, desk, Clock()))
    officers = [await bureau.hire() for _ in range(3)]
    others = [await bureau.hire(**terms) for terms in OUTSIDERS]
    await bureau.let_go(others[-1])
    await bureau.receive(*(make_case_file(chat_id) for chat_id in CHATS.values()))
    await database.close()
    return Prepared(file, desk, officers, others)


class Office(RuleBasedStateMachine):
    """An office with two applications, and everybody who could do something with them."""

    prepared: Prepared

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        copy = shutil.copy(self.prepared.file, self.folder.name)
        self.runner = asyncio.Runner()
        self.clock = Clock()
        self.database = Database(f"sqlite+aiosqlite:///{copy}")
        self.bureau = Bureau(Counter(self.database, self.prepared.desk, self.clock))
        self.seen = self.look()

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()

    @rule(number=st.sampled_from(list(CHATS)), one=st.integers(0, 2), data=st.data())
    def officer_takes_and_decides(self, number: str, one: int, data: st.DataObject) -> None:
        officer = self.prepared.officers[one]
        if self.is_possible(Act.TAKE, officer, number):
            self.do(officer, Act.TAKE, number)
        if possible := [act for act in JUDGING if self.is_possible(act, officer, number)]:
            self.do(officer, data.draw(st.sampled_from(possible)), number)

    @rule(
        number=st.sampled_from(list(CHATS)),
        act=st.sampled_from(list(OFFICE_ACTS)),
        one=st.integers(0, 2),
    )
    def officer_acts(self, number: str, act: Act, one: int) -> None:
        self.do(self.prepared.officers[one], act, number)

    @rule(
        number=st.sampled_from(list(CHATS)),
        act=st.sampled_from(list(OFFICE_ACTS)),
        one=st.integers(0, len(OUTSIDERS) - 1),
    )
    def outsider_acts(self, number: str, act: Act, one: int) -> None:
        self.do(self.prepared.others[one], act, number)

    @rule(number=st.sampled_from(list(CHATS)))
    def worker_appeals(self, number: str) -> None:
        self.serve(number, Act.APPEAL, lambda uow, case: appeal(uow, self.desk, tap(case)))

    @rule(number=st.sampled_from(list(CHATS)), doubts=st.integers(0, 9))
    def worker_withdraws(self, number: str, doubts: int) -> None:
        if doubts == 9:
            self.serve(number, Act.WITHDRAW, lambda uow, case: withdraw(uow, self.desk, tap(case)))

    @rule(number=st.sampled_from(list(CHATS)), given=st.sampled_from(["ដារ៉ា", "ដារា", "សុភា"]))
    def worker_revises(self, number: str, given: str) -> None:
        corrects = self.seen.cases[number].status is Status.NEEDS_CORRECTION
        self.serve(
            number,
            Act.CORRECT if corrects else Act.REQUEST_CHANGE,
            lambda uow, case: take_revision(
                uow, self.desk, Person(chat_of(case)), make_revision(number, given)
            ),
        )

    @rule(chat_id=st.sampled_from(list(CHATS.values())), reachable=st.booleans())
    def worker_blocks_or_comes_back(self, chat_id: int, reachable: bool) -> None:
        contact = make_contact(chat_id, reachable=reachable)
        self.runner.run(self.bureau.counter.save(contact))
        self.seen = self.look()

    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(hours=hours)

    @property
    def desk(self) -> Desk:
        return self.bureau.counter.desk

    def is_possible(self, act: Act, officer: Actor, number: str) -> bool:
        """Tell whether the standing allows an act."""
        return find_hindrance(self.seen.cases[number], act, officer.staff.id) is None

    def do(self, actor: Actor, act: Act, number: str) -> None:
        """Let staff act, and see that all or nothing of it came about."""
        before, case = self.seen, self.seen.cases[number]
        hindrance = find_hindrance(case, act, actor.staff.id)
        is_here = actor in self.prepared.officers and may(actor.staff, Right.DECIDE, case.office)
        refused: Exception | None = None
        try:
            self.runner.run(self.bureau.act(OFFICE_ACTS[act], actor, number))
        except (NoSuchCase, NotPossible) as error:
            refused = error
        self.seen = self.look()
        assert is_here == (not isinstance(refused, NoSuchCase))
        if isinstance(refused, NotPossible):
            assert refused.hindrance == hindrance or act is Act.MARK_AS_DUPLICATE
        if refused:
            assert self.seen == before
        else:
            assert hindrance is None
            self.check_office_act(act, actor, case, before)

    def check_office_act(self, act: Act, actor: Actor, case: Case, before: Seen) -> None:
        """See what an act of the office left behind."""
        self.check_act(act, case, before, ("staff", actor.staff.id))
        told = self.seen.calls[len(before.calls) :]
        messages = told.count((chat_of(case), "sendMessage"))
        if act in TOLD and case.chat_id in before.reachable:
            assert messages == 1 or (act is Act.REQUEST_CORRECTION and messages)
            assert {chat_id for chat_id, _ in told} == {case.chat_id}
        else:
            assert not told
        if act in DECISIONS and case.waiting is Waiting.APPEAL:
            assert actor.staff.id != case.decided_by

    def serve(
        self, number: str, act: Act, work: Callable[[UnitOfWork, Case], Awaitable[None]]
    ) -> None:
        """Let a worker act, and see that all or nothing of it came about."""
        before, case = self.seen, self.seen.cases[number]

        async def unit(uow: UnitOfWork) -> None:
            await uow.load([chat_of(case)])
            found = await uow.find_case(number)
            assert found is not None
            await work(uow, found)

        self.runner.run(self.bureau.counter.run(unit))
        self.seen = self.look()
        if self.seen.cases == before.cases:
            assert self.seen.events == before.events
        else:
            assert find_hindrance(case, act, None) is None
            self.check_act(act, case, before, ("worker", None))
            assert len(self.seen.calls) > len(before.calls)

    def check_act(self, act: Act, case: Case, before: Seen, actor: tuple[str, int | None]) -> None:
        """See that an act was allowed, led where it should, and left one audit row."""
        assert case.status in ALLOWED[act]
        if act in STATUS_AFTER:
            assert self.seen.cases[case.number].status is STATUS_AFTER[act]
        assert self.seen.events == [*before.events, (act, case.number, *actor)]

    @invariant()
    def standings_make_sense(self) -> None:
        for case in self.seen.cases.values():
            assert (case.waiting is None) == (case.due_at is None)
            assert case.assigned_to is None or case.waiting is not None
            assert case.waiting is not Waiting.APPEAL or case.appealed
            if case.status in UNDECIDED:
                assert case.waiting in (Waiting.DECISION, Waiting.APPEAL)
                assert (case.status is Status.IN_REVIEW) == (case.assigned_to is not None)
            elif case.status is Status.APPROVED:
                assert case.waiting in (None, Waiting.CHANGE)
                assert case.duplicate_of is None
            else:
                assert case.waiting is None

    @invariant()
    def exactly_the_approved_have_a_certificate(self) -> None:
        cases = self.seen.cases.values()
        approved = [case.number for case in cases if case.status is Status.APPROVED]
        assert sorted(self.seen.certified) == sorted(approved)

    @invariant()
    def only_duplicates_share_a_person(self) -> None:
        merged = [case for case in self.seen.cases.values() if case.duplicate_of is not None]
        assert len(self.seen.people) == len(CHATS) - len(merged)

    @invariant()
    def the_chain_holds(self) -> None:
        assert self.seen.broken is None

    def look(self) -> Seen:
        """Read what is stored."""
        return self.runner.run(look(self.database))


async def look(database: Database) -> Seen:
    """Read what is stored."""
    certificate, call, event = certificates.c, outgoing_calls.c, audit_events.c
    async with database.read() as connection:

        async def read(*columns: Any) -> list[Any]:
            statement = select(*columns).order_by(*columns[0].table.primary_key)
            return [tuple(row) for row in await connection.execute(statement)]

        found = [await cases.find(connection, number) for number in CHATS]
        certified = await read(certificate.number, certificate.revoked_at)
        return Seen(
            cases={case.number: case for case in found if case},
            certified=[number for number, revoked_at in certified if revoked_at is None],
            people={worker_id for (worker_id,) in await read(applications.c.worker_id)},
            reachable={chat_id for chat_id, yes in await read(*_REACHABLE) if yes},
            calls=await read(call.chat_id, call.method),
            events=await read(event.act, event.subject, event.actor_kind, event.actor_id),
            broken=await audit.find_break(connection),
        )


_REACHABLE = contacts.c.chat_id, contacts.c.reachable


def tap(case: Case) -> Tapped:
    """Make the tap of a worker on a button of their application."""
    return Tapped(Person(chat_of(case)), case)


def make_revision(number: str, given: str) -> Revised:
    """Make what it means that somebody writes their given name anew."""
    submitted = get_submitted()
    answers = {**submitted.answers, "name_km": {"family": "សុខ", "given": given}}
    draft = Draft("", 1, "", answers, consents=submitted.registration.consents)
    return Revised(number, "name_km", complete(draft, CONTEXT), answers)


def test_nobody_leads_an_application_astray(
    sqlite_template: Path, tmp_path: Path, desk: Desk
) -> None:
    file = Path(shutil.copy(sqlite_template, tmp_path / "office.db"))
    Office.prepared = asyncio.run(prepare(file, desk))
    run_state_machine_as_test(
        Office, settings=settings(max_examples=25, stateful_step_count=40, deadline=None)
    )
