"""A notice that Telegram refuses whoever it is for: it is held before it fails for everybody."""

from collections.abc import Collection
from functools import partial

from db import ledger, notice_files, notices
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.notices import Act, Status, take_act
from domain.recipients import Key
from domain.texts import message
from services.audit import note_program
from services.desk import Desk
from services.notice_access import subject_of
from services.notice_letters import tell_administrators

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

    One that has ended meanwhile stays as it is.
    """
    with told_apart():
        stored = await notices.find(uow.connection, notice_id, lock=True)
    if stored is None:
        return
    if renews_file:
        uow.write(partial(notice_files.forget_uploaded, notice_id=notice_id))
    if stored.notice.status in (Status.SENDING, Status.PAUSED):
        uow.write(partial(ledger.requeue_refused, keys=refused))
    if stored.notice.status is not Status.SENDING:
        return
    after = take_act(stored.notice, Act.PAUSE, None, uow.now)
    uow.write(partial(notices.save, notice=after))
    uow.record(note_program("pause_notice", subject_of(notice_id), ORIGIN, {"reason": reason}))
    title, count = stored.title, len(refused)
    words = (
        message("notice.file_refused", title=title, count=count)
        if renews_file
        else message("notice.refused", title=title, count=count, reason=reason)
    )
    await tell_administrators(uow, desk, stored, words)
