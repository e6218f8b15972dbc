"""A notice that Telegram refuses to everybody waits for a person, and so do its recipients."""

import pytest

from db import audit, notice_files
from db.notice_files import NoticeFile, Uploaded
from domain.audit import ActorKind
from domain.notices import Status as NoticeStatus
from domain.recipients import Key, Status
from services import notices as acts
from services.desk import Actor
from services.notice_refusals import hold_refused
from tests.services.counter import read_parameters
from tests.services.newsroom import APPROVER_CHAT, AUTHOR_CHAT, Newsroom

REASON = "Bad Request: button url is invalid"
VOICE = NoticeFile("voice", "notice.ogg", "audio/ogg", b"OggS invented")


async def refuse(newsroom: Newsroom, notice_id: int, *, renews_file: bool = False) -> None:
    """Let Telegram have refused a notice to the first two."""
    counter = newsroom.counter
    counter.forget_sent()
    await counter.run(
        lambda uow: hold_refused(
            uow,
            desk=counter.desk,
            notice_id=notice_id,
            reason=REASON,
            refused=[Key(notice_id, 1), Key(notice_id, 2)],
            renews_file=renews_file,
        )
    )


async def send_in_vain(newsroom: Newsroom, author: Actor, approver: Actor) -> int:
    """Begin to send a notice that fails for the first two."""
    await newsroom.register(1, 2, 3)
    notice_id = await newsroom.publish(author, approver)
    await newsroom.send(limit=2, status=Status.FAILED)
    return notice_id


async def test_it_is_paused_nobody_is_lost_and_its_author_and_administrators_are_told(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    notice_id = await send_in_vain(newsroom, author, approver)
    await refuse(newsroom, notice_id)
    assert (await newsroom.get(notice_id)).notice.status is NoticeStatus.PAUSED
    assert await newsroom.count(notice_id) == {"queued": 3}
    sent = newsroom.counter.sent
    assert {call.chat_id for call in sent} == {AUTHOR_CHAT, APPROVER_CHAT}
    assert all(REASON in read_parameters(call)["text"] for call in sent)
    async with newsroom.counter.database.read() as connection:
        events = await audit.list_about(connection, f"notice:{notice_id}")
    [paused] = [one.event for one in events if one.event.act == "pause_notice"]
    assert (paused.actor_kind, paused.details) == (ActorKind.PROGRAM, {"reason": REASON})
    await newsroom.act(acts.resume, author, notice_id)
    await newsroom.send()
    assert await newsroom.count(notice_id) == {"sent": 3}


async def test_a_file_that_telegram_does_not_know_is_uploaded_anew(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    notice_id = await send_in_vain(newsroom, author, approver)
    database = newsroom.counter.database
    known = Uploaded(notice_id, VOICE.content, "AgAD")
    await database.write(lambda c: notice_files.save(c, notice_id, VOICE))
    await database.write(lambda c: notice_files.note_uploaded(c, known))
    await refuse(newsroom, notice_id, renews_file=True)
    async with database.read() as connection:
        assert await notice_files.find_telegram_id(connection, notice_id) is None
    assert all("file" in read_parameters(call)["text"] for call in newsroom.counter.sent)


@pytest.mark.parametrize(
    ("act", "counts"), [(acts.pause, {"queued": 3}), (acts.stop, {"failed": 2, "cancelled": 1})]
)
async def test_what_a_person_did_meanwhile_stands(
    newsroom: Newsroom, author: Actor, approver: Actor, act: object, counts: dict[str, int]
) -> None:
    notice_id = await send_in_vain(newsroom, author, approver)
    await newsroom.act(act, author, notice_id)
    before = await newsroom.get(notice_id)
    await refuse(newsroom, notice_id)
    assert await newsroom.get(notice_id) == before
    assert newsroom.counter.sent == []
    assert await newsroom.count(notice_id) == counts


@pytest.mark.parametrize("renews_file", [False, True])
async def test_what_is_sent_again_is_held_too_and_who_may_have_it_is_uncertain_still(
    newsroom: Newsroom, author: Actor, approver: Actor, *, renews_file: bool
) -> None:
    await newsroom.register(1, 2, 3)
    notice_id = await newsroom.publish(author, approver)
    await newsroom.send(status=Status.UNCERTAIN)
    await newsroom.tend()
    await newsroom.run(acts.resend, author, notice_id, [1, 2, 3])
    await newsroom.send(limit=2, status=Status.FAILED)
    await refuse(newsroom, notice_id, renews_file=renews_file)
    assert (await newsroom.get(notice_id)).notice.status is NoticeStatus.PAUSED
    assert await newsroom.send() == []
    assert await newsroom.count(notice_id) == {"uncertain": 2, "queued": 1}
    sent = newsroom.counter.sent
    assert {call.chat_id for call in sent} == {AUTHOR_CHAT, APPROVER_CHAT}
    assert all("2 people it is still uncertain" in read_parameters(call)["text"] for call in sent)
    await newsroom.act(acts.resume, author, notice_id)
    await newsroom.send()
    await newsroom.tend()
    assert (await newsroom.get(notice_id)).notice.status is NoticeStatus.COMPLETED
    assert await newsroom.count(notice_id) == {"uncertain": 2, "sent": 1}


async def test_a_notice_that_has_ended_meanwhile_stays_so(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2)
    notice_id = await newsroom.publish(author, approver)
    await newsroom.send(status=Status.FAILED)
    await newsroom.tend()
    await refuse(newsroom, notice_id)
    assert (await newsroom.get(notice_id)).notice.status is NoticeStatus.COMPLETED
    assert await newsroom.count(notice_id) == {"failed": 2}
    assert newsroom.counter.sent == []
