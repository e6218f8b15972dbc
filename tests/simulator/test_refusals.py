import pytest

from simulator.server import Simulator
from simulator.telegram import Person
from tests.simulator.bot import Bot

NEXT = {"text": "Next", "callback_data": "next"}


def inline(*rows: object) -> dict[str, object]:
    return {"inline_keyboard": list(rows)}


async def test_a_wrong_token_is_unauthorized(bot: Bot) -> None:
    bot.root = bot.root.replace("demo", "omed")
    assert await bot.refusal("getMe") == "401 Unauthorized"


async def test_a_path_without_a_token_is_not_found(bot: Bot) -> None:
    bot.root = f"{bot.simulator.url}/bot/"
    assert await bot.refusal("getMe") == "404 Not Found"


async def test_an_unknown_method_is_not_found(bot: Bot) -> None:
    assert await bot.refusal("sendTelepathy") == "404 Not Found"


async def test_an_unknown_parameter_is_refused(bot: Bot, sok: Person) -> None:
    said = await bot.refusal("sendMessage", chat_id=sok.id, text="x", colour="red")
    assert said == '400 Bad Request: unknown parameter "colour"'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "message text is empty"),
        (" \n ", "message text is empty"),
        ("ក" * 4097, "message is too long"),
        ("😀" * 2049, "message is too long"),
    ],
)
async def test_a_text_of_wrong_length_is_refused(
    bot: Bot, sok: Person, text: str, words: str
) -> None:
    said = await bot.refusal("sendMessage", chat_id=sok.id, text=text)
    assert said == f"400 Bad Request: {words}"


async def test_the_longest_text_counts_after_its_tags(bot: Bot, sok: Person) -> None:
    text = f"<b>{'x' * 4096}</b>"
    sent = await bot.call("sendMessage", chat_id=sok.id, text=text, parse_mode="HTML")
    assert len(sent["text"]) == 4096


async def test_a_long_caption_is_refused(bot: Bot, sok: Person) -> None:
    act = bot.simulator.people.send_file(sok.id, "photo")
    photo = bot.simulator.telegram.chats[sok.id].messages[act.message_id or 0]["photo"][-1]
    said = await bot.refusal(
        "sendPhoto", chat_id=sok.id, photo=photo["file_id"], caption="x" * 1025
    )
    assert said == "400 Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (inline([NEXT | {"callback_data": "ក" * 22}]), "BUTTON_DATA_INVALID"),
        (inline([NEXT | {"callback_data": ""}]), "BUTTON_DATA_INVALID"),
        (inline([]), "a row of the keyboard is empty"),
        (inline([{"text": "x"}]), "text buttons are unallowed in the inline keyboard"),
        (inline([NEXT | {"text": " "}]), "inline keyboard button text must be non-empty"),
        (
            inline([NEXT | {"url": "https://a.b"}]),
            "inline keyboard button has more than one action",
        ),
        (inline([{"text": "x", "url": "nonsense"}]), "inline keyboard button URL 'nonsense'"),
        (
            inline([{"text": "x", "url": "http://localhost:8080/"}]),
            "inline keyboard button URL 'http://localhost:8080/'",
        ),
        (inline([{"text": "x", "copy_text": {"text": ""}}]), "BUTTON_COPY_TEXT_INVALID"),
        (inline([NEXT | {"size": 3}]), "unknown field ['size'] in reply markup"),
        (inline(*[[NEXT]] * 101), "REPLY_MARKUP_TOO_LONG"),
        ({"keyboard": []}, "reply keyboard has no rows"),
        ({"remove_keyboard": False}, "field remove_keyboard must be true"),
        ({"buttons": [[]]}, "unknown reply markup"),
    ],
)
async def test_a_wrong_keyboard_is_refused(
    bot: Bot, sok: Person, markup: object, words: str
) -> None:
    said = await bot.refusal("sendMessage", chat_id=sok.id, text="x", reply_markup=markup)
    assert said.startswith(f"400 Bad Request: {words}")


async def test_64_bytes_of_callback_data_are_fine(bot: Bot, sok: Person) -> None:
    markup = inline([NEXT | {"callback_data": "x" * 64}])
    sent = await bot.call("sendMessage", chat_id=sok.id, text="x", reply_markup=markup)
    assert sent["reply_markup"] == markup


async def test_nobody_can_be_written_to_before_they_pressed_start(bot: Bot) -> None:
    stranger = bot.simulator.people.add("Chan")
    refused = "403 Forbidden: bot can't initiate conversation with a user"
    assert await bot.refusal("sendMessage", chat_id=stranger.id, text="x") == refused
    assert (
        await bot.refusal("sendMessage", chat_id=1, text="x") == "400 Bad Request: chat not found"
    )


async def test_who_blocked_the_bot_cannot_be_written_to(bot: Bot, sok: Person) -> None:
    bot.simulator.people.block(sok.id)
    refused = "403 Forbidden: bot was blocked by the user"
    assert await bot.refusal("sendMessage", chat_id=sok.id, text="x") == refused
    bot.simulator.people.unblock(sok.id)
    assert (await bot.call("sendMessage", chat_id=sok.id, text="x"))["text"] == "x"


async def test_editing_what_is_not_there_is_refused(bot: Bot, sok: Person) -> None:
    said = await bot.refusal("editMessageText", chat_id=sok.id, message_id=99, text="x")
    assert said == "400 Bad Request: message to edit not found"


async def test_editing_nothing_is_refused(bot: Bot, sok: Person) -> None:
    markup = inline([NEXT])
    sent = await bot.call("sendMessage", chat_id=sok.id, text="x", reply_markup=markup)
    where = {"chat_id": sok.id, "message_id": sent["message_id"]}
    said = await bot.refusal("editMessageText", **where, text="x ", reply_markup=markup)
    assert said.startswith(
        "400 Bad Request: message is not modified: specified new message content"
    )
    edited = await bot.call("editMessageText", **where, text="x")
    assert "reply_markup" not in edited
    said = await bot.refusal("editMessageReplyMarkup", **where)
    assert said.startswith("400 Bad Request: message is not modified")


async def test_other_peoples_messages_cannot_be_edited(bot: Bot, sok: Person) -> None:
    typed = bot.simulator.people.type_text(sok.id, "hello")
    said = await bot.refusal(
        "editMessageText", chat_id=sok.id, message_id=typed.message_id, text="x"
    )
    assert said == "400 Bad Request: message can't be edited"


async def test_a_message_that_brought_a_reply_keyboard_cannot_be_edited(
    bot: Bot, sok: Person
) -> None:
    markup = {"keyboard": [["Yes"]]}
    sent = await bot.call("sendMessage", chat_id=sok.id, text="x", reply_markup=markup)
    where = {"chat_id": sok.id, "message_id": sent["message_id"]}
    said = await bot.refusal("editMessageText", **where, text="y")
    assert said == "400 Bad Request: message can't be edited"


async def test_deleting_has_its_limits(bot: Bot, sok: Person) -> None:
    typed = bot.simulator.people.type_text(sok.id, "012345678")
    old = bot.simulator.people.type_text(sok.id, "old")
    assert await bot.call("deleteMessage", chat_id=sok.id, message_id=typed.message_id) is True
    said = await bot.refusal("deleteMessage", chat_id=sok.id, message_id=typed.message_id)
    assert said == "400 Bad Request: message to delete not found"
    bot.simulator.clock.advance(48 * 3600 + 1)
    said = await bot.refusal("deleteMessage", chat_id=sok.id, message_id=old.message_id)
    assert said == "400 Bad Request: message can't be deleted"


async def test_a_tap_can_be_answered_only_for_a_while(bot: Bot, sok: Person) -> None:
    tap = bot.simulator.people.tap(sok.id, 1, "next")
    assert await bot.call("answerCallbackQuery", callback_query_id=tap.callback_query_id) is True
    bot.simulator.clock.advance(60)
    refused = "query is too old and response timeout expired or query ID is invalid"
    for query in (tap.callback_query_id, "17"):
        said = await bot.refusal("answerCallbackQuery", callback_query_id=query)
        assert said == f"400 Bad Request: {refused}"


async def test_commands_are_checked(bot: Bot) -> None:
    for command, words in (("Start", "BOT_COMMAND_INVALID"), ("ok", "BOT_COMMAND_DESCRIPTION")):
        commands = [{"command": command, "description": ""}]
        assert words in await bot.refusal("setMyCommands", commands=commands)


async def test_photos_must_be_pictures(simulator: Simulator, bot: Bot, sok: Person) -> None:
    document = simulator.people.send_file(sok.id, "document")
    sent = simulator.telegram.chats[sok.id].messages[document.message_id or 0]["document"]
    said = await bot.refusal("sendPhoto", chat_id=sok.id, photo=sent["file_id"])
    assert said == "400 Bad Request: can't use file of type Document as Photo"
    said = await bot.refusal("getFile", file_id="nonsense")
    assert said == "400 Bad Request: wrong file_id or the file is temporarily unavailable"
