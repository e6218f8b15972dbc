"""Builds python-telegram-bot's application and registers every handler, in one place."""

from typing import Any

from telegram.ext import Application, ApplicationBuilder, ContextTypes, ExtBot, TypeHandler

from bot.transport import Transport
from handlers import arrivals, chats
from handlers.context import BotApplication, Context, Shared
from services.desk import Desk

FIRST = -1


class StrictApplication(Application[Any, Any, Any, Any, Any, Any]):
    """Lets a handler's error through, so that its part of the batch is undone."""

    async def process_error(self, update: object, error: Exception, *_: object) -> bool:
        """Raise the error again; the library would log it and go on."""
        raise error


def build_bot(token: str, api_url: str, transport: Transport) -> ExtBot[None]:
    """Build the client of the Bot API."""
    return ExtBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=transport,
        get_updates_request=transport,
    )


def build_application(bot: ExtBot[None], desk: Desk) -> BotApplication:
    """Build the application: routing only, none of the library's in-memory parts."""
    application: BotApplication = (
        ApplicationBuilder()
        .application_class(StrictApplication)
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context, bot_data=Shared))
        .build()
    )
    application.bot_data.desk = desk
    register_handlers(application)
    return application


def register_handlers(application: BotApplication) -> None:
    """Say who takes what, after a first note; the last one takes what nobody else took."""
    application.add_handler(TypeHandler(arrivals.Arrival, chats.on_any), group=FIRST)
    application.add_handlers(
        [
            TypeHandler(arrivals.ButtonTapped, chats.on_tap),
            TypeHandler(arrivals.TextForwarded, chats.on_forwarded),
            TypeHandler(arrivals.MessageSent, chats.on_message),
            TypeHandler(arrivals.CommandSent, chats.on_command),
            TypeHandler(arrivals.MessageEdited, chats.on_edit),
            TypeHandler(arrivals.BotBlocked, chats.on_block),
            TypeHandler(arrivals.Arrival, chats.on_nothing),
        ]
    )
