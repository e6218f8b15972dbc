"""Start the simulator as a process of its own: `python -m simulator --port 8081`."""

import argparse
import asyncio
import signal
import sys

import uvloop

from simulator.server import Simulator
from simulator.telegram import DEMO_TOKEN


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8081, help="port to listen on; 0 = a free one")
    parser.add_argument("--file", default="data/simulator.db", help="its file, or :memory:")
    parser.add_argument("--token", default=DEMO_TOKEN, help="the token that the bot must use")
    return parser.parse_args(arguments)


async def serve(options: argparse.Namespace) -> int:
    """Serve until a signal or the control interface asks to stop; return the exit status."""
    simulator = Simulator(options.token, host=options.host, port=options.port, file=options.file)
    try:
        await simulator.start()
    except OSError as error:
        address = f"{options.host}:{options.port}"
        print(f"simulator: cannot listen on {address}: {error.strerror}", file=sys.stderr)  # noqa: T201
        await simulator.stop()
        return 2
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, simulator.stopped.set)
    print(f"The chat page is at {simulator.url}", flush=True)  # noqa: T201 - its one line
    await simulator.stopped.wait()
    await simulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(uvloop.run(serve(read_arguments())))
