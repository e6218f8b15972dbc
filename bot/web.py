"""The web server of this process: the webhook, if there is one, and a word on its health."""

import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

WEBHOOK_PATH = "/telegram"

Receive = Callable[[Request], Awaitable[Response]]
Health = Callable[[], dict[str, object]]


class PortTaken(Exception):
    """The address of the web server is in use, or not ours."""


class Server(uvicorn.Server):
    """uvicorn, leaving the signals to the program that it is a part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def build_site(health: Health, receive: Receive | None) -> Starlette:
    """Build the site: what is asked at which address."""

    async def show_health(_request: Request) -> Response:
        return JSONResponse(health())

    routes = [Route("/health", show_health)]
    if receive is not None:
        routes.append(Route(WEBHOOK_PATH, receive, methods=["POST"]))
    return Starlette(routes=routes)


def open_socket(host: str, port: int) -> socket.socket:
    """Take the address before anything else is started.

    Raises:
        PortTaken: somebody else has it, or this machine does not.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen(128)
    except OSError as error:
        opened.close()
        raise PortTaken(
            f"cannot serve on {host}:{port} ({error.strerror}); set WEB_HOST and WEB_PORT"
        ) from None
    return opened


def build_server(site: Starlette) -> Server:
    """Build the server of a site; it logs no addresses, which may hold secrets."""
    return Server(
        uvicorn.Config(site, log_config=None, access_log=False, lifespan="off", ws="none")
    )
