"""To whom a notice goes, and what cannot be meant."""

from datetime import date
from typing import Any

import pytest

from domain.audiences import (
    EVERYBODY,
    MOST_FILTERS,
    Audience,
    Field,
    Filter,
    Person,
    WrongAudience,
    matches,
    read_audience,
    write_audience,
)

SELLER = Person(
    place="02030105",
    age=35,
    registered_on=date(2026, 3, 4),
    words={
        Field.CATEGORY: frozenset({"self_employed", "casual_worker"}),
        Field.SUPPORT: frozenset({"skills"}),
    },
)
FROM_BATTAMBANG = Filter("place", ("02",))


@pytest.mark.parametrize(
    ("one", "holds"),
    [
        (FROM_BATTAMBANG, True),
        (Filter("place", ("17", "020301")), True),
        (Filter("place", ("03",)), False),
        (Filter("category", ("micro_employee", "casual_worker")), True),
        (Filter("support", ("nssf",)), False),
        (Filter("source", ("market",)), False),
        (Filter("age", ("35..",)), True),
        (Filter("age", ("..34", "36..40")), False),
        (Filter("registered", ("2026-03-04..2026-03-04",)), True),
        (Filter("registered", ("2026-03-05..",)), False),
    ],
)
def test_any_value_of_a_filter_is_enough(one: Filter, holds: bool) -> None:
    assert matches(Audience((one,)), SELLER) is holds
    assert matches(Audience(none_of=(one,)), SELLER) is not holds


def test_all_filters_must_hold_and_no_exclusion() -> None:
    skilled, employed = Filter("support", ("skills",)), Filter("category", ("micro_employee",))
    assert matches(EVERYBODY, SELLER)
    assert matches(Audience((FROM_BATTAMBANG, skilled), (employed,)), SELLER)
    assert not matches(Audience((FROM_BATTAMBANG, employed)), SELLER)
    assert not matches(Audience((FROM_BATTAMBANG,), (skilled,)), SELLER)


def test_an_audience_reads_as_it_was_written() -> None:
    audience = Audience((FROM_BATTAMBANG, Filter("age", ("18..35",))), (Filter("sex", ("male",)),))
    assert read_audience(write_audience(audience)) == audience
    assert read_audience({}) == EVERYBODY


@pytest.mark.parametrize(
    "one",
    [
        ("income_tax", ["yes"]),
        ("place", []),
        ("place", [""]),
        ("place", ["Battambang"]),
        ("place", ["020"]),
        ("age", [".."]),
        ("age", ["old"]),
        ("registered", ["2026-02-30.."]),
        ("received", ["0"]),
        ("answered", ["12"]),
        ("source", ["x" * 65]),
        "place",
        7,
    ],
)
def test_a_filter_that_says_nothing_is_refused_rather_than_left_out(one: Any) -> None:
    with pytest.raises(WrongAudience):
        read_audience({"all_of": [one]})


def test_more_filters_than_anybody_could_check_are_refused() -> None:
    with pytest.raises(WrongAudience):
        Audience((FROM_BATTAMBANG,) * MOST_FILTERS, (FROM_BATTAMBANG,))
