"""Topics are switched in the chat, notices are answered there, and both leave a form alone."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from db import notice_answers, opt_outs
from db.tables import consents
from domain.events import Answered
from domain.notice_content import ButtonKind, NoticeButton, PollChoice
from domain.notices import Topic
from domain.outbox import Call
from services.desk import Actor
from tests.conversation import Conversation
from tests.services.counter import Counter, read_parameters
from tests.services.newsroom import TEXT, WRITTEN, Newsroom

DARA, NEIGHBOUR = 7, 8
CAMPAIGNS, BENEFITS, MINE = (
    "Registration days and events",
    "Benefits and training",
    "Reminders about my application",
)
ASKING = replace(
    WRITTEN,
    content=replace(
        TEXT,
        buttons=(NoticeButton(ButtonKind.APPLY), NoticeButton(ButtonKind.INTERESTED)),
        choices=(PollChoice("ព្រឹក", "Morning"), PollChoice("ល្ងាច", "Evening")),
    ),
)
STOP, STOP_ALL = "🔕 Stop such messages", "🔕 Stop all notices"


@dataclass
class Chats:
    """Somebody's chat, in which notices arrive."""

    newsroom: Newsroom
    author: Actor
    approver: Actor
    dara: Conversation

    async def get_notice(self) -> int:
        """Let a notice come in; give its id."""
        notice_id = await self.newsroom.publish(self.author, self.approver, ASKING)
        await self.deliver(await self.newsroom.send())
        return notice_id

    async def deliver(self, calls: list[Call]) -> list[str]:
        """Show what came on the screen."""
        self.newsroom.counter.forget_sent()
        self.newsroom.counter.sent += [call for call in calls if call.chat_id == DARA]
        return await self.dara.read()

    async def answers(self, notice_id: int, chat_id: int = DARA) -> set[str]:
        """List what somebody has answered."""
        async with self.newsroom.counter.database.read() as connection:
            return set(await notice_answers.list_of(connection, notice_id, chat_id))

    async def off(self) -> set[Topic]:
        """List the topics that are switched off."""
        async with self.newsroom.counter.database.read() as connection:
            return set(await opt_outs.list_of_chat(connection, DARA))


@pytest.fixture
async def chats(counter: Counter) -> Chats:
    """Dara, registered and wanting notices, and those who write to her."""
    newsroom = Newsroom(counter)
    author, approver = await newsroom.hire(), await newsroom.hire()
    await newsroom.register(DARA)
    return Chats(newsroom, author, approver, Conversation(counter, DARA))


def label(topic: str, *, on: bool) -> str:
    return f"{'✓' if on else '✗'} {topic}"


async def test_a_topic_is_switched_off_in_two_taps_and_on_again(chats: Chats) -> None:
    await chats.dara.act("/notices")
    shown = [label(one, on=True) for one in (CAMPAIGNS, BENEFITS, MINE)]
    assert chats.dara.labels() == [*shown, STOP_ALL]
    said = await chats.dara.act(f"[{label(BENEFITS, on=True)}]")
    assert said[-1] == f"! You will get no notices about: {BENEFITS}"
    assert chats.dara.labels()[1] == label(BENEFITS, on=False)
    assert await chats.off() == {Topic.BENEFITS}
    await chats.dara.act(f"[{label(BENEFITS, on=False)}]")
    assert await chats.off() == set()


async def test_a_topic_that_is_off_gets_nothing_and_others_do(chats: Chats) -> None:
    await chats.dara.act("/notices")
    await chats.dara.act(f"[{label(BENEFITS, on=True)}]")
    room = chats.newsroom
    about_benefits = await room.publish(chats.author, chats.approver)
    about_days = await room.publish(
        chats.author, chats.approver, replace(WRITTEN, topic=Topic.CAMPAIGNS)
    )
    assert (await room.count(about_benefits), await room.count(about_days)) == ({}, {"queued": 1})


async def test_stop_stops_all_and_one_topic_can_come_back_alone(chats: Chats) -> None:
    await chats.dara.act("/notices")
    await chats.dara.act("/stop")
    contact = await chats.newsroom.counter.find_contact(DARA)
    assert contact is not None
    assert not contact.wants_notices
    await chats.dara.act(f"[{label(CAMPAIGNS, on=True)}]")
    assert chats.dara.labels()[:2] == [label(CAMPAIGNS, on=False), label(BENEFITS, on=False)]
    await chats.dara.act(f"[{label(CAMPAIGNS, on=False)}]")
    contact = await chats.newsroom.counter.find_contact(DARA)
    assert contact is not None
    assert contact.wants_notices
    assert await chats.off() == {Topic.BENEFITS}


async def test_a_topic_refused_after_all_was_stopped_stays_so_when_notices_come_back(
    chats: Chats,
) -> None:
    await chats.get_notice()
    await chats.dara.act("/stop")
    await chats.dara.act(f"[{STOP}]")
    await chats.dara.act("[Yes, stop them]")
    assert await chats.off() == {Topic.BENEFITS}
    await chats.dara.act("[🔔 Get notices]")
    shown = [(CAMPAIGNS, True), (BENEFITS, False), (MINE, True)]
    assert chats.dara.labels() == [*(label(topic, on=on) for topic, on in shown), STOP_ALL]


async def test_the_key_of_the_menu_shows_the_topics_and_changes_nothing(chats: Chats) -> None:
    await chats.dara.act("/help")
    await chats.dara.act("[🔕 Notices on or off]")
    assert chats.dara.labels()[-1] == STOP_ALL
    assert await chats.off() == set()
    contact = await chats.newsroom.counter.find_contact(DARA)
    assert contact is not None
    assert contact.wants_notices


async def test_all_are_stopped_in_two_taps_and_to_look_at_them_starts_none(chats: Chats) -> None:
    everything = [label(one, on=False) for one in (CAMPAIGNS, BENEFITS, MINE)]
    await chats.dara.act("/notices")
    said = await chats.dara.act(f"[{STOP_ALL}]")
    assert said[-1] == "! You will get no more notices"
    assert chats.dara.labels() == everything
    await chats.dara.act("/notices")
    assert chats.dara.labels() == everything
    contact = await chats.newsroom.counter.find_contact(DARA)
    assert contact is not None
    assert not contact.wants_notices


async def test_who_asks_for_notices_has_agreed_to_them(chats: Chats) -> None:
    counter = chats.newsroom.counter
    await chats.dara.act("/stop")
    await chats.dara.act("[🔔 Get notices]")
    async with counter.database.read() as connection:
        purposes = list(await connection.scalars(select(consents.c.purpose)))
    assert purposes.count("notices") == 1


async def test_the_topic_of_a_notice_is_switched_off_under_it_once_that_is_meant(
    chats: Chats,
) -> None:
    await chats.get_notice()
    assert chats.dara.labels()[-1] == STOP
    asked = await chats.dara.act(f"[{STOP}]")
    assert asked[-1] == f"! Stop messages about: {BENEFITS}?"
    assert await chats.off() == set()
    await chats.dara.act("[No, keep them]")
    assert chats.dara.labels()[-1] == STOP
    await chats.dara.act(f"[{STOP}]")
    await chats.dara.act("[Yes, stop them]")
    assert await chats.off() == {Topic.BENEFITS}
    await chats.dara.act("[🔔 Get such messages again]")
    assert await chats.off() == set()
    assert chats.dara.labels()[-1] == STOP


async def test_a_poll_has_one_answer_of_each_which_may_be_changed(chats: Chats) -> None:
    notice_id = await chats.get_notice()
    assert (await chats.dara.act("[Morning]"))[-1].startswith("! Thank you!")
    assert chats.dara.labels()[:2] == ["✓ Morning", "Evening"]
    await chats.dara.act("[Evening]")
    await chats.dara.act("[I am interested]")
    assert await chats.answers(notice_id) == {"2", "interested"}
    assert chats.dara.labels()[:2] == ["Morning", "✓ Evening"]
    taken_back = await chats.dara.act("[✓ I am interested]")
    assert taken_back[-1] == "! Your answer is taken back."
    assert await chats.answers(notice_id) == {"2"}


async def test_only_recipients_answer_and_only_what_was_asked(chats: Chats) -> None:
    notice_id = await chats.get_notice()
    await chats.newsroom.register(NEIGHBOUR)
    neighbour = Conversation(chats.newsroom.counter, NEIGHBOUR, screen=list(chats.dara.screen))
    said = await neighbour.act("[Morning]")
    assert said == ["! This button is only for those who received the notice. Nothing was noted."]
    assert await chats.answers(notice_id, NEIGHBOUR) == set()
    for data in (
        f"notice/answer/{notice_id}.3",
        f"notice/answer/{notice_id}",
        "notice/answer/99.1",
    ):
        chats.dara.screen[-1].buttons = [[{"text": "forged", "callback_data": data}]]
        await chats.dara.act("[forged]")
    assert await chats.answers(notice_id) == set()


async def test_apply_begins_a_registration_that_knows_its_notice(chats: Chats) -> None:
    notice_id = await chats.get_notice()
    await chats.dara.act("[📝 Register now]")
    stored = await chats.newsroom.counter.find_draft(DARA)
    assert stored is not None
    assert stored.draft.source == f"notice_{notice_id}"


async def test_a_notice_in_the_middle_of_a_form_changes_neither_draft_nor_keyboard(
    chats: Chats,
) -> None:
    counter, dara = chats.newsroom.counter, chats.dara
    await dara.act("/start")
    await dara.act(f"[{dara.labels()[0]}]")
    before, keys = await counter.find_draft(DARA), list(dara.keys)
    counter.clock.advance(minutes=16)
    notice_id = await chats.newsroom.publish(chats.author, chats.approver, ASKING)
    calls = await chats.newsroom.send()
    assert calls
    assert all("keyboard" not in read_parameters(call)["reply_markup"] for call in calls)
    await chats.deliver(calls)
    for pressed in ("[Morning]", "[I am interested]", f"[{STOP}]", "[No, keep them]"):
        await dara.act(pressed)
    after = await counter.find_draft(DARA)
    assert after == before
    assert dara.keys == keys
    assert await chats.answers(notice_id) == {"1", "interested"}
    await dara.send(Answered("/help", 99))
    assert (await counter.find_draft(DARA)) is not None
