"""Typed words that mean a command: labels of keys, and plain words, in every language."""

from functools import cache

from domain.khmer import search_key
from domain.texts import Text, message
from domain.wording import TYPED_COMMANDS
from locales.catalogue import LOCALES, load_catalogue
from services.menu import COMMAND_OF_KEY

LONGEST_WORDS = 64

WORDS: tuple[tuple[Text, str], ...] = (
    *COMMAND_OF_KEY,
    (message("typed.mydata"), "mydata"),
    *((label, command) for command, label in TYPED_COMMANDS.items()),
)


def find_command(text: str) -> str | None:
    """Find the command that a typed text means, if it is one; signs and emoji do not count."""
    return _commands_by_words().get(search_key(text)) if len(text) <= LONGEST_WORDS else None


@cache
def _commands_by_words() -> dict[str, str]:
    return {
        search_key(load_catalogue(locale)[label.id]): command
        for locale in LOCALES
        for label, command in WORDS
    }
