"""A list can be tried: what an import would do is told, and nothing is stored."""

import pytest
from sqlalchemy import func, select, update

from db.database import Database
from db.staff import Connection
from db.tables import applications, metadata
from domain.import_columns import read_heading
from locales.catalogue import render_plain
from services import import_trials
from services.desk import Desk
from services.import_samples import describe_columns, list_lacking
from services.import_trials import SHOWN
from services.import_words import write_errors
from tests.services.imported import LINE, import_lines, make_line, try_lines


async def count_rows(database: Database) -> dict[str, int]:
    async with database.read() as connection:
        return {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


async def test_a_trial_counts_as_the_import_does_and_stores_nothing(
    database: Database, desk: Desk
) -> None:
    await import_lines(database, desk, [make_line(1), make_line(2)])
    before = await count_rows(database)
    lines = [
        make_line(1),
        make_line(2, sex="ស្រី"),
        make_line(3),
        make_line(3),
        make_line(4, sex="?"),
    ]
    tried = await try_lines(database, desk, lines)
    assert await count_rows(database) == before
    assert tried.is_good
    assert (await import_lines(database, desk, lines)).counts == tried.counts
    assert vars(tried.counts) == {
        "rows": 5,
        "added": 1,
        "unchanged": 2,
        "changed": 1,
        "refused": 1,
        "warned": 0,
    }


async def test_known_people_are_shown_with_their_applications(
    database: Database, desk: Desk
) -> None:
    await import_lines(database, desk, [LINE])
    tried = await try_lines(database, desk, [LINE, make_line(2), make_line(2), make_line(sex="ស្រី")])
    [stored, twice], [changed] = tried.unchanged, tried.changed
    assert stored.number is not None
    assert twice.number is None
    assert changed.number == stored.number
    assert not (await try_lines(database, desk, [LINE])).is_good


async def test_only_the_first_lines_of_each_sort_are_kept(
    sqlite_database: Database, desk: Desk
) -> None:
    good = [make_line(number) for number in range(1, 8)]
    bad = [make_line(number, sex="?", phone="1") for number in range(8, 15)]
    mute = [make_line(number, phone="023 880 111") for number in range(15, 20)]
    other = [make_line(number, sex="ស្រី") for number in range(1, 6)]
    tried = await try_lines(sqlite_database, desk, [*good, *good, *bad, *mute, *other])
    sorts = (tried.new, tried.unchanged, tried.refused, tried.warned, tried.changed)
    assert [len(shown) for shown in sorts] == [SHOWN] * 5
    assert tried.wrong_in == {"sex": 7, "phone": 12}
    assert len(tried.errors) == 24
    assert tried.errors_left_out == 0


async def test_of_very_many_mistakes_some_are_only_counted(
    sqlite_database: Database, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = [make_line(number, sex="?") for number in range(1, 8)]
    monkeypatch.setattr(import_trials, "MOST_ERRORS", 5)
    tried = await try_lines(sqlite_database, desk, bad)
    assert (len(tried.errors), tried.errors_left_out) == (5, 2)


async def test_swapped_columns_are_seen_before_anybody_is_stored(
    sqlite_database: Database, desk: Desk
) -> None:
    swapped = make_line(family_latin="Dara", given_latin="Sok")
    tried = await try_lines(sqlite_database, desk, [swapped])
    found = read_heading(list(swapped))
    columns = describe_columns(desk.form, list(swapped), found, tried.new)
    said = {
        column.heading: [
            render_plain(words, "en", desk.names) for words in (column.words, *column.samples)
        ]
        for column in columns
    }
    assert said["family_latin"] == ["family name in Latin letters", "DARA"]
    assert said["given_latin"] == ["given name in Latin letters", "SOK"]
    assert said["birth_date"][1] == "15 April 1985"
    assert said["district"][1] == "Battambang"
    assert said["commune"][1] == "–"
    assert "999000001" not in str(said)


async def test_who_comes_without_a_decision_is_counted(
    sqlite_database: Database, desk: Desk
) -> None:
    lines = [make_line(1), make_line(2, status=""), make_line(3, status="", sex="?")]
    tried = await try_lines(sqlite_database, desk, [*lines, make_line(2, status="")])
    assert (tried.counts.added, tried.undecided) == (2, 1)
    without = [{**make_line(number)} for number in (4, 5)]
    for line in without:
        del line["status"]
    assert (await try_lines(sqlite_database, desk, without)).undecided == 2


async def test_rows_of_one_person_under_several_numbers_are_listed_and_keep_nobody_out(
    database: Database, desk: Desk
) -> None:
    again = [{**LINE, "register_number": f"CIE-{number}"} for number in (1, 2, 3)]
    card = make_line(4, id_number=LINE["id_number"])
    tried = await try_lines(database, desk, [*again, make_line(5), card, make_line(6, phone="")])
    assert (tried.counts.added, tried.sharing, tried.is_good) == (6, 3, True)
    assert [one.number for one in tried.shared] == [3, 4, 6]
    found = [(one.row, one.column, one.problem.params["row"], one.kind) for one in tried.errors]
    assert found == [
        (3, "phone", "2", "shared"),
        (3, "id_number", "2", "shared"),
        (4, "phone", "2", "shared"),
        (4, "id_number", "2", "shared"),
        (6, "id_number", "2", "shared"),
    ]


async def test_who_shares_a_number_with_somebody_registered_is_listed_without_the_number(
    database: Database, desk: Desk
) -> None:
    await import_lines(database, desk, [LINE, make_line(2)])
    lines = [LINE, make_line(3, phone=LINE["phone"]), make_line(4)]
    tried = await try_lines(database, desk, lines)
    [error] = tried.errors
    assert (error.row, error.column, tried.sharing) == (3, "phone", 1)
    assert error.problem.params["number"] == tried.unchanged[0].number
    written = "".join([line async for line in write_errors(tried.errors, desk, "en")])
    assert "3,phone,The application" in written
    assert "345 678" not in written


async def test_a_phone_number_of_somebody_who_withdrew_is_shared_with_nobody(
    sqlite_database: Database, desk: Desk
) -> None:
    await import_lines(sqlite_database, desk, [{**LINE, "status": "withdrawn"}])
    assert (await try_lines(sqlite_database, desk, [{**LINE, "register_number": "2"}])).sharing == 0


@pytest.mark.parametrize(("locale", "said"), [("en", "0201 Banan"), ("km", "0201 ស្រុកបាណន់")])
async def test_places_that_may_be_meant_are_named_in_the_readers_language(
    sqlite_database: Database, desk: Desk, locale: str, said: str
) -> None:
    tried = await try_lines(sqlite_database, desk, [make_line(district="Bananx")])
    written = "".join([line async for line in write_errors(tried.errors, desk, locale)])
    assert said in written


def test_columns_that_a_list_lacks_are_named(desk: Desk) -> None:
    lacking = list_lacking(read_heading(["phone", "commune", "village", "status"]))
    assert [render_plain(words, "en", desk.names) for words in lacking] == [
        "number in that register",
        "number of the identity card",
        "day of registration",
    ]


async def test_people_who_are_known_from_a_register_of_another_name_are_told(
    database: Database, desk: Desk
) -> None:
    people = [make_line(number) for number in range(1, 4)] + [make_line(4, phone="")]
    await import_lines(database, desk, people)
    renamed = [{**one, "register_number": f"X{at}"} for at, one in enumerate(people)]
    tried = await try_lines(database, desk, renamed, "cie-2025")
    assert tried.elsewhere == {"cie2025": 4}
    assert tried.same_as == "cie2025"
    assert tried.sharing == 0
    others = [make_line(number) for number in range(5, 9)]
    tried = await try_lines(database, desk, [*renamed, *others], "cie-2025")
    assert (tried.elsewhere["cie2025"], tried.same_as) == (4, None)
    assert (await try_lines(database, desk, renamed)).elsewhere == {}


async def test_whoever_but_claims_to_come_from_a_register_is_known_from_none(
    database: Database, desk: Desk
) -> None:
    await import_lines(database, desk, [LINE])

    async def forge(connection: Connection) -> None:
        await connection.execute(update(applications).values(draft_tag="typed"))

    await database.write(forge)
    assert (await try_lines(database, desk, [LINE], "other")).elsewhere == {}


@pytest.mark.parametrize(
    "other", [{"phone": "012 345 999"}, {"given_km": "សុភា"}, {"birth_date": "1986"}]
)
async def test_somebody_of_another_phone_name_or_birth_is_somebody_else(
    sqlite_database: Database, desk: Desk, other: dict[str, str]
) -> None:
    await import_lines(sqlite_database, desk, [LINE])
    tried = await try_lines(sqlite_database, desk, [{**LINE, **other}], "other")
    assert tried.elsewhere == {}
