"""The usual python-telegram-bot build: ConversationHandler, PicklePersistence, run_polling.

Everything as it comes: ApplicationBuilder's defaults, one state for each step, the answers in
`user_data`. It answers each step with the same calls as our bot, in the same words.
"""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.ext import (
    ApplicationBuilder,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from benchmarks.dialogue import TAP, Call, Script, Step, read_script

Context = ContextTypes.DEFAULT_TYPE
Reply = Callable[[Update], Awaitable[object]]


def main(api_url: str, token: str, script: Path, pickle: Path) -> None:
    """Run the bot until it is stopped."""
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_url}/bot")
        .base_file_url(f"{api_url}/file/bot")
        .persistence(PicklePersistence(pickle))
        .build()
    )
    application.add_handler(build_conversation(read_script(script)))
    application.run_polling()


def build_conversation(script: Script) -> ConversationHandler[Context]:
    """Build the conversation: one state for each step, and an empty one after the last."""
    first, *others = [make_handler(number, step) for number, step in enumerate(script)]
    states: dict[object, list[BaseHandler[Update, Context, Any]]] = {
        number: [handler] for number, handler in enumerate(others, start=1)
    }
    return ConversationHandler(
        entry_points=[first],
        states={**states, len(script): []},
        fallbacks=[first],
        name="registration",
        persistent=True,
    )


def make_handler(number: int, step: Step) -> BaseHandler[Update, Context, Any]:
    """Make the handler of one step: keep the answer, reply, go to the next state."""
    replies = [make_reply(call) for call in step.calls]

    async def take(update: Update, context: Context) -> int:
        query, message = update.callback_query, update.effective_message
        if context.user_data is not None:
            context.user_data[number] = query.data if query else message and message.text
        for reply in replies:
            await reply(update)
        return number + 1

    if step.act == TAP:
        return CallbackQueryHandler(take)
    if step.act.startswith("/"):
        return CommandHandler(step.act.removeprefix("/"), take)
    return MessageHandler(filters.TEXT & ~filters.COMMAND, take)


def make_reply(call: Call) -> Reply:
    """Make a call of our bot's into one of this library's."""
    shown = {name: value for name, value in call.parameters.items() if name != "reply_markup"}
    markup = make_markup(call.parameters.get("reply_markup", {}))

    async def acknowledge(update: Update) -> None:
        if update.callback_query is not None:
            await update.callback_query.answer(**shown)

    async def edit(update: Update) -> None:
        if update.callback_query is not None:
            await update.callback_query.edit_message_text(reply_markup=markup, **shown)

    async def send(update: Update) -> None:
        if update.effective_chat is not None:
            await update.effective_chat.send_message(reply_markup=markup, **shown)

    return {"answerCallbackQuery": acknowledge, "editMessageText": edit, "sendMessage": send}[
        call.method
    ]


def make_markup(given: dict[str, Any]) -> Any:
    """Make a keyboard of the Bot API into one of this library's."""
    if "inline_keyboard" in given:
        rows = given["inline_keyboard"]
        return InlineKeyboardMarkup([[InlineKeyboardButton(**one) for one in row] for row in rows])
    if "keyboard" in given:
        rows = [[KeyboardButton(**key) for key in row] for row in given["keyboard"]]
        rest = {name: value for name, value in given.items() if name != "keyboard"}
        return ReplyKeyboardMarkup(rows, **rest)
    return ReplyKeyboardRemove() if "remove_keyboard" in given else None


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
