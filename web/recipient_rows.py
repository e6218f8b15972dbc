"""The recipients of a notice as their list and its file show them: in words, without names."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from db import recipients
from db.recipients import NumberedRecipient
from db.staff import Connection
from documents.tables import BYTE_ORDER_MARK, write_rows
from domain.notice_content import read_content
from domain.numbers import format_number
from domain.recipients import Status
from locales.catalogue import render_plain
from web.notice_page import FoundNotice
from web.notice_tables import RECIPIENTS_HEAD, word_status, write_head
from web.office import Office
from web.recipient_words import label_answers, word_answers, word_reason

AT_A_TIME = 1_000
DISTRICT_DIGITS = 4
UNSEEN = frozenset({"chat_id", "application_id"})


async def describe_recipients(
    connection: Connection,
    office: Office,
    found: FoundNotice,
    locale: str,
    rows: Sequence[NumberedRecipient],
) -> list[dict[str, Any]]:
    """Describe recipients without their names: their district, what they answered, and why."""
    chats, labels = [row.chat_id for row in rows], label_all_answers(office, found, locale)
    answers = await recipients.list_answers(connection, found.stored.id, chats)
    return [
        {
            **{name: value for name, value in vars(row).items() if name not in UNSEEN},
            "reason": word_reason(row.reason, row.status) if row.reason else None,
            "district": _find_district(office, row.place),
            "answer": word_answers(answers.get(row.chat_id, ()), labels),
        }
        for row in rows
    ]


def label_all_answers(office: Office, found: FoundNotice, locale: str) -> dict[str, str]:
    """Name the answers that can be given to a notice; of most, none."""
    content = read_content(found.stored.notice.content)
    return label_answers(content, locale, office.desk.names)


def _find_district(office: Office, place: str | None) -> str | None:
    code = (place or "")[:DISTRICT_DIGITS]
    return code if office.desk.gazetteer.find(code) else None


async def write_recipients(
    office: Office, found: FoundNotice, locale: str, status: Status | None
) -> AsyncIterator[str]:
    """Write the recipients in a status, or all, as a file, some at a time."""
    yield BYTE_ORDER_MARK + write_rows([write_head(RECIPIENTS_HEAD, locale, office.desk.names)])
    notice_id = found.stored.id
    async with office.database.read() as connection:
        chats = await recipients.list_chats(connection, notice_id, status)
    for begin in range(0, len(chats), AT_A_TIME):
        some = chats[begin : begin + AT_A_TIME]
        async with office.database.read() as connection:
            rows = await recipients.list_numbered(connection, notice_id, some)
            people = await describe_recipients(connection, office, found, locale, rows)
        yield write_rows(_list_cells(one, office, locale) for one in people)


def _list_cells(one: Mapping[str, Any], office: Office, locale: str) -> tuple[str, ...]:
    names, zone = office.desk.names, office.desk.time_zone
    return (
        format_number(one["number"]) if one["number"] else "",
        one["locale"] or "",
        names.gazetteer.short(one["district"], locale) if one["district"] else "",
        one["status"].value,
        word_status(one["status"], locale, names),
        render_plain(one["reason"], locale, names) if one["reason"] else "",
        one["answer"],
        *(_write_time(one[name], zone) for name in ("queued_at", "claimed_at", "settled_at")),
    )


def _write_time(at: datetime | None, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else ""
