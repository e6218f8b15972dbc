"""Addresses and what answers them, and reading what a request carries."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, web
from yarl import URL

from simulator.files import Upload
from simulator.updates import write_json

Answer = web.StreamResponse | dict[str, Any] | list[Any]
Handler = Callable[..., Awaitable[Answer]]

JSON_HEADERS = {"Content-Type": "application/json"}


class Router:
    """Find the handler of a method and path; `{name}` in a path becomes an argument."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, path: str, handler: Handler) -> None:
        """Let a handler answer a path."""
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
        self._routes.append((method, re.compile(pattern), handler))

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
        """Find the handler of a path and the arguments that are in it."""
        for known_method, pattern, handler in self._routes:
            match = pattern.fullmatch(path)
            if match and known_method == method:
                return handler, match.groupdict()
        return None


def answer_json(value: object, status: int = 200) -> web.Response:
    """Answer with JSON."""
    text = value if isinstance(value, str) else write_json(value)
    return web.Response(body=text.encode(), status=status, headers=JSON_HEADERS)


async def read_call(request: web.BaseRequest) -> dict[str, Any]:
    """Read the parameters of a Bot API call from address and body, with uploads in their places."""
    given: dict[str, Any] = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return given
    kind = request.content_type
    if kind == "application/x-www-form-urlencoded":
        text = (await request.read()).decode()
        given.update(URL.build(query_string=text, encoded=True).query)
    elif kind == "multipart/form-data":
        given.update(await _read_multipart(request))
    else:
        given.update(await read_object(request))
    return given


async def read_object(request: web.BaseRequest) -> dict[str, Any]:
    """Read a JSON object; an empty body is an empty object."""
    body = await request.read()
    parsed = json.loads(body) if body else {}
    if not isinstance(parsed, dict):
        raise TypeError("a JSON object is expected")
    return parsed


async def _read_multipart(request: web.BaseRequest) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise TypeError("nested parts are not expected")
        name = part.name or ""
        data = bytes(await part.read(decode=True))
        if part.filename is None:
            fields[name] = data.decode()
        else:
            kind = part.headers.get("Content-Type", "").partition(";")[0].strip()
            fields[name] = Upload(part.filename, kind or "application/octet-stream", data)
    return _put_attachments_in_place(fields)


def _put_attachments_in_place(fields: dict[str, Any]) -> dict[str, Any]:
    prefix = "attach://"
    attached = {
        name: value.removeprefix(prefix)
        for name, value in fields.items()
        if isinstance(value, str) and value.startswith(prefix)
    }
    kept = {name: value for name, value in fields.items() if name not in set(attached.values())}
    return kept | {name: fields[source] for name, source in attached.items() if source in fields}
