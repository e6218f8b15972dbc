"""To whom a notice goes, and what cannot be meant."""

from typing import Any

import pytest

from domain.audiences import (
    EVERYBODY,
    MOST_FILTERS,
    MOST_VALUES,
    Audience,
    Filter,
    TooMuchAsked,
    WrongAudience,
    check_combined,
    read_audience,
    write_audience,
)

FROM_BATTAMBANG = Filter("place", ("02",))
FROM_BATTAMBANG_ONLY = Audience((FROM_BATTAMBANG,))


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
        ("registered", ["0001-01-01.."]),
        ("registered", ["..9999-12-31"]),
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


def test_an_audience_asks_no_more_than_so_many_values_with_all_that_it_combines() -> None:
    def ask(count: int) -> Filter:
        return Filter("source", tuple(f"code_{number}" for number in range(count)))

    half, both = Audience((ask(MOST_VALUES // 2),)), Filter("audience", ("1", "2"))
    with pytest.raises(TooMuchAsked):
        Audience((ask(MOST_VALUES),), (FROM_BATTAMBANG,))
    check_combined(Audience((both,)), {"1": half, "2": Audience((FROM_BATTAMBANG,))})
    with pytest.raises(TooMuchAsked):
        check_combined(Audience((both,)), {"1": half, "2": half})
    with pytest.raises(TooMuchAsked):
        check_combined(Audience((both,), (both,)), {"1": half, "2": FROM_BATTAMBANG_ONLY})
