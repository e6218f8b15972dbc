"""Questions to an office: the list, one of them, and its answer."""

from dataclasses import replace
from functools import partial

from db import chat_questions, contacts
from domain.questions import QuestionStatus
from domain.staff import Role
from tests.samples import make_contact
from tests.web.casework import ask, submit
from tests.web.visiting import House


async def test_the_oldest_question_comes_first(house: House) -> None:
    house.clock.advance(hours=-2)
    await ask(house, 2, "02", "Where is the office?")
    house.clock.advance(hours=2)
    await ask(house, 1, "0203", "When do I get my card?")
    browser = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))

    words = await browser.read("/questions")

    assert "2 waiting" in words
    assert words.index("Where is the office?") < words.index("When do I get my card?")


async def test_questions_to_other_offices_are_not_in_the_list(house: House) -> None:
    await ask(house, 1, "1710", "When do I get my card?")
    browser = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))

    words = await browser.read("/questions")

    assert "card?" not in words
    assert "No question is waiting." in words


async def test_a_question_shows_whose_application_it_is_about(house: House) -> None:
    number = await submit(house, 1)
    question = await ask(house, 1, "0203", "When do I get my card?", number)
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    page = (await browser.get(f"/questions/{question}")).text

    assert f'href="/cases/{number}"' in page
    assert "សុខ ដារ៉ា" in page


async def test_an_application_that_lies_elsewhere_has_neither_name_nor_link(house: House) -> None:
    number = await submit(house, 1, home="17100101")
    question = await ask(house, 1, "0203", "When do I get my card?", number)
    browser = await house.sign_in(await house.hire(Role.OFFICER, places=["02"]))

    page = (await browser.get(f"/questions/{question}")).text

    assert f"/cases/{number}" not in page
    assert "សុខ" not in page


async def test_an_answer_is_sent_to_the_chat_and_ends_the_wait(house: House) -> None:
    question = await ask(house, 1, "0203", "When do I get my card?")
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    answer = await browser.post(f"/questions/{question}", {"text": "Tomorrow, by phone."})

    assert (answer.status_code, answer.headers["location"]) == (303, "/questions?told=1")
    assert "Tomorrow, by phone." in house.calls[-1].call.parameters
    assert "Your answer was sent." in await browser.read("/questions", told="1")
    words = await browser.read(f"/questions/{question}")
    assert "Answered" in words
    assert "Chan Sophea" in words


async def test_an_officer_is_told_if_nobody_can_read_the_answer(house: House) -> None:
    question = await ask(house, 1, "0203", "When do I get my card?")
    await house.write(partial(contacts.save, changed=[make_contact(1, reachable=False)]))
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    answer = await browser.post(f"/questions/{question}", {"text": "Tomorrow."})

    assert house.calls == []
    assert "could not be told" in await browser.read(answer.headers["location"])


async def test_an_empty_or_endless_answer_is_not_sent_and_not_lost(house: House) -> None:
    question = await ask(house, 1, "0203", "When do I get my card?")
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    long = "long " * 250

    empty = await browser.post(f"/questions/{question}", {"text": "  "})
    endless = await browser.post(f"/questions/{question}", {"text": long})

    assert empty.status_code == endless.status_code == 400
    assert long.strip() in endless.text
    assert house.calls == []


async def test_words_of_a_question_are_never_markup(house: House) -> None:
    evil = "<script>alert(1)</script>"
    question = await ask(house, 1, "0203", evil)
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    for path in ("/questions", f"/questions/{question}"):
        page = (await browser.get(path)).text
        assert evil not in page
        assert "&lt;script&gt;" in page


async def test_what_is_no_number_is_no_question(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    for name in ("0", "x", "-1", "9" * 30, "១"):
        assert (await browser.get(f"/questions/{name}")).status_code == 404


async def test_a_question_that_was_taken_back_is_gone(house: House) -> None:
    question = await ask(house, 1, "0203", "When do I get my card?")
    await withdraw(house, 1)
    browser = await house.sign_in(await house.hire(Role.OFFICER))

    assert (await browser.get(f"/questions/{question}")).status_code == 404
    answer = await browser.post(f"/questions/{question}", {"text": "Tomorrow."})
    assert answer.status_code == 404


async def withdraw(house: House, chat_id: int) -> None:
    """Have somebody take their question back."""
    async with house.database.read() as connection:
        current = await chat_questions.find(connection, chat_id)
    assert current is not None
    taken_back = replace(current, status=QuestionStatus.WITHDRAWN)
    await house.write(partial(chat_questions.save, changed=[taken_back]))
