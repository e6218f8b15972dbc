"""What people wrote comes out of a table as they wrote it, and never as a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.tables import guard_cell, write_rows

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
SIGNS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("rest", ["1+1", "HYPERLINK(A1)", '"1"', ""])
def test_what_begins_as_a_formula_becomes_text(sign: str, rest: str) -> None:
    assert guard_cell(sign + rest) == f"'{sign}{rest}"
    assert read(write_rows([[sign + rest, "b"]])) == [[f"'{sign}{rest}", "b"]]


@pytest.mark.parametrize("cell", ["", "a=1", "'=1", '"=1"', " =1", "012 345 678", "ផ្សារ", "3"])
def test_every_other_cell_stays_as_it_is(cell: str) -> None:
    assert guard_cell(cell) == cell


def test_a_number_below_zero_is_guarded_and_nothing_is_an_empty_cell() -> None:
    assert [guard_cell(one) for one in (-1, 0, None)] == ["'-1", "0", ""]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=4))
def test_quotes_and_breaks_within_a_cell_begin_no_other_cell(rows: list[list[str]]) -> None:
    assert read(write_rows(rows)) == [[guard_cell(cell) for cell in row] for row in rows]
    assert not any(cell.startswith(tuple(SIGNS)) for row in read(write_rows(rows)) for cell in row)


def read(table: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table, newline="")))
