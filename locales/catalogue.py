"""The catalogues, and how a text becomes what its reader sees."""

import html
import re
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

from babel.messages import Catalog
from babel.messages.pofile import read_po

from domain.khmer import clean, to_latin_digits
from domain.occupations import Occupations
from domain.places import Gazetteer
from domain.texts import (
    Appointment,
    Bilingual,
    Code,
    GroupName,
    Numeral,
    OccupationName,
    PartialDate,
    PlaceName,
    Text,
    Value,
)
from locales.formats import (
    format_appointment,
    format_date,
    format_datetime,
    format_digits,
    format_number,
    format_partial_date,
)

LOCALES = ("km", "en")
DIRECTORY = Path(__file__).parent
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
TAG = re.compile(r"</?(?:b|i|code)>")

_Name: TypeAlias = PlaceName | OccupationName | GroupName


class MissingMessage(UserWarning):
    """The catalogue, the gazetteer or the caller did not give what a text needs."""


@dataclass(frozen=True)
class Names:
    """Where places and occupations have their names."""

    gazetteer: Gazetteer
    occupations: Occupations


def render(text: Text, locale: str, names: Names, directory: Path = DIRECTORY) -> str:
    """Turn a text into HTML for Telegram; every value in it is escaped.

    What is missing never costs a person an answer: a message that one language lacks is said in
    another, or else by its id, and a `MissingMessage` warning tells (an error under test).
    """
    return _Writer(locale, names, directory, is_html=True).write(text)


def render_plain(text: Text, locale: str, names: Names, directory: Path = DIRECTORY) -> str:
    """Turn a text into words without markup, as labels of buttons are; otherwise like `render`."""
    return _Writer(locale, names, directory, is_html=False).write(text)


@lru_cache
def load_catalogue(locale: str, directory: Path = DIRECTORY) -> Mapping[str, str]:
    """Return the finished messages of a language, of all its areas, by their ids."""
    return {
        str(entry.id): entry.string
        for path in list_catalogues(locale, directory)
        for entry in read_catalogue(path)
        if entry.id and isinstance(entry.string, str) and entry.string and not entry.fuzzy
    }


def list_catalogues(locale: str, directory: Path = DIRECTORY) -> list[Path]:
    """List the files that hold a language's messages, one for each area."""
    return sorted((directory / locale / "LC_MESSAGES").glob("*.po"))


def read_catalogue(path: Path) -> Catalog:
    """Read one file of messages as it is, unfinished messages included."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


@dataclass(frozen=True)
class _Writer:
    locale: str
    names: Names
    directory: Path
    is_html: bool

    def write(self, text: Text) -> str:
        parts = _split(text.id, self.locale, self.directory, self.is_html)
        if parts is None:
            return self._write_in_another_language(text)
        if len(parts) == 1:
            return parts[0]
        written = list(parts)
        written[1::2] = [self._write_placeholder(name, text) for name in parts[1::2]]
        return "".join(written)

    def _write_in_another_language(self, text: Text) -> str:
        _warn(f"no message {text.id!r} in {self.locale!r}")
        for locale in LOCALES:
            if text.id in load_catalogue(locale, self.directory):
                return replace(self, locale=locale).write(text)
        return self._escape(text.id)

    def _write_placeholder(self, name: str, text: Text) -> str:
        if name not in text.values:
            _warn(f"no value for {name!r} of message {text.id!r}")
            return "…"
        value = text.values[name]
        return self.write(value) if isinstance(value, Text) else self._escape(self._show(value))

    def _show(self, value: Value) -> str:
        match value:
            case str():
                return _isolate(clean(value))
            case int():
                return format_number(value, self.locale)
            case date() | PartialDate() | Appointment():
                return self._show_date(value)
            case Bilingual(km, en):
                return self._show(km if self.locale == "km" else en)
            case Numeral(digits):
                return format_digits(digits, self.locale)
            case Code(identifier):
                return to_latin_digits(identifier)
            case Text():
                return self.write(value)
            case _:
                return self._show_name(value)

    def _show_date(self, value: date | PartialDate | Appointment) -> str:
        match value:
            case PartialDate(known):
                return format_partial_date(known, self.locale)
            case Appointment(at, until):
                return format_appointment(at, self.locale, until)
            case datetime():
                return format_datetime(value, self.locale)
            case date():
                return format_date(value, self.locale)

    def _show_name(self, name: _Name) -> str:
        try:
            return self._get_name(name)
        except KeyError:
            _warn(f"no name for {name!r}")
            return name.code if isinstance(name, PlaceName) else name.key

    def _get_name(self, name: _Name) -> str:
        gazetteer, occupations = self.names.gazetteer, self.names.occupations
        match name:
            case PlaceName(code, short=True):
                return gazetteer.short(code, self.locale)
            case PlaceName(code):
                return gazetteer.describe(code, self.locale)
            case GroupName(key):
                return occupations.group_name(key, self.locale)
            case OccupationName(key):
                return occupations.name(key, self.locale)

    def _escape(self, words: str) -> str:
        return html.escape(words, quote=False) if self.is_html else words


@cache
def _split(text_id: str, locale: str, directory: Path, is_html: bool) -> tuple[str, ...] | None:
    """Return a message as words and, at every second place, the names of its placeholders."""
    template = load_catalogue(locale, directory).get(text_id)
    if template is None:
        return None
    return tuple(PLACEHOLDER.split(template if is_html else _without_markup(template)))


def _without_markup(template: str) -> str:
    return html.unescape(TAG.sub("", template))


def _isolate(words: str) -> str:
    """Keep words that run from right to left from turning the rest of the message around."""
    if any(unicodedata.bidirectional(char) in {"R", "AL", "AN"} for char in words):
        return f"\u2068{words}\u2069"
    return words


def _warn(problem: str) -> None:
    warnings.warn(problem, MissingMessage, stacklevel=2)
