"""Odd input gets a kind answer or silence, never a traceback, and nothing personal in a log."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.people import People
from simulator.server import Simulator
from tests.serving import eventually, make_settings, serving

NAME, WORDS, PHONE = "ដារ៉ាលេខសម្គាល់", "ពាក្យសម្ងាត់របស់ខ្ញុំ", "+85512345999"

ODD: dict[str, Callable[[People, int], object]] = {
    "a very long text": lambda people, me: people.type_text(me, WORDS * 500),
    "emoji only": lambda people, me: people.type_text(me, "🌽🍌👨‍👩‍👧‍👦"),
    "bidi marks": lambda people, me: people.type_text(me, "\u202e\u2066" + WORDS + "\u2069"),
    "zero width": lambda people, me: people.type_text(me, "\u200b\u200d\ufeff"),
    "markup": lambda people, me: people.type_text(me, f"<b>{WORDS}</i> & _*[x](http://x)"),
    "nul": lambda people, me: people.type_text(me, "a\x00b"),
    "somebody else's contact": lambda people, me: people.share_contact(
        me, phone_number=PHONE, first_name=NAME, user_id=77
    ),
    "a contact without an owner": lambda people, me: people.share_contact(
        me, phone_number=PHONE, first_name=NAME
    ),
    "a sticker": lambda people, me: people.send_sticker(me),
    "a photo": lambda people, me: people.send_file(me, "photo", caption=WORDS),
    "a voice note": lambda people, me: people.send_file(me, "voice"),
    "a document": lambda people, me: people.send_file(me, "document"),
    "a pin": lambda people, me: people.share_location(me, 91.0, 181.0),
    "a forward": lambda people, me: people.forward(me, WORDS),
    "an edited message": lambda people, me: people.edit(
        me, people.type_text(me, WORDS).message_id or 0, WORDS + "២"
    ),
    "an old button": lambda people, me: people.tap(me, 1, "zzzzzz/category/self_employed"),
    "a forged button": lambda people, me: people.tap(me, 1, "\x00" * 64),
    "a button without sense": lambda people, me: people.tap(me, 999, "chat/language/fr"),
    "an unknown command": lambda people, me: people.type_text(me, "/drop_table"),
    "a command of a group": lambda people, me: people.type_text(me, "/start@other_bot x"),
    "a link's strange code": lambda people, me: people.type_text(me, "/start " + "../" * 40),
}
SILENT: dict[str, Callable[[People, int], object]] = {
    "a group": lambda people, me: people.write_in_group(WORDS, me),
    "a channel": lambda people, me: people.post_in_channel(WORDS),
    "an unknown kind": lambda people, me: people.inject({"moon_phase": {"words": WORDS}}),
    "a block": lambda people, me: (people.block(me), people.unblock(me)),
}
STAGES: dict[str, tuple[str, ...]] = {
    "at the first question": (),
    "in the form": ("km", "yes", "trade_food"),
}


@pytest.mark.parametrize("stage", STAGES)
async def test_odd_input_gets_a_kind_answer(
    stage: str, simulator: Simulator, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with serving(make_settings(simulator, tmp_path)):
        for act in ODD.values():
            person = await bring_to(simulator, STAGES[stage])
            answered = count_answers(simulator, person)
            act(simulator.people, person)
            await hear_more(simulator, person, than=answered)
    refused = [call for call in simulator.calls.calls if call.outcome not in ("ok", "400")]
    assert refused == []
    check_log("".join(capfd.readouterr()), simulator, buried=1)


async def test_where_nobody_waits_for_an_answer_there_is_silence(
    simulator: Simulator, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with serving(make_settings(simulator, tmp_path)):
        person = await bring_to(simulator, ("km",))
        await eventually(lambda: find_button(simulator, person, "yes") is not None)
        before = len(simulator.calls.calls)
        answered = count_answers(simulator, person)
        for act in SILENT.values():
            act(simulator.people, person)
        await eventually(lambda: not simulator.telegram.updates.pending)
        simulator.people.type_text(person, "/status")
        await hear_more(simulator, person, than=answered)
    said = [one.method for one in list(simulator.calls.calls)[before:]]
    assert [method for method in said if method.startswith("send")] == ["sendMessage"]
    check_log("".join(capfd.readouterr()), simulator, buried=0)


async def bring_to(simulator: Simulator, taps: tuple[str, ...]) -> int:
    """Add a person and let them tap their way to a question."""
    person = int(simulator.people.add(NAME, phone_number=PHONE).id)
    before = count_answers(simulator, person)
    simulator.people.start(person)
    await hear_more(simulator, person, than=before)
    for choice in taps:
        await press(simulator, person, choice)
    return person


async def press(simulator: Simulator, person: int, choice: str) -> None:
    await eventually(lambda: find_button(simulator, person, choice) is not None)
    button = find_button(simulator, person, choice)
    assert button is not None
    seen = count_answers(simulator, person)
    simulator.people.tap(person, *button)
    await hear_more(simulator, person, than=seen)


async def hear_more(simulator: Simulator, person: int, than: int) -> None:
    await eventually(lambda: count_answers(simulator, person) > than)


def find_button(simulator: Simulator, person: int, choice: str) -> tuple[int, str] | None:
    for message in reversed(simulator.telegram.chats[person].messages.values()):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if button.get("callback_data", "").endswith(choice):
                    return message["message_id"], button["callback_data"]
    return None


def count_answers(simulator: Simulator, person: int) -> int:
    """Count what the bot said to a person, toasts included."""
    return sum(
        1
        for call in simulator.calls.calls
        if call.outcome == "ok"
        and (
            str(call.parameters.get("chat_id")) == str(person)
            or (call.method == "answerCallbackQuery" and call.parameters.get("text"))
        )
    )


def check_log(log: str, simulator: Simulator, buried: int) -> None:
    assert log.count("update buried") <= buried
    assert "Traceback" not in log
    for secret in (NAME, WORDS, PHONE, PHONE[4:], simulator.telegram.token, json.dumps(WORDS)):
        assert secret not in log
