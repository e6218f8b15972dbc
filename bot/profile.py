"""What the bot shows of itself: name, descriptions and the list of commands, in each language."""

import structlog
from telegram import BotCommand
from telegram.error import TelegramError
from telegram.ext import ExtBot

from domain.texts import Text, message
from locales.catalogue import LOCALES, render_plain
from services.desk import Desk

log = structlog.get_logger(__name__)

COMMANDS: dict[str, Text] = {
    "start": message("command.start"),
    "status": message("command.status"),
    "mydata": message("command.mydata"),
    "verify": message("command.verify"),
    "notices": message("command.notices"),
    "myqr": message("command.myqr"),
    "language": message("command.language"),
    "help": message("command.help"),
    "stop": message("command.stop"),
    "cancel": message("command.cancel"),
}


async def show_profile(bot: ExtBot[None], desk: Desk) -> None:
    """Set what Telegram shows of the bot, where it is not so yet.

    A refusal is logged and costs nothing else: people can register without it.
    """
    try:
        for code, locale in (("", desk.default_locale), *zip(LOCALES, LOCALES, strict=True)):
            await _show_in(bot, desk, code, locale)
    except TelegramError as error:
        log.warning("profile not set", reason=type(error).__name__)


async def _show_in(bot: ExtBot[None], desk: Desk, code: str, locale: str) -> None:
    def say(text: Text) -> str:
        return render_plain(text, locale, desk.names)

    name = say(message("bot.name"))
    if (await bot.get_my_name(language_code=code)).name != name:
        await bot.set_my_name(name, language_code=code)
    commands = tuple(BotCommand(name, say(text)) for name, text in COMMANDS.items())
    if await bot.get_my_commands(language_code=code) != commands:
        await bot.set_my_commands(commands, language_code=code)
    description = say(message("bot.description"))
    if (await bot.get_my_description(language_code=code)).description != description:
        await bot.set_my_description(description, language_code=code)
    short = say(message("bot.short_description"))
    if (await bot.get_my_short_description(language_code=code)).short_description != short:
        await bot.set_my_short_description(short, language_code=code)
