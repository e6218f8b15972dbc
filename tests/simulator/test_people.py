import json
from typing import Any

import pytest
from aiohttp import FormData

from simulator.errors import CannotDoThis
from simulator.files import read_sample
from simulator.server import Simulator
from simulator.telegram import Person
from tests.simulator.bot import Bot


async def act(bot: Bot, person: Person, name: str, body: Any = None) -> Any:
    return await bot.api("POST", f"/api/people/{person.id}/{name}", body)


async def test_a_person_is_added_and_comes_by_deep_link(bot: Bot) -> None:
    added = await bot.api("POST", "/api/people", {"first_name": "Chan", "language_code": "km"})
    assert added["phone_number"].startswith("+855")
    assert not added["started"]
    await bot.api("POST", f"/api/people/{added['id']}/start", {"payload": "MARKET-7"})
    [update] = await bot.updates()
    assert update["message"]["text"] == "/start MARKET-7"
    [shown] = await bot.api("GET", "/api/people")
    assert shown["started"]


async def test_nothing_but_start_is_possible_first(bot: Bot) -> None:
    chan = bot.simulator.people.add("Chan")
    assert await act(bot, chan, "text", {"text": "hi"}) == {"error": "press start first"}
    assert await act(bot, chan, "start", {"payload": "a b"}) == {
        "error": "a start payload has at most 64 characters of A-Z a-z 0-9 _ -"
    }


async def test_own_and_other_contacts_differ_by_user_id(bot: Bot, sok: Person) -> None:
    await act(bot, sok, "contact", {})
    await act(bot, sok, "contact", {"phone_number": "+85512345678", "first_name": "Chan"})
    own, other = [update["message"]["contact"] for update in await bot.updates()]
    assert (own["user_id"], own["phone_number"]) == (sok.id, sok.phone_number)
    assert "user_id" not in other


async def test_a_reply_keyboard_shows_until_it_is_removed(bot: Bot, sok: Person) -> None:
    keyboard = {
        "keyboard": [[{"text": "Share", "request_contact": True}], ["No"]],
        "one_time_keyboard": True,
    }

    async def shown() -> Any:
        return (await bot.api("GET", f"/api/people/{sok.id}/messages"))["reply_keyboard"]

    await bot.call("sendMessage", chat_id=sok.id, text="x", reply_markup=keyboard)
    assert await shown() == keyboard
    await act(bot, sok, "contact", {})
    assert await shown() is None
    sent = await bot.call("sendMessage", chat_id=sok.id, text="x", reply_markup=keyboard)
    await bot.call("deleteMessage", chat_id=sok.id, message_id=sent["message_id"])
    assert await shown() is None
    del keyboard["one_time_keyboard"]
    await bot.call("sendMessage", chat_id=sok.id, text="x", reply_markup=keyboard)
    await act(bot, sok, "text", {"text": "No"})
    assert await shown() == keyboard
    removal = {"remove_keyboard": True}
    await bot.call("sendMessage", chat_id=sok.id, text="x", reply_markup=removal)
    assert await shown() is None


async def test_blocking_ends_and_starting_again_opens_the_chat(bot: Bot, sok: Person) -> None:
    await act(bot, sok, "block")
    assert await act(bot, sok, "text", {"text": "hi"}) == {"error": "unblock the bot first"}
    await act(bot, sok, "start", {})
    blocked, unblocked, started = await bot.updates()
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert started["message"]["text"] == "/start"
    assert not bot.simulator.telegram.people[sok.id].blocked


async def test_who_blocked_before_starting_can_start(bot: Bot) -> None:
    chan = bot.simulator.people.add("Chan")
    await act(bot, chan, "block")
    await act(bot, chan, "start", {})
    person = bot.simulator.telegram.people[chan.id]
    assert (person.started, person.blocked) == (True, False)


async def test_a_card_needs_a_number(bot: Bot, sok: Person) -> None:
    assert "error" in await act(bot, sok, "contact", {"first_name": "Chan"})


async def test_messages_say_who_wrote_them_and_deleted_ones_are_gone(bot: Bot, sok: Person) -> None:
    typed = await act(bot, sok, "text", {"text": "secret"})
    await bot.call("sendMessage", chat_id=sok.id, text="thanks")
    await act(bot, sok, "edit", {"message_id": typed["message_id"], "text": "edited"})
    chat = await bot.api("GET", f"/api/people/{sok.id}/messages")
    assert [(m["text"], m["from_bot"]) for m in chat["messages"][1:]] == [
        ("edited", False),
        ("thanks", True),
    ]
    await bot.call("deleteMessage", chat_id=sok.id, message_id=typed["message_id"])
    chat = await bot.api("GET", f"/api/people/{sok.id}/messages")
    assert [m["text"] for m in chat["messages"]] == ["/start", "thanks"]


async def upload_photo(bot: Bot, person: Person, data: bytes) -> int:
    form = FormData({"caption": "my stall"})
    form.add_field("file", data, filename="stall.jpg", content_type="image/jpeg")
    address = f"{bot.simulator.url}/api/people/{person.id}/photo"
    async with bot.session.post(address, data=form) as answer:
        return answer.status


async def test_a_photo_can_be_uploaded_and_seen(bot: Bot, sok: Person) -> None:
    picture = read_sample("market.jpg", "image/jpeg").data
    assert await upload_photo(bot, sok, picture) == 200
    [update] = await bot.updates()
    assert update["message"]["caption"] == "my stall"
    smallest = update["message"]["photo"][0]
    assert (smallest["width"], smallest["height"]) == (90, 68)
    async with bot.session.get(f"{bot.simulator.url}/api/files/{smallest['file_id']}") as file:
        assert (file.content_type, await file.read()) == ("image/jpeg", picture)


async def test_what_is_no_picture_cannot_be_a_photo(bot: Bot, sok: Person) -> None:
    assert await upload_photo(bot, sok, b"not a picture") == 409


async def test_the_page_hears_everything_as_it_happens(bot: Bot, sok: Person) -> None:
    address = f"{bot.simulator.url}/api/people/{sok.id}/events"
    async with bot.session.get(address) as stream:

        async def hear() -> Any:
            line = await stream.content.readuntil(b"\n\n")
            return json.loads(line.removeprefix(b"data: "))

        assert await hear() == {"type": "bot_state", "connected": False}
        await bot.call("sendChatAction", chat_id=sok.id, action="typing")
        assert await hear() == {"type": "typing", "action": "typing"}
        sent = await bot.call("sendMessage", chat_id=sok.id, text="x")
        assert await hear() == {"type": "message", "message": sent | {"from_bot": True}}
        where = {"chat_id": sok.id, "message_id": sent["message_id"]}
        edited = await bot.call("editMessageText", **where, text="y")
        assert await hear() == {"type": "edited", "message": edited | {"from_bot": True}}
        tap = await act(bot, sok, "tap", {"message_id": sent["message_id"], "data": "z"})
        query = {"callback_query_id": tap["callback_query_id"], "text": "Done"}
        await bot.call("answerCallbackQuery", **query)
        assert await hear() == {"type": "callback_answer", "show_alert": False, **query}
        keyboard = {"keyboard": [["Yes"]]}
        await bot.call("sendMessage", chat_id=sok.id, text="k", reply_markup=keyboard)
        assert (await hear())["type"] == "message"
        assert await hear() == {"type": "keyboard", "reply_keyboard": keyboard}
        await bot.call("deleteMessage", **where)
        assert await hear() == {"type": "deleted", "message_id": sent["message_id"]}


async def test_a_silent_message_is_marked_for_the_page_and_not_for_the_bot(
    bot: Bot, sok: Person
) -> None:
    silent = await bot.call("sendMessage", chat_id=sok.id, text="x", disable_notification=True)
    await bot.call("sendMessage", chat_id=sok.id, text="y")
    assert "silent" not in silent
    shown = (await bot.api("GET", f"/api/people/{sok.id}/messages"))["messages"]
    assert [message.get("silent") for message in shown[-2:]] == [True, None]


async def test_a_stop_does_not_wait_for_who_listens(bot: Bot, sok: Person) -> None:
    stream = await bot.session.get(f"{bot.simulator.url}/api/people/{sok.id}/events")
    await bot.simulator.stop()
    assert await stream.content.read()
    stream.close()


def test_only_an_own_text_can_be_edited(simulator: Simulator, sok: Person) -> None:
    with pytest.raises(CannotDoThis):
        simulator.people.edit(sok.id, 999, "x")
