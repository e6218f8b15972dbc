"""Authors see how far their notices are and what they wait for; a stall is told of."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from db import ledger, notices, outbox
from db.lane_rests import Rest
from db.outbox import Marks
from db.unit_of_work import UnitOfWork
from domain.campaigns import MADE_BY_PROGRAM, Occasion
from domain.notices import Status as NoticeStatus
from domain.outbox import Lane
from domain.recipients import Key, Status, Verdict
from services import notice_clock, notice_progress
from services import notices as acts
from services.desk import Actor
from services.notice_clock import NoticeClock
from services.notice_progress import MOST_UNCERTAIN, Watch
from services.notice_writing import Written
from tests.services.counter import Counter, list_labels, read_parameters
from tests.services.newsroom import APPROVER_CHAT, AUTHOR_CHAT, WRITTEN, Newsroom

MESSAGE_ID = 77


@dataclass
class Lookout:
    """Keeps an eye on notices of an author whom a colleague approves."""

    newsroom: Newsroom
    author: Actor
    approver: Actor
    watch: Watch

    @property
    def counter(self) -> Counter:
        """The counter of the newsroom."""
        return self.newsroom.counter

    async def publish(self, *chats: int, written: Written = WRITTEN) -> int:
        """Let some people register, and begin to send a notice to them."""
        await self.newsroom.register(*chats)
        return await self.newsroom.publish(self.author, self.approver, written)

    async def publish_and_tell(self, *chats: int) -> int:
        """Do the same, and let the author's message arrive."""
        notice_id = await self.publish(*chats)
        await self.look()
        await self.note_progress(notice_id)
        return notice_id

    async def look(self, *, is_limited: bool = False) -> list[str]:
        """Look once, and give what was said to whom; Telegram takes it unless it limits us."""
        self.counter.forget_sent()
        await self.watch.look(self.counter.clock())
        if not is_limited:
            await self.mark_made()
        return [
            f"{call.chat_id} {call.method} {read_parameters(call)['text']}"
            for call in self.counter.sent
        ]

    async def look_anew(self) -> list[str]:
        """Look once as after a start."""
        return await replace(self, watch=watch_anew(self.counter)).look()

    async def note_progress(self, notice_id: int) -> None:
        """Tell the message's id, as the sender does."""
        await self.mark_made(progress={notice_id: MESSAGE_ID})

    async def mark_made(self, **beside: Any) -> None:
        """Make what waits, as the sender does."""
        async with self.counter.database.read() as connection:
            made = [one.id for one in await outbox.list_queued(connection)]
        marks = Marks(made, **beside)
        await self.counter.database.write(lambda connection: outbox.write_marks(connection, marks))

    async def pass_over(self, notice_id: int, chats: Sequence[int], **why: object) -> None:
        """Put some off, as the sender does when they are not to be sent to yet."""
        verdict = replace(Verdict(Status.QUEUED), **why)  # type: ignore[arg-type]  # any field of it
        verdicts = {Key(notice_id, chat): verdict for chat in chats}
        now = self.counter.clock()
        await self.counter.database.write(lambda c: ledger.pass_over(c, verdicts, now))

    async def wait(self, minutes: int, every: int = 1) -> list[str]:
        """Let time pass, looking every so many minutes; give all that was said."""
        said = []
        for _ in range(minutes // every):
            self.counter.clock.advance(minutes=every)
            said += await self.look()
        return said


@pytest.fixture
def lookout(newsroom: Newsroom, author: Actor, approver: Actor) -> Lookout:
    """Keep an eye on notices."""
    return Lookout(newsroom, author, approver, watch_anew(newsroom.counter))


def watch_anew(counter: Counter) -> Watch:
    """Watch as after a start."""
    return Watch(counter.run, counter.database, counter.desk)


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
    anew = replace(lookout, watch=watch_anew(lookout.counter))
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
        anew = replace(lookout, watch=watch_anew(lookout.counter))
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


async def test_a_clock_that_is_set_back_does_not_keep_a_lost_message_lost(lookout: Lookout) -> None:
    await lookout.publish(1, 2)
    await lookout.look()
    lookout.counter.clock.advance(hours=-1)
    await lookout.newsroom.send(limit=1)
    [said] = await lookout.look_anew()
    assert said.startswith("901 sendMessage")


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


async def test_what_many_wait_for_is_counted_once_a_minute(
    lookout: Lookout, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = lookout.counter
    later = counter.clock() + timedelta(days=2)
    notice_id = await lookout.publish(*range(1, 8))
    await lookout.pass_over(notice_id, range(1, 6), reason="full", not_before=later)
    monkeypatch.setattr(notice_progress, "MANY", 5)
    await lookout.look()
    await lookout.note_progress(notice_id)
    await lookout.pass_over(notice_id, [6], reason="full", not_before=later)
    counter.clock.advance(seconds=30)
    assert await lookout.look() == []
    counter.clock.advance(seconds=30)
    [said] = await lookout.look()
    assert "10:00 or later: 6" in said
    await lookout.newsroom.send()
    counter.clock.advance(seconds=30)
    [said] = await lookout.look()
    assert "Sent: 1 of 7" in said


async def test_a_notice_is_not_held_up_by_counting(lookout: Lookout) -> None:
    counter = lookout.counter
    await lookout.publish(1)
    await lookout.look()
    ran = []

    async def run(work: object) -> None:
        ran.append(work)

    lookout.watch._run = run
    await lookout.watch.look(counter.clock())
    assert ran == []
