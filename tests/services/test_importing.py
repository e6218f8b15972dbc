"""A list of another register is taken over line by line, and a bad file loses nothing."""

import asyncio
import csv
import io
import zipfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from db import audit, imports
from db.applications import find_registration
from db.database import READERS, Database
from db.tables import applications, contacts, duplicate_pairs, workers
from documents.register_files import MOST_EMPTY
from documents.unreadable import Unreadable
from documents.workbooks import LARGEST_STRINGS, LAST_ROW
from domain.numbers import format_number
from locales.catalogue import render_plain
from services import import_words
from services.desk import Desk
from services.import_lists import CannotImport, open_list
from services.import_words import word_error, write_stored_errors
from services.importing import Order, begin_import
from tests.samples import NOON
from tests.services.books import (
    add_strings,
    claim_size,
    move_row,
    write_book,
    write_cells,
)
from tests.services.imported import (
    LINE,
    import_bytes,
    import_lines,
    make_line,
    try_lines,
    write_csv,
)

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "register.csv"


async def list_numbers(database: Database) -> list[str]:
    async with database.read() as connection:
        return list(await connection.scalars(select(applications.c.number)))


async def read_errors(database: Database, desk: Desk, locale: str = "en") -> list[list[str]]:
    async with database.read() as connection:
        [last, *_] = await imports.list_recent(connection)
    lines = [line async for line in write_stored_errors(database, desk, last.id, locale)]
    return list(csv.reader(io.StringIO("".join(lines).removeprefix("\ufeff"))))


async def test_a_line_becomes_an_approved_application_without_a_chat(
    database: Database, desk: Desk
) -> None:
    result = await import_lines(database, desk, [LINE])
    assert (result.counts.added, result.reason) == (1, None)

    async with database.read() as connection:
        row = (await connection.execute(select(applications))).mappings().one()
        found = await find_registration(connection, row["number"])
        events = await audit.list_about(connection, row["number"])
        assert (await connection.execute(select(contacts))).all() == []
        assert await audit.find_break(connection) is None
    assert (row["status"], row["waiting"], row["chat_id"]) == ("approved", None, None)
    assert (row["source"], row["office"]) == ("import:cie2025", "0203")
    assert row["submitted_at"].date().isoformat() == "2025-02-03"
    assert found is not None
    worker = found.worker
    assert (worker.family_km, worker.given_latin, worker.sex) == ("សុខ", "DARA", "male")
    assert (worker.born, worker.phone, worker.phone_is) == ("1985-04-15", "+85512345678", "typed")
    assert [stored.event.act for stored in events] == ["import"]


async def test_a_second_import_changes_nothing(database: Database, desk: Desk) -> None:
    lines = [make_line(number) for number in range(1, 40)]
    await import_lines(database, desk, lines)
    before = await list_numbers(database)

    again = await import_lines(database, desk, lines)
    assert (again.counts.added, again.counts.unchanged) == (0, 39)
    assert await list_numbers(database) == before


async def test_what_another_list_says_of_somebody_known_is_listed_and_not_taken(
    database: Database, desk: Desk
) -> None:
    await import_lines(database, desk, [LINE])
    [number] = await list_numbers(database)
    changed = make_line(sex="female", district="0202", phone="012 345 679", status="")
    result = await import_lines(database, desk, [changed, LINE])
    assert (result.counts.changed, result.counts.unchanged) == (1, 1)
    [_, error] = await read_errors(database, desk)
    assert error[0] == "2"
    assert error[2].endswith("said of: sex, district, phone number")
    assert format_number(number) in error[2]
    assert error[4] == "known already, nothing changed"
    assert await list_numbers(database) == [number]


async def test_two_lines_of_one_list_that_differ_are_told_as_well(
    sqlite_database: Database, desk: Desk
) -> None:
    lines = [LINE, make_line(birth_date="1985")]
    tried = await try_lines(sqlite_database, desk, lines)
    assert [error.problem.params["columns"] for error in tried.errors] == ["birth_date"]
    what, _ = word_error(tried.errors[0])
    assert "earlier in the list" in render_plain(what, "en", desk.names)
    assert (await import_lines(sqlite_database, desk, lines)).counts == tried.counts


@pytest.mark.parametrize("phone", ["023 880 111", "12", "+66 81 234 5678", "012345678/011222333"])
async def test_a_phone_number_of_no_use_keeps_nobody_out_and_is_told(
    database: Database, desk: Desk, phone: str
) -> None:
    lines = [make_line(phone=phone), make_line(2)]
    tried = await try_lines(database, desk, lines)
    result = await import_lines(database, desk, lines)
    assert result.counts == tried.counts
    assert (result.counts.added, result.counts.warned, result.counts.refused) == (2, 1, 0)
    async with database.read() as connection:
        phones = await connection.scalars(select(workers.c.phone).order_by(workers.c.id))
        assert list(phones) == ["", "+85512345002"]
    [_, error] = await read_errors(database, desk)
    assert error[:2] == ["2", "phone"]
    assert error[4] == "imported without it"
    again = await import_lines(database, desk, lines)
    assert (again.counts.unchanged, again.counts.warned) == (2, 0)


@pytest.mark.parametrize("mark", ["-", "–", "N/A", "n/a", "#N/A", "មិនមាន", "គ្មាន", "?", "None"])
async def test_a_mark_for_nothing_is_an_empty_cell(
    sqlite_database: Database, desk: Desk, mark: str
) -> None:
    optional = ("register_number", "phone", "id_number", "commune", "village", "registered_on")
    lines = [{**LINE, **dict.fromkeys(optional, cell)} for cell in (mark, "")]
    result = await import_lines(sqlite_database, desk, lines)
    assert (result.counts.added, result.counts.unchanged, result.counts.warned) == (1, 1, 0)
    result = await import_lines(
        sqlite_database, desk, [make_line(2, status=mark), make_line(3, occupation=mark)]
    )
    assert result.counts.refused == 2


@pytest.mark.parametrize(
    "written", ["1985-04-15 00:00:00", "15/04/1985 0:00", "1985-04-15T00:00:00.000"]
)
async def test_a_day_may_come_with_midnight(
    sqlite_database: Database, desk: Desk, written: str
) -> None:
    await import_lines(sqlite_database, desk, [make_line(birth_date=written)])
    async with sqlite_database.read() as connection:
        assert list(await connection.scalars(select(workers.c.born))) == ["1985-04-15"]


def write_numbered(*people: Mapping[str, str], heading: str) -> list[dict[str, str]]:
    """Write people without a register number, each after the number of their row."""
    return [
        {heading: str(row), **{key: cell for key, cell in one.items() if key != "register_number"}}
        for row, one in enumerate(people, start=1)
    ]


@pytest.mark.parametrize("heading", ["No", "No.", "Number", "លេខ", "ល.រ", "លេខរៀង"])
async def test_the_number_of_a_row_tells_nobody_apart(
    sqlite_database: Database, desk: Desk, heading: str
) -> None:
    people = [make_line(number) for number in range(1, 4)]
    await import_lines(sqlite_database, desk, write_numbered(*people, heading=heading))
    others = [make_line(9), *reversed(people)]
    again = await import_lines(sqlite_database, desk, write_numbered(*others, heading=heading))
    assert (again.counts.added, again.counts.unchanged) == (1, 3)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("CIE-0001", "cie 0001"),
        ("CIE-0001", "CIE/0001."),
        ("123", "0123"),
        ("123", "១២៣"),
        ("000", "0"),
        ("123", "123.0"),
        ("គ.១-២", "គ 12"),
    ],
)
async def test_a_register_number_is_the_same_however_it_is_written(
    sqlite_database: Database, desk: Desk, first: str, again: str
) -> None:
    await import_lines(sqlite_database, desk, [make_line(register_number=first)])
    result = await import_lines(sqlite_database, desk, [make_line(register_number=again)])
    assert (result.counts.added, result.counts.unchanged) == (0, 1)


@pytest.mark.parametrize("other", ["CIE-1", "CIE-00010", "CID-0001", "គ-0001", "-"])
async def test_other_register_numbers_are_other_people(
    sqlite_database: Database, desk: Desk, other: str
) -> None:
    lines = [make_line(register_number="CIE-0001"), make_line(register_number=other)]
    assert (await import_lines(sqlite_database, desk, lines)).counts.added == 2


async def test_every_error_of_a_line_is_told_and_the_other_lines_are_taken(
    database: Database, desk: Desk
) -> None:
    wrong = make_line(2, sex="?", phone="12", birth_date="", district="9999", status="open")
    result = await import_lines(database, desk, [make_line(1), wrong, make_line(3)])
    assert (result.counts.added, result.counts.refused) == (2, 1)
    for locale in ("en", "km"):
        [heading, *errors] = await read_errors(database, desk, locale)
        assert len(heading) == 5
        assert {(row, column) for row, column, *_ in errors} == {
            ("3", column) for column in ("sex", "phone", "birth_date", "district", "status")
        }
        assert all(what and do and kind for _, _, what, do, kind in errors)


async def test_the_error_file_is_read_in_parts_and_holds_no_reader_while_one_is_taken(
    sqlite_database: Database, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_words, "AT_A_TIME", 2)
    wrong = [make_line(number, sex="?") for number in range(4)]
    await import_lines(sqlite_database, desk, wrong)
    async with sqlite_database.read() as connection:
        [last, *_] = await imports.list_recent(connection)
    rows = []
    async for line in write_stored_errors(sqlite_database, desk, last.id, "en"):
        rows.append(line.split(",")[0])
        async with AsyncExitStack() as others, asyncio.timeout(2):
            for _ in range(READERS):
                await others.enter_async_context(sqlite_database.read())
    assert rows[1:] == ["2", "3", "4", "5"]


async def test_a_number_that_a_spreadsheet_has_cut_short_is_refused(
    sqlite_database: Database, desk: Desk
) -> None:
    lines = [make_line(2, phone="12345678.0"), make_line(3, phone="1.23457E+07")]
    result = await import_lines(sqlite_database, desk, lines)
    assert (result.counts.added, result.counts.refused) == (1, 1)
    async with sqlite_database.read() as connection:
        assert list(await connection.scalars(select(workers.c.phone))) == ["+85512345678"]
    [_, error] = await read_errors(sqlite_database, desk)
    assert error[:2] == ["3", "phone"]
    assert "as text" in error[3]


async def test_a_name_of_several_places_is_refused_with_their_codes(
    database: Database, desk: Desk
) -> None:
    result = await import_lines(
        database, desk, [make_line(province="12", district="ដូនពេញ", commune="ផ្សារថ្មី")]
    )
    assert result.counts.refused == 1
    [_, error] = await read_errors(database, desk)
    assert error[1] == "commune"
    assert "1202" in error[2]


@pytest.mark.parametrize(
    ("province", "district"),
    [
        ("2", "203"),
        ("02", "03"),
        ("ខេត្តបាត់ដំបង", "ក្រុងបាត់ដំបង"),
        ("Battambang", "Battambang"),
        ("BATTAMBANG province", "battambang city"),
        ("០២", "០២០៣"),
    ],
)
async def test_places_are_read_as_codes_or_names(
    sqlite_database: Database, desk: Desk, province: str, district: str
) -> None:
    result = await import_lines(
        sqlite_database, desk, [make_line(province=province, district=district)]
    )
    assert result.counts.added == 1, await read_errors(sqlite_database, desk)


async def test_somebody_who_is_known_already_is_marked(database: Database, desk: Desk) -> None:
    await import_lines(database, desk, [LINE, make_line(register_number="OTHER-9")])
    async with database.read() as connection:
        flags = list(await connection.scalars(select(applications.c.flags)))
        pairs = (await connection.execute(select(duplicate_pairs))).all()
    assert flags == [["possible_duplicate"]] * 2
    assert len(pairs) == 1


async def test_an_import_that_was_cut_off_is_stopped_when_the_next_begins(
    database: Database, desk: Desk
) -> None:
    await begin_import(database, Order("cut.csv", "cie2025"), NOON)
    await import_lines(database, desk, [LINE])
    async with database.read() as connection:
        [done, cut] = await imports.list_recent(connection)
    assert (done.status, done.reason) == ("done", None)
    assert (cut.status, cut.reason, cut.ended_at) == ("stopped", "cut", NOON)


async def test_the_example_can_be_imported(sqlite_database: Database, desk: Desk) -> None:
    result = await import_bytes(sqlite_database, desk, EXAMPLE.read_bytes())
    assert (result.counts.added, result.counts.refused) == (2, 0)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
async def test_csv_comes_in_several_ways(
    sqlite_database: Database, desk: Desk, delimiter: str, encoding: str
) -> None:
    content = write_csv(LINE, delimiter=delimiter, encoding=encoding)
    assert (await import_bytes(sqlite_database, desk, content)).counts.added == 1


async def test_a_workbook_is_read_with_its_dates_and_numbers(
    sqlite_database: Database, desk: Desk
) -> None:
    typed = {
        **LINE,
        "birth_date": datetime.fromisoformat("1985-04-15"),
        "registered_on": date(2025, 2, 3),
    }
    typed |= {"phone": 12345678, "id_number": 999000001, "province": 2, "district": 203.0}
    book = write_cells([[*LINE, None], [*typed.values(), None], [None] * 3])
    result = await import_bytes(sqlite_database, desk, book, "list.xlsx")
    assert (result.counts.rows, result.counts.added) == (1, 1)
    async with sqlite_database.read() as connection:
        [worker] = (await connection.execute(select(workers))).mappings()
        [at] = await connection.scalars(select(applications.c.submitted_at))
    assert (worker["born"], worker["phone"]) == ("1985-04-15", "+85512345678")
    assert (worker["id_number"], worker["home"]) == ("999000001", "0203")
    assert at.date() == date(2025, 2, 3)


@pytest.mark.parametrize("size", ["A1", "A1:Q3", "A1:E6", "A1:XFD1048576"])
async def test_nobody_is_lost_whatever_size_a_sheet_says_to_have(
    sqlite_database: Database, desk: Desk, size: str
) -> None:
    book = claim_size(write_book(*(make_line(number) for number in range(1, 6))), size)
    result = await import_bytes(sqlite_database, desk, book, "list.xlsx")
    assert (result.counts.rows, result.counts.added) == (5, 5)


@pytest.mark.parametrize(
    ("row", "reason"), [(30_000_000, "long"), (LAST_ROW, "gap"), (MOST_EMPTY + 3, "gap")]
)
async def test_a_row_far_below_the_others_keeps_nobody_busy(
    sqlite_database: Database, desk: Desk, row: int, reason: str
) -> None:
    book = move_row(write_book(make_line(1), make_line(2)), 3, row)
    result = await import_bytes(sqlite_database, desk, book, "list.xlsx")
    assert (result.counts.added, result.reason) == (1, reason)


async def test_empty_rows_below_the_last_person_or_between_two_do_no_harm(
    sqlite_database: Database, desk: Desk
) -> None:
    people = write_cells([list(LINE), list(LINE.values()), *[["  "]] * (MOST_EMPTY + 9)])
    result = await import_bytes(sqlite_database, desk, people, "list.xlsx")
    assert (result.counts.added, result.reason) == (1, None)
    book = move_row(write_book(make_line(1), make_line(2)), 3, MOST_EMPTY + 2)
    result = await import_bytes(sqlite_database, desk, book, "list.xlsx")
    assert (result.counts.added, result.reason) == (1, None)


def test_reading_ends_soon_once_a_list_is_unwanted() -> None:
    book = move_row(write_book(make_line(1), make_line(2)), 3, LAST_ROW)
    opened = open_list(io.BytesIO(book), "list.xlsx")
    opened.file.is_unwanted.set()
    with pytest.raises(Unreadable) as stopped:
        next(opened.file.lines)
    assert stopped.value.reason == "unwanted"


def make_bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return written.getvalue()


def make_wordy_book() -> bytes:
    """Make a workbook with more words than may be read into the memory."""
    words = "".join(f"<si><t>ពាក្យ{at}</t></si>" for at in range(LARGEST_STRINGS // 32))
    return add_strings(write_book(LINE), words)


HEADING = write_csv(LINE).split(b"\r\n")[0]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "list.csv", "empty"),
        (b"\n\n\n", "list.csv", "empty"),
        (b"a,b\n1,2\n", "list.csv", "lacks"),
        (HEADING + b",sex\n", "list.csv", "twice"),
        ("ឈ្មោះ".encode("utf-16"), "list.csv", "UTF-8"),
        (b"\xff\x00\x81", "list.csv", "UTF-8"),
        (b"no zip at all", "list.xlsx", "damaged"),
        (b"PK\x03\x04 cut off", "list.xlsx", "damaged"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "list.jpg", "no list"),
        (b"\x00\x00\x00\x18ftypheic", "list.csv", "no list"),
        (b"%PDF-1.7", "list.pdf", "no list"),
        (b"x" * 10_000_000, "list.csv", "too long"),
        (b"," * 5_000, "list.csv", "too many"),
        (make_bomb(), "list.xlsx", "unpacked"),
        (make_wordy_book(), "list.xlsx", "more text"),
    ],
)
def test_a_file_that_is_no_list_gets_one_kind_line(
    content: bytes, name: str, said: str, desk: Desk
) -> None:
    with pytest.raises(CannotImport) as refused:
        open_list(io.BytesIO(content), name)
    words = render_plain(refused.value.words, "en", desk.names)
    assert said in words
    assert "\n" not in words


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (b"\xff\xfe broken\n", "encoding"),
        (b"x" * 10_000_000, "line"),
        (b'"' + b"never closed, " * 40_000, "line"),
        (b"," * 900 + b"\n", "wide"),
    ],
)
async def test_what_came_before_a_bad_line_stays(
    sqlite_database: Database, desk: Desk, rest: bytes, reason: str
) -> None:
    good = write_csv(*(make_line(number) for number in range(1, 9)))
    result = await import_bytes(sqlite_database, desk, good + b" " * 70_000 + b"\n" + rest)
    assert result.reason == reason
    assert len(await list_numbers(sqlite_database)) == result.counts.added
    async with sqlite_database.read() as connection:
        [last] = await imports.list_recent(connection)
    assert (last.status, last.reason) == ("stopped", reason)


def write_lines(*lines: Mapping[str, str]) -> list[str]:
    """Write lines as a CSV file without quotation marks."""
    return [",".join(LINE), *(",".join(line.values()) for line in lines)]


@pytest.mark.parametrize(
    ("column", "closing"),
    [
        ("occupation", None),
        ("occupation", ("occupation", 5)),
        ("register_number", ("register_number", 5)),
        ("status", ("status", 5)),
        ("status", ("register_number", 5)),
        ("village", ("commune", 5)),
    ],
)
async def test_nobody_whom_a_quotation_mark_swallows_is_lost_unnoticed(
    sqlite_database: Database, desk: Desk, column: str, closing: tuple[str, int] | None
) -> None:
    people = [make_line(number) for number in range(1, 9)]
    people[2][column] = f'"{people[2][column]}'
    if closing:
        people[closing[1] - 1][closing[0]] += '"'
    content = "\r\n".join(write_lines(*people)).encode()
    result = await import_bytes(sqlite_database, desk, content)
    swallowed = range(4, 7 if closing else 10)
    assert result.counts.refused == len(swallowed)
    assert result.counts.added == 8 - len(swallowed)
    [_, *errors] = await read_errors(sqlite_database, desk)
    assert [int(row) for row, *_ in errors] == list(swallowed)
    assert all(f"Lines 4 to {swallowed[-1]}:" in error[2] for error in errors)


async def test_two_lines_that_a_lost_quotation_mark_makes_one_are_listed(
    sqlite_database: Database, desk: Desk
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerows([LINE, *(make_line(number).values() for number in range(1, 5))])
    content = written.getvalue().replace('"approved"\r\n"CIE-0003"', '"approved\r\n"CIE-0003"')
    result = await import_bytes(sqlite_database, desk, content.encode())
    assert (result.counts.added, result.counts.refused) == (2, 2)
    assert [row for row, *_ in await read_errors(sqlite_database, desk)] == ["Row", "3", "4"]


async def test_a_heading_that_swallows_people_is_no_heading(desk: Desk) -> None:
    heading, *people = write_lines(make_line(1), make_line(2, status='approved"'), make_line(3))
    spoilt = heading.replace("status", '"status')
    with pytest.raises(CannotImport) as refused:
        open_list(io.BytesIO("\n".join([spoilt, *people]).encode()), "list.csv")
    assert "quotation mark" in render_plain(refused.value.words, "en", desk.names)


@pytest.mark.parametrize(
    "cell", ["a\x00b", '"', "'; DROP TABLE", "=1+1", "\u202e", "💥" * 200, "\n"]
)
async def test_odd_cells_are_refused_or_made_clean(
    database: Database, desk: Desk, cell: str
) -> None:
    lines = [make_line(2, occupation=f"លក់{cell}"), make_line(3, family_km=cell, village=cell)]
    result = await import_lines(database, desk, lines)
    assert result.counts.rows == 2
    assert result.reason is None


async def test_no_cell_of_an_error_file_is_a_formula(sqlite_database: Database, desk: Desk) -> None:
    await import_lines(sqlite_database, desk, [make_line(2, district="=cmd|' /C calc'!A0")])
    for row in await read_errors(sqlite_database, desk):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)


async def test_numbers_are_drawn_anew_and_dated_no_later_than_now(
    sqlite_database: Database, desk: Desk
) -> None:
    await import_lines(sqlite_database, desk, [make_line(registered_on="2026-03-04")])
    async with sqlite_database.read() as connection:
        [at] = await connection.scalars(select(applications.c.submitted_at))
    assert at <= NOON
