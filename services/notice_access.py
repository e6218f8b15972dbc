"""Who may touch which notice: its author, and colleagues whose places it does not leave."""

from db import notices, staff
from db.errors import told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.audiences import find_reach, read_audience
from domain.staff import Right, Scope, Staff, list_places, scope_of
from services.desk import Actor

NOWHERE = Scope(frozenset())
EITHER = (Right.WRITE_NOTICES, Right.APPROVE_NOTICES)


class NoSuchNotice(LookupError):
    """There is no such notice, or it is none of this person's business."""


async def check_writer(uow: UnitOfWork, actor: Actor) -> None:
    """Ask that somebody may write notices at all.

    Raises:
        NoSuchNotice: they may not.
    """
    with told_apart():
        colleague = await staff.find(uow.connection, actor.staff.id)
    if colleague is None or scope_of(colleague, Right.WRITE_NOTICES) is None:
        raise NoSuchNotice


async def open_notice(
    uow: UnitOfWork, actor: Actor, notice_id: int, *rights: Right
) -> StoredNotice:
    """Hold a notice until the end of the unit of work, for somebody who has one of these rights.

    It must be their own, or reach no further than their places do. All is asked of the database
    now, whatever was allowed before.

    Raises:
        NoSuchNotice: there is none for them.
    """
    with told_apart():
        stored = await notices.find(uow.connection, notice_id, lock=True)
        colleague = await staff.find(uow.connection, actor.staff.id)
        author = await staff.find(uow.connection, stored.notice.author) if stored else None
    if stored is None or colleague is None or author is None:
        raise NoSuchNotice(notice_id)
    if not any(may_touch(stored, author, colleague, right) for right in rights):
        raise NoSuchNotice(notice_id)
    return stored


def may_touch(stored: StoredNotice, author: Staff, colleague: Staff, right: Right) -> bool:
    """Tell whether somebody may use a right on a notice: their own, or within their places."""
    scope = scope_of(colleague, right)
    if scope is None:
        return False
    return colleague.id == author.id or scope.covers_all(get_reach(stored, author))


def get_reach(stored: StoredNotice, author: Staff) -> frozenset[str] | None:
    """Return the places that a notice reaches, also of who left; None is everywhere."""
    within = list_places(author.grants, Right.WRITE_NOTICES)
    return find_reach(read_audience(stored.notice.audience), within)


def get_scope(author: Staff | None) -> Scope:
    """Return where an author may write to people; who left may nowhere."""
    return (scope_of(author, Right.WRITE_NOTICES) if author else None) or NOWHERE


def subject_of(notice_id: int) -> str:
    """Name a notice in the audit log."""
    return f"notice:{notice_id}"
