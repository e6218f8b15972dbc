"""An office behind the counter: staff who decide on what was submitted there."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from db import audit, cases, certificates, staff
from db.audit import StoredEvent
from db.certificates import IssuedCertificate
from db.tables import metadata
from db.unit_of_work import UnitOfWork
from documents.signatures import SigningKey
from domain.applications import Application
from domain.cases import Case
from domain.facts import Submitted
from domain.numbers import draw_number
from domain.registration_form import REGISTRATION_FORM
from domain.staff import Places, Role, Staff
from domain.staffing import extend
from services import cases as desk_work
from services.desk import Actor
from tests.chat import HAPPY_PATH
from tests.samples import make_application, make_contact
from tests.services.counter import Counter, walk

SIGNING_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
BATTAMBANG, SIEM_REAP = "02", "17"
NUMBER, OTHER_NUMBER = draw_number(7), draw_number(8)

UseCase = Callable[..., Awaitable[Any]]
"""A use case of `services`: it takes a unit of work, a desk, an actor and its own terms."""


@cache
def get_submitted() -> Submitted:
    """Get what somebody submits who fills the form in without a mistake."""
    facts = walk("km", len(HAPPY_PATH["km"])).facts
    return next(fact for fact in facts if isinstance(fact, Submitted))


def make_case_file(chat_id: int, lot: int | None = None, **changed: Any) -> Application:
    """Make an application from Battambang with all its answers, numbered by chat or by lot."""
    submitted = get_submitted()
    return make_application(
        chat_id,
        number=draw_number(chat_id if lot is None else lot),
        draft_tag=f"tag{chat_id if lot is None else lot}",
        form_version=REGISTRATION_FORM.version,
        registration=submitted.registration,
        answers=submitted.answers,
        **changed,
    )


@dataclass
class Bureau:
    """Lets staff act, each act in a unit of work of its own."""

    counter: Counter

    def __post_init__(self) -> None:
        self.counter.desk = replace(self.counter.desk, signing_key=SIGNING_KEY)

    async def hire(
        self,
        name: str = "ចាន់ ណារី",
        roles: Collection[Role] = (Role.OFFICER,),
        places: Collection[str] | None = (BATTAMBANG,),
    ) -> Actor:
        """Take somebody on."""
        hired: list[Staff] = []

        async def work(uow: UnitOfWork) -> None:
            hired.append(await staff.add(uow.connection, uow.now, name, roles, places))

        await self.counter.run(work)
        return Actor(hired[0], "web 127.0.0.1")

    async def promote(self, actor: Actor, role: Role, places: Places = None) -> None:
        """Give somebody a role more, at places of its own."""
        promoted = extend(actor.staff, {role: places})
        await self.counter.run(lambda uow: staff.save(uow.connection, promoted))

    async def let_go(self, actor: Actor) -> None:
        """Let somebody leave."""
        await self.counter.run(
            lambda uow: staff.save(uow.connection, replace(actor.staff, active=False))
        )

    async def receive(self, *applications: Application, locale: str = "km") -> None:
        """Take applications in."""

        async def work(uow: UnitOfWork) -> None:
            for application in applications:
                if application.chat_id is not None:
                    uow.save_contact(make_contact(application.chat_id, locale=locale))
                uow.add_application(application)

        await self.counter.run(work)
        self.counter.forget_sent()

    async def act(self, use_case: UseCase, actor: Actor, *terms: Any, **more: Any) -> Any:
        """Do one use case for a member of staff; give what it gives."""
        given: list[Any] = []

        async def work(uow: UnitOfWork) -> None:
            given.append(await use_case(uow, self.counter.desk, actor, *terms, **more))

        await self.counter.run(work)
        return given[0]

    async def take(self, actor: Actor, number: str = NUMBER) -> Case:
        """Let somebody take an application."""
        case: Case = await self.act(desk_work.take, actor, number)
        return case

    async def get_case(self, number: str = NUMBER) -> Case:
        """Get the standing of an application as it is stored."""
        async with self.counter.database.read() as connection:
            case = await cases.find(connection, number)
        assert case is not None
        return case

    async def put(self, case: Case) -> None:
        """Store a standing as if it had come about."""

        async def work(uow: UnitOfWork) -> None:
            uow.save_case(case)

        await self.counter.run(work)

    async def list_events(self, number: str = NUMBER) -> list[StoredEvent]:
        """List what the audit log has about an application."""
        async with self.counter.database.read() as connection:
            return await audit.list_about(connection, number)

    async def find_certificate(self, number: str = NUMBER) -> IssuedCertificate | None:
        """Find the last certificate of an application."""
        async with self.counter.database.read() as connection:
            return await certificates.find_latest(connection, number)

    async def dump(self, *left_out: str) -> Mapping[str, list[tuple[Any, ...]]]:
        """Read every row of every table, but some."""
        async with self.counter.database.read() as connection:
            return {
                name: [
                    tuple(row)
                    for row in await connection.execute(select(table).order_by(*table.primary_key))
                ]
                for name, table in metadata.tables.items()
                if name not in left_out
            }


def writing(write: Callable[..., Awaitable[None]], **terms: Any) -> Callable[..., Awaitable[None]]:
    """Make work that only writes something."""

    async def work(uow: UnitOfWork) -> None:
        uow.write(partial(write, **terms))

    return work
