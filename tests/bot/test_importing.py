"""Importing at the command line."""

from pathlib import Path

import pytest

from bot.commands import CannotDo
from bot.importing import import_file, try_file
from bot.settings import Settings
from db.database import Database
from db.errors import AlreadyOwned
from tests.services.imported import LINE, make_line, write_csv


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, database_url=sqlite_url, data_dir=tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(write_csv(LINE, make_line(2), make_line(3, sex="?")))
    return path


def spoil(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b" " * 70_000 + b"\n\xff\xff\n")


def fill(file: Path, *lines: dict[str, str]) -> None:
    file.write_bytes(write_csv(*lines))


def empty(file: Path) -> None:
    file.write_bytes(b"")


async def test_an_import_tells_what_it_did_and_where_the_errors_are(
    settings: Settings, file: Path
) -> None:
    done = await import_file(settings, file, "cie2025")
    assert done.is_whole
    assert done.lines[0].startswith("3 rows: 2 added, 0 known already")
    errors = file.with_name("list.csv.errors.csv")
    assert str(errors) in done.lines[-1]
    assert "4,sex," in errors.read_text("utf-8")
    again = await import_file(settings, file, "cie2025")
    assert "0 added, 2 known already" in again.lines[0]


async def test_a_trial_shows_how_columns_were_understood_and_stores_nothing(
    settings: Settings, file: Path
) -> None:
    serving = Database(settings.database_url)
    serving.own()
    tried = await try_file(settings, file, "cie2025")
    await serving.close()
    assert "2 would be added" in tried.lines[0]
    told = "\n".join(tried.lines)
    assert "family_latin = family name in Latin letters: SOK | SOK" in told
    assert "sex: 1 error" in told
    assert "4,sex," in file.with_name("list.csv.errors.csv").read_text("utf-8")
    assert (await import_file(settings, file, "cie2025")).lines[0].startswith("3 rows: 2 added")


async def test_a_trial_tells_how_many_come_without_a_decision(
    settings: Settings, file: Path
) -> None:
    await import_file(settings, file, "cie2025")
    fill(file, make_line(4, status=""), make_line(5))
    tried = await try_file(settings, file, "cie2025")
    assert "1 without a decision, taken as approved" in tried.lines


async def test_a_trial_tells_who_has_the_number_of_another(settings: Settings, file: Path) -> None:
    await import_file(settings, file, "cie2025")
    fill(file, make_line(4, phone=LINE["phone"]), make_line(5, id_number=LINE["id_number"]))
    tried = await try_file(settings, file, "cie2025")
    assert any(line.startswith("2 with the phone number or identity") for line in tried.lines)
    errors = file.with_name("list.csv.errors.csv").read_text("utf-8")
    assert "2,phone,The application" in errors
    assert "3,id_number,The application" in errors


async def test_a_trial_asks_for_a_database_of_this_version(
    settings: Settings, file: Path, tmp_path: Path
) -> None:
    missing = tmp_path / "none.db"
    new = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{missing}"})
    with pytest.raises(CannotDo, match="migrate"):
        await try_file(new, file, "cie2025")
    assert not missing.exists()


async def test_a_cut_file_is_no_whole_import(settings: Settings, file: Path) -> None:
    spoil(file)
    report = await import_file(settings, file, "cie2025")
    assert not report.is_whole
    assert any("UTF-8" in line for line in report.lines)


async def test_what_cannot_be_imported_is_refused_in_one_line(
    settings: Settings, file: Path, tmp_path: Path
) -> None:
    for path, source, said in (
        (tmp_path / "no.csv", "cie2025", "cannot read"),
        (tmp_path, "cie2025", "cannot read"),
        (file, "Not A Name", "--source"),
    ):
        with pytest.raises(CannotDo, match=said):
            await import_file(settings, path, source)
    empty(file)
    with pytest.raises(CannotDo, match="empty"):
        await import_file(settings, file, "cie2025")


async def test_nothing_is_imported_while_the_bot_runs(settings: Settings, file: Path) -> None:
    database = Database(settings.database_url)
    database.own()
    with pytest.raises(AlreadyOwned):
        await import_file(settings, file, "cie2025")
    await database.close()


async def test_a_list_is_not_taken_over_once_more_under_another_name_by_mistake(
    settings: Settings, file: Path
) -> None:
    await import_file(settings, file, "cie2025")
    with pytest.raises(CannotDo, match="known from cie2025"):
        await import_file(settings, file, "cie-2025")
    tried = await try_file(settings, file, "cie-2025")
    assert any("2 of them are known from cie2025" in line for line in tried.lines)
    again = await import_file(settings, file, "cie2025")
    assert "0 added, 2 known already" in again.lines[0]
    meant = await import_file(settings, file, "cie-2025", is_another=True)
    assert "2 added" in meant.lines[0]
