"""The lines of a list, sorted: new people, known ones, known ones told otherwise, mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from db.imports import Counts, LineError
from domain.import_prints import list_differing
from domain.import_rows import ImportedRow
from domain.problems import Problem
from services.import_lists import Line, ListReader


@dataclass(frozen=True)
class Known:
    """A line about somebody who came before; `tag` names it, `columns` say something else now."""

    line: Line
    tag: str
    columns: tuple[str, ...] = ()


@dataclass
class Sorted:
    """Some lines of a list; the new ones by the names of their lines."""

    new: dict[str, Line] = field(default_factory=dict)
    unchanged: list[Known] = field(default_factory=list)
    changed: list[Known] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)

    @property
    def counts(self) -> Counts:
        """How many lines there are of each sort."""
        sorts = [len(lines) for lines in (self.new, self.unchanged, self.changed, self.refused)]
        return replace(Counts(sum(sorts), *sorts), warned=len(self.warned))

    @property
    def warned(self) -> list[Line]:
        """The new ones of whom something is left out."""
        return [line for line in self.new.values() if line.problems]

    @property
    def undecided(self) -> int:
        """How many of the new ones come without a decision."""
        return sum(not row.is_decided for _, row in self.people)

    def list_errors(self, numbers: Mapping[str, str]) -> list[LineError]:
        """List what is not taken, in the order of the lines; `numbers` are of known people."""
        wrong = [error for line in (*self.refused, *self.warned) for error in line.errors]
        other = [_tell_change(one, numbers.get(one.tag)) for one in self.changed]
        return sorted([*wrong, *other], key=lambda error: error.row)

    @property
    def people(self) -> list[tuple[str, ImportedRow]]:
        """The new people, each with the name of the line."""
        return [(tag, line.row) for tag, line in self.new.items() if line.row is not None]


def list_tags(reader: ListReader, lines: Sequence[Line]) -> list[str]:
    """Name the lines that hold a person."""
    return [reader.name(line.row) for line in lines if line.row is not None]


def sort_lines(reader: ListReader, lines: Sequence[Line], prints: Mapping[str, str]) -> Sorted:
    """Sort lines; `prints` is what those said that came before, by the names of their lines."""
    found = Sorted()
    said = dict(prints)
    for line in lines:
        if line.row is None:
            found.refused.append(line)
            continue
        tag = reader.name(line.row)
        if tag not in said:
            said[tag] = line.row.print
            found.new[tag] = line
        elif said[tag] == line.row.print:
            found.unchanged.append(Known(line, tag))
        else:
            found.changed.append(Known(line, tag, list_differing(said[tag], line.row.print)))
    return found


def _tell_change(one: Known, number: str | None) -> LineError:
    """Tell what a line says otherwise; without a number, than an earlier line of its list."""
    columns = {"columns": " ".join(one.columns)}
    problem = (
        Problem("import.changed", {**columns, "number": number})
        if number
        else Problem("import.changed-here", columns)
    )
    return LineError(one.line.number, "", problem, "changed")
