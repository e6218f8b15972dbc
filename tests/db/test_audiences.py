"""The database finds the same people as the words of an audience mean, and nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from db import audiences, staff
from db.audiences import Reach
from db.database import Database
from db.reference import load_occupations
from db.staff import Connection
from db.tables import (
    applications,
    attendances,
    campaigns,
    contacts,
    notice_answers,
    notices,
    opt_outs,
    recipients,
)
from db.unit_of_work import UnitOfWork, run_unit
from domain.applications import Application
from domain.audiences import EVERYBODY, Audience, Field, Filter
from domain.dates import BirthDate, age_on
from domain.notices import Topic
from domain.numbers import draw_number
from domain.staff import WHOLE_COUNTRY, Role, Scope
from tests.db.audience_oracle import Person, matches
from tests.samples import NOON, REGISTRATION, make_application, make_contact

ZONE = ZoneInfo("Asia/Phnom_Penh")
NOW = NOON.astimezone(ZONE)
NOWHERE = Scope(frozenset())
PLACES = ("02030105", "02030106", "02040101", "17100101", "17100102", "12010101")
BORN = ("2008-03-04", "2008-03-05", "2008-03", "2008", "1990", "1990-12", "1991-02", "1961-03-04")
OCCUPATIONS = ("street_food_vendor", "market_vendor", "tuktuk_driver", "other")
CATEGORIES = ("self_employed", "micro_enterprise", "casual_worker")
INCOMES = ("under_400k", "400k_800k", "unsaid")
SINCE = ("1_2", "3_5", "over_10")
SUPPORT = ("finance", "nssf", "skills", "taxation")
ASSOCIATIONS = (None, "union", "association", "none")
SCHOOLING = (None, "none", "primary")
HOUSEHOLDS = (None, "1", "2_3")
SOURCES = (None, "market", "radio", "100%")
STATUSES = ("submitted", "approved", "rejected", "withdrawn")
PEOPLE = 36
CAMPAIGN, NOTICE = "fair", 1

VALUES: dict[str, Sequence[str]] = {
    Field.PLACE: ("02", "0203", "020301", "02030105", "17", "12", "25"),
    Field.CATEGORY: CATEGORIES,
    Field.OCCUPATION: OCCUPATIONS,
    Field.GROUP: ("trade_food", "transport", "other", "nothing"),
    Field.INCOME: INCOMES,
    Field.SINCE: (*SINCE, "this_year"),
    Field.STATUS: STATUSES,
    Field.SUPPORT: SUPPORT,
    Field.ASSOCIATION: ("union", "association", "none"),
    Field.SCHOOLING: ("none", "primary", "university"),
    Field.HOUSEHOLD: ("1", "2_3"),
    Field.FOR_WHOM: ("self", "other"),
    Field.SOURCE: ("market", "radio", "100%", "100_"),
    Field.LANGUAGE: ("km", "en"),
    Field.SEX: ("female", "male"),
    Field.FLAG: ("minor", "no_card"),
    Field.AGE: ("..17", "18..", "0..34", "35..64", "65..", "18..18"),
    Field.REGISTERED: ("2026-03-01..2026-03-04", "..2026-02-28", "2026-03-04..", "2026-03-03.."),
    Field.COMING: (CAMPAIGN, "other"),
    Field.NOT_COMING: (CAMPAIGN,),
    Field.GUEST: (CAMPAIGN, "other"),
    Field.EXPECTED: (CAMPAIGN, "other"),
    Field.ATTENDED: (CAMPAIGN,),
    Field.RECEIVED: (f"{NOTICE}", "99"),
    Field.ANSWERED: (f"{NOTICE}:interested", f"{NOTICE}:1"),
    Field.AUDIENCE: ("1", "2", "3"),
}
"""What the audiences of the test are made of; some values are of nobody."""


@dataclass(frozen=True)
class Known:
    """Somebody as stored, and as an audience sees them."""

    chat_id: int
    application_id: int
    person: Person


def invent(random: Random, chat_id: int) -> Application:
    activity, worker = REGISTRATION.activities[0], REGISTRATION.worker
    made = [
        replace(
            activity,
            occupation=random.choice(OCCUPATIONS),
            category=random.choice(CATEGORIES),
            income=random.choice(INCOMES),
            since=random.choice(SINCE),
        )
        for _ in range(random.randint(1, 3))
    ]
    registration = replace(
        REGISTRATION,
        worker=replace(
            worker,
            home=random.choice(PLACES),
            born=random.choice(BORN),
            sex=random.choice(("female", "male")),
        ),
        activities=tuple(made),
        support=tuple(random.sample(SUPPORT, random.randint(0, 3))),
        background=replace(
            REGISTRATION.background,
            association=random.choice(ASSOCIATIONS),
            schooling=random.choice(SCHOOLING),
            household=random.choice(HOUSEHOLDS),
        ),
        for_whom=random.choice(("self", "other")),
        source=random.choice(SOURCES),
        flags=frozenset(random.sample(("minor", "no_card"), random.randint(0, 2))),
    )
    return make_application(
        chat_id,
        number=draw_number(chat_id),
        registration=registration,
        submitted_at=NOON - timedelta(hours=random.randint(0, 24 * 6)),
    )


async def store(database: Database, random: Random) -> list[Known]:
    """Store people of all kinds, with what they did since."""
    made = [invent(random, chat_id) for chat_id in range(1, PEOPLE + 1)]
    locales = {one.chat_id: random.choice(("km", "en", None)) for one in made}

    async def submit(uow: UnitOfWork) -> None:
        for one in made:
            assert one.chat_id is not None
            contact = make_contact(one.chat_id, locale=locales[one.chat_id], wants_notices=True)
            uow.save_contact(contact)
            uow.add_application(one)

    await run_unit(database, NOON, submit)
    return await database.write(lambda connection: live(connection, random, made, locales))


async def live(
    connection: Connection,
    random: Random,
    made: Sequence[Application],
    locales: dict[int | None, str | None],
) -> list[Known]:
    """Let time pass: statuses, an event day, a notice and answers to it."""
    await hold_event_and_notice(connection)
    rows = await connection.execute(select(applications.c.number, applications.c.id))
    ids = {row.number: row.id for row in rows}
    return [
        await live_one(connection, random, one, ids[one.number], locales[one.chat_id])
        for one in made
    ]


async def live_one(
    connection: Connection, random: Random, made: Application, key: int, locale: str | None
) -> Known:
    assert made.chat_id is not None
    status, coming = random.choice(STATUSES), random.choice((True, False, None))
    came, got = random.random() < 0.3, random.choice(("sent", "failed", None))
    answer = random.choice(("interested", "1", None))
    of_row = applications.c.id == key
    await connection.execute(update(applications).where(of_row).values(status=status))
    day = {"campaign_id": 1, "application_id": key, "coming": coming}
    await connection.execute(
        insert(attendances).values(checked_in_at=NOON if came else None, **day)
    )
    row = {"notice_id": NOTICE, "chat_id": made.chat_id}
    if got:
        await connection.execute(insert(recipients).values(status=got, queued_at=NOON, **row))
    if answer:
        await connection.execute(insert(notice_answers).values(answer=answer, at=NOON, **row))
    words: dict[Field, list[str | None]] = {
        Field.STATUS: [status],
        Field.LANGUAGE: [locale],
        Field.COMING: [CAMPAIGN if coming else None],
        Field.EXPECTED: [CAMPAIGN if coming else None],
        Field.NOT_COMING: [CAMPAIGN if coming is False else None],
        Field.GUEST: [CAMPAIGN if coming or (coming is None and got == "sent") else None],
        Field.ATTENDED: [CAMPAIGN if came else None],
        Field.RECEIVED: [f"{NOTICE}" if got == "sent" else None],
        Field.ANSWERED: [f"{NOTICE}:{answer}" if answer else None],
    }
    return Known(made.chat_id, key, describe(made, words))


def describe(made: Application, more: dict[Field, list[str | None]]) -> Person:
    """See somebody as an audience does."""
    registration = made.registration
    occupations = [one.occupation for one in registration.activities]
    words: dict[Field, list[Any]] = {
        Field.CATEGORY: [one.category for one in registration.activities],
        Field.OCCUPATION: occupations,
        Field.GROUP: [load_occupations().get(one).group for one in occupations],
        Field.INCOME: [one.income for one in registration.activities],
        Field.SINCE: [one.since for one in registration.activities],
        Field.SUPPORT: list(registration.support),
        Field.ASSOCIATION: [registration.background.association],
        Field.SCHOOLING: [registration.background.schooling],
        Field.HOUSEHOLD: [registration.background.household],
        Field.FOR_WHOM: [registration.for_whom],
        Field.SOURCE: [registration.source],
        Field.SEX: [registration.worker.sex],
        Field.FLAG: list(registration.flags),
        **more,
    }
    return Person(
        place=registration.worker.home,
        age=age_on(BirthDate.from_iso(registration.worker.born), NOW.date()),
        registered_on=made.submitted_at.astimezone(ZONE).date(),
        words={name: frozenset(filter(None, values)) for name, values in words.items()},
    )


async def hold_event_and_notice(connection: Connection) -> None:
    author = await staff.add(connection, NOON, "Bopha", [Role.CAMPAIGN_MANAGER], None)
    at = {"created_by": author.id, "created_at": NOON}
    await connection.execute(
        insert(campaigns).values(
            code=CAMPAIGN,
            name_km="ពិព័រណ៍",
            name_en="Fair",
            place="02",
            venue_km="ផ្សារ",
            venue_en="Market",
            held_on=NOON.date(),
            starts_at=NOON,
            status="held",
            **at,
        )
    )
    await connection.execute(
        insert(notices).values(
            id=NOTICE,
            campaign_id=1,
            occasion="invitation",
            author_id=author.id,
            title="",
            topic="campaigns",
            status="completed",
            emergency=False,
            writers=[],
            version=0,
            approvals=[],
            content={},
            audience={},
            created_at=NOON,
        )
    )


def draw_audience(random: Random) -> Audience:
    def draw() -> Filter:
        name = random.choice(list(VALUES))
        values = random.sample(VALUES[name], random.randint(1, min(3, len(VALUES[name]))))
        return Filter(name, tuple(values))

    wanted = tuple(draw() for _ in range(random.choice((0, 1, 1, 2))))
    return Audience(wanted, tuple(draw() for _ in range(random.choice((0, 0, 1, 2)))))


async def find(
    connection: Connection, audience: Audience, scope: Scope = WHOLE_COUNTRY
) -> set[tuple[int, int]]:
    chosen = await audiences.select_recipients(connection, audience, scope, Topic.CAMPAIGNS, NOW)
    return {(row.chat_id, row.application_id) for row in await connection.execute(chosen)}


async def keep_some(database: Database, random: Random) -> dict[str, Audience]:
    """Keep three audiences that can be combined, and give them by their ids."""

    async def keep(connection: Connection) -> dict[str, Audience]:
        author = await staff.add(connection, NOON, "Bopha", [Role.CAMPAIGN_MANAGER], None)
        kept: dict[str, Audience] = {}
        while len(kept) < 3:
            audience = draw_audience(random)
            if audience != EVERYBODY and not audience.combines:
                name = f"kept {len(kept)}"
                kept_id = await audiences.add(connection, name, audience, author.id, NOON)
                kept[str(kept_id)] = audience
        return kept

    return await database.write(keep)


async def test_the_database_means_the_same_people_as_the_words(database: Database) -> None:
    random = Random(20260304)
    known = await store(database, random)
    kept = await keep_some(database, random)
    assert set(kept) == set(VALUES[Field.AUDIENCE])
    sizes = set()
    async with database.read() as connection:
        for _ in range(200):
            audience = draw_audience(random)
            expected = {
                (one.chat_id, one.application_id)
                for one in known
                if matches(audience, one.person, kept)
            }
            assert await find(connection, audience) == expected, audience
            sizes.add(len(expected))
    assert len(sizes) > PEOPLE / 3
    assert set(VALUES) == set(Field)


@pytest.fixture
async def known(database: Database) -> list[Known]:
    """Some people, all of whom want notices."""
    return await store(database, Random(7))


async def test_an_author_reaches_nobody_outside_of_their_places(
    database: Database, known: list[Known]
) -> None:
    async with database.read() as connection:
        found = await find(connection, EVERYBODY, Scope(frozenset({"0203"})))
        assert found == {
            (one.chat_id, one.application_id)
            for one in known
            if one.person.place.startswith("0203")
        }
        assert await find(connection, EVERYBODY, NOWHERE) == set()


async def test_who_cannot_be_reached_or_does_not_wish_it_is_left_out(
    database: Database, known: list[Known]
) -> None:
    async def refuse(connection: Connection) -> None:
        for chat_id, change in ((1, {"reachable": False}), (2, {"wants_notices": False})):
            await connection.execute(
                update(contacts).where(contacts.c.chat_id == chat_id).values(**change)
            )
        for chat_id, topic in ((3, "campaigns"), (4, "benefits")):
            await connection.execute(insert(opt_outs).values(chat_id=chat_id, topic=topic, at=NOON))

    await database.write(refuse)
    async with database.read() as connection:
        found = await find(connection, EVERYBODY)
        everybody = Audience(), WHOLE_COUNTRY, Topic.CAMPAIGNS, NOW
        assert await audiences.count_recipients(connection, *everybody) == len(found)
        reach = await audiences.count_reach(connection, *everybody)
        own_topic = EVERYBODY, WHOLE_COUNTRY, Topic.MY_APPLICATION, NOW
        own_reach = await audiences.count_reach(connection, *own_topic)
        own = await audiences.select_recipients(
            connection, EVERYBODY, WHOLE_COUNTRY, Topic.MY_APPLICATION, NOW
        )
        told = {row.chat_id for row in await connection.execute(own)}
    everybody_known = {one.chat_id for one in known}
    assert reach == Reach(len(found), declined=1, switched_off=1, unreachable=1)
    assert own_reach == Reach(len(told), unreachable=1)
    assert everybody_known - {chat_id for chat_id, _ in found} == {1, 2, 3}
    assert everybody_known - told == {1}


async def test_a_chat_with_several_applications_is_one_recipient_by_the_newest_that_is_meant(
    database: Database, known: list[Known]
) -> None:
    again = replace(
        make_application(1, number=draw_number(1001), draft_tag="again"),
        registration=replace(REGISTRATION, worker=replace(REGISTRATION.worker, home="12010101")),
    )

    async def submit(uow: UnitOfWork) -> None:
        uow.add_application(again)

    await run_unit(database, NOON, submit)
    first = next(one for one in known if one.chat_id == 1)
    async with database.read() as connection:
        [newest] = [key for chat_id, key in await find(connection, EVERYBODY) if chat_id == 1]
        assert newest > max(one.application_id for one in known)
        at_home = Audience((Filter("place", (first.person.place,)),))
        assert (1, first.application_id) in await find(connection, at_home)


async def test_samples_are_real_recipients_with_their_facts(
    database: Database, known: list[Known]
) -> None:
    audience = Audience((Filter("place", ("02",)),))
    async with database.read() as connection:
        drawn = await audiences.draw_samples(
            connection, audience, WHOLE_COUNTRY, Topic.CAMPAIGNS, NOW
        )
    assert len({one.chat_id for one in drawn}) == 5
    for one in drawn:
        assert one.place.startswith("02")
        assert one.number == draw_number(one.chat_id)
        assert one.given_km == "ដារ៉ា"


async def test_samples_are_the_same_with_the_same_seed_and_others_with_another(
    database: Database, known: list[Known]
) -> None:
    asked = EVERYBODY, WHOLE_COUNTRY, Topic.CAMPAIGNS, NOW
    async with database.read() as connection:
        drawn = [
            {one.chat_id for one in await audiences.draw_samples(connection, *asked, seed=seed)}
            for seed in (7, 7, 8)
        ]
    assert drawn[0] == drawn[1] != drawn[2]


async def test_an_audience_is_kept_under_its_name(database: Database) -> None:
    audience = Audience((Filter("age", ("18..35",)),))

    async def keep(connection: Connection) -> int:
        author = await staff.add(connection, NOON, "Bopha", [Role.CAMPAIGN_MANAGER], None)
        return await audiences.add(connection, "Young", audience, author.id, NOON)

    kept = await database.write(keep)
    async with database.read() as connection:
        found = await audiences.find(connection, kept)
        assert found is not None
        assert (found.name, found.audience, found.created_at) == ("Young", audience, NOON)
        assert await audiences.list_saved(connection) == [found]
        assert await audiences.find_by_name(connection, "Young", found.created_by) == kept
        assert await audiences.find_by_name(connection, "Old", found.created_by) is None
