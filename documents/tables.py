"""Tables that people open with a spreadsheet, which takes no cell of them for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\ufeff"
"""It tells spreadsheets that what follows is UTF-8."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a formula begins; the last are the same signs in full width, as some keyboards write them."""


def guard_cell(cell: object) -> str:
    """Write a cell so that no spreadsheet takes it for a formula; None is an empty one."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_rows(rows: Iterable[Sequence[object]]) -> str:
    """Write the lines of a table."""
    written = io.StringIO()
    csv.writer(written).writerows([guard_cell(cell) for cell in row] for row in rows)
    return written.getvalue()
