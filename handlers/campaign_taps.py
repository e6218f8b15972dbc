"""Taps on buttons that belong to an event day."""

from domain.replies import Tap
from domain.sources import read_source
from domain.texts import message
from handlers.arrivals import ButtonTapped
from handlers.context import Context
from services import check_in, event_links, own_codes, rsvp, rsvp_buttons
from services.chats import toast


async def on_campaign_tap(arrival: ButtonTapped, tap: Tap, context: Context) -> None:
    """Take what is tapped below an event day, or take back what an officer did at the door."""
    uow, desk, person = context.uow, context.desk, arrival.person
    tapped = uow, desk, person, arrival.tap_id, tap.choice
    match tap.question:
        case rsvp_buttons.YES | rsvp_buttons.NO as said:
            coming = said == rsvp_buttons.YES
            await rsvp.answer_invitation(*tapped, coming=coming, message_id=arrival.message_id)
        case rsvp_buttons.QUIET | rsvp_buttons.KEEP as said:
            sure = said == rsvp_buttons.QUIET
            await rsvp.ask_to_stop(*tapped, sure=sure, message_id=arrival.message_id)
        case rsvp_buttons.CODE:
            await own_codes.show_own_codes(uow, desk, person)
        case event_links.REGISTER if source := read_source(tap.choice):
            await event_links.register_another(uow, desk, person, arrival.tap_id, source)
        case check_in.UNDO:
            shown = arrival.message_id
            await check_in.take_undo(uow, desk, person, arrival.tap_id, tap.choice, shown)
        case _:
            toast(uow, desk, person.chat_id, arrival.tap_id, message("stale.no_draft"))
