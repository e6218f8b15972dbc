"""Workbooks of invented people, and such whose parts were written by hand."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
TYPES = "[Content_Types].xml"


def write_book(*lines: Mapping[str, Any]) -> bytes:
    """Write lines as a workbook, with the headings of the first."""
    return write_cells([list(lines[0]), *(list(line.values()) for line in lines)])


def write_cells(rows: Iterable[Sequence[Any]]) -> bytes:
    """Write a workbook with these cells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def rewrite(book: bytes, part: str, change: Callable[[str], str | bytes]) -> bytes:
    """Write one part of a workbook otherwise; one that is not there is made from nothing."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, change(old.read(part).decode() if part in old.namelist() else ""))
    return written.getvalue()


def add_strings(book: bytes, strings: str) -> bytes:
    """Give a workbook shared words, which none of its cells needs."""
    main = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kind = f'PartName="/{STRINGS}" ContentType="{main}.sharedStrings+xml"'
    declared = f"<Override {kind}/></Types>"
    book = rewrite(book, TYPES, lambda types: types.replace("</Types>", declared))
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return rewrite(book, STRINGS, lambda _: f'<sst xmlns="{namespace}">{strings}</sst>')


def claim_size(book: bytes, size: str) -> bytes:
    """Let the sheet say that it is of another size, such as A1:C3."""
    return rewrite(
        book,
        SHEET,
        lambda sheet: re.sub('<dimension ref="[^"]*"', f'<dimension ref="{size}"', sheet),
    )


def move_row(book: bytes, number: int, to: int) -> bytes:
    """Give a row, and its cells, another number."""

    def move(sheet: str) -> str:
        cells = re.sub(f'(<c r="[A-Z]+){number}"', rf'\g<1>{to}"', sheet)
        return cells.replace(f'<row r="{number}"', f'<row r="{to}"')

    return rewrite(book, SHEET, move)
