"""The whole bot inside a test: real HTTP to a simulator, a real database, a clock of the test's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from pydantic import SecretStr

from benchmarks.processes import WEBHOOK_SECRET, find_free_port
from bot.clock import Clock, now_utc
from bot.run import serve
from bot.settings import Settings
from simulator.server import Simulator

PATIENCE_SECONDS = 30.0


def make_settings(simulator: Simulator, folder: Path, **changes: object) -> Settings:
    """Make the settings of a bot on a simulator, with its own database in a folder."""
    values: dict[str, object] = {
        "telegram_token": SecretStr(simulator.telegram.token),
        "telegram_api_url": simulator.url,
        "database_url": f"sqlite+aiosqlite:///{folder / 'onboarding.db'}",
        "data_dir": folder,
        "web_port": find_free_port(),
        "sends_per_second": 0,
    }
    return Settings(_env_file=None, **{**values, **changes})  # type: ignore[arg-type]


def with_webhook(settings: Settings) -> Settings:
    """Have updates brought to the bot instead."""
    return settings.model_copy(
        update={
            "webhook_url": f"http://127.0.0.1:{settings.web_port}",
            "webhook_secret": SecretStr(WEBHOOK_SECRET),
        }
    )


@asynccontextmanager
async def serving(
    settings: Settings, clock: Clock = now_utc, *, dies: bool = False
) -> AsyncIterator[None]:
    """Serve while the block runs; at its end the bot ends in order, or dies."""
    stop = asyncio.Event()
    running = asyncio.create_task(serve(settings, stop, clock))
    try:
        yield
    finally:
        stop.set()
        if dies:
            running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def eventually(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something holds; fail if it does not."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for is in another process
            await asyncio.sleep(0.01)
