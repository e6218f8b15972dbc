"""A notice that should go on and does not is told of, once; nobody is alarmed for nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from db import notices
from db.lane_rests import Rest
from db.unit_of_work import UnitOfWork
from domain.outbox import Lane
from domain.recipients import Status
from services import notice_clock
from services import notices as acts
from services.notice_clock import NoticeClock
from services.notice_stalls import MOST_UNCERTAIN
from tests.services.counter import list_labels
from tests.services.lookout import Lookout
from tests.services.newsroom import APPROVER_CHAT, AUTHOR_CHAT, WRITTEN


async def test_a_notice_that_does_not_move_by_day_is_told_of_once(lookout: Lookout) -> None:
    await lookout.publish(1, 2)
    await lookout.look()
    said = await lookout.wait(24, every=6)
    assert [one[:3] for one in said] == [str(AUTHOR_CHAT), str(APPROVER_CHAT)]
    assert all("does not move: 2 people wait" in one for one in said)


async def test_latecomers_do_not_hide_that_a_notice_does_not_move(lookout: Lookout) -> None:
    send_by = lookout.counter.clock() + timedelta(days=3)
    notice_id = await lookout.publish(1, 2, written=replace(WRITTEN, send_by=send_by))
    said = []
    for minute in range(30):
        said += await lookout.wait(1)
        await lookout.newsroom.register(100 + minute)
        await lookout.newsroom.tend()
    assert (await lookout.newsroom.count(notice_id))["queued"] > 20
    assert sum("does not move" in one for one in said) == 2


async def test_a_notice_moves_while_those_are_found_whom_it_is_for(
    lookout: Lookout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_clock, "AT_ONCE", 2)
    counter = lookout.counter
    await lookout.newsroom.register(*range(1, 16))
    await lookout.newsroom.approve(lookout.author, lookout.approver)
    said = []

    async def run(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        await counter.run(work)
        said.extend(await lookout.wait(4))

    await NoticeClock(run, counter.database, counter.desk).look(counter.clock())
    assert said
    assert not any("does not move" in one for one in said)


async def test_a_stall_is_told_with_nothing_to_press(lookout: Lookout) -> None:
    await lookout.publish(1)
    await lookout.look()
    lookout.counter.clock.advance(minutes=11)
    await lookout.look()
    assert [list_labels(call) for call in lookout.counter.sent] == [[], []]


async def test_restarts_neither_hide_a_stall_nor_tell_of_it_twice(lookout: Lookout) -> None:
    await lookout.publish_and_tell(1)
    said = []
    for _ in range(8):
        lookout.counter.clock.advance(minutes=4)
        said += [one for one in await lookout.look_anew() if "sendMessage" in one]
    assert [one[:3] for one in said] == [str(AUTHOR_CHAT), str(APPROVER_CHAT)]


async def test_an_outage_of_ours_is_no_stall(lookout: Lookout) -> None:
    notice_id = await lookout.publish_and_tell(1, 2, 3)
    lookout.counter.clock.advance(hours=3)
    anew = lookout.anew()
    assert not any("does not move" in one for one in await anew.look() + await anew.wait(9))
    assert sum("does not move" in one for one in await anew.wait(2)) == 2
    await lookout.newsroom.send()
    assert await lookout.newsroom.count(notice_id) == {"sent": 3}


@pytest.mark.parametrize(("minutes_up", "minutes_down"), [(5, 0), (4, 1), (3, 20)])
async def test_starts_and_ends_in_turn_hide_no_stall(
    lookout: Lookout, minutes_up: int, minutes_down: int
) -> None:
    await lookout.publish_and_tell(1)
    said = []
    for _ in range(5):
        anew = lookout.anew()
        said += await anew.look() + await anew.wait(minutes_up)
        lookout.counter.clock.advance(minutes=minutes_down)
    assert sum("does not move" in one for one in said) == 2


async def test_who_is_sent_to_again_long_after_the_end_has_their_time(lookout: Lookout) -> None:
    notice_id = await lookout.publish_and_tell(1)
    await lookout.newsroom.send(status=Status.UNCERTAIN)
    await lookout.newsroom.tend()
    await lookout.wait(60, every=5)
    for _ in range(25):
        await lookout.newsroom.write(lookout.author)
    await lookout.newsroom.run(acts.resend, lookout.author, notice_id, [1])
    assert not any("does not move" in one for one in await lookout.look() + await lookout.wait(9))
    assert sum("does not move" in one for one in await lookout.wait(2)) == 2


async def test_a_notice_that_goes_on_after_a_stall_may_stall_again(lookout: Lookout) -> None:
    await lookout.publish_and_tell(1, 2)
    assert len(await lookout.wait(12)) == 2
    await lookout.newsroom.send(limit=1)
    said = [one for one in await lookout.wait(15) if "sendMessage" in one]
    assert [one[:3] for one in said] == [str(AUTHOR_CHAT), str(APPROVER_CHAT)]


async def test_a_notice_that_cannot_be_written_is_a_stall(lookout: Lookout) -> None:
    notice_id = await lookout.publish(1, 2)
    await lookout.look()
    said = []
    for _ in range(15):
        again = lookout.counter.clock() + timedelta(minutes=1)
        await lookout.pass_over(notice_id, [1, 2], not_before=again)
        said += await lookout.wait(1)
    assert sum("does not move" in one for one in said) == 2


async def test_a_notice_whose_people_cannot_be_found_out_is_a_stall(lookout: Lookout) -> None:
    await lookout.newsroom.register(1)
    notice_id = await lookout.newsroom.approve(lookout.author, lookout.approver)
    stored = await lookout.newsroom.get(notice_id)
    damaged = replace(stored.notice, audience={"all_of": [["nothing", ["x"]]]})
    await lookout.counter.database.write(lambda connection: notices.save(connection, damaged))
    said = []
    for _ in range(12):
        await lookout.newsroom.tend()
        said += await lookout.wait(1)
    assert sum("could not find out who is to get it" in one for one in said) == 2


async def test_a_clock_that_is_set_back_hides_neither_how_far_a_notice_is_nor_a_stall(
    lookout: Lookout,
) -> None:
    await lookout.publish_and_tell(1, 2, 3)
    lookout.counter.clock.advance(hours=-1)
    await lookout.newsroom.send(limit=1)
    [said] = await lookout.look()
    assert "Sent: 1 of 3" in said
    assert sum("does not move" in one for one in await lookout.wait(12)) == 2


async def test_a_streak_of_uncertain_answers_is_told_of_at_once(lookout: Lookout) -> None:
    await lookout.publish(*range(1, 2 * MOST_UNCERTAIN))
    await lookout.look()
    await lookout.newsroom.send(limit=MOST_UNCERTAIN - 1, status=Status.UNCERTAIN)
    assert await lookout.look() == []
    await lookout.newsroom.send(limit=1, status=Status.UNCERTAIN)
    said = await lookout.look()
    assert [one[:3] for one in said] == [str(AUTHOR_CHAT), str(APPROVER_CHAT)]
    assert all("of the last 50 people it is uncertain" in one for one in said)


@pytest.mark.parametrize("reason", ["form", "full", "night"])
async def test_nobody_is_alarmed_while_all_wait_by_the_rules(lookout: Lookout, reason: str) -> None:
    notice_id = await lookout.publish(1)
    due = lookout.counter.clock() + timedelta(hours=2)
    await lookout.pass_over(notice_id, [1], reason=reason, not_before=due)
    await lookout.look()
    assert not any("does not move" in one for one in await lookout.wait(120, every=5))
    assert any("does not move" in one for one in await lookout.wait(15))


async def test_a_long_limit_of_telegrams_is_no_stall_but_short_rests_may_be(
    lookout: Lookout,
) -> None:
    notice_id = await lookout.publish(*range(1, 20))
    now = lookout.counter.clock()
    limit = Rest(now, now + timedelta(hours=1))
    await lookout.mark_made(rests={Lane.BULK: limit})
    await lookout.pass_over(notice_id, range(1, 9), reason="limited", not_before=limit.until)
    await lookout.look()
    assert not any("does not move" in one for one in await lookout.wait(65))
    said = []
    for _ in range(6):
        now = lookout.counter.clock()
        await lookout.mark_made(rests={Lane.BULK: Rest(now, now + timedelta(seconds=59.99))})
        said += await lookout.wait(1)
    assert sum("does not move" in one for one in said) == 2


async def test_nobody_is_alarmed_at_night(lookout: Lookout) -> None:
    await lookout.publish(1)
    lookout.counter.clock.advance(hours=10)
    await lookout.look()
    assert await lookout.wait(80, every=20) == []


async def test_nobody_is_alarmed_about_a_notice_that_was_paused_until_now(lookout: Lookout) -> None:
    notice_id = await lookout.publish(1)
    await lookout.look()
    await lookout.newsroom.act(acts.pause, lookout.author, notice_id)
    await lookout.wait(30, every=5)
    await lookout.newsroom.act(acts.resume, lookout.author, notice_id)
    await lookout.look_anew()
    assert not any("does not move" in one for one in await lookout.wait(8))
