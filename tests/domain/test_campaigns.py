"""Event days: when guests are reminded, and what a plan must say."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.campaigns import (
    Campaign,
    ReminderKind,
    Status,
    end_of_counting,
    end_of_event,
    is_moved,
    is_moved_on_map_alone,
    is_pressing,
    is_today,
    list_flaws,
    make_source,
    may_serve,
    plan_reminders,
    takes_answers,
)
from domain.notice_content import PlaceOfMap
from domain.quiet_hours import is_quiet
from domain.staff import Right, Role, Staff
from tests.event_plan import PLAN, make_plan

ZONE = ZoneInfo("Asia/Phnom_Penh")
HALL = {"latitude": 13.0957, "longitude": 103.2022}
CAMPAIGN = Campaign(1, PLAN, Status.PLANNED, 1, datetime(2026, 3, 1, tzinfo=UTC))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZONE)


def test_guests_are_reminded_three_days_before_the_day_before_and_that_morning() -> None:
    assert [(one.kind, one.due_at) for one in plan_reminders(PLAN, ZONE)] == [
        (ReminderKind.THREE_DAYS, at(7, 9)),
        (ReminderKind.DAY_BEFORE, at(9, 9)),
        (ReminderKind.MORNING, at(10, 7)),
    ]


def test_each_reminder_gives_way_to_the_next_and_the_last_to_the_start() -> None:
    ends = [one.expires_at for one in plan_reminders(PLAN, ZONE)]
    assert ends == [at(9, 9), at(10, 7), PLAN.starts_at]


def test_a_day_that_begins_before_the_morning_reminder_has_none() -> None:
    early = make_plan(starts_at=at(10, 6, 30).astimezone(UTC))
    *_, last = plan_reminders(early, ZONE)
    assert (last.kind, last.expires_at) == (ReminderKind.DAY_BEFORE, early.starts_at)


@given(st.dates(date(2025, 1, 1), date(2030, 1, 1)), st.times())
def test_reminders_never_overlap_nor_fall_into_the_night(day: date, hour: time) -> None:
    starts_at = datetime.combine(day, hour.replace(tzinfo=None), ZONE)
    planned = plan_reminders(make_plan(held_on=day, starts_at=starts_at), ZONE)
    assert all(one.due_at < one.expires_at <= starts_at for one in planned)
    assert all(one.expires_at <= other.due_at for one, other in pairwise(planned))
    assert not any(is_quiet(one.due_at) for one in planned)


def test_answers_are_taken_until_the_day_is_over() -> None:
    end = end_of_event(PLAN, ZONE)
    assert end == at(11, 0)
    assert takes_answers(CAMPAIGN, end - timedelta(seconds=1), ZONE)
    assert not takes_answers(CAMPAIGN, end, ZONE)


def test_registrations_count_for_fourteen_days_more() -> None:
    assert end_of_counting(PLAN, ZONE) == at(25, 0)


@pytest.mark.parametrize(
    ("moment", "expected"), [(at(9, 23, 59), False), (at(10, 0), True), (at(10, 23, 59), True)]
)
def test_people_are_checked_in_on_the_day_itself(moment: datetime, expected: bool) -> None:
    assert is_today(CAMPAIGN, moment, ZONE) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"place": "17"}, True),
        ({"venue_km": "ផ្សារ"}, True),
        ({"venue_en": "Market"}, True),
        ({"starts_at": PLAN.starts_at + timedelta(minutes=30)}, True),
        ({"ends_at": PLAN.starts_at + timedelta(hours=4)}, True),
        ({"latitude": 13.1, "longitude": 103.2}, False),
        ({"capacity": 9, "target": 9, "partner": None, "name_en": "Fair"}, False),
    ],
)
def test_a_day_has_moved_if_guests_would_come_for_nothing(
    changed: dict[str, object], expected: bool
) -> None:
    assert is_moved(PLAN, make_plan(**changed)) is expected


def test_a_point_that_is_set_anew_moves_guests_if_it_is_another_place() -> None:
    former, near = make_plan(**HALL), make_plan(**HALL | {"latitude": 13.0961})
    far = make_plan(**HALL | {"latitude": 13.2})
    assert not is_moved(former, near)
    assert is_moved(former, far)
    assert is_moved_on_map_alone(former, far)
    assert not is_moved_on_map_alone(former, near)
    assert not is_moved_on_map_alone(former, replace(far, venue_en="Market"))
    assert not is_moved(former, PLAN)


def test_a_point_is_known_by_both_its_numbers() -> None:
    assert make_plan(**HALL).point == PlaceOfMap(13.0957, 103.2022)
    assert PLAN.point is None
    assert make_plan(latitude=13.0).point is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(9, 6, 59), False),
        (at(8, 23), False),
        (at(9, 12), True),
        (at(9, 23), True),
        (at(10, 5), True),
        (at(10, 8), True),
    ],
)
def test_news_cannot_wait_for_the_morning_on_which_people_set_out(
    now: datetime, expected: bool
) -> None:
    assert is_pressing(PLAN.starts_at, now.astimezone(UTC), ZONE) is expected


def test_news_of_an_afternoon_wait_for_its_morning() -> None:
    assert not is_pressing(at(10, 14), at(9, 23), ZONE)


@pytest.mark.parametrize(
    ("places", "place", "expected"),
    [
        (["0203"], "0203", True),
        (["02"], "0203", True),
        (["0203"], "02", True),
        (["0203"], "", True),
        (None, "02", True),
        (["0204"], "0203", False),
        (["17"], "02", False),
        (["1702"], "02", False),
        ([], "02", False),
        ([], "", False),
    ],
)
def test_who_has_a_part_of_the_place_checks_people_in(
    places: list[str] | None, place: str, expected: bool
) -> None:
    reach = None if places is None else frozenset(places)
    officer = Staff(1, "Bopha", {Role.OFFICER: reach})
    assert may_serve(officer, Right.CHECK_IN, place) is expected
    assert not may_serve(replace(officer, active=False), Right.CHECK_IN, place)
    assert not may_serve(officer, Right.RUN_CAMPAIGNS, place)


@pytest.mark.parametrize(
    ("places", "expected"), [(["02"], True), (["0203"], False), (["17"], False)]
)
def test_only_who_has_the_whole_place_runs_the_day(places: list[str], expected: bool) -> None:
    manager = Staff(1, "Nary", {Role.CAMPAIGN_MANAGER: frozenset(places)})
    assert may_serve(manager, Right.RUN_CAMPAIGNS, "02") is expected


def test_a_source_names_who_hands_the_poster_out() -> None:
    assert make_source("btb-2026") == "btb-2026"
    assert make_source("btb-2026", "market") == "btb-2026_market"


@pytest.mark.parametrize(
    ("changed", "flaw"),
    [
        ({"name_km": "Battambang"}, "name_km"),
        ({"name_en": "បាត់ដំបង"}, "name_en"),
        ({"venue_km": ""}, "venue_km"),
        ({"venue_en": ""}, "venue_en"),
        ({"place": ""}, "place"),
        ({"held_on": date(2026, 3, 3)}, "held_on"),
        ({"held_on": date(2028, 3, 6)}, "held_on"),
        ({"held_on": date.max, "ends_at": at(10, 12)}, "held_on"),
        ({"name_en": "Pay at https://misti.example/pay"}, "name_en_contact"),
        ({"name_km": "ថ្ងៃចុះឈ្មោះ misti.example"}, "name_km_contact"),
        ({"venue_en": "Hall, ask @clerk_of_hall"}, "venue_en_contact"),
        ({"venue_km": "សាលា ០១២ ៣៤៥-៦៧៨"}, "venue_km_contact"),
        ({"code": "a"}, "code"),
        ({"code": "BTB_1"}, "code"),
        ({"capacity": 0}, "capacity"),
        ({"target": 0}, "target"),
        ({"ends_at": PLAN.starts_at}, "ends"),
        ({"ends_at": PLAN.starts_at - timedelta(minutes=1)}, "ends"),
        ({"ends_at": at(11, 0)}, "ends"),
        ({"latitude": 13.75, "longitude": 100.5}, "point_outside"),
    ],
)
def test_a_plan_says_what_it_lacks(changed: dict[str, object], flaw: str) -> None:
    assert list_flaws(make_plan(**changed), date(2026, 3, 4), ZONE) == [flaw]


def test_a_sound_plan_has_no_flaws() -> None:
    assert list_flaws(PLAN, date(2026, 3, 10), ZONE) == []
    whole = make_plan(ends_at=at(10, 23, 59), **HALL)
    assert list_flaws(whole, date(2026, 3, 10), ZONE) == []
    house = make_plan(venue_en="No. 12, St. 271 (Hall B), Sangkat 1", name_en="Day 2026-2027")
    assert list_flaws(house, date(2026, 3, 10), ZONE) == []
