"""Filters come from an address that anybody may have written."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.reference import load_gazetteer, load_occupations
from domain.applications import Status
from domain.cases import Waiting
from domain.filters import FLAGS, Age, Assigned, Filters, list_keys

PLACES, WORK = load_gazetteer(), load_occupations()
FILTERS = st.builds(
    Filters,
    place=st.none() | st.sampled_from(["02", "0203", "020301"]),
    status=st.none() | st.sampled_from(Status),
    waiting=st.none() | st.sampled_from(Waiting),
    work=st.none() | st.sampled_from(["transport", "street_food_vendor"]),
    source=st.none() | st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True),
    flag=st.none() | st.sampled_from(FLAGS),
    assigned=st.none() | st.sampled_from(Assigned),
    age=st.none() | st.sampled_from(Age),
)


def read(query: str) -> Filters:
    return Filters.read(dict(parse_qsl(query)), PLACES, WORK)


@given(FILTERS)
def test_what_is_written_reads_the_same(filters: Filters) -> None:
    assert read(filters.write()) == filters
    assert read(filters.write(after="1-2")) == filters


@given(st.dictionaries(st.sampled_from(sorted(vars(Filters()))), st.text()))
def test_any_query_can_be_read_and_what_is_left_can_be_written(query: dict[str, str]) -> None:
    filters = Filters.read(query, PLACES, WORK)
    assert read(filters.write()) == filters


@pytest.mark.parametrize(
    "query",
    [
        "place=99",
        "place=02030105",
        "place=%",
        "status=lost",
        "waiting=none",
        "work=astronaut",
        "source=a%20b",
        "flag=rich",
        "assigned=everybody",
        "age=old",
        "",
    ],
)
def test_what_nobody_can_choose_is_left_out(query: str) -> None:
    assert not read(query).is_set


def test_one_filter_is_dropped_and_the_others_stay() -> None:
    filters = read("place=02&status=submitted")
    assert filters.without("status") == Filters(place="02")


def test_a_group_stands_for_its_occupations() -> None:
    assert "street_food_vendor" in list_keys("trade_food", WORK)
    assert list_keys("street_food_vendor", WORK) == ("street_food_vendor",)
    assert list_keys("astronaut", WORK) == ()
