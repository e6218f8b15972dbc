"""Whatever a person does, in any order, the dialogue goes on."""

import json
import math
import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.answers.layout import ROOM, measure_label
from domain.asking import make_prompt
from domain.drafts import Draft, read_draft, write_draft
from domain.events import (
    Answered,
    AskedAgain,
    Cancelled,
    ChoiceMade,
    ContactShared,
    EditRequested,
    Event,
    HelpRequested,
    PhotoSent,
    PlaceShared,
    Skipped,
    SomethingElseSent,
    Started,
    VoiceSent,
    WentBack,
)
from domain.facts import Submitted
from domain.registration_form import REGISTRATION_FORM
from domain.replies import Buttons, Keys, Rewrite, Say
from domain.texts import Text
from tests.chat import CONTEXT, HAPPY_PATH, OWN_NUMBER, Chat, tapped

QUESTIONS = [question.name for part in REGISTRATION_FORM.parts for question in part.questions]
CHOICES = ["yes", "no", "km", "_back", "_skip", "_keep", "submit", "edit", "add", "remove.0"]
LEAST_ROOM = 3
WORDS = [
    *("លក់បន្លែ", "ស្វាយប៉ោ", "Svay Por", "សុខ ដារ៉ា", "SOK DARA", "សុខ", "15/04/1990", "2533"),
    *("01/01/2015", "123456789", "12345678", "012 345 678", "😀😀", "", "ក" * 10_000, "<b>", "{x}"),
]

typed = st.builds(Answered, st.sampled_from(WORDS) | st.text(max_size=40))
forged = st.builds(
    ChoiceMade,
    st.sampled_from([CONTEXT.new_tag, "zzz999", ""]),
    st.sampled_from([*QUESTIONS, "cancel", "?"]),
    st.sampled_from([*CHOICES, "p.02", "d.1990", "day.31", "g.none", "continue"]) | st.text(),
    st.none() | st.integers(1, 50),
)
others: st.SearchStrategy[Event] = st.sampled_from(
    [
        Started(),
        Started("CODE"),
        WentBack(),
        Skipped(),
        HelpRequested(),
        Cancelled(),
        AskedAgain("outage"),
        AskedAgain("language"),
        VoiceSent("v"),
        PhotoSent("p"),
        SomethingElseSent("sticker"),
        PlaceShared(11.5, 104.9),
        ContactShared("85512345678", own=True),
        ContactShared("12125550100", own=True),
        ContactShared("85512345679", own=False),
        ContactShared("", own=True),
        *(EditRequested(name) for name in QUESTIONS),
    ]
)
DECLINING = {
    *("មិនយល់ព្រម", "I do not agree"),
    *("ឈប់ ហើយលុបចម្លើយ", "Stop and erase my answers"),
}

pressed = st.integers(0, 10_000)
acts = st.lists(
    st.one_of(pressed, pressed, pressed, pressed, typed, forged, others), min_size=20, max_size=120
)


def press_any(chat: Chat, number: int) -> None:
    taps = [
        tapped(button.tap, shown.id)
        for shown in chat.screen
        for row in shown.buttons
        for button in row
        if button.tap
    ]
    labels = [chat.write_label(key.label) for row in chat.keys for key in row]
    if labels and number % 3 == 0:
        chat.press(labels[number % len(labels)])
    elif taps:
        chat.do(taps[-1 - number % len(taps)])


@settings(max_examples=40, deadline=None)
@given(acts, st.sampled_from(["km", "en"]), st.integers(0, 25), st.booleans())
def test_any_order_of_events_leaves_a_question_that_can_be_asked(
    events: list[int | Event], locale: str, answered: int, knows_question: bool
) -> None:
    chat = Chat(knows_question=knows_question)
    chat.do(Started())
    chat.walk(HAPPY_PATH[locale][:answered])
    live_through(chat, events)


@settings(max_examples=20, deadline=None)
@given(acts, st.sampled_from([None, "km", "en"]), st.sampled_from([None, OWN_NUMBER]))
def test_any_order_of_events_goes_when_somebody_else_is_registered(
    events: list[int | Event], locale: str | None, helper_phone: str | None
) -> None:
    context = replace(CONTEXT, registered_before=True, locale=locale, helper_phone=helper_phone)
    chat = Chat(context)
    chat.do(Started())
    live_through(chat, events)


def live_through(chat: Chat, events: list[int | Event]) -> None:
    for event in events:
        if isinstance(event, int):
            press_any(chat, event)
        else:
            chat.do(event)
        check_replies(chat)
        if chat.turn.draft is not None:
            check_draft(chat, chat.turn.draft)


def check_draft(chat: Chat, draft: Draft) -> None:
    assert read_draft(json.loads(json.dumps(write_draft(draft)))) == draft
    assert make_prompt(chat.form, draft, chat.context).paragraphs


def check_replies(chat: Chat) -> None:
    for reply in chat.turn.replies:
        match reply:
            case Say(paragraphs, keyboard):
                check_text(chat, paragraphs)
                check_keyboard(chat, keyboard)
            case Rewrite(_, paragraphs, keyboard):
                check_text(chat, paragraphs)
                check_keyboard(chat, keyboard)


def check_text(chat: Chat, paragraphs: tuple[Text, ...]) -> None:
    is_review = any(
        text.id.startswith(("ask.review", "review.", "end.submitted")) for text in paragraphs
    )
    for locale in ("km", "en"):
        length = len(replace_locale(chat, locale).write(paragraphs))
        assert 0 < length <= (4096 if is_review else 300), chat.write(paragraphs)


def replace_locale(chat: Chat, locale: str) -> Chat:
    return Chat(replace(chat.context, locale=locale))


def check_keyboard(chat: Chat, keyboard: object) -> None:
    if isinstance(keyboard, Keys):
        assert all(keyboard.rows)
    if isinstance(keyboard, Buttons):
        assert all(keyboard.rows)
        buttons = [button for row in keyboard.rows for button in row]
        assert len(buttons) <= 100
        first = keyboard.rows[0][0].tap
        assert len(keyboard.rows) == 1 or (first and first.choice not in {"_back", "_skip"})
        for row in keyboard.rows:
            room = ROOM.get(len(row), LEAST_ROOM) if len(row) > 1 else math.inf
            assert all(measure_label(chat.write_label(one.label)) <= room for one in row), row
        for button in buttons:
            assert chat.write_label(button.label)
            assert button.tap
            data = f"{button.tap.draft}:{button.tap.question}:{button.tap.choice}"
            assert len(data.encode()) <= 60


@pytest.mark.parametrize("locale", ["ខ្មែរ", "English"])
@pytest.mark.parametrize("seed", range(12))
def test_robot_reaches_the_end_and_sees_only_one_keyboard_at_a_time(seed: int, locale: str) -> None:
    dice = random.Random(seed)
    chat = Chat()
    chat.do(Started())
    chat.press(locale)
    for _ in range(3000):
        if chat.draft is None:
            break
        play(chat, dice)
        check_replies(chat)
        assert sum(bool(shown.buttons) for shown in chat.screen) <= 1
    assert any(isinstance(fact, Submitted) for fact in chat.facts)
    assert not chat.empty_edits


def play(chat: Chat, dice: random.Random) -> None:
    """Type the example if there is one and the dice say so, or press what is offered."""
    example = re.search(r"\((?:ឧ\.|e\.g\.) (.+?)\)", chat.screen[-1].text)
    labels = chat.labels()
    pressable = [label for label in labels if label not in DECLINING]
    if example and (not pressable or dice.random() < 0.5):
        chat.type(example[1])
    else:
        chat.press(dice.choice(pressable))
