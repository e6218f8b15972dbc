"""Notices go their way: written by one, approved by another, sent to whom they are for, once."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from db import audit, enlistment, notices
from db.errors import DatabaseUnavailable
from db.staff import Connection
from db.unit_of_work import UnitOfWork
from domain.audiences import Audience, Filter, WrongAudience
from domain.notice_content import FileKind
from domain.notices import Refusal, Refused, Status
from domain.recipients import Status as RecipientStatus
from domain.staff import Role
from services import notice_clock, notice_trials, notice_writing
from services import notices as acts
from services.desk import Actor
from services.notice_access import NoSuchNotice
from services.notice_audiences import keep_audience
from services.notice_clock import NoticeClock
from services.notice_trials import NoChat
from tests.services.counter import read_parameters
from tests.services.newsroom import APPROVER_CHAT, AUTHOR_CHAT, TEXT, WRITTEN, Newsroom

FROM_BATTAMBANG = Audience((Filter("place", ("02",)),))
DAY = timedelta(days=1)


async def test_a_notice_goes_its_way_to_everybody_it_is_for(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2)
    await newsroom.register(3, home="17100101")
    notice_id = await newsroom.publish(author, approver, audience=FROM_BATTAMBANG)
    assert await newsroom.count(notice_id) == {"queued": 2}
    assert {call.chat_id for call in await newsroom.send()} == {1, 2}
    await newsroom.tend()
    stored = await newsroom.get(notice_id)
    assert stored.notice.status is Status.COMPLETED
    assert stored.ended_at == newsroom.counter.clock()
    async with newsroom.counter.database.read() as connection:
        events = await audit.list_about(connection, f"notice:{notice_id}")
    assert [one.event.act for one in events] == [
        *("write_notice", "edit_notice", "submit_notice"),
        *("approve_notice", "start_notice", "complete_notice"),
    ]


async def test_nothing_is_sent_before_the_window_has_passed_in_which_it_can_be_withdrawn(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1)
    notice_id = await newsroom.write(author)
    await newsroom.act(acts.submit, author, notice_id)
    await newsroom.act(acts.approve, approver, notice_id)
    newsroom.counter.clock.advance(minutes=9)
    await newsroom.tend()
    assert (await newsroom.get(notice_id)).notice.status is Status.APPROVED
    await newsroom.act(acts.return_to_author, author, notice_id)
    newsroom.counter.clock.advance(minutes=9)
    await newsroom.tend()
    assert (await newsroom.get(notice_id)).notice.status is Status.DRAFT
    assert await newsroom.count(notice_id) == {}


async def test_nobody_approves_their_own_and_approvers_are_told_what_waits(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    notice_id = await newsroom.write(author)
    await newsroom.act(acts.submit, author, notice_id)
    assert [call.chat_id for call in newsroom.counter.sent] == [APPROVER_CHAT]
    assert "Training" in newsroom.counter.texts(APPROVER_CHAT)[0]
    with pytest.raises(Refused) as refused:
        await newsroom.act(acts.approve, author, notice_id)
    assert refused.value.refusal is Refusal.OWN_NOTICE


async def test_the_author_reads_why_a_notice_came_back(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    notice_id = await newsroom.write(author)
    await newsroom.act(acts.submit, author, notice_id)
    await newsroom.act(acts.return_to_author, approver, notice_id, "The date is missing.")
    assert "The date is missing." in newsroom.counter.texts(AUTHOR_CHAT)[-1]


async def test_a_draft_that_lacks_something_is_not_submitted(
    newsroom: Newsroom, author: Actor
) -> None:
    for lacking in (
        replace(WRITTEN, title=" "),
        replace(WRITTEN, content=replace(TEXT, text_km="")),
    ):
        notice_id = await newsroom.write(author, lacking)
        with pytest.raises(Refused) as refused:
            await newsroom.act(acts.submit, author, notice_id)
        assert refused.value.refusal is Refusal.INCOMPLETE


async def test_a_notice_that_could_not_begin_in_time_is_not_approved(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    soon = newsroom.counter.clock() + timedelta(minutes=10)
    notice_id = await newsroom.write(author, replace(WRITTEN, send_by=soon))
    await newsroom.act(acts.submit, author, notice_id)
    with pytest.raises(Refused) as refused:
        await newsroom.act(acts.approve, approver, notice_id)
    assert refused.value.refusal is Refusal.TOO_LATE


async def test_an_author_of_one_province_reaches_nobody_in_another(
    newsroom: Newsroom, approver: Actor
) -> None:
    local = await newsroom.hire(places=("02",))
    await newsroom.register(1)
    await newsroom.register(2, home="17100101")
    notice_id = await newsroom.publish(local, approver)
    assert {call.chat_id for call in await newsroom.send()} == {1}
    assert await newsroom.count(notice_id) == {"sent": 1}


async def test_colleagues_touch_no_notice_that_reaches_beyond_their_places(
    newsroom: Newsroom, author: Actor
) -> None:
    local = await newsroom.hire(places=("02",))
    everywhere = await newsroom.write(author)
    here = await newsroom.write(author, audience=FROM_BATTAMBANG)
    with pytest.raises(NoSuchNotice):
        await newsroom.run(notice_writing.edit, local, everywhere, WRITTEN)
    await newsroom.run(notice_writing.edit, local, here, replace(WRITTEN, audience=FROM_BATTAMBANG))


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ANALYST, Role.ADMINISTRATOR])
async def test_who_may_not_write_begins_nothing(newsroom: Newsroom, role: Role) -> None:
    with pytest.raises(NoSuchNotice):
        await newsroom.run(notice_writing.begin, await newsroom.hire(role))


async def test_latecomers_get_it_until_it_ends_and_the_rest_expires(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2)
    written = replace(WRITTEN, send_by=newsroom.counter.clock() + DAY / 4)
    notice_id = await newsroom.publish(author, approver, written)
    await newsroom.send(limit=1)
    await newsroom.register(3)
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"sent": 1, "queued": 1}
    newsroom.counter.clock.advance(minutes=5)
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"sent": 1, "queued": 2}
    newsroom.counter.clock.advance(hours=6)
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"sent": 1, "expired": 2}
    assert (await newsroom.get(notice_id)).notice.status is Status.COMPLETED


async def test_latecomers_need_not_wait_for_a_clock_that_was_set_back(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1)
    written = replace(WRITTEN, send_by=newsroom.counter.clock() + DAY)
    notice_id = await newsroom.publish(author, approver, written)
    newsroom.counter.clock.advance(hours=-1)
    await newsroom.register(2)
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"queued": 2}


async def test_a_long_audience_is_queued_part_by_part_and_once(
    newsroom: Newsroom, author: Actor, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_clock, "AT_ONCE", 2)
    await newsroom.register(*range(1, 8))
    notice_id = await newsroom.publish(author, approver)
    assert await newsroom.count(notice_id) == {"queued": 7}
    assert {call.chat_id for call in await newsroom.send()} == set(range(1, 8))


async def test_a_pause_while_an_audience_is_queued_loses_nobody(
    newsroom: Newsroom, author: Actor, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_clock, "AT_ONCE", 2)
    await newsroom.register(*range(1, 8))
    notice_id = await newsroom.approve(author, approver)
    counter, units = newsroom.counter, 0

    async def run(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        nonlocal units
        units += 1
        if units == 4:
            await newsroom.act(acts.pause, author, notice_id)
        await counter.run(work)

    await NoticeClock(run, counter.database, counter.desk).look(counter.clock())
    assert (await newsroom.get(notice_id)).notice.status is Status.PAUSED
    await newsroom.act(acts.resume, author, notice_id)
    await newsroom.tend()
    assert {call.chat_id for call in await newsroom.send()} == set(range(1, 8))


async def test_what_is_taken_back_while_the_clock_looks_is_begun_whole_once_approved_again(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2, 3)
    notice_id = await newsroom.approve(author, approver)
    counter, units = newsroom.counter, 0

    async def take_back(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        nonlocal units
        units += 1
        if units == 1:
            await newsroom.act(acts.return_to_author, author, notice_id)
        await counter.run(work)

    await NoticeClock(take_back, counter.database, counter.desk).look(counter.clock())
    assert (await newsroom.get(notice_id)).joined_at is None
    assert units == 1
    await newsroom.act(acts.submit, author, notice_id)
    await newsroom.act(acts.approve, approver, notice_id)
    counter.clock.advance(minutes=10)

    async def stand(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        if (await newsroom.get(notice_id)).notice.status is Status.SENDING:
            raise DatabaseUnavailable("locked")
        await counter.run(work)

    with pytest.raises(DatabaseUnavailable):
        await NoticeClock(stand, counter.database, counter.desk).look(counter.clock())
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"queued": 3}


async def test_a_start_looks_for_everybody_whatever_was_noted_before(
    newsroom: Newsroom, author: Actor, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_clock, "AT_ONCE", 2)
    await newsroom.register(*range(1, 8))
    notice_id = await newsroom.approve(author, approver)
    counter = newsroom.counter
    note = partial(notices.note, notice_id=notice_id, joined_at=counter.clock())
    await counter.database.write(note)
    written = 0

    async def die(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        nonlocal written
        written += 1
        if written == 3:
            raise DatabaseUnavailable("locked")
        await counter.run(work)

    with pytest.raises(DatabaseUnavailable):
        await NoticeClock(die, counter.database, counter.desk).look(counter.clock())
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"queued": 7}


async def test_an_emergency_begins_before_older_notices_are_queued(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1)
    counter, plain = newsroom.counter, await newsroom.approve(author, approver)
    urgent = await newsroom.write(author, replace(WRITTEN, emergency=True))
    await newsroom.act(acts.submit, author, urgent)
    for colleague in (approver, await newsroom.hire(Role.ADMINISTRATOR)):
        await newsroom.act(acts.approve, colleague, urgent)
    counter.clock.advance(minutes=10)
    stand = []

    async def run(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        await counter.run(work)
        stand.append([(await newsroom.get(one)).notice.status for one in (plain, urgent)])

    await NoticeClock(run, counter.database, counter.desk).look(counter.clock())
    assert stand[0] == [Status.APPROVED, Status.SENDING]
    assert stand[-1] == [Status.SENDING, Status.SENDING]


async def test_who_waits_for_a_stopped_notice_is_let_go_part_by_part(
    newsroom: Newsroom, author: Actor, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = partial(enlistment.end_queued, limit=2)
    monkeypatch.setattr(enlistment, "end_queued", end)
    await newsroom.register(*range(1, 8))
    notice_id = await newsroom.publish(author, approver)
    await newsroom.act(acts.stop, author, notice_id)
    assert await newsroom.count(notice_id) == {"queued": 5, "cancelled": 2}
    assert await newsroom.send() == []
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"cancelled": 7}


async def test_one_damaged_notice_holds_no_other_up(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1)
    damaged = await newsroom.write(author)
    await newsroom.act(acts.submit, author, damaged)
    await newsroom.act(acts.approve, approver, damaged)

    async def damage(connection: Connection) -> None:
        stored = await notices.find(connection, damaged)
        assert stored is not None
        audience = {"all_of": [["nothing", ["x"]]]}
        await notices.save(connection, replace(stored.notice, audience=audience))

    await newsroom.counter.database.write(damage)
    sound = await newsroom.publish(author, approver)
    assert await newsroom.count(sound) == {"queued": 1}
    assert await newsroom.count(damaged) == {}


async def test_without_a_time_to_send_by_nobody_joins_later(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1)
    notice_id = await newsroom.publish(author, approver)
    await newsroom.register(2)
    newsroom.counter.clock.advance(minutes=6)
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"queued": 1}


async def test_what_was_approved_too_late_to_begin_is_stopped_and_its_author_told(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1)
    written = replace(WRITTEN, send_by=newsroom.counter.clock() + timedelta(hours=1))
    notice_id = await newsroom.write(author, written)
    await newsroom.act(acts.submit, author, notice_id)
    await newsroom.act(acts.approve, approver, notice_id)
    newsroom.counter.clock.advance(hours=1)
    newsroom.counter.forget_sent()
    await newsroom.tend()
    await newsroom.tend()
    assert (await newsroom.get(notice_id)).notice.status is Status.CANCELLED
    assert await newsroom.count(notice_id) == {}
    [told] = newsroom.counter.texts(AUTHOR_CHAT)
    assert "“Training” was sent to nobody" in told
    assert "4 March 2026, 11:00" in told
    assert "make a copy" in told


async def test_a_paused_notice_rests_and_a_stopped_one_is_over(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2)
    notice_id = await newsroom.publish(author, approver)
    await newsroom.act(acts.pause, approver, notice_id)
    assert await newsroom.send() == []
    with pytest.raises(Refused) as refused:
        await newsroom.act(acts.resume, author, notice_id)
    assert refused.value.refusal is Refusal.HELD_BY_COLLEAGUE
    assert await newsroom.send() == []
    await newsroom.act(acts.resume, approver, notice_id)
    assert len(await newsroom.send(limit=1)) == 1
    await newsroom.act(acts.stop, author, notice_id)
    await newsroom.tend()
    assert await newsroom.count(notice_id) == {"sent": 1, "cancelled": 1}


async def test_only_a_person_sends_again_to_whom_it_is_uncertain(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2)
    notice_id = await newsroom.publish(author, approver)
    await newsroom.send(status=RecipientStatus.UNCERTAIN)
    await newsroom.tend()
    assert await newsroom.send() == []
    assert await newsroom.run(acts.resend, author, notice_id, [2, 99]) == 1
    assert [call.chat_id for call in await newsroom.send()] == [2]
    assert await newsroom.count(notice_id) == {"sent": 1, "uncertain": 1}


async def test_a_copy_says_the_same_with_its_file_and_is_a_draft(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1)
    notice_id = await newsroom.write(author)
    picture = (FileKind.PHOTO, "notice.jpg", "image/jpeg", b"\xff\xd8\xff")
    await newsroom.run(notice_writing.attach_file, author, notice_id, *picture)
    copied = await newsroom.run(notice_writing.copy, author, notice_id)
    stored = await newsroom.get(copied)
    assert stored.notice.status is Status.DRAFT
    assert stored.notice.content == (await newsroom.get(notice_id)).notice.content
    await newsroom.act(notice_trials.send_test, author, copied)
    test, _ = newsroom.counter.sent
    assert (test.method, test.attachment) == ("sendPhoto", f"notice:{copied}")
    await newsroom.run(notice_writing.detach_file, author, copied)
    await newsroom.act(notice_trials.send_test, author, copied)
    assert newsroom.counter.sent[-1].method == "sendMessage"


async def test_a_test_goes_to_oneself_alone_in_both_languages_and_counts_nowhere(
    newsroom: Newsroom, author: Actor
) -> None:
    await newsroom.register(1)
    notice_id = await newsroom.write(author)
    await newsroom.act(notice_trials.send_test, author, notice_id)
    tests = newsroom.counter.sent
    assert [test.chat_id for test in tests] == [AUTHOR_CHAT, AUTHOR_CHAT]
    own, other = [read_parameters(test)["text"] for test in tests]
    assert own.startswith("<b>Test.</b>")
    assert "Dear Dara" in own
    assert other.startswith("<b>សារសាកល្បង។</b>")
    assert "ដារ៉ា" in other
    assert await newsroom.count(notice_id) == {}
    with pytest.raises(NoChat):
        await newsroom.act(notice_trials.send_test, await newsroom.hire(), notice_id)


async def test_an_emergency_waits_for_two_others(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1)
    notice_id = await newsroom.write(author, replace(WRITTEN, emergency=True))
    await newsroom.act(acts.submit, author, notice_id)
    await newsroom.act(acts.approve, approver, notice_id)
    assert (await newsroom.get(notice_id)).notice.status is Status.PENDING_APPROVAL
    await newsroom.act(acts.approve, await newsroom.hire(Role.ADMINISTRATOR), notice_id)
    assert (await newsroom.get(notice_id)).notice.status is Status.APPROVED


async def test_kept_audiences_are_combined_and_taken_from_one_another(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1, 2)
    await newsroom.register(3, home="17100101")
    await newsroom.register(4, home="12010101")
    kept = {}
    for name, place in (("Battambang", "02"), ("Siem Reap", "17"), ("Angkor Chum", "1701")):
        one = Audience((Filter("place", (place,)),))
        kept[name] = str(await newsroom.run(keep_audience, author, name, one))
    both = Filter("audience", (kept["Battambang"], kept["Siem Reap"]))
    but_not = Filter("audience", (kept["Angkor Chum"],))
    notice_id = await newsroom.publish(author, approver, audience=Audience((both,), (but_not,)))
    assert {call.chat_id for call in await newsroom.send()} == {1, 2, 3}
    assert await newsroom.count(notice_id) == {"sent": 3}


async def test_only_kept_audiences_that_combine_no_others_are_combined(
    newsroom: Newsroom, author: Actor
) -> None:
    kept = await newsroom.run(keep_audience, author, "Battambang", FROM_BATTAMBANG)
    combined = Audience((Filter("audience", (str(kept),)),))
    again = await newsroom.run(keep_audience, author, "Combined", combined)
    for wrong in (str(again), "99"):
        with pytest.raises(WrongAudience):
            await newsroom.write(author, audience=Audience((Filter("audience", (wrong,)),)))
