"""What a notice says: in Khmer and in English, with placeholders, a file, a place and buttons.

The words are plain text. Whatever else there is to press or to look at hangs on the same message,
so that each recipient gets one message and no more.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from domain.khmer import clean
from domain.problems import Problem
from domain.whole_numbers import read_number

PLACEHOLDERS: Mapping[str, int] = {
    "given_name": 60,
    "full_name": 121,
    "number": 11,
    "province": 40,
    "district": 60,
    "occupation": 80,
}
"""What differs from one recipient to the next, and how long it may become."""

LONGEST_TEXT = 3900
LONGEST_CAPTION = 900
"""Telegram allows 4096 and 1024; the rest is for a mark above the words."""

LONGEST_LABEL = 40
LONGEST_ADDRESS = 512
MOST_BUTTONS = 6
FEWEST_CHOICES, MOST_CHOICES = 2, 10

_BRACES = re.compile(r"\{([^{}]*)\}")
_TOUCHING = re.compile("}{")
_LINK = re.compile(r"[./\\:@](?=[^\W\d]|[{/\\@])|(?<=[^\W\d]|\})[./\\:@](?=\w)")
_UNSEEN = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff")
_KHMER = re.compile("[\u1780-\u17b3]")
_LATIN = re.compile("[A-Za-z]")
_HOST = re.compile(r"(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
"""No number of a machine, and no letters of another script in disguise."""


class FileKind(StrEnum):
    """What a notice may bring."""

    PHOTO = "photo"
    VOICE = "voice"


class ButtonKind(StrEnum):
    """What a button of a notice does.

    A link opens `target`; an answer to an invitation is two buttons, `target` the campaign's id.
    Who comes gets other ones under a reminder, which only the program makes.
    """

    LINK = "link"
    APPLY = "apply"
    INTERESTED = "interested"
    RSVP = "rsvp"
    RSVP_REMINDER = "rsvp_reminder"


_OF_EVENT_DAY = (ButtonKind.RSVP, ButtonKind.RSVP_REMINDER)


@dataclass(frozen=True)
class NoticeButton:
    """A button; only a link has words of its author's."""

    kind: ButtonKind
    target: str = ""
    label_km: str = ""
    label_en: str = ""


@dataclass(frozen=True)
class PollChoice:
    """One of the answers to choose from."""

    label_km: str
    label_en: str


@dataclass(frozen=True)
class PlaceOfMap:
    """A place, opened on the phone's map by a button (degrees)."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Content:
    """What a notice says and carries; the file itself lies beside it."""

    text_km: str = ""
    text_en: str = ""
    place: PlaceOfMap | None = None
    file_kind: FileKind | None = None
    buttons: tuple[NoticeButton, ...] = ()
    choices: tuple[PollChoice, ...] = ()

    def text(self, locale: str) -> str:
        """Return the words in a language."""
        return self.text_km if locale == "km" else self.text_en


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a notice, and with which of its fields; of links also with which one."""

    field: str
    problem: Problem
    number: int | None = None


def label_of(labelled: NoticeButton | PollChoice, locale: str) -> str:
    """Return what is on a button in a language."""
    return labelled.label_km if locale == "km" else labelled.label_en


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Put a recipient's values in the place of the placeholders."""
    return _BRACES.sub(lambda found: values.get(found[1], found[0]), text)


def find_day(content: Content) -> int | None:
    """Find the id of the event day that a notice asks its readers about."""
    asking = (one for one in content.buttons if one.kind in _OF_EVENT_DAY)
    days = (read_number(one.target) for one in asking)
    return next((day for day in days if day is not None), None)


def without_answers(content: Content) -> Content:
    """Take the buttons away that ask whether somebody comes to an event day."""
    kept = tuple(one for one in content.buttons if one.kind not in _OF_EVENT_DAY)
    return replace(content, buttons=kept)


def split_text(text: str) -> list[str]:
    """Split a text into words and, at every second place, the names of its placeholders."""
    return _BRACES.split(text)


def drop_unseen(text: str) -> str:
    """Drop the characters of no width, which part words and hold others together."""
    return text.translate(_UNSEEN)


def may_be_link(run: str) -> bool:
    """Tell whether an app may make a link of characters without a space, or people take it so."""
    return bool(_LINK.search(run))


def fills_link(text: str) -> bool:
    """Tell whether a placeholder stands in a link: it would tell a stranger who opens it."""
    return any("{" in run and may_be_link(run) for run in drop_unseen(text).split())


def tidy_content(content: Content) -> Content:
    """Drop what cannot be seen and spaces that say nothing, line by line."""
    return replace(
        content,
        text_km=_tidy_text(content.text_km),
        text_en=_tidy_text(content.text_en),
        buttons=tuple(
            replace(
                one,
                target=one.target.strip(),
                label_km=clean(one.label_km),
                label_en=clean(one.label_en),
            )
            for one in content.buttons
        ),
        choices=tuple(
            PollChoice(clean(one.label_km), clean(one.label_en)) for one in content.choices
        ),
    )


def _tidy_text(text: str) -> str:
    lines = "\n".join(clean(line) for line in text.splitlines()).strip()
    return re.sub("\n{3,}", "\n\n", lines)


def check_content(content: Content) -> list[Flaw]:
    """List what must be mended before others are asked to approve."""
    return [
        *_check_text("text_km", content.text_km, _KHMER, content.file_kind),
        *_check_text("text_en", content.text_en, _LATIN, content.file_kind),
        *_check_place(content.place),
        *_check_buttons(content.buttons),
        *_check_choices(content.choices),
    ]


def _check_text(
    field: str, text: str, letters: re.Pattern[str], file_kind: FileKind | None
) -> Iterator[Flaw]:
    if not text:
        yield Flaw(field, Problem("notice.empty"))
        return
    if not letters.search(_BRACES.sub("", text)):
        yield Flaw(field, Problem("notice.other-language"))
    for name in sorted(set(_BRACES.findall(text)) - PLACEHOLDERS.keys()):
        yield Flaw(field, Problem("notice.unknown-placeholder", {"name": name}))
    if set("{}") & set(_BRACES.sub("", text)):
        yield Flaw(field, Problem("notice.lone-brace"))
    if _TOUCHING.search(text):
        yield Flaw(field, Problem("notice.touching-placeholders"))
    if fills_link(text):
        yield Flaw(field, Problem("notice.placeholder-in-link"))
    longest = LONGEST_CAPTION if file_kind else LONGEST_TEXT
    if count_longest(text) > longest:
        yield Flaw(field, Problem("notice.too-long", {"longest": str(longest)}))


def count_longest(text: str) -> int:
    """Count characters as Telegram does, with every placeholder as long as it may become."""
    values = {name: "x" * length for name, length in PLACEHOLDERS.items()}
    return len(fill_in(text, values).encode("utf-16-le")) // 2


def _check_place(place: PlaceOfMap | None) -> Iterator[Flaw]:
    if place and not -90 <= place.latitude <= 90:
        yield Flaw("latitude", Problem("notice.no-such-place"))
    if place and not -180 <= place.longitude <= 180:
        yield Flaw("longitude", Problem("notice.no-such-place"))


def _check_buttons(buttons: tuple[NoticeButton, ...]) -> Iterator[Flaw]:
    if len(buttons) > MOST_BUTTONS:
        yield Flaw("buttons", Problem("notice.too-many-buttons", {"most": str(MOST_BUTTONS)}))
    links = (button for button in buttons if button.kind is ButtonKind.LINK)
    for number, link in enumerate(links, start=1):
        yield from _check_link(link, number)
    for button in buttons:
        if button.kind in _OF_EVENT_DAY and read_number(button.target) is None:
            yield Flaw("buttons", Problem("notice.no-such-campaign"))


def _check_link(link: NoticeButton, number: int) -> Iterator[Flaw]:
    if set("{}") & set(link.target):
        yield Flaw("link_url", Problem("notice.placeholder-in-link"), number)
    elif not is_safe_address(link.target):
        yield Flaw("link_url", Problem("notice.wrong-address"), number)
    for locale in ("km", "en"):
        for problem in _check_label(label_of(link, locale)):
            yield Flaw(f"link_{locale}", problem, number)


def _check_choices(choices: tuple[PollChoice, ...]) -> Iterator[Flaw]:
    if choices and not FEWEST_CHOICES <= len(choices) <= MOST_CHOICES:
        bounds = {"fewest": str(FEWEST_CHOICES), "most": str(MOST_CHOICES)}
        yield Flaw("choices", Problem("notice.choices", bounds))
    for choice in choices:
        for label in (choice.label_km, choice.label_en):
            yield from (Flaw("choices", problem) for problem in _check_label(label))
    for locale in ("km", "en"):
        labels = [label_of(choice, locale) for choice in choices]
        if len(set(labels)) < len(labels):
            yield Flaw("choices", Problem("notice.same-choices"))


def _check_label(label: str) -> Iterator[Problem]:
    if not label:
        yield Problem("notice.label-needed")
    elif len(label) > LONGEST_LABEL:
        yield Problem("notice.label-too-long", {"longest": str(LONGEST_LABEL)})


def is_safe_address(address: str) -> bool:
    """Tell whether an address is one that people can read and trust: https, and a plain name.

    All between the scheme and the path must be that name: of a port, a user or a backslash
    browsers and people might make something else.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_plain = address.isascii() and address.isprintable() and not set(" \\") & set(address)
    is_named = bool(_HOST.fullmatch(parts.netloc.lower()))
    return parts.scheme == "https" and is_plain and is_named and len(address) <= LONGEST_ADDRESS


def write_content(content: Content) -> dict[str, Any]:
    """Write a content as JSON values."""
    return asdict(content)


def read_content(written: Mapping[str, Any]) -> Content:
    """Read a content back; of a new notice there is none yet."""
    kind, place = written.get("file_kind"), written.get("place")
    return Content(
        text_km=written.get("text_km", ""),
        text_en=written.get("text_en", ""),
        place=PlaceOfMap(**place) if place else None,
        file_kind=FileKind(kind) if kind else None,
        buttons=tuple(_read_buttons(written.get("buttons", ()))),
        choices=tuple(PollChoice(**one) for one in written.get("choices", ())),
    )


def _read_buttons(written: Iterable[Mapping[str, Any]]) -> Iterator[NoticeButton]:
    for one in written:
        yield NoticeButton(**{**one, "kind": ButtonKind(one["kind"])})
