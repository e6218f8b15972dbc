"""What the pages of notices share: who may see which, what it reaches, and what was done."""

from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request

from db import audit, notices, staff
from db.notices import StoredNotice
from db.staff import Connection
from domain.audiences import Audience, WrongAudience, read_audience
from domain.notices import Act, Status
from domain.staff import Right, Staff
from domain.texts import Text
from domain.whole_numbers import read_number
from services.notice_access import Use, may_do, may_touch, subject_of
from web.notice_words import PAST
from web.visits import Visit, get_id, get_office

UNSEEN = -1
LONGEST_VERSION = 9
WRITING = frozenset({"write_notice", "copy_notice", "edit_notice"})


@dataclass(frozen=True)
class FoundNotice:
    """A notice that a visitor may see, with who wrote it."""

    stored: StoredNotice
    author: Staff
    audience: Audience


@dataclass(frozen=True)
class Happened:
    """Something that was done with a notice; without a name the program did it."""

    act: str
    words: Text
    who: str | None
    at: datetime
    note: str | None = None


async def get_notice(request: Request, visit: Visit, *, to_read: bool = False) -> FoundNotice:
    """Return the notice that an address names; `to_read` also to those who see results only.

    Raises:
        HTTPException: 404 for none, and for one that reaches beyond the visitor's places.
    """
    notice_id = get_id(request, "notice")
    async with get_office(request).database.read() as connection:
        stored = await notices.find(connection, notice_id)
        author = await staff.find(connection, stored.notice.author) if stored else None
    if stored is None or author is None or stored.is_thrown_away:
        raise HTTPException(404)
    may_see = is_read if to_read else is_seen
    if not may_see(stored, author, visit.actor.staff):
        raise HTTPException(404)
    return FoundNotice(stored, author, get_audience(stored))


def is_seen(stored: StoredNotice, author: Staff, visitor: Staff) -> bool:
    """Tell whether somebody may see a notice: its author, and who has all places it reaches."""
    return may_do(stored, author, visitor, Use.SEE)


def is_read(stored: StoredNotice, author: Staff, visitor: Staff) -> bool:
    """Tell whether somebody may see what a notice says and its figures, but nobody it went to."""
    has_results = stored.started_at is not None
    sees_results = has_results and may_touch(stored, author, visitor, Right.SEE_RESULTS)
    return sees_results or is_seen(stored, author, visitor)


def get_audience(stored: StoredNotice) -> Audience:
    """Return whom a notice is for; one that cannot be read may be for everybody."""
    try:
        return read_audience(stored.notice.audience)
    except WrongAudience:
        return Audience()


def may_write_for(found: FoundNotice, visitor: Staff) -> bool:
    """Tell whether somebody may write what its author may."""
    return may_do(found.stored, found.author, visitor, Act.EDIT)


def may_edit(found: FoundNotice, visitor: Staff) -> bool:
    """Tell whether somebody may change a notice now."""
    return found.stored.notice.status is Status.DRAFT and may_write_for(found, visitor)


async def list_happened(connection: Connection, notice_id: int) -> list[Happened]:
    """List what was done with a notice, the latest first."""
    events = await audit.list_about(connection, subject_of(notice_id))
    told = [one for one in reversed(events) if one.event.act in PAST]
    ids = {one.event.actor_id for one in told if one.event.actor_id is not None}
    names = await staff.names_of(connection, ids)
    return [
        Happened(
            one.event.act,
            PAST[one.event.act],
            names.get(one.event.actor_id or 0),
            one.at,
            one.event.details.get("note"),
        )
        for one in told
    ]


async def find_returned(connection: Connection, notice_id: int) -> Happened | None:
    """Find by whom and why a draft was returned, if that was done last."""
    happened = await list_happened(connection, notice_id)
    return next((one for one in happened[:1] if one.act == "return_notice"), None)


async def find_last_writer(connection: Connection, notice_id: int) -> str | None:
    """Find the name of whoever changed a notice last."""
    events = await audit.list_about(connection, subject_of(notice_id))
    writers = (one.event.actor_id for one in reversed(events) if one.event.act in WRITING)
    writer = next(writers, None)
    return (await staff.names_of(connection, {writer})).get(writer) if writer else None


def read_version(given: str) -> int:
    """Read which version of a notice somebody has seen; without it they have seen none."""
    version = read_number(given, LONGEST_VERSION)
    return UNSEEN if version is None else version
