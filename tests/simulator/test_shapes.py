"""What the simulator says is held against the models of two libraries of the Bot API."""

import json
from typing import Any

import aiogram.types
import pytest
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from simulator.files import read_sample
from simulator.people import People
from simulator.server import Simulator
from simulator.telegram import Person
from tests.simulator.bot import Bot
from tests.simulator.calls import find_problem, list_problems
from tests.simulator.shapes import list_unknown


def assert_is_valid(kind: Any, ptb_kind: Any, content: dict[str, Any]) -> None:
    assert list_unknown(kind.model_validate(content)) == []
    parsed = ptb_kind.de_json(json.loads(json.dumps(content)), None)
    assert not parsed.api_kwargs
    assert parsed.to_dict().keys() >= content.keys()


def do_everything(people: People, person_id: int) -> None:
    first = people.start(person_id, "MARKET-7")
    people.tap(person_id, first.message_id or 0, "next")
    people.tap(person_id, 12345, "of a message that is gone")
    people.share_contact(person_id)
    people.share_contact(person_id, phone_number="+85512345678", first_name="Chan")
    people.share_location(person_id, 11.55, 104.92)
    for kind in ("photo", "voice", "document"):
        people.send_file(person_id, kind, caption="caption")
    people.send_sticker(person_id)
    people.forward(person_id, "forwarded")
    typed = people.type_text(person_id, "hello")
    people.edit(person_id, typed.message_id or 0, "hello again")
    people.block(person_id)
    people.unblock(person_id)
    people.write_in_group("/start@worker_registration_bot")
    people.post_in_channel("news")


async def test_every_update_is_valid_for_aiogram_and_python_telegram_bot(
    simulator: Simulator, bot: Bot
) -> None:
    sok = simulator.people.add("Sok", last_name="Dara", username="sok", language_code="km")
    do_everything(simulator.people, sok.id)
    updates = await bot.updates(offset=0, timeout=0)
    kinds = {key for update in updates for key in update if key != "update_id"}
    assert kinds == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "channel_post",
    }
    assert len(updates) == 17
    for update in updates:
        assert_is_valid(aiogram.types.Update, telegram.Update, update)


INLINE = {
    "inline_keyboard": [
        [{"text": "Copy", "copy_text": {"text": "1234-5678-9"}}],
        [{"text": "Next", "callback_data": "n"}, {"text": "Site", "url": "https://example.org"}],
    ]
}
SENT: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"text": "<b>x</b>", "parse_mode": "HTML", "reply_markup": INLINE}),
    ("sendMessage", {"text": "x", "protect_content": True, "disable_notification": True}),
    ("sendMessage", {"text": "x", "reply_parameters": {"message_id": 1}}),
    ("sendMessage", {"text": "x", "link_preview_options": {"is_disabled": True}}),
    ("sendLocation", {"latitude": 11.5, "longitude": 104.9}),
    ("sendContact", {"phone_number": "+85512345678", "first_name": "Chan"}),
    ("sendPoll", {"question": "Well?", "options": [{"text": "yes"}, {"text": "no"}]}),
    ("forwardMessage", {"from_chat_id": 0, "message_id": 1}),
]


@pytest.mark.parametrize(("method", "parameters"), SENT)
async def test_every_message_the_bot_sends_is_valid(
    bot: Bot, sok: Person, method: str, parameters: dict[str, Any]
) -> None:
    given = {"chat_id": sok.id} | parameters
    if "from_chat_id" in given:
        given["from_chat_id"] = sok.id
    message = await bot.call(method, **given)
    assert_is_valid(aiogram.types.Message, telegram.Message, message)


async def test_files_go_there_and_back(simulator: Simulator, bot: Bot, sok: Person) -> None:
    data = b"%PDF-1.4 specimen"
    client = telegram.Bot(
        simulator.telegram.token,
        base_url=f"{simulator.url}/bot",
        base_file_url=f"{simulator.url}/file/bot",
    )
    async with client:
        sent = await client.send_document(
            sok.id, document=data, filename="a.pdf", caption="<i>x</i>"
        )
        assert sent.document is not None
        assert sent.document.file_name == "a.pdf"
        file = await client.get_file(sent.document.file_id)
        assert bytes(await file.download_as_bytearray()) == data
        photo = await client.send_photo(sok.id, photo=read_sample("market.jpg", "image/jpeg").data)
        assert [size.width for size in photo.photo] == [90, 320, 640]


async def test_aiogram_is_served_too(simulator: Simulator, bot: Bot, sok: Person) -> None:
    server = TelegramAPIServer.from_base(simulator.url)
    async with aiogram.Bot(simulator.telegram.token, AiohttpSession(api=server)) as client:
        keyboard = aiogram.types.InlineKeyboardMarkup.model_validate(INLINE)
        sent = await client.send_message(
            sok.id, "<b>x</b>", parse_mode="HTML", reply_markup=keyboard
        )
        assert sent.html_text == "<b>x</b>"
        picture = read_sample("market.jpg", "image/jpeg").data
        file = aiogram.types.BufferedInputFile(picture, "stall.jpg")
        photo = await client.send_photo(sok.id, file, caption="stall")
        assert photo.photo is not None
        downloaded = await client.download(photo.photo[-1])
        assert downloaded is not None
        assert downloaded.read() == picture
        simulator.people.tap(sok.id, sent.message_id, "n")
        [update] = await client.get_updates()
        assert update.callback_query is not None
        assert await update.callback_query.answer("Done")


async def test_what_describes_bot_and_chat_is_valid(bot: Bot, sok: Person) -> None:
    me = await bot.call("getMe")
    assert list_unknown(aiogram.types.User.model_validate(me)) == []
    chat = await bot.call("getChat", chat_id=sok.id)
    assert list_unknown(aiogram.types.ChatFullInfo.model_validate(chat)) == []
    info = await bot.call("getWebhookInfo")
    assert list_unknown(aiogram.types.WebhookInfo.model_validate(info)) == []


async def test_texts_and_commands_are_kept_by_language(bot: Bot) -> None:
    khmer = [{"command": "start", "description": "ចាប់ផ្តើម"}]
    english = [{"command": "start", "description": "Begin"}]
    await bot.call("setMyCommands", commands=english)
    await bot.call("setMyCommands", commands=khmer, language_code="km")
    await bot.call("setMyDescription", description="Register here")
    await bot.call("setMyShortDescription", short_description="ខ្លី", language_code="km")
    assert await bot.call("getMyCommands", language_code="km") == khmer
    assert await bot.call("getMyDescription", language_code="km") == {
        "description": "Register here"
    }
    shown = await bot.api("GET", "/api/bot")
    assert shown["commands"] == {"": english, "km": khmer}
    assert shown["description"] == {"": "Register here"}
    assert shown["short_description"] == {"km": "ខ្លី"}
    await bot.call("deleteMyCommands", language_code="km")
    assert await bot.call("getMyCommands", language_code="km") == []


async def test_the_bots_calls_are_held_against_a_second_opinion(bot: Bot, sok: Person) -> None:
    await bot.call("sendMessage", chat_id=sok.id, text="x", reply_markup=INLINE)
    await bot.call("setMyCommands", commands=[{"command": "start", "description": "Begin"}])
    assert list_problems(bot.simulator) == []
    assert find_problem("sendMessage", {"chat_id": 1, "text": "x", "colour": "red"})
    assert find_problem("sendMessage", {"chat_id": 1})
    assert find_problem("sendTelepathy", {}) == "no such method"
    nested = {"inline_keyboard": [[{"text": "x", "callback_data": "x", "size": 1}]]}
    assert find_problem("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": nested})
