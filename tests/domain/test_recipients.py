"""How notices share what is sent at a time, whatever waits for each."""

import itertools
from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.recipients import ReadyRecipient, order_by_turn, share_out


@given(
    st.lists(st.sets(st.integers(1, 40), max_size=12).map(sorted), max_size=5),
    st.integers(1, 20),
)
def test_a_share_is_never_wasted_and_no_chat_is_taken_twice(
    chats: list[list[int]], limit: int
) -> None:
    taken = share_out(make_queues(chats), limit)
    assert len(taken) == min(limit, len({chat for queue in chats for chat in queue}))
    assert len({one.chat_id for one in taken}) == len(taken)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=5), st.integers(2, 20))
def test_half_goes_to_the_first_queue_and_something_to_the_others(
    sizes: list[int], limit: int
) -> None:
    queues = make_queues([range(100 * n, 100 * n + size) for n, size in enumerate(sizes)])
    taken = [one.notice_id for one in share_out(queues, limit)]
    assert taken.count(0) >= min(sizes[0], limit - limit // 2)
    assert len(taken) - taken.count(0) >= min(sum(sizes[1:]), limit // 2)


@given(st.integers(1, 10), st.integers(2, 40))
def test_notices_to_the_same_people_share_alike(number: int, limit: int) -> None:
    taken = [one.notice_id for one in share_out(make_queues([range(limit)] * number), limit)]
    others = [taken.count(notice_id) for notice_id in range(1, number)]
    assert taken.count(0) == (limit - limit // 2 if others else limit)
    assert not others or max(others) - min(others) <= 1


@given(
    st.lists(st.sets(st.integers(1, 40), max_size=12).map(sorted), max_size=3),
    st.lists(st.sets(st.integers(1, 40), max_size=12).map(sorted), max_size=3),
    st.integers(1, 20),
)
def test_emergencies_go_first_and_waste_nothing(
    urgent: list[list[int]], others: list[list[int]], limit: int
) -> None:
    queues = make_queues([*urgent, *others])
    taken = share_out(queues[len(urgent) :], limit, queues[: len(urgent)])
    first = {chat for queue in urgent for chat in queue}
    is_urgent = [one.notice_id < len(urgent) for one in taken]
    assert is_urgent == sorted(is_urgent, reverse=True)
    assert sum(is_urgent) == min(limit, len(first))
    everybody = first.union(*others)
    assert len({one.chat_id for one in taken}) == len(taken) == min(limit, len(everybody))


def make_queues(chats: Sequence[Sequence[int]]) -> list[list[ReadyRecipient]]:
    """Make the queues of notices 0, 1, ... to these chats."""
    return [[ReadyRecipient(n, chat) for chat in queue] for n, queue in enumerate(chats)]


@settings(deadline=None)
@given(number=st.integers(1, 60), limit=st.integers(2, 64))
def test_every_notice_is_served_within_as_many_rounds_as_half_of_each_needs_for_all(
    number: int, limit: int
) -> None:
    ids = list(range(1, number + 1))
    served: dict[int, int] = {}
    rounds = 1 + (number - 1) // (limit // 2)
    for count in range(1, 2 * rounds + 1):
        queues = [make_long_queue(one) for one in order_by_turn(ids, served)]
        served |= {one.notice_id: count for one in share_out(queues, limit)}
        assert all(count - served.get(one, 0) < rounds for one in ids if count >= rounds)


def make_long_queue(notice_id: int) -> Iterator[ReadyRecipient]:
    """Make the queue of a notice that does not end, to people of its own."""
    return (ReadyRecipient(notice_id, chat) for chat in itertools.count(notice_id, 100))
