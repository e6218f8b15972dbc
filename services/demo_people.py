"""A database filled with invented people, so that a first look is at a living system."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from functools import partial
from heapq import heappop, heappush
from itertools import count, islice
from math import inf
from random import Random
from zoneinfo import ZoneInfo

from db import audit, bulk, staff
from db.certificates import IssuedCertificate
from db.database import Database
from db.reference import load_gazetteer, load_occupations
from db.staff import Connection
from documents.signatures import SigningKey, read_signature, sign
from domain.audit import AuditEvent
from domain.cases import Act
from domain.certificates import certify, make_claim, short_code
from domain.demo.journeys import list_events
from domain.demo.population import Life, Plan, Population
from domain.demo.posts import list_posts
from domain.staff import Staff

AT_ONCE = 2_000
ROOM = 200


async def fill(
    database: Database,
    people: int,
    seed: int,
    until: date,
    zone: ZoneInfo,
    progress: Callable[[int], None] = lambda _: None,
    waiting: float | None = None,
    *,
    now: datetime | None = None,
    key: SigningKey | None = None,
    promised_days: int = 1,
) -> None:
    """Store so many invented people, who register until a day, and what offices made of it.

    All of them are stored, or nobody. `progress` is told from time to time how many are made.
    `waiting` is the share of applications, the newest, that still wait; without it a few do, as
    in an office at work. Nothing happens after `now`. Without a key there are no certificates.
    """
    plan = Plan(people, seed, until, zone, waiting, now, promised_days)
    await database.write(partial(_fill, plan=plan, progress=progress, key=key))


async def has_demo_people(database: Database) -> bool:
    """Tell whether a database holds invented people already."""
    async with database.read() as connection:
        return await bulk.find_last_demo_chat(connection) is not None


async def is_empty(database: Database) -> bool:
    """Tell whether nobody has submitted anything."""
    async with database.read() as connection:
        return not await bulk.has_applications(connection)


async def _fill(
    connection: Connection, plan: Plan, progress: Callable[[int], None], key: SigningKey | None
) -> None:
    population = Population(
        plan,
        load_gazetteer(),
        load_occupations(),
        last_chat=await bulk.find_last_demo_chat(connection),
        taken=await bulk.list_numbers(connection),
    )
    lives = population.live(await _hire(connection, plan))
    stored, log = bulk.Bulk(connection), _Log(connection)
    made = 0
    await bulk.give_room(connection, megabytes=ROOM)
    while batch := list(islice(lives, AT_ONCE)):
        await stored.add(batch, dict(_issue_cards(batch, plan.zone, key)) if key else {})
        await log.add(batch)
        made += len(batch)
        progress(made)
    await log.close()
    await bulk.give_room(connection)


async def _hire(connection: Connection, plan: Plan) -> list[Staff]:
    """Give the colleagues who cannot sign in, having no chat; the first time they are hired."""
    known = [one for one in await staff.list_all(connection) if one.chat_id is None]
    if known:
        return known
    hired_at = datetime.combine(plan.launched_on, time(), plan.zone).astimezone(UTC)
    hired = []
    for post in list_posts(Random(plan.seed), load_gazetteer()):  # noqa: S311 - nothing secret
        new = Staff(0, post.name, post.grants, active=post.active)
        hired.append(await staff.insert(connection, hired_at, new))
    return hired


class _Log:
    """Adds events to the audit log in the order of time, though each life brings its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._order = count()
        self._later: list[tuple[float, int, AuditEvent]] = []

    async def add(self, lives: Sequence[Life]) -> None:
        """Add what happened up to the last of these registrations; keep the rest for later."""
        for life in lives:
            number, submitted_at = life.application.number, life.application.submitted_at
            for at, event in list_events(number, submitted_at.timestamp(), life.journey):
                heappush(self._later, (at, next(self._order), event))
        await self._write(lives[-1].application.submitted_at.timestamp())

    async def close(self) -> None:
        """Add what is left."""
        await self._write(inf)

    async def _write(self, until: float) -> None:
        events = []
        while self._later and self._later[0][0] <= until:
            at, _, event = heappop(self._later)
            events.append((event, datetime.fromtimestamp(at, UTC)))
        await audit.append_dated(self._connection, events)


def _issue_cards(
    lives: Sequence[Life], zone: ZoneInfo, key: SigningKey
) -> Iterator[tuple[str, IssuedCertificate]]:
    """Sign a certificate for everybody who was approved, always as a specimen."""
    for life in lives:
        approved = life.journey.find_step(Act.APPROVE)
        if approved is None:
            continue
        issued_at = datetime.fromtimestamp(approved.at, UTC)
        issued_on, application = issued_at.astimezone(zone).date(), life.application
        certificate = certify(
            application.number, application.registration, issued_on, specimen=True
        )
        token = sign(key, make_claim(certificate, key.public.id))
        revoked = life.journey.find_step(Act.REVOKE)
        revoked_at = datetime.fromtimestamp(revoked.at, UTC) if revoked else None
        code = short_code(read_signature(token))
        yield certificate.number, IssuedCertificate(certificate, code, token, issued_at, revoked_at)
