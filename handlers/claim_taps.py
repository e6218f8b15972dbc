"""Taps of people who look for what another register knows of them."""

from domain.replies import Tap
from domain.texts import message
from handlers.arrivals import ButtonTapped
from handlers.context import Context
from services import around, claim_giving, claim_offers, claims
from services.chats import toast

CLAIM_TAPS = frozenset(
    {
        claim_offers.CLAIM_OFFER,
        claim_giving.CLAIM,
        claim_giving.CLAIM_STOP,
        claim_giving.CLAIM_AGREE,
        claim_giving.CLAIM_FORM,
        claim_giving.CLAIM_NOTICES,
    }
)


async def on_claim_tap(arrival: ButtonTapped, tap: Tap, context: Context) -> None:
    """Hand a tap to the step of a claim that it belongs to."""
    uow, desk, person, shown = context.uow, context.desk, arrival.person, arrival.message_id
    match tap.question:
        case claim_offers.CLAIM_OFFER:
            claim_offers.offer_search(uow, desk, person)
        case claim_giving.CLAIM:
            await claims.begin(uow, desk, person, arrival.tap_id)
        case claim_giving.CLAIM_STOP:
            claims.stop(uow, desk, person)
        case claim_giving.CLAIM_AGREE:
            await claim_giving.agree(uow, desk, person, arrival.tap_id, tap.choice, shown)
        case claim_giving.CLAIM_FORM:
            await around.settle_form(uow, desk, person, arrival.tap_id, tap.choice)
        case claim_giving.CLAIM_NOTICES:
            around.resume_notices(uow, desk, person)
        case _:
            toast(uow, desk, person.chat_id, arrival.tap_id, message("stale.no_draft"))
