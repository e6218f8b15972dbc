"""What is to be expected of a notice, from its figures alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notice_outlook import Phase, find_night, look_ahead
from domain.notices import Notice, Topic
from domain.notices import Status as NoticeStatus
from domain.recipients import NIGHT, Status, Wait

ZONE = ZoneInfo("Asia/Phnom_Penh")
NOON = datetime(2026, 3, 4, 5, tzinfo=UTC)
LATE = NOON + timedelta(days=1)
MORNING = datetime(2026, 3, 5, 0, tzinfo=UTC)
NOTICE = Notice(1, 1, Topic.BENEFITS, NoticeStatus.SENDING)


def test_only_whose_turn_has_come_is_due() -> None:
    seen = look_ahead(NOTICE, {Status.QUEUED: 5, Status.SENDING: 1}, [Wait("form", 2, LATE)], None)
    assert (seen.phase, seen.waiting, seen.due) == (Phase.SENDING, 6, 4)


def test_at_night_nobody_is_due_and_who_waits_longer_is_told_apart() -> None:
    seen = look_ahead(NOTICE, {Status.QUEUED: 5}, [Wait("full", 2, LATE)], MORNING)
    assert (seen.phase, seen.due) == (Phase.WAITING, 0)
    assert seen.waits == (Wait(NIGHT, 3, MORNING), Wait("full", 2, LATE))


def test_an_emergency_knows_no_night() -> None:
    evening = NOON + timedelta(hours=9)
    assert find_night(NOTICE, evening, ZONE) == MORNING
    assert find_night(NOTICE, NOON, ZONE) is None
    assert find_night(replace(NOTICE, emergency=True), evening, ZONE) is None


def test_once_all_are_sent_to_a_notice_is_open_for_newcomers_until_its_end() -> None:
    notice = replace(NOTICE, send_by=LATE)
    seen = look_ahead(notice, {Status.SENT: 3}, [], None)
    assert (seen.phase, seen.open_until) == (Phase.OPEN, LATE)
    assert look_ahead(notice, {}, [], None).phase is Phase.SENDING
    assert look_ahead(notice, {Status.QUEUED: 1, Status.SENT: 3}, [], None).open_until is None


def test_a_completed_notice_with_somebody_queued_is_sent_again() -> None:
    notice = replace(NOTICE, status=NoticeStatus.COMPLETED)
    assert look_ahead(notice, {Status.SENT: 3}, [], None).phase is Phase.COMPLETED
    assert look_ahead(notice, {Status.SENT: 3, Status.QUEUED: 1}, [], None).phase is Phase.AGAIN


@pytest.mark.parametrize(
    ("counts", "reason", "must_move"),
    [
        ({Status.QUEUED: 3}, "full", True),
        ({Status.QUEUED: 2}, "full", False),
        ({Status.QUEUED: 2}, "form", False),
        ({Status.QUEUED: 2}, None, True),
        ({Status.QUEUED: 2, Status.SENDING: 1}, "full", True),
    ],
)
def test_a_notice_must_move_unless_all_wait_by_the_rules(
    counts: dict[Status, int], reason: str | None, must_move: bool
) -> None:
    waits = [Wait(reason, 2, LATE)]
    assert look_ahead(NOTICE, counts, waits, None).must_move is must_move
    paused = replace(NOTICE, status=NoticeStatus.PAUSED)
    assert not look_ahead(paused, counts, [], None).must_move


@pytest.mark.parametrize("status", NoticeStatus)
@given(
    queued=st.integers(0, 9),
    sending=st.integers(0, 3),
    waits=st.lists(st.integers(1, 3), max_size=3),
    night=st.sampled_from([None, MORNING]),
)
def test_due_and_waits_never_exceed_who_is_not_settled(
    status: NoticeStatus, queued: int, sending: int, waits: list[int], night: datetime | None
) -> None:
    counts = {Status.QUEUED: queued + sum(waits), Status.SENDING: sending}
    held = [Wait("form", count, LATE) for count in waits]
    seen = look_ahead(replace(NOTICE, status=status), counts, held, night)
    assert seen.due + sum(wait.count for wait in seen.waits) <= seen.waiting
    if status in (NoticeStatus.SENDING, NoticeStatus.COMPLETED):
        in_hand = sending if night else 0
        assert seen.due + sum(wait.count for wait in seen.waits) >= seen.waiting - in_hand
