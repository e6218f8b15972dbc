"""What staff are told in the chat of their notices."""

from db import staff
from db.errors import told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.outbox import Lane
from domain.staff import Right, Role, Staff, scope_of
from domain.texts import Text, message
from services.chats import get_contact, get_locale
from services.desk import Desk
from services.messages import write_call
from services.notice_titles import name_notice
from services.office_words import offer_page


async def tell_approvers(
    uow: UnitOfWork, desk: Desk, stored: StoredNotice, reach: frozenset[str] | None
) -> None:
    """Tell those who may approve a notice that it waits for them: none who had a part in it."""
    everybody = await _list_staff(uow)
    title = await name_notice(uow.connection, stored)
    author = next((one.name for one in everybody if one.id == stored.notice.author), "")
    words = message("notice.waits", title=title, author=author)
    asked = [
        one
        for one in everybody
        if not stored.notice.is_written_by(one.id) and _may_approve(one, reach)
    ]
    await _tell(uow, desk, stored, asked, words)


async def tell_author(uow: UnitOfWork, desk: Desk, stored: StoredNotice, words: Text) -> None:
    """Tell the author of a notice something about it."""
    everybody = await _list_staff(uow)
    author = [one for one in everybody if one.id == stored.notice.author and one.active]
    await _tell(uow, desk, stored, author, words)


async def tell_administrators(
    uow: UnitOfWork, desk: Desk, stored: StoredNotice, words: Text
) -> None:
    """Tell administrators, and the author of a notice, that something is wrong with it."""
    told = [
        one
        for one in await _list_staff(uow)
        if one.active and (one.id == stored.notice.author or Role.ADMINISTRATOR in one.grants)
    ]
    await _tell(uow, desk, stored, told, words)


async def _list_staff(uow: UnitOfWork) -> list[Staff]:
    with told_apart():
        return await staff.list_all(uow.connection)


def _may_approve(colleague: Staff, reach: frozenset[str] | None) -> bool:
    scope = scope_of(colleague, Right.APPROVE_NOTICES)
    return scope is not None and scope.covers_all(reach)


async def _tell(
    uow: UnitOfWork, desk: Desk, stored: StoredNotice, colleagues: list[Staff], words: Text
) -> None:
    chats = [one.chat_id for one in colleagues if one.chat_id is not None]
    await uow.load(chats)
    say = offer_page(message("button.open_notice"), f"{desk.web_url}/notices/{stored.id}", words)
    for chat_id in chats:
        if get_contact(uow, chat_id).reachable:
            locale = get_locale(uow, desk, chat_id)
            uow.send(write_call(say, chat_id, locale, desk.names, lane=Lane.STAFF))
