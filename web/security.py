"""What protects the pages: headers on every answer, forms from here alone, no words in the log."""

import hashlib
import hmac

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

LARGEST_BODY = 1_000_000
STATIC_PATH = "/static/"
FOR_A_YEAR = "public, max-age=31536000, immutable"

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
FOR_TWO_YEARS = "max-age=63072000; includeSubDomains"


class Guard:
    """Stands before the pages: what passes gets its headers, and no error tells its words."""

    def __init__(self, pages: ASGIApp, *, is_encrypted: bool) -> None:
        self._pages = pages
        self._headers = dict(HEADERS)
        if is_encrypted:
            self._headers["Strict-Transport-Security"] = FOR_TWO_YEARS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._add_headers(scope, message)
            await send(message)

        try:
            await self._pages(scope, receive, send_guarded)
        except Exception as error:
            log.error("a page failed", reason=type(error).__name__, where=find_place(error))
            if not begun:
                await PlainTextResponse("500", status_code=500)(scope, receive, send_guarded)

    def _add_headers(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        is_lasting = scope["path"].startswith(STATIC_PATH) and message["status"] in (200, 206, 304)
        headers["Cache-Control"] = FOR_A_YEAR if is_lasting else "no-store"


def find_place(error: BaseException) -> str:
    """Tell where an error arose, without its words, which may be somebody's."""
    place, trace = "", error.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def make_csrf_token(session_secret: str) -> str:
    """Make the token that a session's forms carry; nobody makes it without the cookie."""
    return hmac.new(session_secret.encode(), b"form", hashlib.sha256).hexdigest()


def is_csrf_token(token: str, expected: str) -> bool:
    """Compare a form's token with the right one, in a time that tells nothing."""
    return hmac.compare_digest(token.encode(), expected.encode())


def is_from_here(request: Request, web_url: str) -> bool:
    """Tell whether a form was sent from one of our own pages, as far as the browser says.

    A browser says so at least once; what says nothing is not a browser and has no business here.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return site is not None
    return origin == web_url or origin.partition("://")[2] == request.headers.get("host")
