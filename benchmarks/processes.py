"""The bot, and others beside it, as processes of their own: started, killed, measured."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import psutil

ROOT = Path(__file__).parents[1]
START_SECONDS = 60.0
STOP_SECONDS = 20.0
WEBHOOK_SECRET = "w" * 48


def find_free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PythonProcess:
    """A module that runs as a program, and what it writes."""

    def __init__(self, folder: Path, *command: str, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.log = folder / "bot.log"
        self._command = command
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def launch(self) -> None:
        """Start the process."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *self._command),
                cwd=self.folder,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The running process."""
        if self._process is None:
            raise RuntimeError("the process was not started")
        return self._process

    @property
    def usage(self) -> psutil.Process:
        """What the operating system counts of the process."""
        return psutil.Process(self.process.pid)

    def check_alive(self) -> None:
        """Raise what the process wrote if it has ended."""
        if self.process.returncode is not None:
            raise RuntimeError(f"the bot ended: {self.read_log()[-2000:]}")

    async def kill(self) -> None:
        """End the process as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def terminate(self) -> int:
        """End the process in order; give its exit status."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), STOP_SECONDS)

    def read_log(self) -> str:
        """Read everything the process has written."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""


class BotProcess(PythonProcess):
    """One bot on one simulator: `python -m bot run`, its database and its log."""

    def __init__(
        self,
        api_url: str,
        token: str,
        folder: Path,
        *,
        webhook: bool = False,
        module: str = "bot",
        **settings: str,
    ) -> None:
        self.database = folder / "onboarding.db"
        self.port = find_free_port()
        environment = {
            "TELEGRAM_TOKEN": token,
            "TELEGRAM_API_URL": api_url,
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "DATA_DIR": str(folder),
            "WEB_PORT": str(self.port),
            "SENDS_PER_SECOND": "0",
            "LOG_FORMAT": "json",
            **settings,
        }
        if webhook:
            environment["WEBHOOK_URL"] = f"http://127.0.0.1:{self.port}"
            environment["WEBHOOK_SECRET"] = WEBHOOK_SECRET
        super().__init__(folder, module, "run", environment=environment)

    async def start(self, *, wait: bool = True) -> None:
        """Start the process, and wait until it serves."""
        await self.launch()
        if wait:
            await self.wait_until_serving()

    async def wait_until_serving(self) -> None:
        """Wait until the process answers; an early end is an error."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.check_alive()
            if await self.is_healthy():
                return
            await asyncio.sleep(0.05)
        raise TimeoutError("the bot does not serve")

    async def is_healthy(self) -> bool:
        """Ask the process for its health."""
        timeout = aiohttp.ClientTimeout(total=2)
        with contextlib.suppress(aiohttp.ClientError, TimeoutError):
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(f"http://127.0.0.1:{self.port}/health") as response,
            ):
                return response.status == 200
        return False
