"""Workbooks, of which every part that is needed is looked at, piece by piece, before it is read.

What reads a workbook keeps a whole row in memory, and all of its words; a small file can make them
as large as it likes.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO, BinaryIO, Literal
from xml.parsers import expat

from openpyxl import Workbook
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
_ROWS = f"{_MAIN}sheetData"
_UNITS = {f"{_MAIN}worksheet": (f"{_MAIN}row", 3), f"{_MAIN}sst": (f"{_MAIN}si", 2)}
"""What is read one after the other, and at which depth it stands."""


def open_sheet(file: BinaryIO) -> ReadOnlyWorksheet:
    """Open the first sheet of a workbook of which nothing is larger than its reader can bear.

    Raises:
        Unreadable: it is none, or not such a one.
    """
    if not zipfile.is_zipfile(file):
        raise Unreadable("damaged")
    reader = _Reader(file)
    _check_sizes(reader.archive.infolist())
    return reader.open()


def _is_sheet(name: str) -> bool:
    return _SHEET.fullmatch(name) is not None


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    size = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    grows = size > LARGEST_UNASKED and size > LARGEST_RATIO * packed
    if grows or size > LARGEST_BOOK or len(parts) > MOST_PARTS:
        raise Unreadable("bomb")


class _Part:
    """Looks at one part as it streams by; only rows and shared words may be without end.

    What stands behind the rows of a sheet, its links above all, is never needed: where that
    becomes too much, the part ends for its reader, at `ends_at`.
    """

    def __init__(self, *, is_sheet: bool) -> None:
        self.ends_at: int | None = None
        self._is_sheet = is_sheet
        self._is_behind = False
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
                if self.ends_at is None:
                    self._parser.Parse(piece, False)
                    seen += len(piece)
                    if seen - self._since > LONGEST_ROW:
                        self._bear_no_more("row", seen)

    def _refuse(self, *_: object) -> None:
        """Refuse a part that declares words of its own, which may grow without end."""
        raise Unreadable("doctype")

    def _bear_no_more(self, reason: str, at: int) -> None:
        if not self._is_behind:
            raise Unreadable(reason)
        self.ends_at = at
        self._parser.StartElementHandler = self._parser.EndElementHandler = None

    def _start(self, name: str, _: object) -> None:
        self._depth += 1
        self._elements += 1
        self._in_unit += 1
        if self._depth == 1:
            self._unit = self._find_unit(name)
        if self._in_unit > MOST_ELEMENTS or self._depth > DEEPEST:
            at = self._parser.CurrentByteIndex
            self._bear_no_more("row" if self._unit else "strings", at)
        if self._elements > MOST_OF_STRINGS and not self._is_sheet:
            raise Unreadable("strings")
        if self._unit is None:
            self._since = self._parser.CurrentByteIndex

    def _find_unit(self, root: str) -> tuple[str, int] | None:
        unit = _UNITS.get(root)
        return unit if unit and self._is_sheet == root.endswith("worksheet") else None

    def _end(self, name: str) -> None:
        if (name, self._depth) == self._unit:
            self._begin_anew()
            self._units += 1
            if self._units > LAST_ROW:
                raise Unreadable("long")
        elif self._is_sheet and self._unit and (name, self._depth) == (_ROWS, 2):
            self._begin_anew()
            self._is_behind = True
        self._depth -= 1

    def _begin_anew(self) -> None:
        self._since = self._parser.CurrentByteIndex
        self._in_unit = 0


class _Archive(zipfile.ZipFile):
    """The parts of a workbook, looked at before they are opened; none opens a sheet as a whole."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._checked: dict[str, _Part] = {}

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """Read a part as a whole, unless it is a sheet."""
        if _is_sheet(name if isinstance(name, str) else name.filename):
            raise Unreadable("damaged")
        return super().read(name, pwd)

    def open(
        self,
        name: str | zipfile.ZipInfo,
        mode: Literal["r", "w"] = "r",
        pwd: bytes | None = None,
        *,
        force_zip64: bool = False,
    ) -> IO[bytes]:
        """Open a part, when it was found to be bearable."""
        self.check(name if isinstance(name, str) else name.filename)
        return super().open(name, mode, pwd, force_zip64=force_zip64)

    def check(self, name: str) -> _Part:
        """Look at a part, once."""
        if name not in self._checked:
            part = _Part(is_sheet=_is_sheet(name))
            if self.getinfo(name).file_size > LARGEST_STRINGS and not _is_sheet(name):
                raise Unreadable("strings")
            with super().open(name) as stream:
                part.check(stream)
            self._checked[name] = part
        return self._checked[name]


class _RowsEnd(Exception):
    """What stands behind the rows of a sheet is read no further."""


class _Beginning:
    """A sheet up to where it may be read."""

    def __init__(self, stream: IO[bytes], ends_at: int | None) -> None:
        self._stream = stream
        self._left = ends_at

    def read(self, size: int) -> bytes:
        """Read some of it."""
        if self._left is None:
            return self._stream.read(size)
        if self._left == 0:
            raise _RowsEnd
        piece = self._stream.read(min(size, self._left))
        self._left -= len(piece)
        return piece


class _Sheet(ReadOnlyWorksheet):
    """A sheet that is not read to its end only to learn its size, nor far behind its rows."""

    def __init__(
        self, archive: _Archive, book: Workbook, title: str, path: str, strings: Sequence[str]
    ) -> None:
        super().__init__(book, title, path, strings)
        self._archive, self._path = archive, path

    def _get_size(self) -> None:
        """Leave the size open."""

    @contextmanager
    def _get_source(self) -> Iterator[_Beginning]:
        """Open the sheet as far as it may be read."""
        ends_at = self._archive.check(self._path).ends_at
        with self._archive.open(self._path) as stream, suppress(_RowsEnd):
            yield _Beginning(stream, ends_at)


class _Reader(ExcelReader):
    """Reads of a workbook what the cells of its first sheet need."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, read_only=True, data_only=True, keep_links=False)
        self.archive = self._parts = _Archive(file)

    def open(self) -> ReadOnlyWorksheet:
        """Open the first sheet that is no chart."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)
        for sheet, at in self.parser.find_sheets():
            if at.target in self.valid_files and "chartsheet" not in at.Type:
                return _Sheet(self._parts, self.wb, sheet.name, at.target, self.shared_strings)
        raise Unreadable("damaged")

    def read_strings(self) -> None:
        """Read the shared words, unless a sheet is said to be them."""
        for part in self.package.Override:
            if part.ContentType == SHARED_STRINGS and _is_sheet(part.PartName[1:]):
                raise Unreadable("damaged")
        super().read_strings()
