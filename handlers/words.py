"""Typed words that mean a command: the labels of the menu's keys, in every language."""

from functools import cache

from domain.khmer import search_key
from locales.catalogue import LOCALES, load_catalogue
from services.menu import COMMAND_OF_KEY, keys


def find_command(text: str) -> str | None:
    """Find the command that a typed text means, if it is one."""
    return _commands_by_words().get(search_key(text)) if len(text) <= 64 else None


@cache
def _commands_by_words() -> dict[str, str]:
    return {
        search_key(load_catalogue(locale)[label.id]): COMMAND_OF_KEY[label.id]
        for locale in LOCALES
        for label in keys()
    }
