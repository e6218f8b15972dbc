"""Who may touch which notice: its author, and colleagues whose places it does not leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from db import notices, staff
from db.errors import told_apart
from db.notices import StoredNotice
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.audiences import find_reach, intersect, read_audience
from domain.campaigns import MADE_BY_PROGRAM
from domain.notices import Act, Status
from domain.staff import WHOLE_COUNTRY, Places, Right, Scope, Staff, list_places, scope_of
from services.desk import Actor

NOWHERE = Scope(frozenset())
EITHER = (Right.WRITE_NOTICES, Right.APPROVE_NOTICES)
TO_READ = (*EITHER, Right.SEE_RESULTS)


class Use(StrEnum):
    """What can be done with a notice that leaves it as it is."""

    SEE = "see"
    TEST = "test"
    COPY = "copy"


@dataclass(frozen=True)
class Asked:
    """The rights of which something asks for one: on one's own notice, and on a colleague's."""

    on_own: tuple[Right, ...]
    on_colleagues: tuple[Right, ...]


_TO_LOOK = Asked(EITHER, EITHER)
_TO_WRITE = Asked((Right.WRITE_NOTICES,), (Right.WRITE_NOTICES,))
_TO_APPROVE = Asked((Right.APPROVE_NOTICES,), (Right.APPROVE_NOTICES,))
_TO_STEER = Asked(EITHER, (Right.APPROVE_NOTICES,))

RIGHTS: Mapping[Act | Use, Asked] = {
    Use.SEE: _TO_LOOK,
    Use.TEST: _TO_LOOK,
    Use.COPY: _TO_LOOK,
    Act.EDIT: _TO_WRITE,
    Act.SUBMIT: _TO_WRITE,
    Act.APPROVE: _TO_APPROVE,
    Act.RETURN: _TO_STEER,
    Act.PAUSE: _TO_STEER,
    Act.RESUME: _TO_STEER,
    Act.STOP: _TO_STEER,
    Act.RESEND: _TO_STEER,
}
"""All that people can do with a notice, and what it asks of them; the rest only the program does.

Writers return, hold, stop and send again their own alone; approvers all within their places.
"""


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
    uow: UnitOfWork, actor: Actor, notice_id: int, act: Act | Use
) -> StoredNotice:
    """Hold a notice until the end of the unit of work, for somebody who may do this with it.

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
    if not may_do(stored, author, colleague, act):
        raise NoSuchNotice(notice_id)
    return stored


def may_do(stored: StoredNotice, author: Staff, colleague: Staff, act: Act | Use) -> bool:
    """Tell whether somebody's rights let them do something with a notice, whatever its standing."""
    asked = RIGHTS[act]
    rights = asked.on_own if colleague.id == author.id else asked.on_colleagues
    return any(may_touch(stored, author, colleague, right) for right in rights)


def may_touch(stored: StoredNotice, author: Staff, colleague: Staff, right: Right) -> bool:
    """Tell whether somebody may use a right on a notice: their own, or within their places."""
    scope = scope_of(colleague, right)
    if scope is None:
        return False
    return colleague.id == author.id or scope.covers_all(get_reach(stored, author))


def is_disposable(stored: StoredNotice, colleague: Staff) -> bool:
    """Tell whether stopping a notice leaves nothing of it: one's own draft, shown to nobody yet."""
    is_draft = stored.notice.status is Status.DRAFT and stored.asked_at is None
    return is_draft and (stored.notice.author == colleague.id or not stored.notice.content)


def get_reach(stored: StoredNotice, author: Staff) -> Places:
    """Return the places that a notice reaches, also of who left; None is everywhere."""
    return find_reach(read_audience(stored.notice.audience), get_places(stored, author))


def get_places(stored: StoredNotice, author: Staff) -> Places:
    """Return the places to which a notice is confined; None is the whole country.

    A draft goes where its author may write. Once it is submitted it keeps the places of then, which
    are read and approved with it: what its author is given or loses later moves neither its page
    nor its list of recipients to the eyes of others.
    """
    if stored.notice.status is Status.DRAFT:
        return list_places(author.grants, Right.WRITE_NOTICES)
    return stored.notice.places


async def find_scope(connection: Connection, stored: StoredNotice) -> Scope:
    """Find where a notice may be sent at this moment.

    It is never more than the places with which it was submitted. What its author or somebody who
    approved it has lost since is taken from that, and all of it if one of them left: nobody joins
    there any more. Who was queued before still gets it, unless a person stops it. Reminders and
    news go to guests wherever they live: they were invited by whom it was allowed to.
    """
    if stored.occasion in MADE_BY_PROGRAM:
        return WHOLE_COUNTRY
    notice = stored.notice
    asked = dict.fromkeys(notice.approvals, Right.APPROVE_NOTICES)
    asked[notice.author] = Right.WRITE_NOTICES
    with told_apart():
        people = {one.id: one for one in await staff.list_some(connection, asked)}
    places = notice.places
    for staff_id, right in asked.items():
        places = intersect(places, get_scope(people.get(staff_id), right).places)
    return Scope(places)


def get_scope(colleague: Staff | None, right: Right = Right.WRITE_NOTICES) -> Scope:
    """Return where somebody may write to people, or use another right; who left may nowhere."""
    return (scope_of(colleague, right) if colleague else None) or NOWHERE


def subject_of(notice_id: int) -> str:
    """Name a notice in the audit log."""
    return f"notice:{notice_id}"
