"""New people of a list who have the phone number or identity card of somebody else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from db import likeness
from db.imports import LineError
from db.staff import Connection
from domain.duplicates import key_numbers
from domain.problems import Problem
from services.import_lists import Line
from services.import_sorting import Sorted


@dataclass(frozen=True)
class SharedLine:
    """A line of which somebody else has a number, and which of its numbers that is."""

    number: int
    cells: Mapping[str, str]
    errors: tuple[LineError, ...]


class Sharing:
    """Finds them while a list is read; of the lines before, a hash of each number is kept."""

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}

    async def find(
        self, connection: Connection, found: Sorted, elsewhere: Collection[str]
    ) -> list[SharedLine]:
        """Find who of some new people shares a number with an earlier row or somebody known.

        Those known from `elsewhere` are told of otherwise.
        """
        numbers = {tag: key_numbers(row.registration.worker) for tag, row in found.people}
        keys = {
            key for tag, ours in numbers.items() if tag not in elsewhere for key in ours.values()
        }
        known = await likeness.find_sharing(connection, keys)
        told = [self._tell(line, numbers[tag], known) for tag, line in found.new.items()]
        return [one for one in told if one.errors]

    def _tell(self, line: Line, numbers: Mapping[str, str], known: Mapping[str, str]) -> SharedLine:
        errors = []
        for column, key in numbers.items():
            row = self._rows.setdefault(hash(key), line.number)
            if row != line.number:
                problem = Problem("import.shared-row", {"row": str(row)})
            elif key in known:
                problem = Problem("import.shared-known", {"number": known[key]})
            else:
                continue
            errors.append(LineError(line.number, column, problem, "shared"))
        return SharedLine(line.number, line.cells, tuple(errors))
