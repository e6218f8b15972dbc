"""Who may have got a notice is sent to again when a person says so, and never forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.notices import Refusal, Refused
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
