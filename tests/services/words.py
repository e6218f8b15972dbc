"""Messages as people read them, for tests that look for one."""

from domain.texts import message
from locales.catalogue import render, render_plain
from tests.services.counter import Counter


def word(counter: Counter, words: str, locale: str = "en") -> str:
    """Write a message without values."""
    return render(message(words), locale, counter.desk.names)


def label(counter: Counter, words: str, locale: str = "en") -> str:
    """Write the label of a button as a conversation shows it, in brackets."""
    return f"[{render_plain(message(words), locale, counter.desk.names)}]"
