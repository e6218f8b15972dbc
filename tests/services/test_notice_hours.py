"""Notices and the night: none begins in it, and none is approved that would end in it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from db import notice_files
from db.notice_files import NoticeFile
from domain.notice_content import FileKind
from domain.notices import Refusal, Refused, Status
from services import notice_writing
from services import notices as acts
from services.desk import Actor
from tests.services.newsroom import AUTHOR_CHAT, WRITTEN, Newsroom


def at(newsroom: Newsroom, hour: int, minute: int, days: int = 0) -> datetime:
    """Give a time of Phnom Penh, today or some days later."""
    local = newsroom.counter.clock().astimezone(newsroom.counter.desk.time_zone)
    return local.replace(hour=hour, minute=minute) + timedelta(days=days)


async def test_what_would_begin_and_end_in_one_night_is_not_submitted(
    newsroom: Newsroom, author: Actor
) -> None:
    evening, dawn = at(newsroom, 20, 5), at(newsroom, 6, 5, days=1)
    written = replace(WRITTEN, starts_at=evening, send_by=dawn)
    notice_id = await newsroom.write(author, written)
    with pytest.raises(Refused) as refused:
        await newsroom.act(acts.submit, author, notice_id)
    assert refused.value.refusal is Refusal.NIGHT
    emergency = await newsroom.write(author, replace(written, emergency=True))
    assert (await newsroom.act(acts.submit, author, emergency)).status is Status.PENDING_APPROVAL


@pytest.mark.parametrize(("minute", "is_refused"), [(0, True), (1, False)])
async def test_a_minute_after_the_night_is_enough(
    newsroom: Newsroom, author: Actor, minute: int, is_refused: bool
) -> None:
    night, morning = at(newsroom, 23, 0), at(newsroom, 7, minute, days=1)
    written = replace(WRITTEN, starts_at=night, send_by=morning)
    notice_id = await newsroom.write(author, written)
    if is_refused:
        with pytest.raises(Refused):
            await newsroom.act(acts.submit, author, notice_id)
    else:
        await newsroom.act(acts.submit, author, notice_id)


async def test_what_waited_for_its_approval_until_the_night_is_not_approved_for_nobody(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    notice_id = await newsroom.write(author, replace(WRITTEN, send_by=at(newsroom, 21, 0)))
    await newsroom.act(acts.submit, author, notice_id)
    newsroom.counter.clock.now = at(newsroom, 19, 55)
    with pytest.raises(Refused) as refused:
        await newsroom.act(acts.approve, approver, notice_id)
    assert refused.value.refusal is Refusal.NIGHT


async def test_at_night_the_author_is_told_of_the_morning(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    newsroom.counter.clock.now = at(newsroom, 21, 0)
    notice_id = await newsroom.write(author)
    await newsroom.act(acts.submit, author, notice_id)
    newsroom.counter.sent.clear()
    await newsroom.act(acts.approve, approver, notice_id)
    [told] = newsroom.counter.texts(AUTHOR_CHAT)
    assert "Nothing is sent at night" in told
    assert "07:00" in told


# Drafts that come to nothing


async def test_ones_own_draft_is_thrown_away_with_its_file(
    newsroom: Newsroom, author: Actor
) -> None:
    notice_id = await newsroom.write(author)
    file = NoticeFile("photo", "picture.png", "image/png", b"\x89PNG")
    await newsroom.run(
        notice_writing.attach_file,
        author,
        notice_id,
        FileKind.PHOTO,
        file.filename,
        file.mime,
        file.content,
    )
    await newsroom.act(acts.stop, author, notice_id)
    stored = await newsroom.get(notice_id)
    async with newsroom.counter.database.read() as connection:
        assert await notice_files.find(connection, notice_id) is None
    assert (stored.is_thrown_away, stored.title, stored.notice.audience) == (True, "", {})


async def test_what_somebody_was_asked_to_read_or_another_wrote_is_stopped_and_kept(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    returned, written = await newsroom.write(author), await newsroom.write(author)
    await newsroom.act(acts.submit, author, returned)
    await newsroom.act(acts.return_to_author, author, returned)
    await newsroom.act(acts.stop, author, returned)
    await newsroom.act(acts.stop, approver, written)
    for notice_id in (returned, written):
        stored = await newsroom.get(notice_id)
        assert (stored.is_thrown_away, stored.title) == (False, "Training")
