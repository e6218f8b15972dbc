"""Invented people register as real ones did, and answer as the form wants it."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.reference import load_gazetteer, load_occupations
from domain.cases import Waiting
from domain.context import Context
from domain.dates import BirthDate, age_on
from domain.demo.arrivals import count_days, list_days
from domain.demo.homes import CAPITAL, share_of_capital
from domain.demo.people import FIRST_CHAT
from domain.demo.population import Life, Plan, Population
from domain.demo.posts import list_posts
from domain.form import Question
from domain.identity import IdNumber, parse_id_number
from domain.names import Name, parse_khmer_name, parse_latin_name
from domain.phones import Phone, parse_contact_phone, parse_phone
from domain.problems import Problem
from domain.registration_form import REGISTRATION_FORM
from domain.route import get_answer, get_next, list_steps, put_answer
from domain.staff import Right, Staff, may
from domain.submission import complete

ZONE = ZoneInfo("Asia/Phnom_Penh")
UNTIL = date(2025, 2, 11)
NOW = datetime(2025, 2, 11, 8, 0, tzinfo=UTC)
COUNTED = 11_447


@cache
def staff() -> tuple[Staff, ...]:
    posts = list_posts(Random(1), load_gazetteer())
    return tuple(
        Staff(number, post.name, post.grants, active=post.active)
        for number, post in enumerate(posts, start=1)
    )


def make_lives(people: int, seed: int = 1, waiting: float | None = None) -> list[Life]:
    plan = Plan(people, seed, UNTIL, ZONE, waiting, NOW)
    return list(Population(plan, load_gazetteer(), load_occupations()).live(staff()))


@cache
def counted() -> tuple[Life, ...]:
    return tuple(make_lives(COUNTED))


def share(holds: list[bool]) -> float:
    return sum(holds) / len(holds)


@pytest.mark.parametrize("people", [0, 1, 300, COUNTED, 18_522, 119_183, 500_000])
def test_days_add_up_to_the_people(people: int) -> None:
    days = list_days(people)
    assert sum(day.people for day in days) == people
    assert len(days) == count_days(people)


def test_published_counts_are_reached_on_their_days() -> None:
    days = list_days(119_183)
    reached = {last: sum(day.people for day in days[: last + 1]) for last in (57, 69, 130, 212)}
    assert reached == pytest.approx({57: 11_447, 69: 18_522, 130: 51_324, 212: 119_183}, rel=0.03)


def test_the_day_of_a_campaign_stands_out() -> None:
    days = list_days(COUNTED)
    assert max(days, key=lambda day: day.people).index == 35
    assert 150 < days[20].people < 250


def test_the_capital_comes_first_and_others_follow() -> None:
    assert share_of_capital(0) > share_of_capital(57) > 0.5 > share_of_capital(130)
    lives = counted()
    assert share([life.application.office[:2] == CAPITAL for life in lives]) > 0.6
    assert len({life.application.office[:2] for life in lives}) == 25


def test_shares_are_those_that_were_published() -> None:
    workers = [life.application.registration.worker for life in counted()]
    assert share([worker.sex == "female" for worker in workers]) == pytest.approx(0.58, abs=0.02)
    assert share([worker.id_number is None for worker in workers]) == pytest.approx(0.12, abs=0.02)
    groups = Counter(
        load_occupations().get(life.application.registration.activities[0].occupation).group
        for life in counted()
    )
    assert groups["trade_food"] / COUNTED == pytest.approx(13 / 24, abs=0.02)
    assert groups["construction"] / COUNTED == pytest.approx(1.5 / 24, abs=0.01)


def test_most_are_decided_and_the_last_days_wait() -> None:
    statuses = Counter(life.journey.case.status.value for life in counted())
    decided = COUNTED - statuses["submitted"] - statuses["in_review"]
    assert statuses["approved"] / decided == pytest.approx(0.895, abs=0.02)
    assert statuses["rejected"] / decided == pytest.approx(0.065, abs=0.015)
    assert statuses["needs_correction"] / decided == pytest.approx(0.02, abs=0.01)
    assert statuses["withdrawn"] / decided == pytest.approx(0.02, abs=0.01)
    due = [life.journey.case.due_at for life in counted() if life.journey.case.waiting]
    late = [at for at in due if at and at < NOW]
    assert 0 < len(late) < len(due) / 2
    assert max(at for at in due if at) > NOW
    assert {life.journey.case.waiting for life in counted()} >= {*Waiting}


def test_nothing_happens_after_now_or_before_it_can() -> None:
    for life in counted():
        moments = [life.application.submitted_at.timestamp(), *(s.at for s in life.journey.steps)]
        assert moments == sorted(moments)
        assert moments[-1] <= NOW.timestamp()


def test_officers_act_only_where_they_may() -> None:
    known = {one.id: one for one in staff()}
    for life in counted()[:2000]:
        for step in life.journey.steps:
            if step.actor is not None:
                assert may(known[step.actor], Right.DECIDE, life.application.office)


def test_those_who_register_twice_are_recognised() -> None:
    doubles = [life.double for life in counted() if life.double]
    assert 0.003 * COUNTED < len(doubles) < 0.007 * COUNTED
    assert all(double.likeness.is_possible for double in doubles)


@pytest.mark.parametrize("waiting", [0.0, 0.25, 1.0])
def test_as_many_wait_as_wished(waiting: float) -> None:
    lives = make_lives(400, waiting=waiting)
    assert [bool(life.journey.case.waiting) for life in lives] == [
        index >= 400 * (1 - waiting) for index in range(400)
    ]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_one_seed_makes_the_same_people(seed: int) -> None:
    assert make_lives(12, seed) == make_lives(12, seed)
    assert make_lives(12, seed) != make_lives(12, seed + 1)


def test_no_number_is_given_twice() -> None:
    drafts = [life.invented.draft.answers for life in counted() if not life.double]
    phones = [
        (answers.get("own_phone") or answers["phone"])["number"]
        for answers in drafts
        if answers.get("phone", {}).get("is") != "helper"
    ]
    assert len(phones) == len(set(phones))
    numbers = [life.application.number for life in counted()]
    assert len(numbers) == len(set(numbers))


def test_nobody_real_can_be_meant() -> None:
    for life in counted():
        worker = life.application.registration.worker
        assert life.invented.chat_id > FIRST_CHAT
        assert isinstance(parse_phone(Phone(worker.phone).display), Problem)
        assert worker.id_number is None or worker.id_number.startswith("999")


def test_answers_are_what_the_form_would_have_kept() -> None:
    for life in counted()[::7]:
        answers = life.invented.draft.answers
        assert get_next(REGISTRATION_FORM, answers).question.name == "review"
        for step in list_steps(REGISTRATION_FORM, answers)[:-1]:
            value = get_answer(step, answers)
            if not step.question.resets:
                assert put_answer(REGISTRATION_FORM, answers, step, value) == answers
            if value is None:
                assert not step.question.required
            else:
                assert CHECKS[step.question.type](step.question, value)


def is_khmer_name(_: Question, value: Any) -> bool:
    return parse_khmer_name(f"{value['family']} {value['given']}") == Name(**value)


def is_latin_name(_: Question, value: Any) -> bool:
    return parse_latin_name(f"{value['family']} {value['given']}") == Name(**value)


def is_old_enough(_: Question, value: Any) -> bool:
    return age_on(BirthDate.from_iso(value), UNTIL) >= 15


def is_phone(_: Question, value: Any) -> bool:
    return parse_contact_phone(value["number"]) == Phone(value["number"])


def is_identity(question: Question, value: Any) -> bool:
    if "reason" in value:
        return is_choice(question, value["reason"])
    return isinstance(parse_id_number(value["number"]), IdNumber)


def is_village(_: Question, value: Any) -> bool:
    return load_gazetteer().get(value).level == "village"


def is_workplace(question: Question, value: Any) -> bool:
    if value["kind"] == "place":
        return is_village(question, value["place"])
    return value["kind"] in {"home", "pin"}


def is_occupation(_: Question, value: Any) -> bool:
    known = load_occupations().find(value["key"]) is not None
    return known and bool(value["words"]) == (value["key"] == "other")


def are_choices(question: Question, value: Any) -> bool:
    return bool(value == [choice.name for choice in question.choices if choice.name in value])


def is_choice(question: Question, value: Any) -> bool:
    return value in {choice.name for choice in question.choices}


CHECKS: dict[str, Callable[[Question, Any], bool]] = {
    "name_km": is_khmer_name,
    "name_latin": is_latin_name,
    "birth_date": is_old_enough,
    "own_phone": is_phone,
    "phone": is_phone,
    "identity": is_identity,
    "place": is_village,
    "workplace": is_workplace,
    "occupation": is_occupation,
    "select_multiple": are_choices,
    "select_one": is_choice,
    "consent": is_choice,
    "language": is_choice,
}


def test_a_complete_draft_gives_the_registration_that_is_stored() -> None:
    for life in counted()[::50]:
        today = life.application.submitted_at.astimezone(ZONE).date()
        now = life.application.submitted_at
        context = Context(now, today, load_gazetteer(), load_occupations(), None)
        assert complete(life.invented.draft, context) == life.application.registration


def test_every_district_has_an_officer_and_another_for_appeals() -> None:
    for province in load_gazetteer().children(None):
        for district in load_gazetteer().children(province.code):
            covering = [one for one in staff() if may(one, Right.DECIDE, district.code)]
            assert len(covering) >= 2
