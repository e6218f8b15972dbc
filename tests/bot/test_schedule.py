"""Which call is made next."""

import asyncio
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.schedule import Delivery, Pace, Schedule
from domain.outbox import Call, Lane, OutgoingCall

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def make_call(
    number: int, chat: int = 1, lane: Lane = Lane.REPLY, method: str = "sendMessage"
) -> OutgoingCall:
    return OutgoingCall(number, Call(chat, method, "{}", lane), NOW)


def test_calls_to_one_chat_are_made_one_after_the_other_in_their_order() -> None:
    schedule = Schedule()
    first, second = make_call(1), make_call(2)
    schedule.add(first)
    schedule.add(second)
    assert schedule.take(0.0) == first
    assert schedule.take(0.0) is None
    schedule.finish(first)
    assert schedule.take(0.0) == second


def test_other_chats_do_not_wait_for_a_chat_that_must() -> None:
    schedule = Schedule()
    limited, other = make_call(1, chat=1), make_call(2, chat=2)
    schedule.add(limited)
    schedule.add(other)
    assert schedule.take(0.0) == limited
    schedule.hold(limited, until=30.0)
    assert schedule.take(0.0) == other
    assert schedule.take(1.0) == 29.0
    assert schedule.take(30.0) == limited


def test_a_reply_goes_before_a_notice_that_came_earlier() -> None:
    schedule = Schedule()
    notice, reply = make_call(1, lane=Lane.BULK), make_call(2, chat=2)
    schedule.add(notice)
    schedule.add(reply)
    assert schedule.take(0.0) == reply
    assert schedule.take(0.0) == notice


def test_a_chat_gets_one_notice_a_second_also_one_that_comes_later() -> None:
    schedule = Schedule()
    first, second, third = (make_call(number, lane=Lane.STAFF) for number in (1, 2, 3))
    schedule.add(first)
    schedule.add(second)
    assert schedule.take(0.0) == first
    schedule.finish(first)
    assert schedule.take(0.25) == 0.75
    assert schedule.take(1.0) == second
    schedule.finish(second)
    schedule.add(third)
    assert schedule.take(1.5) == 0.5
    assert schedule.take(2.0) == third
    schedule.finish(third)
    assert len(schedule) == 0
    assert schedule.take(3.0) is None


def test_neither_other_chats_nor_replies_wait_for_the_second_of_a_chat() -> None:
    schedule = Schedule()
    first, second = (make_call(number, lane=Lane.STAFF) for number in (1, 2))
    other, reply = make_call(3, chat=2, lane=Lane.STAFF), make_call(4)
    for call in (first, second, other):
        schedule.add(call)
    assert schedule.take(0.0) == first
    schedule.finish(first)
    schedule.add(reply)
    assert schedule.take(0.0) == reply
    assert schedule.take(0.0) == other


def test_a_held_lane_does_not_hold_replies() -> None:
    schedule = Schedule()
    notice, reply = make_call(1, lane=Lane.BULK), make_call(2, chat=2)
    schedule.add(notice)
    schedule.hold_lane(Lane.BULK, until=10.0)
    assert schedule.take(0.0) == 10.0
    schedule.add(reply)
    assert schedule.take(0.0) == reply
    assert schedule.take(10.0) == notice


def deliver(chat: int, ends_at: float = 9.0) -> Delivery:
    ended = asyncio.get_running_loop().create_future()
    return Delivery(make_call(0, chat, Lane.BULK).call, lambda: None, ends_at, ended)


def test_paid_notices_keep_a_pace_of_their_own() -> None:
    schedule = Schedule(per_second=1, bulk_per_second=100)
    for chat in range(1, 4):
        schedule.add(make_call(chat, chat, lane=Lane.BULK))
        schedule.add(make_call(chat, chat))
    taken = [schedule.take(moment / 100) for moment in range(4)]
    lanes = [one.call.lane for one in taken if isinstance(one, OutgoingCall)]
    assert lanes == [Lane.REPLY, Lane.BULK, Lane.BULK, Lane.BULK]


def test_notices_wait_while_thirty_may_share_a_second_and_replies_do_not() -> None:
    schedule = Schedule(per_second=28)
    for chat in range(1, 41):
        schedule.add(make_call(chat, chat, lane=Lane.BULK))
    taken = [schedule.take(space / 28) for space in range(35)]
    begun = [one for one in taken if isinstance(one, OutgoingCall)]
    assert len(begun) == 30
    schedule.add(make_call(99, 99))
    assert schedule.take(2.0) == make_call(99, 99)
    schedule.note_answer(begun[0].call, 3.0)
    assert not isinstance(schedule.take(4.0), OutgoingCall)
    schedule.note_answer(begun[1].call, 5.0)
    assert isinstance(schedule.take(5.0), OutgoingCall)


def test_a_pace_of_hundreds_holds_its_rate_and_catches_up_little() -> None:
    pace, begun, now = Pace(1000), [], 0.0
    while now < 3.0:
        if wait := pace.wait(now):
            now += wait if int(now * 10) % 5 else wait + 0.015
        else:
            pace.take(now)
            begun.append(now)
    assert len(begun) >= 2990
    assert max(sum(start <= one < start + 1 for one in begun) for start in begun[::50]) <= 1021


def test_nothing_begins_in_the_second_of_an_earlier_process() -> None:
    schedule = Schedule(per_second=10, begins_at=5.0)
    schedule.add(make_call(1))
    assert schedule.take(4.5) == 0.5
    assert schedule.take(5.0) == make_call(1)


async def test_what_others_keep_is_given_back_unless_it_has_begun() -> None:
    schedule = Schedule()
    begun, waiting, reply = deliver(1), deliver(2), make_call(1)
    for call in (begun, waiting, reply):
        schedule.add(call)
    assert schedule.take(0.0) == reply
    assert schedule.take(0.0) is begun
    assert schedule.withdraw_deliveries(Lane.STAFF) == []
    assert schedule.withdraw_deliveries(Lane.BULK) == [waiting]
    assert schedule.take(0.0) is None
    schedule.finish(begun)
    assert len(schedule) == 1


async def test_only_what_may_not_begin_any_more_is_given_back_in_the_end() -> None:
    schedule = Schedule()
    late, early = deliver(1, ends_at=5.0), deliver(2, ends_at=5.5)
    schedule.add(late)
    schedule.add(early)
    assert schedule.withdraw_deliveries(Lane.BULK, 4.9) == []
    assert schedule.withdraw_deliveries(Lane.BULK, 5.0) == [late]
    assert schedule.take(5.0) is early


def test_edits_count_toward_the_pace_and_deletions_do_not() -> None:
    schedule = Schedule(per_second=1)
    schedule.add(make_call(1, chat=1, method="editMessageText"))
    schedule.add(make_call(2, chat=2, method="deleteMessage"))
    taken = [schedule.take(0.0), schedule.take(0.0)]
    assert [call.id for call in taken if isinstance(call, OutgoingCall)] == [1, 2]
    schedule.add(make_call(3, chat=3))
    assert schedule.take(0.0) == 0.25


@given(
    per_second=st.integers(1, 30),
    chats=st.lists(st.integers(1, 40), min_size=1, max_size=200),
    step=st.floats(0.001, 0.3),
)
def test_no_second_holds_more_than_one_message_above_the_pace(
    per_second: int, chats: list[int], step: float
) -> None:
    schedule = Schedule(per_second)
    for number, chat in enumerate(chats):
        schedule.add(make_call(number, chat))
    begun: list[float] = []
    now = 0.0
    while len(schedule):
        found = schedule.take(now)
        if isinstance(found, OutgoingCall):
            begun.append(now)
            schedule.finish(found)
        else:
            assert not isinstance(found, Delivery)
            now += max(step, found or 0.0)
    assert len(begun) == len(chats)
    for start in begun:
        assert sum(start <= moment < start + 1.0 for moment in begun) <= per_second + 1


@given(st.lists(st.tuples(st.sampled_from("afh"), st.integers(1, 3)), max_size=60))
def test_whatever_happens_every_call_is_taken_in_the_order_of_its_chat(
    acts: list[tuple[str, int]],
) -> None:
    schedule, number, now = Schedule(), 0, 0.0
    taken: dict[int, list[int]] = {}
    under_way: list[OutgoingCall] = []
    for act, chat in acts:
        now += 1.0
        if act == "a":
            number += 1
            schedule.add(make_call(number, chat))
        else:
            found = schedule.take(now)
            if isinstance(found, OutgoingCall):
                under_way.append(found)
            if under_way and act == "f":
                call = under_way.pop()
                schedule.finish(call)
                taken.setdefault(call.call.chat_id, []).append(call.id)
            elif under_way:
                schedule.hold(under_way.pop(), until=now + 2)
    for ids in taken.values():
        assert ids == sorted(ids)
