"""No call, however odd, is answered with anything but a result or a refusal."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import Refusal
from simulator.methods import METHODS, call_method
from simulator.people import People
from simulator.telegram import Telegram
from simulator.updates import write_json

BUTTON = {"text": "x", "callback_data": "x"}
ODD: list[Any] = [
    *(
        None,
        True,
        -1,
        0,
        1,
        1.5,
        10**30,
        "",
        "x",
        "[",
        "{}",
        "[]",
        "@x",
        "<b>",
        "\ud83d",
        "attach://x",
    ),
    *({}, [], [[]], [1], [None], ["x"], {"a": 1}, {"type": "x"}, {"message_id": None}),
    {"inline_keyboard": [[1]]},
    {"inline_keyboard": [[BUTTON | {"callback_data": 5}]]},
    {"inline_keyboard": [[BUTTON | {"text": "\ud83d"}]]},
    {"inline_keyboard": [[BUTTON]]},
    {"keyboard": [[{"text": 1}]]},
    {"remove_keyboard": True},
    [{"command": 1, "description": 2}],
    [{"text": "yes"}, {"text": 3}],
    [{"yes": 1}, {}],
]


@st.composite
def calls(draw: st.DrawFn, person_id: int) -> tuple[str, dict[str, Any]]:
    name = draw(st.sampled_from(sorted(METHODS)))
    method = METHODS[name]
    more = draw(st.lists(st.sampled_from([*sorted(method.known), *method.required, "chat_id"])))
    likely = {"chat_id": person_id, "from_chat_id": person_id, "message_id": 2}
    parameters = {}
    for parameter in {*method.required, *more}:
        odd = st.sampled_from(ODD) | st.text(max_size=5)
        usual = st.just(likely.get(parameter, "x"))
        parameters[parameter] = draw(usual | odd)
    return name, parameters


def answer(telegram: Telegram, method: str, parameters: dict[str, Any]) -> Any:
    try:
        return call_method(telegram, method, parameters)
    except Refusal as refusal:
        return refusal.as_body()


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_every_call_gets_a_result_or_a_refusal(data: st.DataObject) -> None:
    telegram = Telegram()
    people = People(telegram)
    person_id = people.add("Sok").id
    people.start(person_id)
    call_method(telegram, "sendMessage", {"chat_id": person_id, "text": "first"})
    method, parameters = data.draw(calls(person_id))
    assert write_json(answer(telegram, method, parameters)).encode()
