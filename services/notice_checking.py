"""Whether a text that somebody got or was shown is a notice of ours."""

from datetime import timedelta

from db import notices
from db.errors import told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.khmer import clean
from domain.notice_content import read_content
from domain.notice_copies import is_copy
from domain.texts import Text, message
from locales.catalogue import LOCALES, render_plain
from services.chats import say_with_menu
from services.desk import Desk, Person

LOOKED_BACK = timedelta(days=90)
SHORTEST = 25
"""Letters of a text that may be a notice; what is shorter was typed."""


def may_be_notice(text: str) -> bool:
    """Tell whether a text is long enough to be a notice."""
    return len(clean(text)) >= SHORTEST


async def check_text(uow: UnitOfWork, desk: Desk, person: Person, text: str) -> None:
    """Tell somebody whether a text is a notice of ours, and what we never ask for."""
    stored = await _find_original(uow, desk, text)
    say_with_menu(
        uow, desk, person.chat_id, _word_finding(desk, stored), message("verify.never_asked")
    )


def confirm_own(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Tell somebody that a message which they forwarded came from this bot."""
    words = message("verify.message_ours"), message("verify.never_asked")
    say_with_menu(uow, desk, person.chat_id, *words)


async def _find_original(uow: UnitOfWork, desk: Desk, text: str) -> StoredNotice | None:
    with told_apart():
        sent = await notices.list_started_since(uow.connection, uow.now - LOOKED_BACK)
    for stored in sent:
        content = read_content(stored.notice.content)
        for locale in LOCALES:
            mark = render_plain(message("notice.specimen"), locale, desk.names)
            if is_copy(text, content.text(locale), mark):
                return stored
    return None


def _word_finding(desk: Desk, stored: StoredNotice | None) -> Text:
    if stored is None or stored.started_at is None:
        return message("verify.notice_unknown")
    sent_on = stored.started_at.astimezone(desk.time_zone).date()
    return message("verify.notice_ours", sent_on=sent_on)
