"""Invitations on the console: the first administrator's at a start, and those made by command."""

import structlog
from rich.console import Console

from bot.intake import describe
from bot.settings import Instance, Settings
from bot.units import Units
from db.errors import DatabaseUnavailable, FlushRefused
from db.unit_of_work import UnitOfWork
from domain.staff import Role
from services.invitations import INVITATION, invite_first

log = structlog.get_logger(__name__)
console = Console()


async def show_first_invitation(units: Units, settings: Settings, bot_name: str) -> None:
    """Print how to become the first administrator, if there is none; never into the log."""
    secrets: list[str | None] = []

    async def work(uow: UnitOfWork) -> None:
        secrets.append(await invite_first(uow, choose_roles(settings)))

    try:
        await units.run(work)
    except (DatabaseUnavailable, FlushRefused) as error:
        log.warning("nobody invited yet", reason=describe(error))
        return
    for line in list_lines("Become the first administrator", bot_name, secrets[-1]):
        print_line(line)


def choose_roles(settings: Settings) -> frozenset[Role]:
    """Let whoever looks at a demonstration see all of it; elsewhere an administrator invites."""
    if settings.instance is Instance.DEMO:
        return frozenset({Role.ADMINISTRATOR, Role.OFFICER})
    return frozenset({Role.ADMINISTRATOR})


def list_lines(what: str, bot_name: str | None, secret: str | None) -> list[str]:
    """Say how an invitation is opened: by its link, or by what the link says to the bot."""
    if secret is None:
        return []
    command = f"/start {INVITATION}{secret}"
    if not bot_name:
        return [f"{what}: send to the bot: {command} (valid 24 hours, one use)"]
    link = f"https://t.me/{bot_name}?start={INVITATION}{secret}"
    return [f"{what}: {link} (valid 24 hours, one use)", f"or in the chat page, send: {command}"]


def print_line(line: str) -> None:
    """Print a line as it is, however narrow the terminal."""
    console.print(line, soft_wrap=True, markup=False, highlight=False)
