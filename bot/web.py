"""The web server of this process: the webhook, if there is one, a word on its health, the pages."""

import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

WEBHOOK_PATH = "/telegram"
HEALTH_PATH = "/health"

Health = Callable[[], dict[str, object]]


class PortTaken(Exception):
    """The address of the web server is in use, or not ours."""


class Server(uvicorn.Server):
    """uvicorn, leaving the signals to the program that it is a part of."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def build_site(health: Health, webhook: ASGIApp | None, pages: ASGIApp) -> ASGIApp:
    """Build the site: what is asked at which address.

    The webhook comes first and plainly: it is asked more often than all else together.
    """

    async def show_health(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse(health())(scope, receive, send)

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path")
        if webhook is not None and path == WEBHOOK_PATH:
            await webhook(scope, receive, send)
        elif path == HEALTH_PATH:
            await show_health(scope, receive, send)
        else:
            await pages(scope, receive, send)

    return route


def open_socket(host: str, port: int) -> socket.socket:
    """Take the address before anything else is started.

    Raises:
        PortTaken: somebody else has it, or this machine does not.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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


def build_server(site: ASGIApp) -> Server:
    """Build the server of a site; it logs no addresses, which may hold secrets."""
    return Server(
        uvicorn.Config(site, log_config=None, access_log=False, lifespan="off", ws="none")
    )
