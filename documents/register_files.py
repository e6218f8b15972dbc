"""Lists of another register, as CSV or XLSX, read line by line; a file may be anything."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import PurePath
from threading import Event
from typing import Any, BinaryIO, TypeAlias

from documents.unreadable import Unreadable
from documents.workbooks import LAST_ROW, open_sheet
from domain.import_cells import LONGEST_WRITTEN
from domain.import_columns import count_known

LONGEST_LINE = 200_000
MOST_CELLS = 200
MOST_EMPTY = 5_000
"""So many rows may be empty between two that are not."""

_DELIMITERS = ",;\t"
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NO_LIST = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"%PDF", b"{\\rtf")
"""How pictures and papers begin."""


@dataclass(frozen=True)
class Unclosed:
    """Stands for the cells of a line that a quotation mark has joined with others."""

    first: int
    last: int


Cells: TypeAlias = Sequence[str] | Unclosed
Lines: TypeAlias = Iterator[tuple[int, Cells]]


@dataclass(frozen=True)
class RegisterFile:
    """The first line of a list, and the others with their numbers; `tell` gives the bytes read.

    Once `is_unwanted` is set, whatever reads the lines comes to an end soon.
    """

    heading: Sequence[str]
    lines: Lines
    tell: Callable[[], int]
    is_unwanted: Event


def open_register(file: BinaryIO, filename: str) -> RegisterFile:
    """Open a list; only its first line is read.

    Raises:
        Unreadable: it is neither CSV in UTF-8 nor XLSX. Reading on may raise it as well.
    """
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if not start:
        raise Unreadable("empty")
    if start.startswith(_NO_LIST) or start[4:] == b"ftyp":
        raise Unreadable("no_list")
    is_book = start.startswith(_ZIP) or PurePath(filename).suffix.lower() in (".xlsx", ".xlsm")
    is_unwanted = Event()
    lines = _guard(_read_book(file) if is_book else _read_csv(file), is_unwanted)
    _, heading = next(lines, (0, ()))
    if isinstance(heading, Unclosed):
        raise Unreadable("line")
    if not heading:
        raise Unreadable("empty")
    return RegisterFile(heading, lines, file.tell, is_unwanted)


def _guard(lines: Lines, is_unwanted: Event) -> Lines:
    """Leave empty lines out, and let nothing but Unreadable through.

    A cell that is too long is cut behind the sign that makes it so.
    """
    try:
        for number, cells in lines:
            if is_unwanted.is_set():
                raise Unreadable("unwanted")
            if isinstance(cells, Unclosed):
                yield number, cells
            elif len(cells) > MOST_CELLS:
                raise Unreadable("wide")
            elif any(map(str.strip, cells)):
                yield number, [cell[: LONGEST_WRITTEN + 1] for cell in cells]
    except Unreadable:
        raise
    except UnicodeDecodeError:
        raise Unreadable("encoding") from None
    except csv.Error:
        raise Unreadable("line") from None
    except Exception:  # a damaged book makes its reader fail in any way
        raise Unreadable("damaged") from None


def _read_csv(file: BinaryIO) -> Lines:
    if file.read(2) in _UTF16:
        raise Unreadable("encoding")
    file.seek(0)
    stream = io.TextIOWrapper(_Kept(file), encoding="utf-8-sig", newline="")
    first = _read_line(stream)
    rest = iter(lambda: _read_line(stream), "")
    delimiter, width = _find_delimiter(first), 0
    reader = csv.reader(chain([first], rest), delimiter=delimiter)
    while True:
        number = reader.line_num + 1
        cells = next(reader, None)
        if cells is None:
            return
        width = width or len(cells)
        if number < reader.line_num and _has_swallowed(cells, width, delimiter):
            unclosed = Unclosed(number, reader.line_num)
            yield from ((line, unclosed) for line in range(number, reader.line_num + 1))
        else:
            yield number, cells


def _has_swallowed(cells: Sequence[str], width: int, delimiter: str) -> bool:
    """Tell whether several lines have become one by mistake, and not by breaks within a cell."""
    broken = [cell for cell in cells if "\n" in cell or "\r" in cell]
    return len(cells) != width or any(delimiter in cell for cell in broken)


class _Kept(io.BufferedReader):
    """A file that stays open when what reads it goes."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(_Raw(file), 65_536)


class _Raw(io.RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._file.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def _read_line(stream: io.TextIOWrapper) -> str:
    line = stream.readline(LONGEST_LINE)
    if len(line) >= LONGEST_LINE:
        raise Unreadable("line")
    return line


def _find_delimiter(first: str) -> str:
    """Find the sign between which a first line has the most headings that are known."""

    def count(delimiter: str) -> int:
        return count_known(next(csv.reader([first], delimiter=delimiter), []))

    return max(_DELIMITERS, key=count)


def _read_book(file: BinaryIO) -> Lines:
    sheet: Any = open_sheet(file)  # typed as if its rows could not be read
    try:
        sheet.reset_dimensions()  # what a sheet says of its size may leave people out
        last = 0
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = _cut([_write(cell) for cell in row[: MOST_CELLS + 1]]) if row else []
            if number > LAST_ROW:
                raise Unreadable("long")
            if cells and number - last > MOST_EMPTY:
                raise Unreadable("gap")
            last = number if cells else last
            yield number, cells
    finally:
        sheet.parent.close()


def _cut(cells: list[str]) -> list[str]:
    """Leave out the empty cells at the end, which a sheet may have in thousands."""
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _write(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)
