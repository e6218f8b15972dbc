"""Every reply becomes a call that Telegram takes."""

import json
from typing import Any

import pytest

from domain.outbox import Call, Lane
from domain.registration_form import REGISTRATION_FORM
from domain.replies import Button, Buttons, Key, Keys, NoKeys, Remove, Rewrite, Say, Tap, Toast
from domain.texts import Code, message
from services.desk import Desk
from services.menu import COMMAND_OF_KEY, make_menu
from services.messages import Writable, write_call, write_file
from tests.chat import CONTEXT, HAPPY_PATH, Chat
from tests.services.counter import list_acts
from tests.simulator.calls import find_problem

HELLO, BYE = message("status.none"), message("cancel.done")
BUTTONS = Buttons(
    (
        (
            Button("ខ្មែរ", Tap("chat", "language", "km")),
            Button(BYE, Tap("k3y5p7", "sex", "female")),
        ),
        (Button(message("button.copy_number"), copies="1234-5678-9"),),
    )
)
KEYS = Keys(
    (
        (Key(message("button.share_contact"), asks_contact=True),),
        (Key(message("button.share_place"), asks_place=True), Key(message("button.back"))),
    ),
    once=True,
)
REPLIES: list[Writable] = [
    Say((HELLO,)),
    Say((HELLO, BYE), BUTTONS, silent=True),
    Say((HELLO,), KEYS),
    Say((HELLO,), make_menu(registered=True, wants_notices=False)),
    Say((HELLO,), NoKeys()),
    Rewrite(7, (HELLO,)),
    Rewrite(7, (HELLO, BYE), BUTTONS),
    Remove(7),
]


def write(desk: Desk, reply: Writable, locale: str = "en") -> tuple[str, dict[str, Any]]:
    """Write a reply to chat 42."""
    call = write_call(reply, 42, locale, desk.names)
    return call.method, json.loads(call.parameters)


@pytest.mark.parametrize("locale", ["km", "en"])
@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_becomes_a_valid_call(desk: Desk, reply: Writable, locale: str) -> None:
    method, parameters = write(desk, reply, locale)

    assert find_problem(method, parameters) is None
    assert parameters["chat_id"] == 42


def test_a_file_is_brought_by_its_reference_with_words_below(desk: Desk) -> None:
    call = write_file("sendPhoto", "card:1:png", (HELLO, BYE), 42, "en", desk.names)

    parameters = json.loads(call.parameters)
    assert (call.method, call.chat_id, call.attachment) == ("sendPhoto", 42, "card:1:png")
    assert parameters["caption"].count("\n\n") == 1
    assert find_problem(call.method, {**parameters, "photo": {"file_size": 1}}) is None


@pytest.mark.parametrize("locale", ["km", "en"])
def test_everything_said_on_the_way_through_the_form_is_a_valid_call(
    desk: Desk, locale: str
) -> None:
    chat, written = Chat(CONTEXT), 0
    for event in list_acts(locale):
        for reply in chat.do(event).replies:
            if not isinstance(reply, Toast):
                assert find_problem(*write(desk, reply, chat.locale)) is None
                written += 1
    assert written > len(HAPPY_PATH[locale])


def test_paragraphs_are_set_apart_and_links_are_not_previewed(desk: Desk) -> None:
    _, parameters = write(desk, Say((HELLO, BYE)))
    _, first = write(desk, Say((HELLO,)))
    _, second = write(desk, Say((BYE,)))

    assert parameters["text"] == f"{first['text']}\n\n{second['text']}"
    assert parameters["link_preview_options"] == {"is_disabled": True}
    assert "disable_notification" not in parameters


def test_what_a_person_wrote_is_escaped_and_labels_carry_no_markup(desk: Desk) -> None:
    words = message("answer.chosen", answer="<b>1 & 2</b>")
    button = Button(words, Tap("k3y5p7", "sex", "female"))
    _, parameters = write(desk, Say((words,), Buttons(((button,),))))

    assert "&lt;b&gt;1 &amp; 2&lt;/b&gt;" in parameters["text"]
    [[shown]] = parameters["reply_markup"]["inline_keyboard"]
    assert "<b>1 & 2</b>" in shown["text"]


def test_a_message_rewritten_without_buttons_loses_those_it_had(desk: Desk) -> None:
    method, parameters = write(desk, Rewrite(7, (HELLO,)))

    assert method == "editMessageText"
    assert "reply_markup" not in parameters


def test_a_code_is_written_in_latin_digits_in_khmer_too(desk: Desk) -> None:
    _, parameters = write(desk, Say((message("show.code", code=Code("1234-5678-9")),)), "km")

    assert "1234-5678-9" in parameters["text"]


def test_a_button_that_does_nothing_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="needs a tap"):
        write(desk, Say((HELLO,), Buttons(((Button("?"),),))))


def test_a_call_keeps_its_lane(desk: Desk) -> None:
    call = write_call(Remove(7), 42, "km", desk.names, Lane.BULK)

    assert call == Call(42, "deleteMessage", '{"chat_id": 42, "message_id": 7}', Lane.BULK)


def test_every_key_of_the_menu_asks_for_a_command() -> None:
    menus = [
        make_menu(registered, wants) for registered in (True, False) for wants in (True, False)
    ]
    shown = {key.label.id for menu in menus for row in menu.rows for key in row}

    assert shown == {label.id for label, _ in COMMAND_OF_KEY}


def test_the_menu_offers_what_can_be_done_now() -> None:
    def shown(registered: bool, wants_notices: bool) -> set[str]:
        rows = make_menu(registered, wants_notices).rows
        return {key.label.id for row in rows for key in row}

    assert "menu.register" in shown(registered=False, wants_notices=False)
    assert "menu.register_other" in shown(registered=True, wants_notices=True)
    assert "menu.notices_off" in shown(registered=True, wants_notices=True)
    assert "menu.notices_on" in shown(registered=True, wants_notices=False)


def test_a_tap_of_any_choice_of_the_form_fits_into_a_button(desk: Desk) -> None:
    for part in REGISTRATION_FORM.parts:
        for question in part.questions:
            for choice in question.choices:
                button = Button(choice.label, Tap("k3y5p7", question.name, choice.name))
                assert find_problem(*write(desk, Say((HELLO,), Buttons(((button,),))))) is None
