"""The robot against small bots that it has never seen."""

import asyncio
import json
from typing import Any

import pytest

from simulator.crowd import Crowd, Step
from simulator.files import read_sample
from simulator.methods import call_method
from simulator.people import People
from simulator.reading import find_example, find_number
from simulator.robot import Robot
from simulator.telegram import Telegram

BACK = {"text": "Back", "callback_data": "back"}
CANCEL = {"text": "Cancel", "callback_data": "cancel"}
CONTACT = {"keyboard": [[{"text": "Share", "request_contact": True}]]}


def inline(*buttons: dict[str, str]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


STEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("language", "Language?", inline({"text": "ខ្មែរ", "callback_data": "km"})),
    ("contact", "Your phone, please", CONTACT),
    ("name", "សូមសរសេរនាម (ឧ. សុខ ដារ៉ា)។", inline(BACK, CANCEL)),
    ("work", "Work?", inline({"text": "Vendor", "callback_data": "v"}, BACK, CANCEL)),
    ("birth", "Birth date, e.g. 15/04/1990. Digits only.", {}),
    ("send", "All right?", inline({"text": "Send", "callback_data": "send"}, BACK, CANCEL)),
]


SITE = {"inline_keyboard": [[{"text": "Site", "url": "https://example.org"}]]}


class FormBot:
    """A bot with a form of six steps; "back" and "cancel" do what they say.

    One with `pictures` sends a picture with a link before each question.
    """

    def __init__(self, telegram: Telegram, *, pictures: bool = False) -> None:
        self.telegram = telegram
        self.pictures = pictures
        self.positions: dict[int, int] = {}
        telegram.updates.on_add.append(lambda _: asyncio.get_running_loop().call_soon(self.work))

    def work(self) -> None:
        for entry in self.telegram.updates.take(0, 100):
            self.telegram.updates.forget(entry.update_id)
            self.answer(json.loads(entry.body))

    def answer(self, update: dict[str, Any]) -> None:
        person_id = next(v for k, v in update.items() if k != "update_id")["from"]["id"]
        position = self.positions.get(person_id, 0)
        said = self.read(update)
        if said == "cancel" or said.startswith("/start"):
            position = 0
        elif said == "back":
            position = max(position - 1, 0)
        elif said == self.expected(position):
            position += 1
        self.positions[person_id] = position
        self.ask(person_id, position)

    def read(self, update: dict[str, Any]) -> str:
        if "callback_query" in update:
            return str(update["callback_query"]["data"])
        message = update["message"]
        return "contact" if "contact" in message else str(message["text"])

    def expected(self, position: int) -> str:
        return ["km", "contact", "សុខ ដារ៉ា", "v", "15/04/1990", "send", ""][position]

    def ask(self, person_id: int, position: int) -> None:
        done = position == len(STEPS)
        text = "Thank you. លេខពាក្យ៖ 1234-5678-9។" if done else STEPS[position][1]
        markup = {} if done else STEPS[position][2]
        if self.pictures:
            photo = read_sample("market.jpg", "image/jpeg")
            picture = {
                "chat_id": person_id,
                "photo": photo,
                "caption": "Look",
                "reply_markup": SITE,
            }
            call_method(self.telegram, "sendPhoto", picture)
        call = {"chat_id": person_id, "text": text, "reply_markup": markup}
        call_method(self.telegram, "sendMessage", call)


@pytest.mark.parametrize("policy", ["curious", "random"])
@pytest.mark.parametrize("seed", range(4))
async def test_the_robot_reaches_a_number(policy: str, seed: int) -> None:
    telegram = Telegram()
    FormBot(telegram)
    people = People(telegram)
    robot = Robot(people, people.add("Sok").id, policy=policy, seed=seed, quiet_seconds=0.001)
    assert await robot.run() == "1234-5678-9"
    assert robot.count("type") >= 2
    assert robot.count("contact") >= 1
    assert robot.count() == len(robot.deeds) < 60
    assert all(deed.update_id for deed in robot.deeds)


async def test_pictures_and_links_do_not_hold_the_robot_up() -> None:
    telegram = Telegram()
    FormBot(telegram, pictures=True)
    people = People(telegram)
    robot = Robot(people, people.add("Sok").id, seed=1, quiet_seconds=0.001)
    assert await robot.run() == "1234-5678-9"
    assert "Site" not in {deed.what for deed in robot.deeds}


async def test_the_robot_presses_what_it_prefers_once() -> None:
    telegram = Telegram()
    FormBot(telegram)
    people = People(telegram)
    robot = Robot(people, people.add("Sok").id, prefers={"Cancel"}, seed=1, quiet_seconds=0.001)
    assert await robot.run() == "1234-5678-9"
    name = next(i for i, deed in enumerate(robot.deeds) if deed.what == "Cancel")
    assert [deed.kind for deed in robot.deeds[:2]] == ["start", "tap"]
    assert name < 8


async def test_the_robot_gives_up_when_nobody_answers() -> None:
    people = People(Telegram())
    robot = Robot(people, people.add("Sok").id, patience_seconds=0.05)
    assert await robot.run() is None
    assert robot.count() == 1


async def test_an_impatient_robot_starts_again() -> None:
    people = People(Telegram())
    robot = Robot(people, people.add("Sok").id, patience_seconds=0.01, impatient=True, most_deeds=4)
    assert await robot.run() is None
    assert robot.count("start") == 4


@pytest.mark.parametrize("pictures", [False, True])
async def test_a_crowd_answers_as_soon_as_the_bot_does(pictures: bool) -> None:
    telegram = Telegram()
    FormBot(telegram, pictures=pictures)
    script: list[Step] = [
        "/start",
        ("tap", "km"),
        ("contact", ""),
        "សុខ ដារ៉ា",
        ("tap", "v"),
        "15/04/1990",
    ]
    outcome = await Crowd(People(telegram), script).run(20, seconds=5)
    assert (outcome.people, outcome.finished, outcome.answers_sent) == (20, 20, 120)
    assert len(outcome.latencies) == 120
    assert 0 < outcome.percentile(0.5) <= outcome.percentile(0.99) < 5


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("សូមសរសេរនាម (ឧ. សុខ ដារ៉ា)។", "សុខ ដារ៉ា"),
        ("លេខ (ឧ. ១២៣៤៥៦៧៨៩)។ បើគ្មាន", "១២៣៤៥៦៧៨៩"),
        ("Name, e.g. «Sok Dara», please", "Sok Dara"),
        ("Date, e.g. 15/04/1990.", "15/04/1990"),
        ("Nothing to copy", None),
    ],
)
def test_examples_are_found(text: str, example: str | None) -> None:
    assert find_example(text) == example


def test_numbers_are_found_inside_khmer_text() -> None:
    assert find_number("លេខពាក្យ៖1234-5678-9។លោកអ្នក") == "1234-5678-9"
    assert find_number("012-345-678 or 11234-5678-9 or 1234-5678-91") is None
