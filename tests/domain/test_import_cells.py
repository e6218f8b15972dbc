"""Cells as spreadsheets leave them are read as they were meant, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.import_cells import LONGEST_WRITTEN, read_cell
from domain.phones import Phone, parse_phone
from domain.problems import Problem

MANGLED = Problem("import.mangled")


@pytest.mark.parametrize(
    ("column", "written", "read"),
    [
        ("phone", "12345678.0", "12345678"),
        ("phone", "+85512345678.00", "+85512345678"),
        ("phone", "១២៣៤៥៦៧៨.០", "12345678"),
        ("phone", "012.345.678", "012.345.678"),
        ("phone", "12.345.000", "12.345.000"),
        ("id_number", "999000001.0", "999000001"),
        ("province", "2.0", "2"),
        ("birth_date", "1985.0", "1985"),
        ("register_number", "17.0", "17"),
        ("register_number", "2025.17", "2025.17"),
        ("register_number", "12E5", "12E5"),
        ("occupation", "1.5 ha of rice", "1.5 ha of rice"),
    ],
)
def test_a_number_is_read_without_the_tail_of_its_spreadsheet(
    column: str, written: str, read: str
) -> None:
    assert read_cell(column, written) == read


@pytest.mark.parametrize("column", ["phone", "id_number", "register_number"])
@pytest.mark.parametrize("written", ["1.23457E+07", "1.2345678E7", "1e+07", "៨.៥៥E+១០"])
def test_a_number_in_exponent_form_is_refused(column: str, written: str) -> None:
    assert read_cell(column, written) == MANGLED


@pytest.mark.parametrize("written", ["12345678.5", "8551234.5678", "1234567E1", "012345678.90"])
def test_a_phone_number_with_another_tail_is_refused(written: str) -> None:
    assert read_cell("phone", written) == MANGLED


@given(st.integers(10_000_000, 99_999_999), st.sampled_from(["{}.0", "{:e}", "{:g}", "{:.1f}"]))
def test_no_number_of_a_spreadsheet_becomes_another(number: int, form: str) -> None:
    true = parse_phone(str(number))
    cell = read_cell("phone", form.format(number))
    read = cell if isinstance(cell, Problem) else parse_phone(cell)
    assert not isinstance(read, Phone) or read == true


def test_a_cell_that_is_far_too_long_is_not_made_clean() -> None:
    marks = "\u0301\u0316" * (LONGEST_WRITTEN // 2)
    assert read_cell("family_km", marks) != Problem("import.too-long")
    assert read_cell("family_km", marks + "\u0301") == Problem("import.too-long")
