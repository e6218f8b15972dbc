"""Staff who are invited, join, sign in and change, and what is stored of them."""

import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from db import audit
from db import staff as stored_staff
from db.unit_of_work import UnitOfWork
from domain.staff import Grants, Places, Role, Staff
from services import invitations, sessions, staff
from services.desk import Actor, Person
from services.invitations import Invitation
from tests.services.counter import Counter

BOPHA, RITH, DARA = 21, 22, 23
OFFICER, ADMINISTRATOR = frozenset({Role.OFFICER}), frozenset({Role.ADMINISTRATOR})
BATTAMBANG = Invitation("Bopha", OFFICER, frozenset({"02"}))
HEAD = Invitation("Rith", ADMINISTRATOR, None)
T = TypeVar("T")


async def act(counter: Counter, work: Callable[[UnitOfWork], Awaitable[T]]) -> T:
    """Do some work in a unit of its own and give its result."""
    results: list[T] = []

    async def keep(uow: UnitOfWork) -> None:
        await uow.load([BOPHA, RITH, DARA])
        results.append(await work(uow))

    await counter.run(keep)
    return results[-1]


async def invite(counter: Counter, invitation: Invitation, actor: Actor | None = None) -> str:
    """Invite somebody, and give the secret of the invitation."""
    return await act(counter, lambda uow: invitations.invite(uow, actor, invitation))


async def join(counter: Counter, chat_id: int, secret: str) -> Staff | None:
    """Let somebody open an invitation."""
    person = Person(chat_id, "Dara", "Sok")
    return await act(counter, lambda uow: invitations.join(uow, counter.desk, person, secret))


async def employ(counter: Counter, chat_id: int, invitation: Invitation) -> Staff:
    """Invite somebody who comes at once."""
    joined = await join(counter, chat_id, await invite(counter, invitation))
    assert joined is not None
    counter.forget_sent()
    return joined


async def ask_for_link(counter: Counter, chat_id: int) -> str:
    """Let somebody send /staff, and read the secret out of the link."""
    counter.forget_sent()
    await counter.serve(chat_id, sessions.offer_sign_in)
    found = re.search(r"/enter/([\w-]+)", counter.sent[-1].parameters)
    assert found is not None
    return found[1]


async def sign_in(counter: Counter, secret: str) -> str | None:
    """Open a link for signing in, and give the secret of the session."""
    return await act(counter, lambda uow: sessions.spend_sign_in(uow, secret, "web 127.0.0.1"))


async def find_visitor(counter: Counter, session: str) -> Staff | None:
    """Find whose session this is."""
    async with counter.database.read() as connection:
        return await sessions.find_visitor(connection, session, counter.clock())


async def list_everybody(counter: Counter) -> list[Staff]:
    """List all staff."""
    async with counter.database.read() as connection:
        return await stored_staff.list_all(connection)


async def list_acts(counter: Counter) -> list[tuple[str, str | None]]:
    """List what was done to whom, from the first on."""
    async with counter.database.read() as connection:
        latest = await audit.list_latest(connection)
    return [(one.event.act, one.event.subject) for one in reversed(latest)]


async def change(counter: Counter, actor: Actor | None, one: Staff) -> Staff:
    """Change a colleague to what is given, whatever they were."""
    return await act(counter, lambda uow: staff.change_staff(uow, actor, one.id, lambda _: one))


def make_grants(**places: Places) -> Grants:
    """Make what somebody may do, by role and places."""
    return {Role(role): where for role, where in places.items()}
