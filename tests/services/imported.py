"""Lists of invented people, and importing them."""

import csv
import io
from collections.abc import Mapping, Sequence

from db.database import Database
from services.desk import Desk
from services.import_lists import open_list
from services.import_trials import Trial, try_list
from services.importing import Order, Result, begin_import, run_import
from tests.samples import NOON

LINE: Mapping[str, str] = {
    "register_number": "CIE-0001",
    "family_km": "សុខ",
    "given_km": "ដារ៉ា",
    "family_latin": "Sok",
    "given_latin": "Dara",
    "sex": "ប្រុស",
    "birth_date": "15/04/1985",
    "phone": "012 345 678",
    "id_number": "999000001",
    "province": "បាត់ដំបង",
    "district": "0203",
    "commune": "",
    "village": "",
    "occupation": "street_food_vendor",
    "category": "self_employed",
    "registered_on": "2025-02-03",
    "status": "approved",
}


def make_line(number: int = 1, **changed: str) -> dict[str, str]:
    """Make a line; people of other numbers are other people."""
    others = {
        "register_number": f"CIE-{number:04}",
        "phone": f"012 345 {number:03}",
        "id_number": f"999{number * 7919 % 1_000_000:06}",
        "birth_date": f"{1950 + number % 50}-{number % 12 + 1:02}-{number % 28 + 1:02}",
    }
    return {**LINE, **(others if number > 1 else {}), **changed}


def write_csv(*lines: Mapping[str, str], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Write lines as a CSV file."""
    written = io.StringIO()
    writer = csv.DictWriter(written, list(lines[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    return written.getvalue().encode(encoding)


async def import_bytes(
    database: Database,
    desk: Desk,
    content: bytes,
    name: str = "list.csv",
    source: str = "cie2025",
) -> Result:
    """Import a file."""
    order = Order(name, source)
    opened = open_list(io.BytesIO(content), name)
    begun = await begin_import(database, order, NOON)
    return await run_import(database, desk, opened, order, begun, lambda: NOON)


async def import_lines(
    database: Database, desk: Desk, lines: Sequence[Mapping[str, str]]
) -> Result:
    """Import some lines."""
    return await import_bytes(database, desk, write_csv(*lines))


async def try_lines(
    database: Database,
    desk: Desk,
    lines: Sequence[Mapping[str, str]],
    source: str = "cie2025",
) -> Trial:
    """Try some lines."""
    opened = open_list(io.BytesIO(write_csv(*lines)), "list.csv")
    return await try_list(database, desk, opened, source, lambda: NOON)
