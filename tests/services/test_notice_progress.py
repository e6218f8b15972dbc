"""Authors see how far their notices are and what they wait for; a stall is told of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from db import ledger, notices
from db.outbox import Marks, write_marks
from domain.recipients import Key, Status, Verdict
from services import notices as acts
from services.desk import Actor
from services.notice_progress import MOST_UNCERTAIN, Watch
from tests.services.counter import Counter, list_labels, read_parameters
from tests.services.newsroom import APPROVER_CHAT, AUTHOR_CHAT, WRITTEN, Newsroom

MESSAGE_ID = 77


@pytest.fixture
def watch(counter: Counter) -> Watch:
    """Keep an eye on notices."""
    return watch_anew(counter)


def watch_anew(counter: Counter) -> Watch:
    """Watch as after a start."""
    return Watch(counter.run, counter.database, counter.desk)


async def look(counter: Counter, watch: Watch) -> list[str]:
    """Look once, and give what was said to whom."""
    counter.forget_sent()
    await watch.look(counter.clock())
    return [
        f"{call.chat_id} {call.method} {read_parameters(call)['text']}" for call in counter.sent
    ]


async def note_progress(counter: Counter, notice_id: int) -> None:
    """Tell the message's id, as the sender does."""
    await counter.database.write(
        lambda connection: write_marks(connection, Marks(progress={notice_id: MESSAGE_ID}))
    )


async def pass_over(counter: Counter, notice_id: int, chats: Sequence[int], **why: object) -> None:
    """Put some off, as the sender does when they are not to be sent to yet."""
    verdict = replace(Verdict(Status.QUEUED), **why)  # type: ignore[arg-type]  # any field of it
    verdicts = {Key(notice_id, chat): verdict for chat in chats}
    now = counter.clock()
    await counter.database.write(lambda c: ledger.pass_over(c, verdicts, now))


async def wait(newsroom: Newsroom, watch: Watch, minutes: int, every: int = 1) -> list[str]:
    """Let time pass, looking every so many minutes; give all that was said."""
    said = []
    for _ in range(minutes // every):
        newsroom.counter.clock.advance(minutes=every)
        said += await look(newsroom.counter, watch)
    return said


async def test_the_author_sees_in_one_message_how_far_it_is(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(*range(1, 5))
    notice_id = await newsroom.publish(author, approver)
    [begun] = await look(counter, watch)
    assert begun.startswith("901 sendMessage “Training” is being sent\n\nSent: 0 of 4")
    assert counter.sent[0].progress_of == notice_id
    await note_progress(counter, notice_id)
    await newsroom.send(limit=2)
    counter.clock.advance(seconds=5)
    assert await look(counter, watch) == []
    counter.clock.advance(seconds=5)
    [further] = await look(counter, watch)
    assert further.startswith("901 editMessageText")
    assert "Sent: 2 of 4" in further
    assert "12 a minute; minutes left: about 1" in further
    assert await look(counter, watch) == []
    await newsroom.send()
    await newsroom.tend()
    counter.clock.advance(seconds=1)
    [ended] = await look(counter, watch)
    assert ended.startswith("901 editMessageText “Training” has been sent\n\nSent: 4 of 4")
    assert await look(counter, watch) == []


async def test_the_author_is_told_that_a_notice_waits_for_the_morning(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1, 2)
    notice_id = await newsroom.publish(author, approver)
    await look(counter, watch)
    await note_progress(counter, notice_id)
    counter.clock.advance(hours=10)
    [said] = await look(counter, watch)
    assert "“Training” waits" in said
    assert "Waiting for the morning, 5 March 2026, 07:00: 2" in said
    assert "minutes left" not in said


async def test_the_author_is_told_what_each_part_waits_for(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(*range(1, 8))
    notice_id = await newsroom.publish(author, approver)
    later = counter.clock() + timedelta(minutes=10)
    await pass_over(counter, notice_id, [1, 2], reason="form", not_before=later)
    await pass_over(counter, notice_id, [3], reason="full", not_before=later + timedelta(days=2))
    await pass_over(counter, notice_id, [4], reason="limited", not_before=later)
    await pass_over(counter, notice_id, [5], not_before=later)
    [said] = await look(counter, watch)
    assert said.startswith("901 sendMessage “Training” is being sent")
    for line in (
        "Being sent now: 2",
        "Filling in their form, left in peace until 4 March 2026, 10:20 or later: 2",
        "waiting until 6 March 2026, 10:20 or later: 1",
        "Telegram asks us to wait until 4 March 2026, 10:20 or later: 1",
        "Could not be sent, tried again from 4 March 2026, 10:20 on: 1",
    ):
        assert line in said
    await newsroom.send()
    counter.clock.advance(seconds=10)
    await note_progress(counter, notice_id)
    [said] = await look(counter, watch)
    assert "“Training” waits: it is nobody’s turn yet" in said
    assert "minutes left" not in said


async def test_a_notice_that_is_open_for_newcomers_is_not_said_to_be_on_its_way(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1)
    send_by = counter.clock() + timedelta(days=3)
    await newsroom.publish(author, approver, replace(WRITTEN, send_by=send_by))
    await newsroom.send()
    [said] = await look(counter, watch)
    assert "was sent to everybody so far. Who fits later still gets it, until 7 March" in said


async def test_sending_again_is_told_of_until_it_is_done_also_over_a_restart(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1)
    notice_id = await newsroom.publish(author, approver)
    await look(counter, watch)
    await note_progress(counter, notice_id)
    await newsroom.send(status=Status.UNCERTAIN)
    await newsroom.tend()
    counter.clock.advance(minutes=1)
    [said] = await look(counter, watch)
    assert "“Training” has been sent" in said
    await newsroom.run(acts.resend, author, notice_id, [1])
    counter.clock.advance(seconds=10)
    [said] = await look(counter, watch)
    assert "“Training” has been sent. Being sent again: 1" in said
    await newsroom.send()
    counter.clock.advance(minutes=1)
    [said] = await look(counter, watch_anew(counter))
    assert "“Training” has been sent\n\nSent: 1 of 1" in said
    assert await look(counter, watch_anew(counter)) == []


async def test_an_author_who_could_not_be_told_at_first_is_told_later(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1)
    contact = await counter.find_contact(AUTHOR_CHAT)
    assert contact is not None
    await newsroom.publish(author, approver)
    await counter.save(replace(contact, reachable=False))
    assert await look(counter, watch) == []
    await counter.save(contact)
    [said] = await look(counter, watch)
    assert said.startswith("901 sendMessage")


async def test_a_first_message_that_got_lost_is_sent_anew(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1, 2, 3)
    await newsroom.publish(author, approver)
    assert len(await look(counter, watch)) == 1
    await newsroom.send(limit=1)
    counter.clock.advance(minutes=1)
    assert await look(counter, watch) == []
    counter.clock.advance(minutes=9)
    [said] = await look(counter, watch)
    assert said.startswith("901 sendMessage")


async def test_a_notice_that_does_not_move_by_day_is_told_of_once(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1, 2)
    await newsroom.publish(author, approver)
    await look(counter, watch)
    said = await wait(newsroom, watch, 24, every=6)
    assert [one[:3] for one in said] == [str(AUTHOR_CHAT), str(APPROVER_CHAT)]
    assert all("does not move: 2 people wait" in one for one in said)
    counter.forget_sent()


async def test_a_stall_is_told_with_nothing_to_press(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    await newsroom.register(1)
    await newsroom.publish(author, approver)
    await look(newsroom.counter, watch)
    newsroom.counter.clock.advance(minutes=11)
    await look(newsroom.counter, watch)
    assert [list_labels(call) for call in newsroom.counter.sent] == [[], []]


async def test_restarts_neither_hide_a_stall_nor_tell_of_it_twice(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1)
    notice_id = await newsroom.publish(author, approver)
    await look(counter, watch)
    await note_progress(counter, notice_id)
    said = []
    for _ in range(8):
        counter.clock.advance(minutes=4)
        said += [one for one in await look(counter, watch_anew(counter)) if "sendMessage" in one]
    assert [one[:3] for one in said] == [str(AUTHOR_CHAT), str(APPROVER_CHAT)]


async def test_a_notice_that_goes_on_after_a_stall_may_stall_again(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1, 2)
    notice_id = await newsroom.publish(author, approver)
    await look(counter, watch)
    await note_progress(counter, notice_id)
    assert len(await wait(newsroom, watch, 12)) == 2
    await newsroom.send(limit=1)
    said = [one for one in await wait(newsroom, watch, 15) if "sendMessage" in one]
    assert [one[:3] for one in said] == [str(AUTHOR_CHAT), str(APPROVER_CHAT)]


async def test_a_notice_that_cannot_be_written_is_a_stall(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1, 2)
    notice_id = await newsroom.publish(author, approver)
    await look(counter, watch)
    said = []
    for _ in range(15):
        again = counter.clock() + timedelta(minutes=1)
        await pass_over(counter, notice_id, [1, 2], not_before=again)
        said += await wait(newsroom, watch, 1)
    assert sum("does not move" in one for one in said) == 2


async def test_a_notice_whose_people_cannot_be_found_out_is_a_stall(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1)
    notice_id = await newsroom.approve(author, approver)
    stored = await newsroom.get(notice_id)
    damaged = replace(stored.notice, audience={"all_of": [["nothing", ["x"]]]})
    await counter.database.write(lambda connection: notices.save(connection, damaged))
    said = []
    for _ in range(12):
        await newsroom.tend()
        said += await wait(newsroom, watch, 1)
    assert sum("could not find out who is to get it" in one for one in said) == 2


async def test_a_streak_of_uncertain_answers_is_told_of_at_once(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(*range(1, 2 * MOST_UNCERTAIN))
    await newsroom.publish(author, approver)
    await look(counter, watch)
    await newsroom.send(limit=MOST_UNCERTAIN - 1, status=Status.UNCERTAIN)
    assert await look(counter, watch) == []
    await newsroom.send(limit=1, status=Status.UNCERTAIN)
    said = await look(counter, watch)
    assert [one[:3] for one in said] == [str(AUTHOR_CHAT), str(APPROVER_CHAT)]
    assert all("of the last 50 people it is uncertain" in one for one in said)


@pytest.mark.parametrize("reason", ["form", "full", "night"])
async def test_nobody_is_alarmed_while_all_wait_by_the_rules(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch, reason: str
) -> None:
    counter = newsroom.counter
    await newsroom.register(1)
    notice_id = await newsroom.publish(author, approver)
    due = counter.clock() + timedelta(hours=2)
    await pass_over(counter, notice_id, [1], reason=reason, not_before=due)
    await look(counter, watch)
    assert not any("does not move" in one for one in await wait(newsroom, watch, 120, every=5))
    assert any("does not move" in one for one in await wait(newsroom, watch, 15))


async def test_nobody_is_alarmed_at_night(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    await newsroom.register(1)
    await newsroom.publish(author, approver)
    newsroom.counter.clock.advance(hours=10)
    await look(newsroom.counter, watch)
    assert await wait(newsroom, watch, 80, every=20) == []


async def test_nobody_is_alarmed_about_a_notice_that_was_paused_until_now(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1)
    notice_id = await newsroom.publish(author, approver)
    await look(counter, watch)
    await newsroom.act(acts.pause, author, notice_id)
    await wait(newsroom, watch, 30, every=5)
    await newsroom.act(acts.resume, author, notice_id)
    await look(counter, watch_anew(counter))
    assert not any("does not move" in one for one in await wait(newsroom, watch, 8))


async def test_a_notice_is_not_held_up_by_counting(
    newsroom: Newsroom, author: Actor, approver: Actor, watch: Watch
) -> None:
    counter = newsroom.counter
    await newsroom.register(1)
    await newsroom.publish(author, approver)
    await look(counter, watch)
    ran = []

    async def run(work: object) -> None:
        ran.append(work)

    idle = Watch(run, counter.database, counter.desk)
    idle._told, idle._seen = watch._told, watch._seen
    await idle.look(counter.clock())
    assert ran == []
