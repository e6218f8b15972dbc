"""All that decides whether queued recipients may be sent to, in one query."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, false, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.delivery import may_have_it
from db.statements import select_by_ids
from db.tables import contacts, drafts, notices, opt_outs, recipients
from domain.notices import UNCAPPED, Status, Topic
from domain.recipients import Key, Standing

_QUEUED = recipients.c.status == literal_column("'queued'")
_UNCAPPED: Sequence[ColumnElement[str]] = [
    literal_column(f"'{topic}'") for topic in sorted(UNCAPPED)
]


async def load_standings(
    connection: AsyncConnection, chat_ids: Collection[int], weekly_cap: int
) -> dict[Key, Standing]:
    """Load how the queued recipients in these chats stand, and hold them until the end."""
    rows = await select_by_ids(connection, _standings(weekly_cap), chat_ids)
    return {
        Key(notice_id, chat_id): Standing(Status(status), Topic(topic), *rest)
        for notice_id, chat_id, status, topic, *rest in rows
    }


@lru_cache
def _standings(weekly_cap: int) -> Select[Any]:
    opted_out = select(opt_outs.c.chat_id).where(
        opt_outs.c.chat_id == recipients.c.chat_id, opt_outs.c.topic == notices.c.topic
    )
    return (
        select(
            recipients.c.notice_id,
            recipients.c.chat_id,
            notices.c.status,
            notices.c.topic,
            notices.c.emergency,
            notices.c.send_by,
            contacts.c.reachable,
            contacts.c.wants_notices,
            opted_out.exists().label("opted_out"),
            drafts.c.active_at,
            _full_since(weekly_cap).label("full_since"),
        )
        .join(notices, notices.c.id == recipients.c.notice_id)
        .join(contacts, contacts.c.chat_id == recipients.c.chat_id)
        .outerjoin(drafts, drafts.c.chat_id == recipients.c.chat_id)
        .where(recipients.c.chat_id.in_(bindparam("ids", expanding=True)), _QUEUED)
        .with_for_update(of=recipients)
    )


def _full_since(weekly_cap: int) -> Any:
    """Find when the oldest of the latest so many other notices that count was sent.

    Those count as well that somebody may have got before and is sent to again: of all who are
    queued or being sent to, only these have been settled.
    """
    sent, its_notice = recipients.alias(), notices.alias()
    return (
        select(sent.c.settled_at)
        .join(its_notice, its_notice.c.id == sent.c.notice_id)
        .where(
            sent.c.chat_id == recipients.c.chat_id,
            sent.c.notice_id != recipients.c.notice_id,
            sent.c.settled_at.is_not(None),
            may_have_it(sent),
            its_notice.c.emergency.is_(false()),
            its_notice.c.topic.not_in(_UNCAPPED),
        )
        .order_by(sent.c.settled_at.desc())
        .limit(literal_column("1"))
        .offset(literal_column(str(weekly_cap - 1)))
        .scalar_subquery()
    )
