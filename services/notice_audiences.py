"""Which audiences somebody may write to, keep and combine, and which event days they may ask to."""

from collections.abc import Iterator

from db import audiences, campaigns, notices, staff
from db.audiences import SavedAudience
from db.errors import told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.audiences import (
    EVERYBODY,
    Audience,
    Field,
    check_combined,
    find_reach,
)
from domain.notice_content import ButtonKind, Content
from domain.staff import Right, Staff, list_places
from domain.whole_numbers import read_number
from services.audit import note_staff
from services.desk import Actor
from services.notice_access import NoSuchNotice, Use, check_writer, get_scope, may_do

OF_NOTICES = (Field.RECEIVED, Field.ANSWERED)
"""The fields whose values begin with the id of a notice."""

OF_DAYS = (Field.COMING, Field.EXPECTED, Field.NOT_COMING, Field.GUEST, Field.ATTENDED)
"""The fields whose values are the codes of event days."""


class NameTaken(Exception):
    """Another audience of the same author has this name."""


class NotTheirs(Exception):
    """Something that a writer may not use; `field` is the field, or kind of button, of it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def is_known(saved: SavedAudience, colleague: Staff) -> bool:
    """Tell whether somebody may see a kept audience: their own, or one within their places."""
    reach = find_reach(saved.audience, None)
    return saved.created_by == colleague.id or get_scope(colleague).covers_all(reach)


async def keep_audience(uow: UnitOfWork, actor: Actor, name: str, audience: Audience) -> int:
    """Keep an audience for another time, and give its id.

    Raises:
        NameTaken: they have one of this name.
        WrongAudience, NotTheirs: as for `check_audience`.
    """
    await check_writer(uow, actor)
    await check_audience(uow, actor, audience)
    with told_apart():
        if await audiences.find_by_name(uow.connection, name, actor.staff.id) is not None:
            raise NameTaken
        kept = await audiences.add(uow.connection, name, audience, actor.staff.id, uow.now)
    uow.record(note_staff("keep_audience", f"audience:{kept}", actor))
    return kept


async def check_audience(
    uow: UnitOfWork, actor: Actor, audience: Audience, former: Audience = EVERYBODY
) -> None:
    """Ask that somebody may know all that an audience is made of.

    That is kept audiences that they may see, or that it combined before; who received or answered
    notices that they may see; and who comes to event days within their places, or those that it
    asked for before. By counting others would be read.

    Raises:
        WrongAudience: it combines audiences that were not kept.
        NotTheirs: it is made of what is none of theirs.
    """
    with told_apart():
        kept = await audiences.load_combined(uow.connection, audience)
        colleague = await staff.find(uow.connection, actor.staff.id)
    check_combined(audience, kept)
    if colleague is None:
        raise NoSuchNotice
    for one in sorted(audience.combines - former.combines):
        saved = await audiences.find(uow.connection, int(one))
        if saved is None or not is_known(saved, colleague):
            raise NotTheirs(Field.AUDIENCE)
    for field, notice_id in sorted(
        {one for each in (audience, *kept.values()) for one in list_notices(each)}
    ):
        if not await _is_seen(uow, colleague, notice_id):
            raise NotTheirs(field)
    combined = (one for key, one in kept.items() if key not in former.combines)
    asked = {one for each in (audience, *combined) for one in list_named_days(each)}
    for field, code in sorted(asked - set(list_named_days(former))):
        if not await _is_day_of(uow, colleague, code):
            raise NotTheirs(field)


async def check_reach(
    uow: UnitOfWork, actor: Actor, stored: StoredNotice, audience: Audience, content: Content
) -> None:
    """Ask that a draft leads nobody beyond anybody's places.

    Its audience must lie within the places of whoever changes it, unless they are its author, and
    the event day that its button answers within those of its author.

    Raises:
        NotTheirs: it does not.
    """
    with told_apart():
        author = await staff.find(uow.connection, stored.notice.author)
        editor = await staff.find(uow.connection, actor.staff.id)
    if author is None or editor is None:
        raise NoSuchNotice(stored.id)
    reach = find_reach(audience, list_places(author.grants, Right.WRITE_NOTICES))
    if editor.id != author.id and not get_scope(editor).covers_all(reach):
        raise NotTheirs(Field.PLACE)
    for button in content.buttons:
        if button.kind is ButtonKind.RSVP and not await _is_held_within(uow, author, button.target):
            raise NotTheirs(ButtonKind.RSVP)


async def _is_held_within(uow: UnitOfWork, author: Staff, target: str) -> bool:
    campaign_id = read_number(target)
    if campaign_id is None:
        return False
    with told_apart():
        day = await campaigns.find(uow.connection, campaign_id)
    return day is not None and get_scope(author).covers(day.plan.place)


async def _is_day_of(uow: UnitOfWork, colleague: Staff, code: str) -> bool:
    with told_apart():
        day = await campaigns.find_by_code(uow.connection, code)
    return day is not None and get_scope(colleague).covers(day.plan.place)


async def _is_seen(uow: UnitOfWork, colleague: Staff, notice_id: int) -> bool:
    with told_apart():
        stored = await notices.find(uow.connection, notice_id)
        author = await staff.find(uow.connection, stored.notice.author) if stored else None
    if stored is None or author is None:
        return False
    return may_do(stored, author, colleague, Use.SEE)


def list_notices(audience: Audience) -> Iterator[tuple[str, int]]:
    """List the notices that an audience asks for, each with the field that does."""
    for one in (*audience.all_of, *audience.none_of):
        if one.field in OF_NOTICES:
            yield from ((one.field, int(value.partition(":")[0])) for value in one.values)


def list_named_days(audience: Audience) -> Iterator[tuple[str, str]]:
    """List the codes of the event days that an audience asks for, each with the field that does."""
    for one in (*audience.all_of, *audience.none_of):
        if one.field in OF_DAYS:
            yield from ((one.field, code) for code in one.values)
