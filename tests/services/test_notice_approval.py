"""Nobody sends alone: what one wrote others read as it is, and it goes no further than they saw."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db import staff
from db.unit_of_work import UnitOfWork
from domain.audiences import Audience, Field, Filter
from domain.notice_content import FileKind
from domain.notices import Refusal, Refused, Status, Topic
from domain.staff import Places, Role
from services import notice_writing
from services import notices as acts
from services.desk import Actor
from services.notice_access import find_scope, get_reach
from tests.services.newsroom import APPROVER_CHAT, TEXT, WRITTEN, Newsroom

BATTAMBANG, SIEM_REAP = "02", "17"
IN_SIEM_REAP = "17100101"
EVIL = replace(WRITTEN, content=replace(TEXT, text_en="Pay 10 dollars at once"))
PICTURE = (FileKind.PHOTO, "notice.jpg", "image/jpeg", b"\xff\xd8\xff")
LONG = timedelta(hours=6)


@pytest.fixture
async def colleague(newsroom: Newsroom) -> Actor:
    """Somebody who may write and approve everywhere."""
    return await newsroom.hire()


async def change(
    newsroom: Newsroom, actor: Actor, places: Places = None, *, active: bool = True
) -> None:
    """Give somebody other places, or let them leave."""

    async def work(uow: UnitOfWork) -> None:
        grants = dict.fromkeys(actor.staff.grants, places)
        await staff.save(uow.connection, replace(actor.staff, grants=grants, active=active))

    await newsroom.counter.run(work)


async def is_refused(newsroom: Newsroom, actor: Actor, notice_id: int) -> Refusal | None:
    """Tell why somebody may not approve."""
    try:
        await newsroom.act(acts.approve, actor, notice_id)
    except Refused as refused:
        return refused.refusal
    return None


# Two people


async def test_whoever_changes_a_colleagues_notice_does_not_approve_it(
    newsroom: Newsroom, author: Actor, colleague: Actor, approver: Actor
) -> None:
    notice_id = await newsroom.write(author)
    await newsroom.act(acts.submit, author, notice_id)
    await newsroom.act(acts.return_to_author, colleague, notice_id, "A typo.")
    await newsroom.run(notice_writing.edit, colleague, notice_id, EVIL)
    await newsroom.act(acts.submit, colleague, notice_id)

    assert await is_refused(newsroom, colleague, notice_id) is Refusal.OWN_NOTICE
    assert await is_refused(newsroom, author, notice_id) is Refusal.OWN_NOTICE
    assert await is_refused(newsroom, approver, notice_id) is None


async def test_whoever_attaches_takes_away_or_submits_has_a_part_in_it(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    notice_id = await newsroom.write(author)
    attaching, detaching, submitting = [await newsroom.hire() for _ in range(3)]
    await newsroom.run(notice_writing.attach_file, attaching, notice_id, *PICTURE)
    await newsroom.run(notice_writing.detach_file, detaching, notice_id)
    await newsroom.act(acts.submit, submitting, notice_id)

    for actor in (attaching, detaching, submitting):
        assert await is_refused(newsroom, actor, notice_id) is Refusal.OWN_NOTICE
    assert await is_refused(newsroom, approver, notice_id) is None


async def test_an_emergency_changed_by_a_colleague_needs_two_who_had_no_part_in_it(
    newsroom: Newsroom, author: Actor, colleague: Actor, approver: Actor
) -> None:
    notice_id = await newsroom.write(author)
    await newsroom.run(notice_writing.edit, colleague, notice_id, replace(EVIL, emergency=True))
    await newsroom.act(acts.submit, colleague, notice_id)

    for actor in (author, colleague):
        assert await is_refused(newsroom, actor, notice_id) is Refusal.OWN_NOTICE
    await newsroom.act(acts.approve, approver, notice_id)
    assert (await newsroom.get(notice_id)).notice.status is Status.PENDING_APPROVAL


async def test_what_reaches_people_unasked_needs_two_approvals(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    notice_id = await newsroom.write(author, replace(WRITTEN, topic=Topic.MY_APPLICATION))
    await newsroom.act(acts.submit, author, notice_id)
    await newsroom.act(acts.approve, approver, notice_id)
    assert (await newsroom.get(notice_id)).notice.status is Status.PENDING_APPROVAL
    await newsroom.act(acts.approve, await newsroom.hire(), notice_id)
    assert (await newsroom.get(notice_id)).notice.status is Status.APPROVED


async def test_whoever_had_a_part_in_the_words_does_not_approve_a_copy_of_them(
    newsroom: Newsroom, author: Actor, colleague: Actor, approver: Actor
) -> None:
    copying = await newsroom.hire(Role.BENEFIT_OWNER)
    notice_id = await newsroom.write(author)
    await newsroom.run(notice_writing.edit, colleague, notice_id, EVIL)
    copied = await newsroom.run(notice_writing.copy, copying, notice_id)
    again = await newsroom.run(notice_writing.copy, copying, copied)

    for one in (copied, again):
        await newsroom.act(acts.submit, copying, one)
        for actor in (author, colleague):
            assert await is_refused(newsroom, actor, one) is Refusal.OWN_NOTICE
    assert await is_refused(newsroom, approver, again) is None


# What was read


async def test_words_that_were_swapped_meanwhile_are_not_approved(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    notice_id = await newsroom.write(author)
    await newsroom.act(acts.submit, author, notice_id)
    read = (await newsroom.get(notice_id)).notice.version
    await newsroom.act(acts.return_to_author, author, notice_id)
    await newsroom.run(notice_writing.edit, author, notice_id, EVIL)
    await newsroom.act(acts.submit, author, notice_id)

    with pytest.raises(Refused) as refused:
        await newsroom.act(acts.approve, approver, notice_id, read)
    assert refused.value.refusal is Refusal.CHANGED
    assert (await newsroom.get(notice_id)).notice.approvals == ()
    await newsroom.act(acts.approve, approver, notice_id, read + 1)


async def test_another_file_is_another_version_and_nobody_submits_what_they_did_not_read(
    newsroom: Newsroom, author: Actor, colleague: Actor
) -> None:
    notice_id = await newsroom.write(author)
    read = (await newsroom.get(notice_id)).notice.version
    await newsroom.run(notice_writing.attach_file, colleague, notice_id, *PICTURE)

    with pytest.raises(Refused) as refused:
        await newsroom.act(acts.submit, author, notice_id, read)
    assert refused.value.refusal is Refusal.CHANGED
    assert (await newsroom.get(notice_id)).notice.status is Status.DRAFT


# Where it goes


async def publish_in_battambang(newsroom: Newsroom) -> tuple[int, Actor, Actor]:
    """Have a notice sent by people of one province, open to latecomers."""
    author, approver = [await newsroom.hire(places=[BATTAMBANG]) for _ in range(2)]
    written = replace(WRITTEN, send_by=newsroom.counter.clock() + LONG)
    return await newsroom.publish(author, approver, written), author, approver


async def let_join(newsroom: Newsroom) -> None:
    """Let the clock look for latecomers."""
    newsroom.counter.clock.advance(minutes=6)
    await newsroom.tend()


async def test_a_notice_does_not_grow_with_the_places_of_its_author(newsroom: Newsroom) -> None:
    await newsroom.register(1, 2)
    await newsroom.register(3, 4, home=IN_SIEM_REAP)
    notice_id, author, approver = await publish_in_battambang(newsroom)
    for actor in (author, approver):
        await change(newsroom, actor, None)
    await let_join(newsroom)
    assert await newsroom.count(notice_id) == {"queued": 2}


@pytest.mark.parametrize("who", [1, 2])
async def test_who_lost_places_or_left_takes_them_from_what_they_wrote_or_approved(
    newsroom: Newsroom, who: int
) -> None:
    await newsroom.register(1)
    team = await publish_in_battambang(newsroom)
    notice_id, actor = team[0], team[who]
    assert isinstance(actor, Actor)

    await change(newsroom, actor, frozenset({SIEM_REAP}))
    await newsroom.register(5)
    await let_join(newsroom)
    await change(newsroom, actor, None, active=False)
    await newsroom.register(6)
    await let_join(newsroom)

    assert await newsroom.count(notice_id) == {"queued": 1}
    await change(newsroom, actor, None)
    await let_join(newsroom)
    assert await newsroom.count(notice_id) == {"queued": 3}


async def test_a_notice_waits_with_the_places_that_it_was_submitted_with(
    newsroom: Newsroom, approver: Actor
) -> None:
    local = await newsroom.hire(places=[BATTAMBANG])
    notice_id = await newsroom.write(local)
    await newsroom.act(acts.submit, local, notice_id)
    await change(newsroom, local, None)
    await newsroom.act(acts.approve, approver, notice_id)
    stored = await newsroom.get(notice_id)

    assert stored.notice.places == frozenset({BATTAMBANG})
    async with newsroom.counter.database.read() as connection:
        assert (await find_scope(connection, stored)).places == frozenset({BATTAMBANG})


async def test_the_recipients_of_what_was_sent_do_not_move_into_ones_sight(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    notice_id = await newsroom.publish(author, approver)
    await change(newsroom, author, frozenset({BATTAMBANG}))
    stored = await newsroom.get(notice_id)
    async with newsroom.counter.database.read() as connection:
        narrowed = await staff.find(connection, author.staff.id)
    assert narrowed is not None
    assert get_reach(stored, narrowed) is None


async def test_a_returned_notice_has_the_places_of_its_author_again(
    newsroom: Newsroom, approver: Actor
) -> None:
    local = await newsroom.hire(places=[BATTAMBANG])
    notice_id = await newsroom.write(local)
    await newsroom.act(acts.submit, local, notice_id)
    await newsroom.act(acts.return_to_author, approver, notice_id)
    await change(newsroom, local, frozenset({BATTAMBANG, SIEM_REAP}))
    await newsroom.act(acts.submit, local, notice_id)
    assert (await newsroom.get(notice_id)).notice.places == frozenset({BATTAMBANG, SIEM_REAP})


# Asking


async def test_approvers_are_told_of_a_notice_once_an_hour(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    notice_id = await newsroom.write(author)
    for _ in range(5):
        await newsroom.act(acts.submit, author, notice_id)
        await newsroom.act(acts.return_to_author, author, notice_id)
    assert len(newsroom.counter.texts(APPROVER_CHAT)) == 1
    newsroom.counter.clock.advance(minutes=60)
    await newsroom.act(acts.submit, author, notice_id)
    assert len(newsroom.counter.texts(APPROVER_CHAT)) == 2


async def test_who_had_a_part_in_a_notice_is_not_asked_to_approve_it(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    editor = await newsroom.hire(chat_id=77)
    local = Audience((Filter(Field.PLACE, (BATTAMBANG,)),))
    notice_id = await newsroom.write(author)
    await newsroom.run(notice_writing.edit, editor, notice_id, replace(WRITTEN, audience=local))
    await newsroom.act(acts.submit, author, notice_id)
    assert newsroom.counter.texts(77) == []
    assert len(newsroom.counter.texts(APPROVER_CHAT)) == 1
