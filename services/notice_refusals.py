"""A notice that Telegram refuses whoever it is for: it is held before it fails for everybody."""

from collections.abc import Collection
from functools import partial

from db import ledger, notice_files, notice_progress, notices
from db.errors import told_apart
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.notices import Act, Status, take_act
from domain.recipients import Key
from domain.texts import Text, message
from services.audit import note_program
from services.desk import Desk
from services.notice_access import subject_of
from services.notice_letters import tell_administrators
from services.notice_titles import Title, name_notice

ORIGIN = "sender"


async def hold_refused(
    uow: UnitOfWork,
    *,
    desk: Desk,
    notice_id: int,
    reason: str,
    refused: Collection[Key],
    renews_file: bool,
) -> None:
    """Pause a notice and say why; whoever it was refused to waits again, having got nothing.

    One that has ended meanwhile stays as it is, unless somebody is sent to again.
    """
    with told_apart():
        stored = await notices.find(uow.connection, notice_id, lock=True)
    if stored is None:
        return
    if renews_file:
        uow.write(partial(notice_files.forget_uploaded, notice_id=notice_id))
    is_going_on = await _is_going_on(uow, stored)
    if is_going_on or stored.notice.status is Status.PAUSED:
        uow.write(partial(ledger.requeue_refused, keys=refused))
    if not is_going_on:
        return
    after = take_act(stored.notice, Act.PAUSE, None, uow.now)
    uow.write(partial(notices.save, notice=after))
    uow.record(note_program("pause_notice", subject_of(notice_id), ORIGIN, {"reason": reason}))
    title = await name_notice(uow.connection, stored)
    words = _word_refusal(stored, title, len(refused), reason, is_of_file=renews_file)
    await tell_administrators(uow, desk, stored, words)


async def _is_going_on(uow: UnitOfWork, stored: StoredNotice) -> bool:
    """Tell whether a notice is being sent, be it to some people again after its end."""
    if stored.notice.status is not Status.COMPLETED:
        return stored.notice.status is Status.SENDING
    with told_apart():
        return await notice_progress.has_open(uow.connection, stored.id)


def _word_refusal(
    stored: StoredNotice, title: Title, count: int, reason: str, *, is_of_file: bool
) -> Text:
    """Say what is refused, and to how many; who may have got it before is uncertain still."""
    if stored.notice.status is Status.COMPLETED:
        return message("notice.refused_again", title=title, count=count, reason=reason)
    if is_of_file:
        return message("notice.file_refused", title=title, count=count)
    return message("notice.refused", title=title, count=count, reason=reason)
