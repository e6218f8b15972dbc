"""Start the simulator as a process of its own: `python -m simulator --port 8081`."""

import argparse
import asyncio
import errno
import re
import signal
import sqlite3
import sys

import uvloop

from simulator.server import Simulator
from simulator.telegram import DEMO_TOKEN

TOKEN = re.compile(r"\d+:[\w-]+")


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8081, help="port to listen on; 0 = a free one")
    parser.add_argument("--file", default="data/simulator.db", help="its file, or :memory:")
    parser.add_argument("--token", default=DEMO_TOKEN, help="the token that the bot must use")
    options = parser.parse_args(arguments)
    if not TOKEN.fullmatch(options.token):
        parser.error("--token must look like 1234567:letters")
    return options


def complain(options: argparse.Namespace, error: OSError) -> int:
    """Say in one line why there is no listening, and what to do; return the exit status."""
    where = f"port {options.port} of {options.host}"
    why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    advice = "stop what uses it, or choose another with --port (0 finds a free one)"
    print(f"simulator: {where} {why}; {advice}", file=sys.stderr)  # noqa: T201 - its last word
    return 2


async def serve(options: argparse.Namespace) -> int:
    """Serve until a signal or the control interface asks to stop; return the exit status."""
    try:
        simulator = Simulator(
            options.token, host=options.host, port=options.port, file=options.file
        )
    except (OSError, sqlite3.Error) as error:
        print(f"simulator: --file {options.file} cannot be used: {error}", file=sys.stderr)  # noqa: T201
        return 2
    try:
        await simulator.start()
    except OSError as error:
        await simulator.stop()
        return complain(options, error)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, simulator.stopped.set)
    print(f"The chat page is at {simulator.url}", flush=True)  # noqa: T201 - its one line
    await simulator.stopped.wait()
    await simulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(uvloop.run(serve(read_arguments())))
