"""Workbooks, opened only after a look at every part, piece by piece.

What reads a workbook keeps a whole row in memory, and all of its words; a small file can make them
as large as it likes.
"""

import re
import zipfile
from contextlib import suppress
from typing import IO, BinaryIO
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS

from documents.unreadable import Unreadable

LAST_ROW = 1_048_576
"""The last row that a spreadsheet can have."""

LARGEST_BOOK = 1_000_000_000
LARGEST_STRINGS = 20_000_000
"""Unpacked, since a workbook's words are all in memory before its first row can be read."""

LARGEST_RATIO = 200
"""An honest sheet shrinks to a tenth; a bomb to a thousandth."""

LARGEST_UNASKED = 10_000_000
LONGEST_ROW = 2_000_000
"""In bytes; a row of 16,384 cells that have but a format takes half a million."""

MOST_ELEMENTS = 50_000
"""Of a row, of one of the shared words, or of any part that is read as a whole."""

MOST_OF_STRINGS = 1_200_000
DEEPEST = 64
MOST_PARTS = 20_000

_PIECE = 65_536
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_UNITS = {f"{_MAIN}worksheet": (f"{_MAIN}row", 3), f"{_MAIN}sst": (f"{_MAIN}si", 2)}
"""What is read one after the other, and at which depth it stands."""


def open_sheet(file: BinaryIO) -> ReadOnlyWorksheet:
    """Open the first sheet of a workbook of which nothing is larger than its reader can bear.

    Raises:
        Unreadable: it is none, or not such a one.
    """
    if not zipfile.is_zipfile(file):
        raise Unreadable("damaged")
    with zipfile.ZipFile(file) as book:
        _check_sizes(book.infolist())
        for part in book.infolist():
            with book.open(part) as stream:
                _Part(is_sheet=_is_sheet(part.filename)).check(stream)
    file.seek(0)
    return _Reader(file).open()


def _is_sheet(name: str) -> bool:
    return _SHEET.fullmatch(name) is not None


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    size = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if any(part.file_size > LARGEST_STRINGS for part in parts if not _is_sheet(part.filename)):
        raise Unreadable("strings")
    grows = size > LARGEST_UNASKED and size > LARGEST_RATIO * packed
    if grows or size > LARGEST_BOOK or len(parts) > MOST_PARTS:
        raise Unreadable("bomb")


class _Part:
    """Looks at one part as it streams by; only rows and shared words may be without end."""

    def __init__(self, *, is_sheet: bool) -> None:
        self._is_sheet = is_sheet
        self._unit: tuple[str, int] | None = None
        self._depth = self._units = self._elements = self._in_unit = self._since = 0
        self._parser = expat.ParserCreate(namespace_separator="}")
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def check(self, stream: IO[bytes]) -> None:
        """Read a part to its end; what is no XML is left alone, as every reader of XML will."""
        seen = 0
        with suppress(expat.ExpatError):
            while piece := stream.read(_PIECE):
                self._parser.Parse(piece, False)
                seen += len(piece)
                if seen - self._since > LONGEST_ROW:
                    raise Unreadable("row")

    def _refuse(self, *_: object) -> None:
        """Refuse a part that declares words of its own, which may grow without end."""
        raise Unreadable("doctype")

    def _start(self, name: str, _: object) -> None:
        self._depth += 1
        self._elements += 1
        self._in_unit += 1
        if self._depth == 1:
            self._unit = self._find_unit(name)
        if self._in_unit > MOST_ELEMENTS or self._depth > DEEPEST:
            raise Unreadable("row" if self._unit else "strings")
        if self._elements > MOST_OF_STRINGS and not self._is_sheet:
            raise Unreadable("strings")
        if self._unit is None:
            self._since = self._parser.CurrentByteIndex

    def _find_unit(self, root: str) -> tuple[str, int] | None:
        unit = _UNITS.get(root)
        return unit if unit and self._is_sheet == root.endswith("worksheet") else None

    def _end(self, name: str) -> None:
        if (name, self._depth) == self._unit:
            self._since = self._parser.CurrentByteIndex
            self._in_unit = 0
            self._units += 1
            if self._units > LAST_ROW:
                raise Unreadable("long")
        self._depth -= 1


class _Archive(zipfile.ZipFile):
    """The parts of a workbook, of which nobody takes a sheet in one piece."""

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        if _is_sheet(name if isinstance(name, str) else name.filename):
            raise Unreadable("damaged")
        return super().read(name, pwd)


class _Sheet(ReadOnlyWorksheet):
    """A sheet that is not read to its end only to learn its size."""

    def _get_size(self) -> None:
        """Leave the size open."""


class _Reader(ExcelReader):
    """Reads of a workbook what the cells of its first sheet need."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, read_only=True, data_only=True, keep_links=False)
        self.archive = _Archive(file)

    def open(self) -> ReadOnlyWorksheet:
        """Open the first sheet that is no chart."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        for sheet, at in self.parser.find_sheets():
            if at.target in self.valid_files and "chartsheet" not in at.Type:
                return _Sheet(self.wb, sheet.name, at.target, self.shared_strings)
        raise Unreadable("damaged")

    def read_strings(self) -> None:
        """Read the shared words, unless a sheet is said to be them."""
        for part in self.package.Override:
            if part.ContentType == SHARED_STRINGS and _is_sheet(part.PartName[1:]):
                raise Unreadable("damaged")
        super().read_strings()
