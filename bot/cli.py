"""The command line's words and what they do; an error is one line and exit status 2."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from pydantic import SecretStr
from rich.console import Console

from bot import auditing, commands, invitations, staffing, verifying
from bot.demo import DEMO_TOKEN, run_simulator
from bot.demo_data import MOST_PEOPLE, add_demo_people, greet
from bot.importing import import_file, try_file
from bot.logs import set_up_logs
from bot.polling import AnotherInstance
from bot.run import serve
from bot.sender import TokenRefused
from bot.settings import Settings, WrongSettings, load_settings
from bot.web import PortTaken
from db.errors import AlreadyOwned, DatabaseUnavailable, FlushRefused
from documents.keys import DamagedKey
from domain.staff import Role

EXPECTED = (
    WrongSettings,
    AlreadyOwned,
    DatabaseUnavailable,
    FlushRefused,
    PortTaken,
    TokenRefused,
    AnotherInstance,
    commands.CannotDo,
    verifying.CannotVerify,
    DamagedKey,
)

app = typer.Typer(
    help="The registration bot.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)
staff_app = typer.Typer(help="Who works here.", no_args_is_help=True)
app.add_typer(staff_app, name="staff")
audit_app = typer.Typer(help="The audit log.", no_args_is_help=True)
app.add_typer(audit_app, name="audit")
console = Console()


@app.command()
def run() -> None:
    """Serve Telegram; without TELEGRAM_TOKEN, serve a simulated one and print its chat page."""
    settings = load_settings()
    set_up_logs(settings.log_format)
    uvloop.run(_run(settings))


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    revision = asyncio.run(commands.migrate_database(load_settings()))
    console.print(f"the database has schema {revision}")


@app.command()
def check() -> None:
    """Check the settings, the database and Telegram."""
    for line in asyncio.run(commands.check(load_settings())):
        console.print(line)


@app.command()
def backup(
    target: Annotated[Path | None, typer.Argument(help="The file to write.")] = None,
) -> None:
    """Copy the database, also while the bot runs."""
    console.print(f"backup written to {commands.back_up(load_settings(), target)}")


@app.command()
def restore(source: Annotated[Path, typer.Argument(help="A file that backup wrote.")]) -> None:
    """Put a backup in the place of the database, while the bot rests."""
    aside = commands.restore(load_settings(), source)
    console.print(f"restored; what was there before is {aside}")


@app.command()
def demo_data(
    people: Annotated[
        int, typer.Option(min=0, max=MOST_PEOPLE, help="How many register.")
    ] = 11_447,
    seed: Annotated[int, typer.Option(help="Another seed invents other people.")] = 1,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day; today if not given."),
    ] = None,
    more: Annotated[bool, typer.Option(help="Add to those who are there already.")] = False,
) -> None:
    """Fill the database with invented people and what offices made of them, while the bot rests."""
    last = until.date() if until else None
    done = asyncio.run(add_demo_people(load_settings(), people, seed, last, more=more))
    console.print(done, highlight=False)


@app.command("import")
def import_register(
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8 or XLSX; columns in docs/import.md.")],
    source: Annotated[
        str, typer.Option(help="A short name of the other register, the same each time.")
    ],
    dry_run: Annotated[
        bool, typer.Option(help="Show what it would do and store nothing, also while the bot runs.")
    ] = False,
    errors: Annotated[
        Path | None,
        typer.Option(help="Where to write what is wrong; beside the file if not given."),
    ] = None,
    another: Annotated[
        bool, typer.Option(help="It is another register, though it has most people of a known one.")
    ] = False,
) -> None:
    """Take over people of another register, while the bot rests; exit status 1 if cut short."""
    settings = load_settings()
    report = asyncio.run(
        try_file(settings, file, source, errors)
        if dry_run
        else import_file(settings, file, source, errors, is_another=another)
    )
    for line in report.lines:
        console.print(line, highlight=False, soft_wrap=True)
    if not report.is_whole:
        raise typer.Exit(1)


@app.command()
def verify(
    text: Annotated[str, typer.Argument(help="A certificate's token, or its QR code's address.")],
    key: Annotated[
        list[str] | None, typer.Option(help="The issuer's public key; our own if not given.")
    ] = None,
) -> None:
    """Check a certificate without the network; exit status 1 if it is not genuine."""
    genuine, lines = verifying.verify(load_settings(), text, key or [])
    for line in lines:
        console.print(line, highlight=False)
    if not genuine:
        raise typer.Exit(1)


@app.command()
def public_key() -> None:
    """Print the key by which others check our certificates."""
    console.print(verifying.show_public_key(load_settings()), highlight=False)


@staff_app.command("add")
def add_staff(
    name: Annotated[str, typer.Option(help="What colleagues call them.")],
    role: Annotated[list[Role], typer.Option(help="What they are here for; several may be given.")],
    place: Annotated[
        list[str] | None,
        typer.Option(help="Code of a province or district; without, the whole country."),
    ] = None,
) -> None:
    """Invite somebody, while the bot rests: print a link that lets one person in."""
    settings = load_settings()
    secret = asyncio.run(staffing.add_staff(settings, name, role, place or []))
    bot_name = asyncio.run(staffing.find_bot_name(settings))
    for line in invitations.list_lines(f"Invitation for {name}", bot_name, secret):
        invitations.print_line(line)


@staff_app.command("list")
def list_staff() -> None:
    """List everybody who is or was here."""
    console.print(staffing.make_table(asyncio.run(staffing.list_staff(load_settings()))))


@staff_app.command("remove")
def remove_staff(staff_id: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """Let somebody do nothing any more, while the bot rests."""
    removed = asyncio.run(staffing.remove_staff(load_settings(), staff_id))
    invitations.print_line(f"{removed.name} may do nothing any more")


@audit_app.command("verify")
def verify_audit() -> None:
    """Look whether anybody changed the audit log; exit status 1 if so."""
    walk = asyncio.run(auditing.verify_audit(load_settings()))
    invitations.print_line(auditing.tell(walk))
    if walk.broken_at is not None:
        raise typer.Exit(1)


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if settings.telegram_token is not None:
        await serve(settings, stop)
        return
    await greet(settings)
    async with run_simulator(settings) as address:
        console.print(f"\n  No TELEGRAM_TOKEN: this is a simulated Telegram. Open {address}\n")
        demo = settings.model_copy(
            update={"telegram_token": SecretStr(DEMO_TOKEN), "telegram_api_url": address}
        )
        await serve(demo, stop)


def main() -> None:
    """Run the command line; the files that it makes are for nobody else to read."""
    os.umask(0o077)
    _in_one_line(app)


def _in_one_line(command: Callable[[], object]) -> None:
    try:
        command()
    except EXPECTED as error:
        print(f"bot: {error}", file=sys.stderr)  # noqa: T201 - the operator's answer
        sys.exit(2)
