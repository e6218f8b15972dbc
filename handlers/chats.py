"""One handler for each kind of arrival."""

from collections.abc import Awaitable, Callable

from documents.check_in import LINK
from domain.events import (
    Answered,
    AskedAgain,
    ChoiceMade,
    Skipped,
    WentBack,
)
from domain.replies import Tap
from domain.sources import read_source
from domain.texts import message
from handlers.arrivals import (
    Arrival,
    BotBlocked,
    ButtonTapped,
    CommandSent,
    MessageEdited,
    MessageSent,
    NothingForUs,
    TextForwarded,
)
from handlers.campaign_taps import on_campaign_tap
from handlers.case_taps import on_case_tap
from handlers.claim_taps import CLAIM_TAPS, on_claim_tap
from handlers.context import Context
from handlers.words import find_command
from locales.catalogue import LOCALES
from services import (
    around,
    awaiting,
    check_in,
    claims,
    event_links,
    invitations,
    notice_checking,
    notice_taps,
    own_codes,
    questions,
    sessions,
    topics,
    verifying,
)
from services.case_taps import CASE
from services.chats import note_heard, toast
from services.notice_messages import NOTICE
from services.own_data import tell_own_data
from services.registration import take_event
from services.rsvp_buttons import CAMPAIGN
from services.status import tell_status
from services.taps import CHAT

LONGEST_ASKED = 200
"""Characters of a card's number and code, or of the link that holds them."""

Command = Callable[[CommandSent, Context], Awaitable[None]]


async def on_any(arrival: Arrival, context: Context) -> None:
    """Note, before anything else, that the person can be reached."""
    note_heard(context.uow, arrival.person.chat_id)


async def on_command(arrival: CommandSent, context: Context) -> None:
    """Do what a command asks for; an unknown one gets the same help as an unknown message."""
    await COMMANDS.get(arrival.name, _help)(arrival, context)


async def on_message(arrival: MessageSent, context: Context) -> None:
    """Hand what was sent to the dialogue, unless it is the label of a key of the menu."""
    event = arrival.event
    command = find_command(event.text) if isinstance(event, Answered) else None
    if command is not None:
        await on_command(CommandSent(arrival.person, command), context)
    elif not isinstance(event, Answered) or not await _take_awaited(arrival, event, context):
        await take_event(context.uow, context.desk, arrival.person, event)


async def on_forwarded(arrival: TextForwarded, context: Context) -> None:
    """Tell whether a text that was passed on is ours; in a form only if one was asked for."""
    uow, chat_id = context.uow, arrival.person.chat_id
    is_awaited = awaiting.find_awaited(uow, chat_id) == awaiting.TEXT
    if uow.find_draft(chat_id) is not None and not is_awaited:
        await on_message(arrival, context)
    else:
        awaiting.stop_awaiting(uow, chat_id, awaiting.TEXT)
        from_us = arrival.author == context.bot.id
        await _check(arrival.text, arrival.hidden, arrival, context, from_us)


async def on_tap(arrival: ButtonTapped, context: Context) -> None:
    """Hand a tap to whom it belongs; every tap is acknowledged."""
    uow, desk, tap = context.uow, context.desk, arrival.tap
    uow.acknowledge(arrival.tap_id)
    if tap is None:
        toast(uow, desk, arrival.person.chat_id, arrival.tap_id, message("stale.no_draft"))
    elif tap.draft == CHAT:
        await _on_chat_tap(arrival, tap, context)
    elif tap.draft == NOTICE:
        shown = arrival.message_id
        await notice_taps.take_tap(uow, desk, arrival.person, tap, arrival.tap_id, shown)
    elif tap.draft == CAMPAIGN:
        await on_campaign_tap(arrival, tap, context)
    elif tap.draft == CASE:
        await on_case_tap(arrival, context)
    else:
        event = ChoiceMade(tap.draft, tap.question, tap.choice, arrival.message_id)
        await take_event(uow, desk, arrival.person, event, arrival.tap_id)


async def on_edit(arrival: MessageEdited, context: Context) -> None:
    """Say that a changed message is not read."""
    around.note_edit(context.uow, context.desk, arrival.person)


async def on_block(arrival: BotBlocked, context: Context) -> None:
    """Send nothing more to somebody who blocked the bot."""
    around.note_blocked(context.uow, arrival.person)


async def on_nothing(_arrival: NothingForUs, _context: Context) -> None:
    """Keep silent where nobody waits for an answer."""


async def _on_chat_tap(arrival: ButtonTapped, tap: Tap, context: Context) -> None:
    uow, desk, person, shown = context.uow, context.desk, arrival.person, arrival.message_id
    match tap.question:
        case around.LANGUAGE if tap.choice in LOCALES:
            await around.choose_language(uow, desk, person, tap.choice, shown)
        case topics.TOPIC:
            await topics.take_choice(uow, desk, person, arrival.tap_id, tap.choice, shown)
        case questions.ASK_OFFICE:
            await questions.choose_office(uow, desk, person, arrival.tap_id, tap.choice, shown)
        case question if question in CLAIM_TAPS:
            await on_claim_tap(arrival, tap, context)
        case questions.TAKE_BACK:
            await questions.take_back(uow, desk, person, arrival.tap_id, tap.choice, shown)
        case _:
            toast(uow, desk, person.chat_id, arrival.tap_id, message("stale.no_draft"))


async def _start(arrival: CommandSent, context: Context) -> None:
    uow, desk, person = context.uow, context.desk, arrival.person
    word = arrival.argument.strip()[:64]
    if word.startswith(invitations.INVITATION):
        await invitations.join(uow, desk, person, word.removeprefix(invitations.INVITATION))
    elif word.startswith(verifying.LINK):
        await verifying.verify(uow, desk, person, word)
    elif word.startswith(LINK):
        await check_in.take_link(uow, desk, person, word)
    else:
        await event_links.open_link(uow, desk, person, read_source(word))


async def _status(arrival: CommandSent, context: Context) -> None:
    await tell_status(context.uow, context.desk, arrival.person)


async def _mydata(arrival: CommandSent, context: Context) -> None:
    await tell_own_data(context.uow, context.desk, arrival.person)


async def _verify(arrival: CommandSent, context: Context) -> None:
    text, uow = arrival.argument, context.uow
    if _names_card(text):
        await verifying.verify(uow, context.desk, arrival.person, text)
    elif notice_checking.may_be_notice(text):
        await _check(text, arrival.hidden, arrival, context)
    else:
        awaiting.await_text(uow, arrival.person.chat_id)
        verifying.explain(uow, context.desk, arrival.person)


def _names_card(text: str) -> bool:
    return len(text) <= LONGEST_ASKED and verifying.read_asked(text) is not None


async def _take_awaited(arrival: MessageSent, event: Answered, context: Context) -> bool:
    """Take a text that was asked for outside of the form; False if it is for somebody else."""
    uow, desk, person = context.uow, context.desk, arrival.person
    if awaiting.find_awaited(uow, person.chat_id) != awaiting.TEXT:
        return await claims.answer(uow, desk, person, event.text)
    text = arrival.text or event.text
    if uow.find_draft(person.chat_id) is not None and not notice_checking.may_be_notice(text):
        return False
    awaiting.stop_awaiting(uow, person.chat_id)
    if _names_card(text) or not any(map(str.isalpha, text)):
        await _verify(CommandSent(person, "verify", text, arrival.hidden), context)
    else:
        await _check(text, arrival.hidden, arrival, context)
    return True


async def _check(
    text: str, hidden: tuple[str, ...], arrival: Arrival, context: Context, from_us: bool = False
) -> None:
    uow, desk, person = context.uow, context.desk, arrival.person
    if context.check_limit.take(person, uow.now):
        await notice_checking.check_text(uow, desk, person, text, hidden, from_us)
    else:
        notice_checking.ask_patience(uow, desk, person)


async def _myqr(arrival: CommandSent, context: Context) -> None:
    await own_codes.show_own_codes(context.uow, context.desk, arrival.person)


async def _language(arrival: CommandSent, context: Context) -> None:
    around.offer_languages(context.uow, context.desk, arrival.person)


async def _help(arrival: CommandSent, context: Context) -> None:
    await around.help_person(context.uow, context.desk, arrival.person)


async def _staff(arrival: CommandSent, context: Context) -> None:
    await sessions.offer_sign_in(context.uow, context.desk, arrival.person)


async def _stop(arrival: CommandSent, context: Context) -> None:
    around.stop_notices(context.uow, context.desk, arrival.person)


async def _notices(arrival: CommandSent, context: Context) -> None:
    await topics.show_topics(context.uow, context.desk, arrival.person)


async def _resume(arrival: CommandSent, context: Context) -> None:
    around.resume_notices(context.uow, context.desk, arrival.person)
    await topics.show_topics(context.uow, context.desk, arrival.person)


async def _cancel(arrival: CommandSent, context: Context) -> None:
    await around.cancel(context.uow, context.desk, arrival.person)


async def _back(arrival: CommandSent, context: Context) -> None:
    await take_event(context.uow, context.desk, arrival.person, WentBack())


async def _skip(arrival: CommandSent, context: Context) -> None:
    await take_event(context.uow, context.desk, arrival.person, Skipped())


async def _continue(arrival: CommandSent, context: Context) -> None:
    await take_event(context.uow, context.desk, arrival.person, AskedAgain("returned"))


COMMANDS: dict[str, Command] = {
    "start": _start,
    "status": _status,
    "mydata": _mydata,
    "verify": _verify,
    "myqr": _myqr,
    "language": _language,
    "help": _help,
    "staff": _staff,
    "stop": _stop,
    "notices": _notices,
    "resume": _resume,
    "cancel": _cancel,
    "back": _back,
    "skip": _skip,
    "continue": _continue,
}
