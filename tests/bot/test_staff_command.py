"""What the operator does about staff and the audit log, and the first invitation."""

import asyncio
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app, main
from bot.clock import now_utc
from db import staff
from db.database import Database
from db.unit_of_work import UnitOfWork, run_unit
from domain.staff import Role, Staff
from services.desk import Desk, Person
from services.invitations import join
from simulator.server import Simulator
from tests.conftest import open_database
from tests.serving import eventually, make_settings, serving

SECRET = re.compile(r"staff_([\w-]{32})")
ADD = ["staff", "add", "--name", "Bopha", "--role", "officer"]
runner = CliRunner()


@pytest.fixture(autouse=True)
def _own_place(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TELEGRAM_TOKEN", raising=False)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)


def call(*words: str) -> str:
    result = runner.invoke(app, words)
    assert result.exit_code == 0, result.output
    return result.stdout


def open_invitation(url: str, desk: Desk, said: str) -> Staff | None:
    found = SECRET.search(said)
    assert found is not None
    joined: list[Staff | None] = []

    async def work(uow: UnitOfWork) -> None:
        joined.append(await join(uow, desk, Person(7, "Dara"), found[1]))

    async def run() -> None:
        async with open_database(url) as database:
            await run_unit(database, now_utc(), work)

    asyncio.run(run())
    return joined[-1]


def test_the_operator_invites_lists_and_removes_staff(sqlite_url: str, desk: Desk) -> None:
    said = call(*ADD, "--role", "administrator", "--place", "02", "--place", "1703")
    assert "send to the bot: /start staff_" in said
    joined = open_invitation(sqlite_url, desk, said)
    assert joined is not None
    assert joined.name == "Bopha"
    places = frozenset({"02", "1703"})
    assert joined.grants == {Role.OFFICER: places, Role.ADMINISTRATOR: places}

    listed = call("staff", "list")
    assert "Bopha" in listed
    assert "officer: 02 1703" in listed
    assert "administrator: 02 1703" in listed
    assert "yes" in listed
    call("staff", "remove", str(joined.id))
    assert "yes" not in call("staff", "list")


def test_without_a_place_staff_are_for_the_whole_country(sqlite_url: str, desk: Desk) -> None:
    joined = open_invitation(sqlite_url, desk, call(*ADD))
    assert joined is not None
    assert joined.grants == {Role.OFFICER: None}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ([*ADD, "--place", "99"], "99 is no province"),
        ([*ADD, "--place", "020301"], "020301 is no province"),
        ([*ADD, "--place", "Battambang"], "Battambang is no province"),
        (["staff", "remove", "99"], "no member of staff 99"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    words: list[str],
    problem: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["bot", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert problem in said
    assert said.count("\n") == 1


async def test_nobody_is_invited_while_the_bot_runs(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bot", *ADD])
    with pytest.raises(SystemExit):
        await asyncio.to_thread(main)
    assert "is in use by another process" in capsys.readouterr().err


def test_an_audit_log_that_holds_is_told_with_its_head(sqlite_url: str) -> None:
    call(*ADD)
    assert re.search(r"^1 events, the chain holds; head [0-9a-f]{64}$", call("audit", "verify"))


def test_a_changed_audit_log_is_told_by_the_exit_status(sqlite_url: str) -> None:
    for _ in range(3):
        call(*ADD)

    async def tamper() -> None:
        async with open_database(sqlite_url) as database, database._writer.begin() as connection:
            await connection.exec_driver_sql("DROP TRIGGER audit_events_no_update")
            await connection.exec_driver_sql("UPDATE audit_events SET origin = 'x' WHERE id = 2")

    asyncio.run(tamper())
    result = runner.invoke(app, ["audit", "verify"])
    assert result.exit_code == 1
    assert "broken at event 2" in result.stdout


async def test_the_first_start_prints_how_to_become_administrator(
    tmp_path: Path, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Simulator(seed=1) as simulator:
        settings = make_settings(simulator, tmp_path)
        person = simulator.people.add("Rith").id
        printed: list[str] = []

        def has_printed() -> bool:
            printed.append(capsys.readouterr().out)
            return SECRET.search("".join(printed)) is not None

        async with serving(settings):
            await eventually(has_printed)
            said = "".join(printed)
            assert "https://t.me/worker_registration_bot?start=staff_" in said
            found = SECRET.search(said)
            assert found is not None
            simulator.people.start(person, f"staff_{found[1]}")
            await eventually(lambda: len(simulator.telegram.chats[person].messages) > 1)
            simulator.people.type_text(person, "/staff")
            await eventually(lambda: len(simulator.telegram.chats[person].messages) > 3)
        async with serving(settings):
            pass
        assert not SECRET.search(capsys.readouterr().out)

    async with open_database(settings.database_url) as database, database.read() as connection:
        [first] = await staff.list_all(connection)
    assert first.grants == {Role.ADMINISTRATOR: None, Role.OFFICER: None}
    assert first.name == "Rith"
