"""All notices are looked at often, which costs little and depends on none of them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from db.errors import FlushRefused
from db.unit_of_work import UnitOfWork
from services import notice_sights
from services.notice_watch import Watch
from tests.services.lookout import Lookout
from tests.services.newsroom import WRITTEN


async def test_what_is_wrong_with_one_notice_hides_no_other(lookout: Lookout) -> None:
    counter, refusals = lookout.counter, [FlushRefused("spoilt")]
    await lookout.publish(1, written=replace(WRITTEN, title="Wrong"))
    await lookout.publish(2, 3, written=replace(WRITTEN, title="Right"))

    async def run(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        if refusals:
            raise refusals.pop()
        await counter.run(work)

    watched = replace(lookout, watch=Watch(run, counter.database, counter.desk))
    with capture_logs() as logs:
        [said] = await watched.look()
    assert "“Right” is being sent" in said
    assert [(one["event"], one["reason"]) for one in logs] == [
        ("notice not watched", "FlushRefused")
    ]
    assert any("“Wrong” is being sent" in said for said in await watched.look())


async def test_what_many_wait_for_is_counted_once_a_minute(
    lookout: Lookout, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = lookout.counter
    later = counter.clock() + timedelta(days=2)
    notice_id = await lookout.publish(*range(1, 8))
    await lookout.pass_over(notice_id, range(1, 6), reason="full", not_before=later)
    monkeypatch.setattr(notice_sights, "MANY", 5)
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
    counter, ran = lookout.counter, []
    await lookout.publish(1)

    async def run(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        ran.append(work)
        await counter.run(work)

    watched = replace(lookout, watch=Watch(run, counter.database, counter.desk))
    await watched.look()
    assert ran
    ran.clear()
    await watched.look()
    assert ran == []
