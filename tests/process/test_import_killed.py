"""An import whose process is killed is taken up by importing the same list again."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.importing import write_list
from benchmarks.processes import PythonProcess
from tests.serving import eventually

pytestmark = pytest.mark.process

ROWS = 900
PATIENCE_SECONDS = 60.0


def make_import(folder: Path, database: Path, file: Path) -> PythonProcess:
    known = {"DATABASE_URL": f"sqlite+aiosqlite:///{database}", "DATA_DIR": str(folder / "data")}
    command = ("bot", "import", str(file), "--source", "cie2025")
    return PythonProcess(folder, *command, environment=known)


def ask(database: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(question).fetchall()


def count_people(database: Path) -> int:
    [(count,)] = ask(database, "SELECT count(*) FROM applications")
    return int(str(count))


async def test_nobody_is_lost_or_doubled_by_a_kill_in_the_middle(
    sqlite_url: str, tmp_path: Path
) -> None:
    database, file = Path(sqlite_url.partition("///")[2]), tmp_path / "list.csv"
    write_list(file, ROWS)

    killed = make_import(tmp_path, database, file)
    await killed.launch()
    try:
        await eventually(lambda: count_people(database) > 0, PATIENCE_SECONDS)
    finally:
        await killed.kill()
    before = count_people(database)
    assert 0 < before < ROWS
    assert ask(database, "SELECT status FROM imports") == [("running",)]

    again = make_import(tmp_path, database, file)
    await again.launch()
    assert await asyncio.wait_for(again.process.wait(), PATIENCE_SECONDS) == 0
    assert f"{ROWS - before} added, {before} known already" in again.read_log()
    assert ask(database, "SELECT status, reason FROM imports ORDER BY id") == [
        ("stopped", "cut"),
        ("done", None),
    ]
    tags = {f"import:cie2025:R{number:07}" for number in range(ROWS)}
    assert {tag for (tag,) in ask(database, "SELECT tag FROM imported_rows")} == tags
    for table in ("applications", "workers", "imported_rows", "audit_events WHERE act = 'import'"):
        assert ask(database, f"SELECT count(*) FROM {table}") == [(ROWS,)]
