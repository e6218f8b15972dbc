"""Taps on buttons that belong to an application."""

from collections.abc import Awaitable, Callable, Mapping

from db.unit_of_work import UnitOfWork
from domain.texts import message
from handlers.arrivals import ButtonTapped
from handlers.context import Context
from services import appeals, case_taps, revisions, status
from services.case_taps import Tapped
from services.chats import toast
from services.desk import Desk

TAPS: Mapping[str, Callable[[UnitOfWork, Desk, Tapped], Awaitable[None]]] = {
    case_taps.LEAVE: case_taps.leave,
    status.SHOW: status.show,
    revisions.CORRECT: revisions.answer_now,
    revisions.CHANGE: revisions.offer_items,
    revisions.CHANGE_ITEM: revisions.change_item,
    appeals.APPEAL: appeals.ask_to_appeal,
    appeals.APPEAL_MEANT: appeals.appeal,
    appeals.WITHDRAW: appeals.ask_to_withdraw,
    appeals.WITHDRAW_MEANT: appeals.withdraw,
}
"""What each of them asks for."""


async def on_case_tap(arrival: ButtonTapped, context: Context) -> None:
    """Do what a tap asks for, if its application was made in this chat."""
    uow, desk, tap = context.uow, context.desk, arrival.tap
    act = TAPS.get(tap.question) if tap else None
    tapped = await _find_tapped(arrival, context) if act else None
    if act is None or tapped is None:
        toast(uow, desk, arrival.person.chat_id, arrival.tap_id, message("stale.no_draft"))
    else:
        await act(uow, desk, tapped)


async def _find_tapped(arrival: ButtonTapped, context: Context) -> Tapped | None:
    if arrival.tap is None:
        return None
    return await case_taps.find_tapped(
        context.uow, arrival.person, arrival.tap.choice, arrival.tap_id, arrival.message_id
    )
