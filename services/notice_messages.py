"""How a notice becomes one message for one recipient, and how its buttons change when pressed."""

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from db import notice_files, notices
from db.audiences import RecipientFacts, load_facts
from db.staff import Connection
from domain.answers.layout import in_fitting_rows
from domain.answers.types import Rows
from domain.notice_content import (
    ButtonKind,
    Content,
    FileKind,
    NoticeButton,
    PlaceOfMap,
    fill_in,
    label_of,
    read_content,
)
from domain.numbers import format_number
from domain.outbox import Call, Lane
from domain.recipients import ReadyRecipient
from domain.replies import Button, Buttons, Tap
from domain.texts import Text, message
from locales.catalogue import Names, render
from services.desk import Desk
from services.messages import write_keyboard
from services.rsvp_buttons import Answer, make_answer_buttons

NOTICE = "notice"
"""In place of a draft's tag: a button that belongs to a notice."""

APPLY, ANSWER = "apply", "answer"
STOP, STOP_MEANT, KEEP, AGAIN = "stop", "stop_meant", "keep", "again"
INTERESTED = "interested"
CHOSEN = "✓ "
CHOICES_IN_A_ROW = 2

MAP = "https://www.google.com/maps/search/?api=1&query={latitude:.6f},{longitude:.6f}"
"""Opens the map of whatever phone it is, in its app or in the browser."""

_PROVINCE_DIGITS, _DISTRICT_DIGITS = 2, 4
_METHODS = {FileKind.PHOTO: "sendPhoto", FileKind.VOICE: "sendVoice"}


class Stopping(StrEnum):
    """How far somebody is with switching the topic of a notice off."""

    NO = "no"
    ASKED = "asked"
    DONE = "done"


@dataclass(frozen=True)
class Pressed:
    """What a recipient has pressed under a notice: answers given, and the topic switched off.

    `guest` is what they said to the event day that it asks about.
    """

    answers: frozenset[str] = frozenset()
    stopping: Stopping = Stopping.NO
    guest: Answer = Answer.NONE


NOTHING_PRESSED = Pressed()


async def prepare(
    connection: Connection, ready: Sequence[ReadyRecipient], desk: Desk
) -> list[tuple[ReadyRecipient, Call]]:
    """Write the notices of some recipients, with one query for what differs among them."""
    ids = {one.application_id for one in ready if one.application_id is not None}
    facts = await load_facts(connection, ids)
    letters = {
        notice_id: await _open_letter(connection, notice_id)
        for notice_id in {one.notice_id for one in ready}
    }
    return [
        (one, letter.write(desk, facts[one.application_id], one.chat_id))
        for one in ready
        if one.application_id in facts and (letter := letters[one.notice_id]) is not None
    ]


@dataclass(frozen=True)
class Letter:
    """What a notice says to all, and what Telegram calls its file if that was uploaded."""

    notice_id: int
    content: Content
    telegram_id: str | None = None

    def write(self, desk: Desk, facts: RecipientFacts, chat_id: int) -> Call:
        """Write the notice to a chat, in its language."""
        locale = facts.locale or desk.default_locale
        parameters = _write_parameters(
            self.content, self.notice_id, facts, locale, desk.names, desk.specimen
        )
        return _make_call(self, chat_id, parameters)


async def _open_letter(connection: Connection, notice_id: int) -> Letter | None:
    stored = await notices.find(connection, notice_id)
    if stored is None:
        return None
    telegram_id = await notice_files.find_telegram_id(connection, notice_id)
    return Letter(notice_id, read_content(stored.notice.content), telegram_id)


def write_notice(
    content: Content,
    notice_id: int,
    facts: RecipientFacts,
    locale: str,
    names: Names,
    specimen: bool,
) -> Call:
    """Write a notice in a language, as it is shown before anybody gets it."""
    parameters = _write_parameters(content, notice_id, facts, locale, names, specimen)
    return _make_call(Letter(notice_id, content), facts.chat_id, parameters)


def write_test(
    letter: Letter, facts: RecipientFacts, chat_id: int, locale: str, desk: Desk
) -> Call:
    """Write a notice for its author alone, marked as a test."""
    parameters = _write_parameters(
        letter.content, letter.notice_id, facts, locale, desk.names, desk.specimen, is_test=True
    )
    return _make_call(letter, chat_id, parameters, Lane.REPLY)


def write_buttons(
    content: Content,
    notice_id: int,
    chat_id: int,
    message_id: int,
    locale: str,
    names: Names,
    pressed: Pressed,
) -> Call:
    """Write the buttons of a notice anew, as they are once something was pressed."""
    buttons = _make_buttons(content, notice_id, locale, pressed)
    parameters = {
        "chat_id": chat_id,
        "message_id": message_id,
        "reply_markup": write_keyboard(buttons, locale, names),
    }
    return Call(chat_id, "editMessageReplyMarkup", json.dumps(parameters, ensure_ascii=False))


def _write_parameters(
    content: Content,
    notice_id: int,
    facts: RecipientFacts,
    locale: str,
    names: Names,
    specimen: bool,
    is_test: bool = False,
) -> dict[str, Any]:
    marks = [render(mark, locale, names) for mark in _list_marks(specimen, is_test)]
    words = fill_in(content.text(locale), list_values(facts, locale, names))
    buttons = _make_buttons(content, notice_id, locale, NOTHING_PRESSED)
    return {
        "text": "\n\n".join([*marks, html.escape(words, quote=False)]),
        "parse_mode": "HTML",
        "reply_markup": write_keyboard(buttons, locale, names),
    }


def _list_marks(specimen: bool, is_test: bool) -> Iterator[Text]:
    if is_test:
        yield message("notice.test")
    if specimen:
        yield message("notice.specimen")


def list_values(facts: RecipientFacts, locale: str, names: Names) -> dict[str, str]:
    """List what the placeholders of a notice stand for."""
    if locale == "km":
        given, full = facts.given_km, f"{facts.family_km} {facts.given_km}"
    else:
        given = _write_latin(facts.given_latin)
        full = f"{_write_latin(facts.family_latin)} {given}"
    occupation = names.occupations.find(facts.occupation)
    return {
        "given_name": given,
        "full_name": full.strip(),
        "number": format_number(facts.number),
        "province": _name_place(names, facts.place[:_PROVINCE_DIGITS], locale),
        "district": _name_place(names, facts.place[:_DISTRICT_DIGITS], locale),
        "occupation": names.occupations.name(occupation.key, locale) if occupation else "",
    }


def _write_latin(name: str) -> str:
    """Write a name as in a letter: the register has it in capitals, as cards do."""
    return name.title() if name.isupper() else name


def _name_place(names: Names, code: str, locale: str) -> str:
    return names.gazetteer.short(code, locale) if names.gazetteer.find(code) else ""


def _make_call(
    letter: Letter, chat_id: int, parameters: dict[str, Any], lane: Lane = Lane.BULK
) -> Call:
    kind = letter.content.file_kind
    if kind is None:
        more = {"link_preview_options": {"is_disabled": True}}
        return _write_call(chat_id, "sendMessage", {**parameters, **more}, lane)
    caption = {"caption": parameters.pop("text"), **parameters}
    if letter.telegram_id is not None:
        caption[kind.value] = letter.telegram_id
        return _write_call(chat_id, _METHODS[kind], caption, lane)
    return _write_call(chat_id, _METHODS[kind], caption, lane, f"{NOTICE}:{letter.notice_id}")


def _write_call(
    chat_id: int,
    method: str,
    parameters: dict[str, Any],
    lane: Lane,
    attachment: str | None = None,
) -> Call:
    body = json.dumps({"chat_id": chat_id, **parameters}, ensure_ascii=False)
    return Call(chat_id, method, body, lane, attachment=attachment)


def _make_buttons(content: Content, notice_id: int, locale: str, pressed: Pressed) -> Buttons:
    rows = [
        *_lay_choices(content, notice_id, locale, pressed),
        *(row for one in content.buttons for row in _list_rows(one, notice_id, locale, pressed)),
        *_list_map(content.place),
        *_list_ends(content, notice_id, pressed),
    ]
    return Buttons(tuple(rows))


Row = tuple[Button, ...]


def _lay_choices(content: Content, notice_id: int, locale: str, pressed: Pressed) -> Rows:
    """Lay the choices of a poll out two in a row where there is room, also once one is chosen."""
    buttons = []
    for number, choice in enumerate(content.choices, start=1):
        label = label_of(choice, locale)
        sign = CHOSEN if str(number) in pressed.answers else ""
        button = Button(sign + label, _answer(notice_id, str(number)))
        buttons.append((button, CHOSEN + label))
    return in_fitting_rows(buttons, CHOICES_IN_A_ROW)


def _list_rows(
    button: NoticeButton, notice_id: int, locale: str, pressed: Pressed
) -> Iterator[Row]:
    match button.kind:
        case ButtonKind.LINK:
            yield (Button(label_of(button, locale), url=button.target),)
        case ButtonKind.APPLY:
            yield (Button(message("notice.button.apply"), Tap(NOTICE, APPLY, str(notice_id))),)
        case ButtonKind.INTERESTED:
            is_pressed = INTERESTED in pressed.answers
            label = (
                message("notice.button.interested_chosen")
                if is_pressed
                else message("notice.button.interested")
            )
            yield (Button(label, _answer(notice_id, INTERESTED)),)
        case ButtonKind.RSVP:
            yield from make_answer_buttons(int(button.target), pressed.guest)
        case ButtonKind.RSVP_REMINDER:
            said = Answer.COMING if pressed.guest is Answer.NONE else pressed.guest
            yield from make_answer_buttons(int(button.target), said, is_reminder=True)


def _answer(notice_id: int, answer: str) -> Tap:
    return Tap(NOTICE, ANSWER, f"{notice_id}.{answer}")


def _list_map(place: PlaceOfMap | None) -> Iterator[Row]:
    if place is not None:
        yield (Button(message("notice.button.map"), url=write_address(place)),)


def write_address(place: PlaceOfMap) -> str:
    """Write the address that opens a place on a map."""
    return MAP.format(latitude=place.latitude, longitude=place.longitude)


def _list_ends(content: Content, notice_id: int, pressed: Pressed) -> Iterator[Row]:
    """Offer to switch the topic off, unless it reminds of what somebody said they come to."""
    if not any(one.kind is ButtonKind.RSVP_REMINDER for one in content.buttons):
        yield from _list_stopping(notice_id, pressed.stopping)


def _list_stopping(notice_id: int, stopping: Stopping) -> Iterator[Row]:
    def make(label: Text, act: str) -> Row:
        return (Button(label, Tap(NOTICE, act, str(notice_id))),)

    match stopping:
        case Stopping.NO:
            yield make(message("notice.button.stop"), STOP)
        case Stopping.ASKED:
            yield make(message("notice.button.stop_yes"), STOP_MEANT)
            yield make(message("notice.button.keep"), KEEP)
        case Stopping.DONE:
            yield make(message("notice.button.again"), AGAIN)
