"""The whole bot inside the test's own process, where its clock can be set."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from pydantic import SecretStr

from benchmarks.processes import find_free_port
from bot.run import serve
from bot.settings import Settings
from bot.units import Clock, now_utc
from simulator.server import Simulator


def make_settings(simulator: Simulator, folder: Path) -> Settings:
    """Make the settings of a bot on a simulator."""
    return Settings(
        _env_file=None,
        telegram_token=SecretStr(simulator.telegram.token),
        telegram_api_url=simulator.url,
        database_url=f"sqlite+aiosqlite:///{folder / 'onboarding.db'}",
        data_dir=folder,
        web_port=find_free_port(),
        sends_per_second=0,
    )


@asynccontextmanager
async def serving(
    settings: Settings, clock: Clock = now_utc, *, dies: bool = False
) -> AsyncIterator[None]:
    """Let the bot serve as long as this is entered; end it in order, or let it die."""
    stop = asyncio.Event()
    bot = asyncio.create_task(serve(settings, stop, clock))
    try:
        yield
    finally:
        stop.set()
        if dies:
            bot.cancel()
        with suppress(asyncio.CancelledError):
            await bot


async def wait_until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Look again and again until something holds."""
    async with asyncio.timeout(seconds):
        while True:
            if holds():
                return
            await asyncio.sleep(0.005)
