"""After /verify the next text is what is to be checked, for a while, also beside a form."""

import pytest

from domain.numbers import draw_number, format_number
from tests.conversation import Conversation
from tests.samples import make_contact
from tests.services.counter import Counter, read_parameters
from tests.services.imported import LINE, import_lines
from tests.services.newsroom import Newsroom

DARA = 7
OURS, UNKNOWN, HOW = "✅ Yes, this notice is ours", "⚠️ We cannot confirm", "as your next message"
SCAM = "You have won 500 dollars! Call 012 345 678 and pay the tax."


@pytest.fixture
async def dara(counter: Counter) -> Conversation:
    """Somebody who reads English."""
    await counter.save(make_contact(DARA, locale="en"))
    return Conversation(counter, DARA)


async def test_the_text_after_verify_is_checked_and_asks_no_office(dara: Conversation) -> None:
    assert HOW in (await dara.act("/verify"))[0]
    assert UNKNOWN in (await dara.act(SCAM))[0]
    assert await dara.counter.count_rows("questions") == {}
    await dara.act(SCAM)
    assert await dara.counter.count_rows("questions") == {"questions": 1}


async def test_a_notice_pasted_after_verify_is_ours(counter: Counter) -> None:
    newsroom = Newsroom(counter)
    author, approver = await newsroom.hire(), await newsroom.hire()
    await newsroom.register(DARA)
    await newsroom.publish(author, approver)
    [call] = await newsroom.send()
    dara = Conversation(counter, DARA)
    await dara.act("/verify")
    assert OURS in (await dara.act(read_parameters(call)["text"].split("\n\n")[1]))[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (format_number(draw_number(7)), "We know no such certificate"),
        ("1234-5678-0", HOW),
        ("bit.ly/x1", UNKNOWN),
        ("hello", UNKNOWN),
    ],
)
async def test_a_number_or_a_short_text_is_checked_as_well(
    dara: Conversation, text: str, said: str
) -> None:
    await dara.act("/verify")
    assert said in (await dara.act(text))[0]


async def test_a_text_is_waited_for_a_quarter_of_an_hour(dara: Conversation) -> None:
    await dara.act("/verify")
    dara.counter.clock.advance(minutes=16)
    assert UNKNOWN not in (await dara.act(SCAM))[0]


async def test_what_is_waited_for_outlives_a_restart(dara: Conversation) -> None:
    await dara.act("/verify")
    again = Conversation(dara.counter, DARA)
    assert UNKNOWN in (await again.act(SCAM))[0]


async def test_beside_a_form_short_answers_are_the_forms_and_long_texts_are_checked(
    dara: Conversation,
) -> None:
    await dara.act("/start")
    await dara.act("[I agree]")
    await dara.act("/verify")
    assert "Is it one of these?" in "\n".join(await dara.act("vegetable seller"))
    assert UNKNOWN in (await dara.act(SCAM))[0]
    assert await dara.counter.find_draft(DARA) is not None


async def test_the_next_tap_of_the_form_ends_it(dara: Conversation) -> None:
    await dara.act("/start")
    await dara.act("/verify")
    await dara.act("[I agree]")
    assert not any(UNKNOWN in line for line in await dara.act(SCAM))


async def test_verify_takes_the_place_of_a_claim(dara: Conversation) -> None:
    await import_lines(dara.counter.database, dara.counter.desk, [LINE])
    await dara.act("/status")
    await dara.act("[Send my phone number]")
    await dara.act("/verify")
    assert HOW in (await dara.act("1985"))[0]
