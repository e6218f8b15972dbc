"""The command that invents people, and the few of a first start."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.cli import main
from bot.commands import CannotDo
from bot.demo_data import add_demo_people, greet
from bot.settings import Instance, Settings
from db.database import Database
from db.errors import AlreadyOwned
from db.tables import applications

NOW = datetime(2026, 3, 4, 3, 0, tzinfo=UTC)


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, database_url=sqlite_url, data_dir=tmp_path, demo_people=40)


def tell_now() -> datetime:
    return NOW


async def count(settings: Settings) -> int:
    database = Database(settings.database_url)
    async with database.read() as connection:
        found = await connection.scalar(select(func.count()).select_from(applications))
    await database.close()
    return found or 0


async def test_people_are_added_once_unless_more_are_wished(settings: Settings) -> None:
    done = await add_demo_people(settings, 30, clock=tell_now)
    assert done == "30 invented people have registered up to 2026-03-04"
    assert "--more" in await add_demo_people(settings, 30, clock=tell_now)
    assert await count(settings) == 30
    await add_demo_people(settings, 30, more=True, clock=tell_now)
    assert await count(settings) == 60


async def test_the_last_day_cannot_be_tomorrow(settings: Settings) -> None:
    with pytest.raises(CannotDo, match="still to come"):
        await add_demo_people(settings, 30, until=NOW.date() + timedelta(days=1), clock=tell_now)


async def test_nobody_is_invented_while_the_bot_runs(settings: Settings) -> None:
    running = Database(settings.database_url)
    running.own()
    with pytest.raises(AlreadyOwned):
        await add_demo_people(settings, 30, clock=tell_now)
    await running.close()


async def test_a_first_start_finds_people_and_a_second_no_more(settings: Settings) -> None:
    await greet(settings, tell_now)
    await greet(settings, tell_now)
    assert await count(settings) == 40


@pytest.mark.parametrize("changed", [{"demo_people": 0}, {"instance": Instance.OFFICIAL}])
async def test_a_first_start_may_find_nobody(
    settings: Settings, changed: dict[str, object]
) -> None:
    await greet(settings.model_copy(update=changed), tell_now)
    assert await count(settings) == 0


def test_an_official_installation_refuses_in_one_line(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    monkeypatch.setenv("INSTANCE", "official")
    monkeypatch.setattr(sys, "argv", ["bot", "demo-data", "--people", "5"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("bot: INSTANCE is official")
