"""What the operator can do about staff: invite, list and remove, while the bot rests."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from rich.table import Table
from telegram.error import TelegramError

from bot.application import build_bot
from bot.clock import now_utc
from bot.commands import CannotDo
from bot.settings import Settings
from bot.transport import Transport
from db import staff
from db.database import Database
from db.migrations import migrate
from db.reference import load_gazetteer
from db.unit_of_work import UnitOfWork, run_unit
from domain.places import Gazetteer
from domain.staff import Places, Role, Staff
from services.invitations import Invitation, invite
from services.staff import NoSuchStaff, change_staff

PROVINCE, DISTRICT = 2, 4


async def add_staff(
    settings: Settings, name: str, roles: Sequence[Role], places: Sequence[str]
) -> str:
    """Invite somebody, and give the secret; without places it is for the whole country.

    Raises:
        CannotDo: no role is named, or a place is neither a province nor a district.
    """
    if not roles:
        raise CannotDo(f"name a role with --role: {', '.join(Role)}")
    gazetteer = load_gazetteer()
    for code in places:
        check_place(gazetteer, code)
    invitation = Invitation(name, frozenset(roles), frozenset(places) or None)
    made: list[str] = []

    async def work(uow: UnitOfWork) -> None:
        made.append(await invite(uow, None, invitation))

    await _run(settings, work)
    return made[-1]


async def list_staff(settings: Settings) -> list[Staff]:
    """List everybody who is or was here, also while the bot runs."""
    database = Database(settings.database_url)
    try:
        if database.file is not None and not database.file.exists():
            return []
        async with database.read() as connection:
            return await staff.list_all(connection)
    finally:
        await database.close()


async def remove_staff(settings: Settings, staff_id: int) -> Staff:
    """Let somebody do nothing any more, and sign them out.

    Raises:
        CannotDo: nobody has this id.
    """
    removed: list[Staff] = []

    async def work(uow: UnitOfWork) -> None:
        removed.append(
            await change_staff(uow, None, staff_id, lambda known: replace(known, active=False))
        )

    try:
        await _run(settings, work)
    except NoSuchStaff:
        raise CannotDo(f"there is no member of staff {staff_id}; see staff list") from None
    return removed[-1]


async def find_bot_name(settings: Settings) -> str | None:
    """Ask Telegram for the bot's name, which its links need; None if it does not answer."""
    if settings.telegram_token is None:
        return None
    transport = Transport()
    await transport.initialize()
    try:
        token = settings.telegram_token.get_secret_value()
        return (await build_bot(token, settings.telegram_api_url, transport).get_me()).username
    except TelegramError:
        return None
    finally:
        await transport.shutdown()


def make_table(everybody: Sequence[Staff]) -> Table:
    """Lay out a list of staff for a terminal."""
    table = Table("id", "name", "may work as", "active")
    for one in everybody:
        lines = [f"{role}: {_list_places(one.grants[role])}" for role in Role if role in one.grants]
        table.add_row(str(one.id), one.name, "\n".join(lines), "yes" if one.active else "no")
    return table


def _list_places(places: Places) -> str:
    return "whole country" if places is None else " ".join(sorted(places))


def check_place(gazetteer: Gazetteer, code: str) -> None:
    """Refuse a code that is neither a province's nor a district's.

    Raises:
        CannotDo: with a hint of what such codes look like.
    """
    if len(code) not in (PROVINCE, DISTRICT) or gazetteer.find(code) is None:
        raise CannotDo(f"{code} is no province (02) and no district (1703)")


@asynccontextmanager
async def _own_database(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    try:
        database.own()
        await migrate(database)
        yield database
    finally:
        await database.close()


async def _run(settings: Settings, work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
    async with _own_database(settings) as database:
        await run_unit(database, now_utc(), work)
