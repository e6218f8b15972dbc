"""Without a token: a simulated Telegram of its own process, started or found again.

The simulator outlives a bot that is killed, so that the next one meets the same chats; a bot that
ends in order takes it along.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.settings import Settings, WrongSettings

DEMO_TOKEN = "1234567:demo-token-of-a-simulated-telegram-only"  # noqa: S105 - opens nothing
PATIENCE_SECONDS = 15.0


@asynccontextmanager
async def run_simulator(settings: Settings) -> AsyncIterator[str]:
    """Give the address of a running simulator, and stop it at the end.

    One that was found running is left running if the bot could not start: it is somebody else's.

    Raises:
        WrongSettings: something else listens on its port, or it does not start.
    """
    address = f"http://127.0.0.1:{settings.simulator_port}"
    ours = not await _answers(address)
    if ours:
        await _start(settings, address)
    try:
        yield address
        ours = True
    finally:
        if ours:
            await _ask(address + "/control/stop", "POST")


async def _start(settings: Settings, address: str) -> None:
    file = settings.data_dir / "simulator.db"
    file.parent.mkdir(parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "simulator", "--port", str(settings.simulator_port)),
        *("--file", str(file), "--token", DEMO_TOKEN),
        cwd=Path(__file__).parents[1],
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    for _ in range(int(PATIENCE_SECONDS / 0.1)):
        if await _answers(address):
            return
        if process.returncode is not None:
            break
        await asyncio.sleep(0.1)
    raise WrongSettings(
        f"SIMULATOR_PORT {settings.simulator_port} cannot be used for the simulator;"
        " set another port"
    )


async def _answers(address: str) -> bool:
    return await _ask(address + "/control/state", "GET")


async def _ask(address: str, method: str) -> bool:
    timeout = aiohttp.ClientTimeout(total=3)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(method, address) as response,
        ):
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
