"""What recipients press under a notice; the message stays, and only its buttons change."""

import re
from dataclasses import dataclass
from functools import partial

from db import notice_answers, notices, staff
from db.errors import told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.events import Started
from domain.notice_content import ButtonKind, Content, read_content
from domain.notices import Topic
from domain.replies import Tap
from domain.sources import NOTICE
from domain.texts import Text, message
from services import notice_messages
from services.audit import note_worker
from services.chats import get_locale, toast
from services.desk import Desk, Person
from services.notice_access import Use, may_do
from services.notice_messages import INTERESTED, Pressed, Stopping, write_buttons
from services.registration import take_event
from services.rsvp import find_own_answer
from services.topics import NAMES, list_off, switch

_CHOICE = re.compile(r"([1-9][0-9]{0,17})(?:\.([a-z0-9]{1,16}))?")


@dataclass(frozen=True)
class NoticeTap:
    """A tap under a notice, in the chat that got it."""

    person: Person
    stored: StoredNotice
    answer: str
    tap_id: str | None
    message_id: int | None

    @property
    def content(self) -> Content:
        """What the notice says and carries."""
        return read_content(self.stored.notice.content)

    @property
    def topic(self) -> Topic:
        """What its buttons switch off and on: of all that is about an event day, campaigns."""
        return Topic.CAMPAIGNS if self.stored.occasion else self.stored.notice.topic

    @property
    def topic_name(self) -> Text:
        """The topic in words."""
        return NAMES[self.topic]


async def take_tap(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    tap: Tap,
    tap_id: str | None,
    message_id: int | None,
) -> None:
    """Do what a button of a notice is for."""
    found = _CHOICE.fullmatch(tap.choice)
    with told_apart():
        stored = await notices.find(uow.connection, int(found[1])) if found else None
    if found is None or stored is None:
        toast(uow, desk, person.chat_id, tap_id, message("stale.no_draft"))
        return
    if not await _is_theirs(uow, person, stored):
        toast(uow, desk, person.chat_id, tap_id, message("notice.not_yours"))
        return
    tapped = NoticeTap(person, stored, found[2] or "", tap_id, message_id)
    match tap.question:
        case notice_messages.APPLY:
            await take_event(uow, desk, person, Started(f"{NOTICE}{stored.id}"))
        case notice_messages.ANSWER:
            await _answer(uow, desk, tapped)
        case notice_messages.STOP:
            await _say(uow, desk, tapped, _word_question(tapped), Stopping.ASKED)
        case notice_messages.KEEP:
            await _say(uow, desk, tapped, message("notice.kept"), Stopping.NO)
        case notice_messages.STOP_MEANT:
            await _switch(uow, desk, tapped, on=False)
        case notice_messages.AGAIN:
            await _switch(uow, desk, tapped, on=True)
        case _:
            toast(uow, desk, person.chat_id, tap_id, message("stale.no_draft"))


async def _is_theirs(uow: UnitOfWork, person: Person, stored: StoredNotice) -> bool:
    """Tell whether a chat got a notice, or belongs to somebody who may have tried it out."""
    with told_apart():
        if await notice_answers.is_recipient(uow.connection, stored.id, person.chat_id):
            return True
        colleague = await staff.find_by_chat(uow.connection, person.chat_id)
        author = await staff.find(uow.connection, stored.notice.author)
    if colleague is None or not colleague.active or author is None:
        return False
    return may_do(stored, author, colleague, Use.SEE)


def _word_question(tapped: NoticeTap) -> Text:
    return message("notice.stop_asked", topic=tapped.topic_name)


async def _switch(uow: UnitOfWork, desk: Desk, tapped: NoticeTap, *, on: bool) -> None:
    await switch(uow, desk, tapped.person, tapped.topic, on=on)
    if on:
        words = message("notice.resumed", topic=tapped.topic_name)
        await _say(uow, desk, tapped, words, Stopping.NO)
    else:
        words = message("notice.stopped", topic=tapped.topic_name)
        await _say(uow, desk, tapped, words, Stopping.DONE)


async def _answer(uow: UnitOfWork, desk: Desk, tapped: NoticeTap) -> None:
    """Note an answer in the place of a former one; interest is taken back by a second tap."""
    chat_id, notice_id = tapped.person.chat_id, tapped.stored.id
    with told_apart():
        is_meant = await notice_answers.is_recipient(uow.connection, notice_id, chat_id)
        given = await notice_answers.list_of(uow.connection, notice_id, chat_id)
    if not is_meant or tapped.answer not in _list_answers(tapped.content):
        toast(uow, desk, chat_id, tapped.tap_id, message("notice.not_yours"))
        return
    rivals = {INTERESTED} if tapped.answer == INTERESTED else given - {INTERESTED}
    is_taken_back = tapped.answer == INTERESTED and INTERESTED in given
    added = frozenset() if is_taken_back else frozenset({tapped.answer})
    answers = (given - rivals) | added
    with told_apart():
        await notice_answers.change(
            uow.connection, notice_id, chat_id, rivals - added, added, uow.now
        )
    uow.record(note_worker("answer_notice", f"notice:{notice_id}"))
    words = message("notice.taken_back") if is_taken_back else message("notice.noted")
    off = await list_off(uow, chat_id)
    stopping = Stopping.DONE if tapped.topic in off else Stopping.NO
    guest = await find_own_answer(uow, tapped.content, chat_id)
    _show(uow, desk, tapped, words, Pressed(answers, stopping, guest))


def _list_answers(content: Content) -> set[str]:
    interested = {INTERESTED for one in content.buttons if one.kind is ButtonKind.INTERESTED}
    return interested | {str(number) for number in range(1, len(content.choices) + 1)}


async def _say(
    uow: UnitOfWork, desk: Desk, tapped: NoticeTap, words: Text, stopping: Stopping
) -> None:
    with told_apart():
        answers = await notice_answers.list_of(
            uow.connection, tapped.stored.id, tapped.person.chat_id
        )
    guest = await find_own_answer(uow, tapped.content, tapped.person.chat_id)
    _show(uow, desk, tapped, words, Pressed(answers, stopping, guest))


def _show(uow: UnitOfWork, desk: Desk, tapped: NoticeTap, words: Text, pressed: Pressed) -> None:
    chat_id = tapped.person.chat_id
    toast(uow, desk, chat_id, tapped.tap_id, words)
    if tapped.message_id is not None:
        locale, notice_id = get_locale(uow, desk, chat_id), tapped.stored.id
        write = partial(write_buttons, tapped.content, notice_id, chat_id, tapped.message_id)
        uow.send(write(locale, desk.names, pressed))
