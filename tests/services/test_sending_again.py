"""Who may have got a notice is sent to again when a person says so, and never forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.notices import Refusal, Refused
from domain.notices import Status as NoticeStatus
from domain.recipients import Status
from services import notices as acts
from services.desk import Actor
from tests.services.newsroom import WRITTEN, Newsroom


async def test_after_the_time_to_send_by_nobody_is_sent_to_again(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2)
    written = replace(WRITTEN, send_by=newsroom.counter.clock() + timedelta(hours=2))
    notice_id = await newsroom.publish(author, approver, written)
    await newsroom.send(status=Status.UNCERTAIN)
    newsroom.counter.clock.advance(hours=2)
    await newsroom.tend()
    with pytest.raises(Refused) as refused:
        await newsroom.run(acts.resend, author, notice_id, [1, 2])
    assert refused.value.refusal is Refusal.TOO_LATE
    assert await newsroom.count(notice_id) == {"uncertain": 2}


async def test_a_stop_does_not_make_those_unsent_who_may_have_got_it_before(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2)
    notice_id = await newsroom.publish(author, approver)
    await newsroom.send(limit=1, status=Status.UNCERTAIN)
    assert await newsroom.run(acts.resend, author, notice_id, [1]) == 1
    await newsroom.act(acts.stop, author, notice_id)
    assert await newsroom.count(notice_id) == {"uncertain": 1, "cancelled": 1}


async def test_what_is_sent_again_can_be_held_and_stopped(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2, 3)
    notice_id = await newsroom.publish(author, approver)
    await newsroom.send(status=Status.UNCERTAIN)
    await newsroom.tend()
    for act in (acts.pause, acts.stop):
        with pytest.raises(Refused):
            await newsroom.act(act, author, notice_id)

    await newsroom.run(acts.resend, author, notice_id, [1, 2, 3])
    await newsroom.act(acts.pause, author, notice_id)
    assert await newsroom.send() == []
    await newsroom.act(acts.resume, author, notice_id)
    assert len(await newsroom.send(limit=1)) == 1
    await newsroom.act(acts.stop, author, notice_id)
    assert await newsroom.count(notice_id) == {"sent": 1, "uncertain": 2}
    assert (await newsroom.get(notice_id)).notice.status is NoticeStatus.CANCELLED


async def test_a_notice_held_while_it_was_sent_again_is_completed_again(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1)
    notice_id = await newsroom.publish(author, approver)
    await newsroom.send(status=Status.UNCERTAIN)
    await newsroom.tend()
    await newsroom.run(acts.resend, author, notice_id, [1])
    await newsroom.act(acts.pause, author, notice_id)
    await newsroom.act(acts.resume, author, notice_id)
    await newsroom.send()
    await newsroom.tend()
    assert (await newsroom.get(notice_id)).notice.status is NoticeStatus.COMPLETED


async def test_who_had_blocked_the_bot_and_is_back_in_time_gets_it_once(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2)
    counter = newsroom.counter
    written = replace(WRITTEN, send_by=counter.clock() + timedelta(days=1))
    notice_id = await newsroom.publish(author, approver, written)
    present = await counter.find_contact(1)
    assert present is not None
    await counter.save(replace(present, reachable=False))
    await newsroom.send()
    counter.clock.advance(minutes=5)
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"sent": 1, "failed": 1}

    await counter.save(present)
    sent = []
    for _ in range(2):
        counter.clock.advance(minutes=5)
        await newsroom.tend()
        sent += [call.chat_id for call in await newsroom.send()]
    assert sent == [1]
    assert await newsroom.count(notice_id) == {"sent": 2}


async def test_without_a_time_to_send_by_nobody_is_looked_for_who_comes_back(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2)
    counter = newsroom.counter
    notice_id = await newsroom.publish(author, approver)
    present = await counter.find_contact(1)
    assert present is not None
    await counter.save(replace(present, reachable=False))
    await newsroom.send()
    await counter.save(present)
    counter.clock.advance(minutes=6)
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"sent": 1, "failed": 1}
