"""The parts of the bot, made from the settings and closed in the end."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from telegram.ext import ExtBot

from bot.application import build_application, build_bot
from bot.attachments import Attach, route_attachments
from bot.broadcaster import Broadcaster, count_at_once
from bot.cards import make_attach
from bot.clock import Clock
from bot.desk import make_desk
from bot.entry_codes import make_entry_attach
from bot.hearing import Hearing
from bot.intake import Intake
from bot.notice_files import make_notice_attach
from bot.polling import Polling
from bot.refusals import make_hold
from bot.sender import Sender, TokenRefused
from bot.settings import Settings
from bot.timers import Timers
from bot.transport import Transport
from bot.units import Units
from bot.verifying import KEY_FILE
from db.database import Database
from db.migrations import migrate
from documents.keys import load_or_create_key
from documents.signatures import SigningKey
from domain.recipients import Rules
from handlers.context import BotApplication
from services.desk import Desk
from services.notice_messages import NOTICE, prepare
from services.own_codes import ENTRY

BEGAN = time.monotonic()
FIRST_REST_SECONDS = 1.0
"""An earlier process may have sent until this one began: a second belongs to both."""

REPLY_LINES = 64


@dataclass(frozen=True)
class Parts:
    """The parts of a running bot."""

    settings: Settings
    database: Database
    bot: ExtBot[None]
    desk: Desk
    units: Units
    sender: Sender
    broadcaster: Broadcaster
    hearing: Hearing
    intake: Intake
    timers: Timers
    polling: Polling


@asynccontextmanager
async def open_parts(
    settings: Settings, clock: Clock
) -> AsyncIterator[tuple[Parts, BotApplication]]:
    """Make the parts of a bot whose database is up to date, and close them in the end.

    Raises:
        AlreadyOwned: another process has the database.
        TokenRefused: there is no token.
    """
    if settings.telegram_token is None:
        raise TokenRefused("TELEGRAM_TOKEN is not set")
    token = settings.telegram_token.get_secret_value()
    database = Database(settings.database_url)
    transport, listening = _make_transport(settings), Transport(connections=2)
    try:
        database.own()
        await migrate(database)
        await transport.initialize()
        await listening.initialize()
        address = f"{settings.telegram_api_url}/bot{token}/"
        desk = replace(make_desk(settings), signing_key=_open_signing_key(settings))
        bot = build_bot(token, settings.telegram_api_url, transport)
        application = build_application(bot, desk)
        attach = _make_attach(database, desk, bot)
        sender = _make_sender(settings, database, transport, address, attach, clock)
        units = Units(database, sender, clock)
        hearing = Hearing(database, units, desk, clock)
        intake = Intake(units, application, desk)
        yield (
            Parts(
                settings=settings,
                database=database,
                bot=bot,
                desk=desk,
                units=units,
                sender=sender,
                broadcaster=_make_broadcaster(settings, database, sender, units, desk),
                hearing=hearing,
                intake=intake,
                timers=Timers(database, units, desk, hearing, settings.hours_of_digest),
                polling=Polling(listening, address, intake, hearing),
            ),
            application,
        )
    finally:
        await transport.shutdown()
        await listening.shutdown()
        await database.close()


def _make_attach(database: Database, desk: Desk, bot: ExtBot[None]) -> Attach:
    return route_attachments(
        {
            "card": make_attach(database, desk),
            ENTRY: make_entry_attach(desk, lambda: bot.username),
            NOTICE: make_notice_attach(database),
        }
    )


def _make_sender(
    settings: Settings,
    database: Database,
    transport: Transport,
    address: str,
    attach: Attach,
    clock: Clock,
) -> Sender:
    return Sender(
        database,
        transport,
        address,
        settings.sends_per_second,
        attach=attach,
        clock=clock,
        bulk_per_second=settings.bulk_per_second if settings.paid_broadcast else None,
        begins_at=BEGAN + FIRST_REST_SECONDS,
    )


def _make_broadcaster(
    settings: Settings, database: Database, sender: Sender, units: Units, desk: Desk
) -> Broadcaster:
    return Broadcaster(
        database,
        sender,
        partial(prepare, desk=desk),
        Rules(desk.time_zone, settings.notices_per_week),
        units.clock,
        settings.bulk_per_second,
        paid=settings.paid_broadcast,
        hold_refused=make_hold(units.run, desk),
    )


def _make_transport(settings: Settings) -> Transport:
    """Open lines enough that no reply waits for one that a notice has."""
    return Transport(REPLY_LINES + count_at_once(settings.bulk_per_second))


def _open_signing_key(settings: Settings) -> SigningKey:
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return load_or_create_key(settings.data_dir / KEY_FILE)
