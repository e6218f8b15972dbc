"""What people get notices about: each topic is switched off and on in the chat."""

from dataclasses import replace
from functools import partial

from db import opt_outs
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.notices import Topic
from domain.replies import Button, Buttons, Rewrite, Say, Tap
from domain.texts import Text, message
from services.audit import note_worker
from services.chats import get_contact, say, toast
from services.claim_giving import agree_to_notices
from services.desk import Desk, Person
from services.taps import CHAT

TOPIC = "topic"
NAMES = {
    Topic.CAMPAIGNS: message("topic.campaigns"),
    Topic.BENEFITS: message("topic.benefits"),
    Topic.MY_APPLICATION: message("topic.my_application"),
}
AGREED = frozenset({Topic.CAMPAIGNS, Topic.BENEFITS})
"""What comes only to those who want notices; of their own application all are told."""

_ON, _OFF, _STOP_ALL = "on", "off", "all.off"


async def list_off(uow: UnitOfWork, chat_id: int) -> frozenset[Topic]:
    """List the topics of which somebody gets no notices."""
    with told_apart():
        refused = await opt_outs.list_of_chat(uow.connection, chat_id)
    return refused if get_contact(uow, chat_id).wants_notices else refused | AGREED


async def show_topics(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Show what somebody gets notices about, to be switched."""
    off = await list_off(uow, person.chat_id)
    say(uow, desk, person.chat_id, Say((message("topics.choose"),), _make_buttons(off)))


async def take_choice(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    tap_id: str | None,
    choice: str,
    message_id: int | None,
) -> None:
    """Switch the topic that a button names, or stop all; show the topics as they are now."""
    name, _, wish = choice.partition(".")
    if choice == _STOP_ALL:
        off, words = stop_all(uow, person), message("topics.all_off")
    elif name in list(Topic) and wish in (_ON, _OFF):
        topic = Topic(name)
        off = await switch(uow, desk, person, topic, on=wish == _ON)
        words = _word_switched(topic, is_off=topic in off)
    else:
        toast(uow, desk, person.chat_id, tap_id, message("stale.no_draft"))
        return
    toast(uow, desk, person.chat_id, tap_id, words)
    if message_id is not None:
        shown = Rewrite(message_id, (message("topics.choose"),), _make_buttons(off))
        say(uow, desk, person.chat_id, shown)


async def switch(
    uow: UnitOfWork, desk: Desk, person: Person, topic: Topic, *, on: bool
) -> frozenset[Topic]:
    """Switch a topic on or off for somebody, and give the topics that are off then."""
    off, contact = await list_off(uow, person.chat_id), get_contact(uow, person.chat_id)
    after = off - {topic} if on else off | {topic}
    wants_notices = contact.wants_notices or (on and topic in AGREED)
    uow.save_contact(replace(contact, wants_notices=wants_notices))
    meant = frozenset() if on else frozenset({topic})
    refused = after if wants_notices else (after - AGREED) | meant
    uow.write(partial(opt_outs.add, chat_id=person.chat_id, topics=refused, at=uow.now))
    if on:
        uow.write(partial(opt_outs.drop, chat_id=person.chat_id, topic=topic))
    if on and topic in AGREED:
        agree_to_notices(uow, desk, person)
    details = {"topic": topic.value, "on": on}
    uow.record(note_worker("switch_topic", None, details))
    return after


def stop_all(uow: UnitOfWork, person: Person) -> frozenset[Topic]:
    """Stop the notices of every topic, and give the topics that are off then: all."""
    off = frozenset(Topic)
    uow.save_contact(replace(get_contact(uow, person.chat_id), wants_notices=False))
    uow.write(partial(opt_outs.add, chat_id=person.chat_id, topics=off - AGREED, at=uow.now))
    uow.record(note_worker("switch_topic", None, {"topic": "all", "on": False}))
    return off


def _word_switched(topic: Topic, *, is_off: bool) -> Text:
    if is_off:
        return message("topics.is_off", topic=NAMES[topic])
    return message("topics.is_on", topic=NAMES[topic])


def _make_buttons(off: frozenset[Topic]) -> Buttons:
    rows = [(_make_button(topic, on=topic not in off),) for topic in Topic]
    if off < frozenset(Topic):
        rows.append((Button(message("topics.stop_all"), Tap(CHAT, TOPIC, _STOP_ALL)),))
    return Buttons(tuple(rows))


def _make_button(topic: Topic, *, on: bool) -> Button:
    wish = _OFF if on else _ON
    return Button(_label(topic, on=on), Tap(CHAT, TOPIC, f"{topic}.{wish}"))


def _label(topic: Topic, *, on: bool) -> Text:
    if on:
        return message("topic.on", topic=NAMES[topic])
    return message("topic.off", topic=NAMES[topic])
