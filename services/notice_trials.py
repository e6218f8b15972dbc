"""A notice is tried out: sent as it is to the chat of whoever asks, and to nobody else."""

from db import notice_files
from db.audiences import RecipientFacts
from db.unit_of_work import UnitOfWork
from domain.notice_content import read_content
from locales.catalogue import LOCALES
from services.audit import note_staff
from services.chats import get_locale
from services.desk import Actor, Desk
from services.notice_access import Use, open_notice, subject_of
from services.notice_messages import Letter, write_test

EXAMPLE = RecipientFacts(
    chat_id=0,
    locale=None,
    number="123456789",
    family_km="សុខ",
    given_km="ដារ៉ា",
    family_latin="SOK",
    given_latin="DARA",
    place="02030105",
    occupation="market_vendor",
)
"""Somebody who does not exist: in a test, the placeholders stand for them."""


class NoChat(Exception):
    """This member of staff has no chat with the bot to which a test could be sent."""


async def send_test(uow: UnitOfWork, desk: Desk, actor: Actor, notice_id: int) -> None:
    """Send a notice as it is to the chat of whoever asks, in both languages, and to nobody else.

    Their own language comes first.

    Raises:
        NoChat: they have none.
    """
    stored = await open_notice(uow, actor, notice_id, Use.TEST)
    chat_id = actor.staff.chat_id
    if chat_id is None:
        raise NoChat
    await uow.load([chat_id])
    telegram_id = await notice_files.find_telegram_id(uow.connection, notice_id)
    letter = Letter(notice_id, read_content(stored.notice.content), telegram_id)
    own = get_locale(uow, desk, chat_id)
    for locale in sorted(LOCALES, key=lambda one: one != own):
        uow.send(write_test(letter, EXAMPLE, chat_id, locale, desk))
    uow.record(note_staff("test_notice", subject_of(notice_id), actor))
