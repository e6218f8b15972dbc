"""Lists of another register: opened, and read some lines at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import BinaryIO

from db.arrivals import TAG
from db.imports import Kind, LineError
from documents.register_files import Cells, RegisterFile, Unclosed, open_register
from documents.unreadable import Unreadable
from domain.import_columns import Heading, read_heading
from domain.import_places import PlaceReader
from domain.import_rows import CellProblem, ImportedRow, RowReader
from domain.places import Gazetteer
from domain.problems import Problem
from domain.texts import Text, message
from services.desk import Desk
from services.import_words import REASONS, list_words


class CannotImport(Exception):
    """A file that cannot be imported at all; `words` say why and what to do."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.id)
        self.words = words


@dataclass(frozen=True)
class OpenedList:
    """A list whose first line has been understood."""

    file: RegisterFile
    heading: Heading


@dataclass(frozen=True)
class Line:
    """A line as it was written, by columns, the person in it, if any, and what is wrong."""

    number: int
    cells: Mapping[str, str]
    row: ImportedRow | None
    problems: tuple[CellProblem, ...] = ()

    @property
    def errors(self) -> list[LineError]:
        """What is wrong, for the error file."""
        kind: Kind = "error" if self.row is None else "warning"
        return [LineError(self.number, one.column, one.problem, kind) for one in self.problems]


def open_list(file: BinaryIO, filename: str) -> OpenedList:
    """Open a list.

    Raises:
        CannotImport: it is no list, or it lacks columns.
    """
    try:
        opened = open_register(file, filename)
    except Unreadable as error:
        raise CannotImport(REASONS[error.reason]) from None
    heading = read_heading(opened.heading)
    if heading.missing:
        raise CannotImport(message("import.stopped.columns", columns=", ".join(heading.missing)))
    if heading.twice:
        raise CannotImport(message("import.stopped.twice", columns=", ".join(heading.twice)))
    return OpenedList(opened, heading)


class ListReader:
    """Reads a list with the eyes of the dialogue; `source` is the short name of its register.

    Making one takes a second of work, and reading is work as well: both belong into a thread.
    """

    def __init__(self, opened: OpenedList, desk: Desk, source: str, now: datetime) -> None:
        self._opened = opened
        self.source = source
        self._end: Unreadable | None = None
        self._rows = RowReader(
            _load_places(desk.gazetteer),
            desk.occupations,
            list_words(desk),
            f"{TAG}{source}",
            now.astimezone(desk.time_zone).date(),
        )

    def take(self, size: int) -> list[Line]:
        """Read some lines; none at the end.

        Raises:
            Unreadable: the rest cannot be read; the lines before it have been given.
        """
        if self._end is not None:
            raise self._end
        taken: list[Line] = []
        try:
            for number, cells in islice(self._opened.file.lines, size):
                taken.append(self._read(number, cells))
        except Unreadable as error:
            self._end = error
            if not taken:
                raise
        return taken

    def name(self, row: ImportedRow) -> str:
        """Name the line of a person among those of all registers."""
        return f"{TAG}{self.source}:{row.key}"

    def _read(self, number: int, written: Cells) -> Line:
        if isinstance(written, Unclosed):
            lines = {"first": str(written.first), "last": str(written.last)}
            return Line(number, {}, None, (CellProblem("", Problem("import.unclosed", lines)),))
        cells = self._opened.heading.pick(written)
        found = self._rows.read(cells)
        if isinstance(found, ImportedRow):
            return Line(number, cells, found, found.warnings)
        return Line(number, cells, None, found)


@lru_cache(maxsize=1)
def _load_places(gazetteer: Gazetteer) -> PlaceReader:
    return PlaceReader(gazetteer)
