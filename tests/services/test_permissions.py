"""Who may do what with an application, in which standing: one table, tried out in full."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from db import change_requests, merges
from db.database import Database
from db.unit_of_work import UnitOfWork
from domain.applications import Status
from domain.cases import WORKERS_ACTS, Act, Case, NotPossible, Waiting
from domain.staff import Role
from services.cases import NoSuchCase
from services.desk import Actor, Desk
from tests.conftest import Clock
from tests.samples import NOON
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

SELF, OTHER = "self", "other"
JUDGING = {Act.APPROVE, Act.REJECT, Act.REQUEST_CORRECTION, Act.MARK_AS_DUPLICATE}
WITH_CASE = {Act.RELEASE, Act.HAND_OVER}
APPEAL = {"waiting": Waiting.APPEAL, "appealed": True, "decided_at": NOON}
IN_REVIEW = {"status": Status.IN_REVIEW, "assigned_to": SELF}
CLOSED = {"waiting": None, "due_at": None}
APPROVED = {"status": Status.APPROVED, **CLOSED, "decided_by": SELF, "decided_at": NOON}
CHANGE = {**APPROVED, "waiting": Waiting.CHANGE, "due_at": NOON}

TABLE: Mapping[str, tuple[Mapping[str, Any], Collection[Act]]] = {
    "submitted": ({}, {Act.TAKE, Act.HAND_OVER}),
    "taken": (IN_REVIEW, WITH_CASE | JUDGING),
    "taken by another": ({**IN_REVIEW, "assigned_to": OTHER}, ()),
    "asked for a correction": ({"status": Status.NEEDS_CORRECTION, **CLOSED}, {Act.TAKE}),
    "asked for one about an appeal against one's own decision": (
        {**APPEAL, "status": Status.NEEDS_CORRECTION, **CLOSED, "decided_by": SELF},
        (),
    ),
    "approved": (APPROVED, {Act.REVOKE}),
    "a change wished": (CHANGE, {Act.TAKE, Act.HAND_OVER, Act.REVOKE}),
    "a change taken": (
        {**CHANGE, "assigned_to": SELF},
        WITH_CASE | {Act.TAKE, Act.ACCEPT_CHANGE, Act.DECLINE_CHANGE, Act.REVOKE},
    ),
    "a change taken by another": ({**CHANGE, "assigned_to": OTHER}, ()),
    "rejected": ({"status": Status.REJECTED, **CLOSED, "decided_by": SELF}, ()),
    "a duplicate": (
        {"status": Status.REJECTED, **CLOSED, "decided_by": OTHER, "duplicate_of": OTHER_NUMBER},
        {Act.UNDO_MERGE},
    ),
    "withdrawn": ({"status": Status.WITHDRAWN, **CLOSED}, ()),
    "appealed against one's own decision": ({**APPEAL, "decided_by": SELF}, {Act.HAND_OVER}),
    "appealed against another's": ({**APPEAL, "decided_by": OTHER}, {Act.TAKE, Act.HAND_OVER}),
    "an appeal taken": ({**IN_REVIEW, **APPEAL, "decided_by": OTHER}, WITH_CASE | JUDGING),
    "a duplicate's appeal taken": (
        {**IN_REVIEW, **APPEAL, "decided_by": OTHER, "duplicate_of": OTHER_NUMBER},
        WITH_CASE | {Act.REJECT, Act.MARK_AS_DUPLICATE, Act.UNDO_MERGE},
    ),
    "a duplicate's appeal taken by another": (
        {**IN_REVIEW, **APPEAL, "assigned_to": OTHER, "duplicate_of": OTHER_NUMBER},
        (),
    ),
}
"""What an officer of the place may do, for each standing; nobody else may do anything."""

PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "officer": {},
    "officer of the district": {"places": ["0203"]},
    "officer of the country": {"places": None},
    "officer who also manages campaigns": {"roles": [Role.OFFICER, Role.CAMPAIGN_MANAGER]},
    "officer of another province": {"places": [SIEM_REAP]},
    "officer of nowhere": {"places": []},
    **{role.value: {"roles": [role], "places": None} for role in Role if role != Role.OFFICER},
}
DECIDING = [name for name in PEOPLE if name.startswith("officer")][:4]


class TriedOut(Exception):
    """The act would have been done: nothing of it is to be stored."""


@pytest.fixture
async def bureau(sqlite_database: Database, desk: Desk, clock: Clock) -> Bureau:
    """An office with two applications; one was merged once and has a change that waits."""
    bureau = Bureau(Counter(sqlite_database, desk, clock))
    await bureau.receive(make_case_file(7), make_case_file(8))
    case, first = await bureau.get_case(), await bureau.hire()

    async def work(uow: UnitOfWork) -> None:
        form_version = desk.form.version
        answers = get_submitted().answers
        at, connection = uow.now, uow.connection
        await merges.add(connection, case, OTHER_NUMBER, first.staff.id, at)
        await change_requests.add(connection, NUMBER, "sex", answers, form_version, at)

    await bureau.counter.run(work)
    return bureau


def place(case: Case, changed: Mapping[str, Any], actor: Actor, other: Actor) -> Case:
    """Bring an application into a standing towards two members of staff."""
    ids = {SELF: actor.staff.id, OTHER: other.staff.id}
    terms = {name: ids.get(str(value), value) for name, value in changed.items()}
    return replace(case, **terms)


async def list_possible(bureau: Bureau, actor: Actor, refusal: type[Exception]) -> set[Act]:
    """Try every act out, and list the ones that are not refused, each in the expected way."""
    possible = set()

    async def work(uow: UnitOfWork) -> None:
        for act, use_case in OFFICE_ACTS.items():
            with suppress(refusal, TriedOut), uow.part():
                await use_case(uow, bureau.counter.desk, actor, NUMBER)
                possible.add(act)
                raise TriedOut

    await bureau.counter.run(work)
    return possible


def test_every_act_of_the_office_is_tried_out() -> None:
    assert {*OFFICE_ACTS, *WORKERS_ACTS, Act.SUBMIT} == set(Act)


@pytest.mark.parametrize("name", DECIDING)
async def test_officers_of_the_place_may_do_what_the_standing_allows(
    bureau: Bureau, name: str
) -> None:
    actor, other = await bureau.hire(**PEOPLE[name]), await bureau.hire()
    case = await bureau.get_case()
    for standing, (changed, allowed) in TABLE.items():
        await bureau.put(place(case, changed, actor, other))
        possible = await list_possible(bureau, actor, NotPossible)
        assert possible == set(allowed), standing


@pytest.mark.parametrize("name", [name for name in PEOPLE if name not in DECIDING])
async def test_everybody_else_is_told_that_there_is_no_such_case(bureau: Bureau, name: str) -> None:
    actor, other = await bureau.hire(**PEOPLE[name]), await bureau.hire()
    case = await bureau.get_case()
    for changed, _ in TABLE.values():
        await bureau.put(place(case, changed, actor, other))
        assert await list_possible(bureau, actor, NoSuchCase) == set()


async def test_an_officer_who_left_may_do_nothing(bureau: Bureau) -> None:
    actor, other = await bureau.hire(), await bureau.hire()
    await bureau.let_go(actor)
    case = await bureau.get_case()
    for changed, _ in TABLE.values():
        await bureau.put(place(case, changed, actor, other))
        assert await list_possible(bureau, actor, NoSuchCase) == set()
