"""Chats that we can write to, and what is known of them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.statements import select_by_ids, upsert
from db.tables import applications, contacts, metadata, opt_outs, questions
from domain.contacts import Contact

AHEAD = timedelta(minutes=1)
"""Who is said to have written longer after now than this did so before the clock was set back."""

_REGISTERED = select(applications.c.id).where(applications.c.chat_id == contacts.c.chat_id)
_LOAD = (
    select(contacts, _REGISTERED.exists().label("registered"))
    .where(contacts.c.chat_id.in_(bindparam("ids", expanding=True)))
    .with_for_update(of=contacts)
)


async def load(
    connection: AsyncConnection, chat_ids: Collection[int]
) -> tuple[dict[int, Contact], set[int]]:
    """Load contacts by chat id, and which of them have submitted an application."""
    rows = await select_by_ids(connection, _LOAD, chat_ids)
    loaded, with_application = {}, set()
    for *values, is_registered in rows:
        contact = Contact(**dict(zip(contacts.c.keys(), values, strict=True)))
        loaded[contact.chat_id] = contact
        if is_registered:
            with_application.add(contact.chat_id)
    return loaded, with_application


async def save(connection: AsyncConnection, changed: Iterable[Contact]) -> None:
    """Store new and changed contacts."""
    await upsert(connection, contacts, [vars(contact) for contact in changed])


async def erase(connection: AsyncConnection, chat_ids: Collection[int]) -> None:
    """Forget contacts who have nothing with us; who has asked an office something is kept."""
    if chat_ids:
        asked = select(questions.c.chat_id)
        erased = [contacts.c.chat_id.in_(chat_ids), contacts.c.chat_id.not_in(asked)]
        chats = select(contacts.c.chat_id).where(*erased)
        await connection.execute(delete(opt_outs).where(opt_outs.c.chat_id.in_(chats)))
        await connection.execute(delete(contacts).where(*erased))


async def mark_unreachable(
    connection: AsyncConnection, chat_id: int, since: datetime, heard_at: datetime
) -> None:
    """Note what was heard: nothing can be sent to a contact, unless they have written since."""
    await connection.execute(
        update(contacts)
        .where(contacts.c.chat_id == chat_id, wrote_before(since, heard_at + AHEAD))
        .values(reachable=False)
    )


def wrote_before(since: Any, ahead: Any) -> ColumnElement[bool]:
    """Select contacts who have not written since; what lies ahead of the clock was before."""
    return or_(contacts.c.active_at <= since, contacts.c.active_at > ahead)


async def move(connection: AsyncConnection, chat_id: int, moved_to: int) -> bool:
    """Give a chat its new id, with all that refers to it, unless that was done before.

    False if both are known: then they stay two.
    """
    both = select(contacts.c.chat_id).where(contacts.c.chat_id.in_([chat_id, moved_to]))
    known = set(await connection.scalars(both))
    if moved_to in known:
        return chat_id not in known
    others = [column for column in contacts.c if column.name != "chat_id"]
    copied = select(literal(moved_to), *others).where(contacts.c.chat_id == chat_id)
    names = ["chat_id", *(column.name for column in others)]
    await connection.execute(insert(contacts).from_select(names, copied))
    for table in metadata.tables.values():
        if any(key.references(contacts.c.chat_id) for key in table.c):
            await connection.execute(
                update(table).where(table.c.chat_id == chat_id).values(chat_id=moved_to)
            )
    await connection.execute(delete(contacts).where(contacts.c.chat_id == chat_id))
    return True
