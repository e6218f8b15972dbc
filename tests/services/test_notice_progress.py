"""Authors see in one message how far their notices are and what they wait for."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from db import notices
from domain.campaigns import MADE_BY_PROGRAM, Occasion
from domain.notices import Status as NoticeStatus
from domain.recipients import Status
from services import notices as acts
from tests.services.lookout import Lookout
from tests.services.newsroom import AUTHOR_CHAT, WRITTEN


async def test_the_author_sees_in_one_message_how_far_it_is(lookout: Lookout) -> None:
    counter = lookout.counter
    notice_id = await lookout.publish(*range(1, 5))
    [begun] = await lookout.look()
    assert begun.startswith("901 sendMessage “Training” is being sent\n\nSent: 0 of 4")
    assert counter.sent[0].progress_of == notice_id
    await lookout.note_progress(notice_id)
    await lookout.newsroom.send(limit=2)
    counter.clock.advance(seconds=5)
    assert await lookout.look() == []
    counter.clock.advance(seconds=5)
    [further] = await lookout.look()
    assert further.startswith("901 editMessageText")
    assert "Sent: 2 of 4" in further
    assert "12 a minute; minutes left: about 1" in further
    assert await lookout.look() == []
    await lookout.newsroom.send()
    await lookout.newsroom.tend()
    counter.clock.advance(seconds=1)
    [ended] = await lookout.look()
    assert ended.startswith("901 editMessageText “Training” has been sent\n\nSent: 4 of 4")
    assert await lookout.look() == []


async def test_the_author_is_told_that_a_notice_waits_for_the_morning(lookout: Lookout) -> None:
    await lookout.publish_and_tell(1, 2)
    lookout.counter.clock.advance(hours=10)
    [said] = await lookout.look()
    assert "“Training” waits" in said
    assert "Waiting for the morning, 5 March 2026, 07:00: 2" in said
    assert "minutes left" not in said


async def test_the_author_is_told_what_each_part_waits_for(lookout: Lookout) -> None:
    counter = lookout.counter
    notice_id = await lookout.publish(*range(1, 8))
    later = counter.clock() + timedelta(minutes=10)
    await lookout.pass_over(notice_id, [1, 2], reason="form", not_before=later)
    await lookout.pass_over(notice_id, [3], reason="full", not_before=later + timedelta(days=2))
    await lookout.pass_over(notice_id, [4], reason="limited", not_before=later)
    await lookout.pass_over(notice_id, [5], not_before=later)
    [said] = await lookout.look()
    assert said.startswith("901 sendMessage “Training” is being sent")
    for line in (
        "Being sent now: 2",
        "Filling in their form, left in peace until 4 March 2026, 10:20 or later: 2",
        "waiting until 6 March 2026, 10:20 or later: 1",
        "Telegram asks us to wait until 4 March 2026, 10:20 or later: 1",
        "Could not be sent, tried again from 4 March 2026, 10:20 on: 1",
    ):
        assert line in said
    await lookout.newsroom.send()
    counter.clock.advance(seconds=10)
    await lookout.note_progress(notice_id)
    [said] = await lookout.look()
    assert "“Training” waits: it is nobody’s turn yet" in said
    assert "minutes left" not in said


async def test_a_notice_that_is_open_for_newcomers_is_not_said_to_be_on_its_way(
    lookout: Lookout,
) -> None:
    send_by = lookout.counter.clock() + timedelta(days=3)
    await lookout.publish(1, written=replace(WRITTEN, send_by=send_by))
    await lookout.newsroom.send()
    [said] = await lookout.look()
    assert "was sent to everybody so far. Who fits later still gets it, until 7 March" in said


async def test_sending_again_is_told_of_until_it_is_done_also_over_a_restart(
    lookout: Lookout,
) -> None:
    counter = lookout.counter
    notice_id = await lookout.publish_and_tell(1)
    await lookout.newsroom.send(status=Status.UNCERTAIN)
    await lookout.newsroom.tend()
    counter.clock.advance(minutes=1)
    [said] = await lookout.look()
    assert "“Training” has been sent" in said
    await lookout.newsroom.run(acts.resend, lookout.author, notice_id, [1])
    counter.clock.advance(seconds=10)
    [said] = await lookout.look()
    assert "“Training” has been sent. Being sent again: 1" in said
    await lookout.newsroom.send()
    counter.clock.advance(minutes=1)
    [said] = await lookout.look_anew()
    assert "“Training” has been sent\n\nSent: 1 of 1" in said
    assert await lookout.look_anew() == []


@pytest.mark.parametrize("occasion", sorted(MADE_BY_PROGRAM))
async def test_of_what_the_program_makes_the_author_is_told_once_it_is_for_somebody(
    lookout: Lookout, occasion: Occasion
) -> None:
    nobody, somebody = await lookout.publish(), await lookout.publish(1)
    for notice_id in (nobody, somebody):
        await lookout.counter.database.write(
            partial(notices.note, notice_id=notice_id, occasion=occasion)
        )
    [said] = await lookout.look()
    assert "Sent: 0 of 1" in said
    await lookout.newsroom.send()
    await lookout.newsroom.tend()
    assert (await lookout.newsroom.get(nobody)).notice.status is NoticeStatus.COMPLETED
    [said] = await lookout.look_anew()
    assert "Sent: 1 of 1" in said


async def test_of_a_notice_of_their_own_authors_are_told_that_it_is_for_nobody(
    lookout: Lookout,
) -> None:
    await lookout.publish()
    [said] = await lookout.look()
    assert "Sent: 0 of 0" in said


async def test_the_end_is_told_however_many_notices_were_begun_since(lookout: Lookout) -> None:
    counter = lookout.counter
    send_by = counter.clock() + timedelta(hours=6)
    await lookout.publish(1, 2, written=replace(WRITTEN, send_by=send_by))
    await lookout.newsroom.send()
    await lookout.look()
    for _ in range(25):
        await lookout.newsroom.write(lookout.author)
    counter.clock.advance(hours=6)
    await lookout.newsroom.tend()
    counter.clock.advance(seconds=3)
    [said] = await lookout.look_anew()
    assert "“Training” has been sent" in said
    assert await lookout.look_anew() == []


async def test_the_end_waits_for_an_author_who_comes_back_but_not_for_ever(
    lookout: Lookout,
) -> None:
    notice_id, now = await lookout.publish(1), lookout.counter.clock()
    await lookout.newsroom.send()
    await lookout.newsroom.tend()
    contact = await lookout.counter.find_contact(AUTHOR_CHAT)
    assert contact is not None

    async def list_untold(since: datetime) -> list[int]:
        async with lookout.counter.database.read() as connection:
            return [one.id for one in await notices.list_ended_untold(connection, since)]

    await lookout.counter.save(replace(contact, reachable=False))
    assert await list_untold(now) == []
    await lookout.counter.save(contact)
    assert await list_untold(now) == [notice_id]
    later = now + timedelta(seconds=1)
    assert await list_untold(later) == []
    await lookout.note_progress(notice_id)
    assert await list_untold(later) == [notice_id]


async def test_an_author_who_could_not_be_told_at_first_is_told_later(lookout: Lookout) -> None:
    counter = lookout.counter
    contact = await counter.find_contact(AUTHOR_CHAT)
    assert contact is not None
    await lookout.publish(1)
    await counter.save(replace(contact, reachable=False))
    assert await lookout.look() == []
    await counter.save(contact)
    [said] = await lookout.look()
    assert said.startswith("901 sendMessage")


async def test_a_first_message_that_got_lost_is_sent_anew(lookout: Lookout) -> None:
    counter = lookout.counter
    await lookout.publish(1, 2, 3)
    assert len(await lookout.look()) == 1
    await lookout.newsroom.send(limit=1)
    counter.clock.advance(minutes=1)
    assert await lookout.look() == []
    counter.clock.advance(minutes=9)
    [said] = await lookout.look()
    assert said.startswith("901 sendMessage")


async def test_while_telegram_limits_us_nothing_is_heaped_up_for_the_author(
    lookout: Lookout,
) -> None:
    counter = lookout.counter
    notice_id = await lookout.publish(*range(1, 400))
    said = []
    for _ in range(100):
        said += await lookout.look(is_limited=True)
        await lookout.newsroom.send(limit=1)
        counter.clock.advance(seconds=10)
    assert len(said) == 1
    await lookout.note_progress(notice_id)
    said = []
    for _ in range(100):
        said += await lookout.look(is_limited=True)
        await lookout.newsroom.send(limit=1)
        counter.clock.advance(seconds=10)
    assert [one[:19] for one in said] == ["901 editMessageText"]
    await lookout.mark_made()
    [newest] = await lookout.look()
    assert "Sent: 200 of 399" in newest


async def test_a_clock_that_is_set_back_does_not_keep_a_lost_message_lost(lookout: Lookout) -> None:
    await lookout.publish(1, 2)
    await lookout.look()
    lookout.counter.clock.advance(hours=-1)
    await lookout.newsroom.send(limit=1)
    [said] = await lookout.look_anew()
    assert said.startswith("901 sendMessage")
