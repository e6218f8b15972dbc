"""Runs the bot: its parts are started in order, and ended in order."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

import structlog
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.clock import Clock, now_utc
from bot.hearing import Hearing
from bot.invitations import show_first_invitation
from bot.parts import Parts, open_parts
from bot.photos import Photos
from bot.profile import show_profile
from bot.sender import Sender, TokenRefused
from bot.settings import Settings
from bot.web import WEBHOOK_PATH, build_server, build_site, open_socket
from bot.webhook import Webhook
from db.errors import DatabaseUnavailable
from handlers.context import BotApplication
from handlers.updates import KINDS
from web.app import build_pages
from web.office import Office

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 5.0
QUIET_START_SECONDS = 10.0


class Source(Protocol):
    """Where updates come from: polling or the webhook."""

    async def run(self) -> None:
        """Take updates until stopped."""

    def stop(self) -> None:
        """Finish the batch in hand."""


async def serve(settings: Settings, stop: asyncio.Event, clock: Clock = now_utc) -> None:
    """Serve until `stop` is set; then finish what is in hand.

    Raises:
        AlreadyOwned, PortTaken, TokenRefused, AnotherInstance: it cannot go on, and the message
            tells the operator why.
    """
    async with open_parts(settings, clock) as (parts, application):
        if await _meet_telegram(parts, application, stop):
            await _serve_parts(parts, stop)


async def _meet_telegram(parts: Parts, application: BotApplication, stop: asyncio.Event) -> bool:
    """Make ourselves known to Telegram, however long it is away; False if told to stop first."""
    pause = 0.5
    while not stop.is_set():
        try:
            await application.initialize()
            await _say_how_to_reach_us(parts)
        except InvalidToken:
            raise TokenRefused("TELEGRAM_TOKEN is refused by Telegram") from None
        except BadRequest as error:
            raise TokenRefused(f"WEBHOOK_URL is refused by Telegram: {error.message}") from None
        except RetryAfter as limit:
            pause = _count_seconds(limit.retry_after)
            log.warning("Telegram asks us to wait", again_in_seconds=pause)
        except TelegramError as error:
            log.warning("Telegram is away", reason=type(error).__name__, again_in_seconds=pause)
        else:
            return True
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
        pause = min(15.0, pause * 2)
    return False


def _count_seconds(period: int | timedelta) -> float:
    return period.total_seconds() if isinstance(period, timedelta) else float(period)


async def _say_how_to_reach_us(parts: Parts) -> None:
    settings = parts.settings
    if settings.webhook_url and settings.webhook_secret:
        await parts.bot.set_webhook(
            settings.webhook_url + WEBHOOK_PATH,
            secret_token=settings.webhook_secret.get_secret_value(),
            allowed_updates=KINDS,
        )
    else:
        await parts.bot.delete_webhook()


async def _serve_parts(parts: Parts, stop: asyncio.Event) -> None:
    settings = parts.settings
    webhook = None
    if settings.webhook_url and settings.webhook_secret:
        webhook = Webhook(parts.intake, settings.webhook_secret.get_secret_value())
    site = build_site(lambda: _health(parts), webhook, build_pages(_make_office(parts)))
    server = build_server(site)
    socket = open_socket(settings.web_host, settings.web_port)
    await parts.sender.load()
    await parts.broadcaster.load()
    await parts.hearing.load()
    await show_first_invitation(parts.units, settings, parts.bot.username)
    source: Source = webhook or parts.polling
    try:
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(parts.sender.run())
            broadcasting = group.create_task(parts.broadcaster.run())
            serving = group.create_task(server.serve(sockets=[socket]))
            receiving = group.create_task(source.run())
            timing = group.create_task(parts.timers.run())
            group.create_task(show_profile(parts.bot, parts.desk))
            if webhook is not None:
                timing_silence = group.create_task(_listen(parts.hearing))
            log.info("the bot is serving", source=type(source).__name__.lower())
            await stop.wait()
            log.info("finishing what is in hand")
            source.stop()
            await receiving
            timing.cancel()
            if webhook is not None:
                timing_silence.cancel()
            parts.broadcaster.stop()
            await broadcasting
            await _drain(parts.sender)
            parts.sender.stop()
            await sending
            await parts.hearing.beat()
            server.should_exit = True
            await serving
    except ExceptionGroup as errors:
        raise _first(errors) from None
    finally:
        await parts.broadcaster.close()
        socket.close()


def _make_office(parts: Parts) -> Office:
    return Office(
        database=parts.database.for_pages(),
        desk=parts.desk,
        run=parts.units.run,
        clock=parts.units.clock,
        photos=Photos(parts.bot).fetch,
        data_dir=parts.settings.data_dir,
        bot_name=lambda: parts.bot.username,
        paid_per_second=_count_paid(parts.settings),
    )


def _count_paid(settings: Settings) -> int:
    return settings.paid_sends_per_second if settings.paid_broadcast else 0


def _first(error: Exception) -> Exception:
    """Find the first error of groups within groups."""
    return _first(error.exceptions[0]) if isinstance(error, ExceptionGroup) else error


async def _listen(hearing: Hearing) -> None:
    """With a webhook silence means nothing, so only the time that we were away is an outage."""
    await asyncio.sleep(QUIET_START_SECONDS)
    while True:
        try:
            await hearing.note(caught_up=True)
        except DatabaseUnavailable as error:
            log.warning("outage not looked at yet", reason=str(error))
        await asyncio.sleep(QUIET_START_SECONDS)


async def _drain(sender: Sender) -> None:
    """Give what is queued a moment to be sent; what is not sent now is sent at the next start."""
    for _ in range(int(DRAIN_SECONDS / 0.05)):
        if not sender.count_waiting():
            return
        await asyncio.sleep(0.05)


def _health(parts: Parts) -> dict[str, object]:
    last = parts.hearing.last_at
    return {
        "status": "serving",
        "instance": parts.settings.instance.value,
        "telegram_heard_at": last.isoformat() if last else None,
        "calls_waiting": parts.sender.count_waiting(),
    }
