"""The addresses under `/api`: what the chat page and tests use to be people."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from simulator.errors import CannotDoThis, Refusal
from simulator.files import Upload
from simulator.parameters import as_text
from simulator.people import Act, People
from simulator.routing import Router, read_call, read_object
from simulator.telegram import Event

if TYPE_CHECKING:
    from simulator.server import Simulator

KEEP_ALIVE_SECONDS = 15.0
PERSON_FIELDS = frozenset(["first_name", "last_name", "username", "language_code", "phone_number"])

Body = dict[str, Any]


class Subscribers:
    """Everybody who follows a chat's events, so that a stop can end them."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[Event | None]] = set()

    def open(self) -> asyncio.Queue[Event | None]:
        """Add one more; None in the queue is the end."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._queues.add(queue)
        return queue

    def drop(self, queue: asyncio.Queue[Event | None]) -> None:
        """Remove one that went away."""
        self._queues.discard(queue)

    def close(self) -> None:
        """End them all."""
        for queue in self._queues:
            queue.put_nowait(None)


def _send_file(kind: str) -> Callable[[People, int, Body], Act]:
    def act(people: People, person_id: int, body: Body) -> Act:
        upload = body.get("file")
        if upload is not None and not isinstance(upload, Upload):
            raise ValueError("file must be an upload")
        return people.send_file(person_id, kind, upload, as_text(body.get("caption", "")))

    return act


ACTS: dict[str, Callable[[People, int, Body], Act]] = {
    "start": lambda people, i, body: people.start(i, as_text(body.get("payload", ""))),
    "text": lambda people, i, body: people.type_text(i, as_text(body["text"])),
    "tap": lambda people, i, body: people.tap(i, int(body["message_id"]), as_text(body["data"])),
    "contact": lambda people, i, body: people.share_contact(i, **body),
    "location": lambda people, i, body: people.share_location(
        i, float(body["latitude"]), float(body["longitude"])
    ),
    "photo": _send_file("photo"),
    "voice": _send_file("voice"),
    "document": _send_file("document"),
    "sticker": lambda people, i, _: people.send_sticker(i),
    "forward": lambda people, i, body: people.forward(i, as_text(body["text"])),
    "edit": lambda people, i, body: people.edit(i, int(body["message_id"]), as_text(body["text"])),
    "delete": lambda people, i, body: people.delete(i, int(body["message_id"])),
    "block": lambda people, i, _: people.block(i),
    "unblock": lambda people, i, _: people.unblock(i),
}


class PeopleApi:
    """Answer the requests under `/api`."""

    def __init__(self, simulator: "Simulator") -> None:
        self.simulator = simulator
        self.telegram = simulator.telegram
        self.people = simulator.people

    async def get_bot(self, _: web.BaseRequest) -> Body:
        """Say what the bot says about itself."""
        profile = self.telegram.profile
        return {
            "username": self.telegram.bot["username"],
            "first_name": profile.get_text("name", "") or self.telegram.bot["first_name"],
            "description": profile.texts["description"],
            "short_description": profile.texts["short_description"],
            "commands": profile.list_shown_commands(),
            "connected": self.simulator.is_bot_connected,
        }

    async def list_people(self, _: web.BaseRequest) -> list[Body]:
        """List everybody."""
        return [person.as_json() for person in self.telegram.people.values()]

    async def add_person(self, request: web.BaseRequest) -> Body:
        """Add somebody."""
        body = await read_object(request)
        unknown = body.keys() - PERSON_FIELDS
        if unknown:
            raise ValueError(f"unknown fields {sorted(unknown)}")
        return self.people.add(**{k: v for k, v in body.items() if v}).as_json()

    async def list_messages(self, _: web.BaseRequest, person_id: str) -> Body:
        """Show a person's chat with the bot."""
        person = self._get_person(person_id)
        chat = self.telegram.chats[person.id]
        return {
            "person": person.as_json(),
            "messages": [self.telegram.show(message) for message in chat.messages.values()],
            "reply_keyboard": chat.keyboard,
            "typing": chat.action,
            "bot_connected": self.simulator.is_bot_connected,
        }

    async def follow(self, request: web.BaseRequest, person_id: str) -> web.StreamResponse:
        """Send a chat's events as they happen."""
        person = self._get_person(person_id)
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        response = web.StreamResponse(headers=headers)
        queue = self.simulator.subscribers.open()
        end = self.telegram.watch(person.id, queue.put_nowait)
        try:
            await response.prepare(request)
            state = {"type": "bot_state", "connected": self.simulator.is_bot_connected}
            await response.write(_as_event(state))
            while (chunk := await _next_chunk(queue)) is not None:
                await response.write(chunk)
        except ConnectionError:
            pass
        finally:
            end()
            self.simulator.subscribers.drop(queue)
        return response

    async def act(self, request: web.BaseRequest, person_id: str, name: str) -> Body:
        """Let a person do something."""
        run = ACTS.get(name)
        if run is None:
            raise ValueError(f"a person can {', '.join(ACTS)}")
        body = await read_call(request)
        try:
            return asdict(run(self.people, self._get_person(person_id).id, body))
        except Refusal as refusal:
            raise CannotDoThis(refusal.description) from refusal

    async def get_file(self, _: web.BaseRequest, file_id: str) -> web.StreamResponse:
        """Send a file's bytes."""
        try:
            stored = self.telegram.files.get(file_id)
        except Refusal:
            return web.Response(status=404)
        return web.Response(body=stored.data, headers={"Content-Type": stored.content_type})

    async def write_in_group(self, request: web.BaseRequest) -> Body:
        """Write in the demo group."""
        body = await read_object(request)
        return asdict(self.people.write_in_group(as_text(body["text"]), body.get("person_id")))

    async def post_in_channel(self, request: web.BaseRequest) -> Body:
        """Post in the demo channel."""
        text = as_text((await read_object(request))["text"])
        return asdict(self.people.post_in_channel(text))

    def _get_person(self, person_id: str) -> Any:
        person = self.telegram.people.get(int(person_id))
        if person is None:
            raise CannotDoThis("there is no such person")
        return person


async def _next_chunk(queue: "asyncio.Queue[Event | None]") -> bytes | None:
    try:
        event = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
    except TimeoutError:
        return b": still here\n\n"
    return None if event is None else _as_event(event)


def _as_event(event: Event) -> bytes:
    return f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode()


def add_people_routes(router: Router, simulator: "Simulator") -> None:
    """Let the router know the addresses under `/api`."""
    api = PeopleApi(simulator)
    router.add("GET", "/api/bot", api.get_bot)
    router.add("GET", "/api/people", api.list_people)
    router.add("POST", "/api/people", api.add_person)
    router.add("GET", "/api/people/{person_id}/messages", api.list_messages)
    router.add("GET", "/api/people/{person_id}/events", api.follow)
    router.add("POST", "/api/people/{person_id}/{name}", api.act)
    router.add("GET", "/api/files/{file_id}", api.get_file)
    router.add("POST", "/api/demo-group", api.write_in_group)
    router.add("POST", "/api/demo-channel", api.post_in_channel)
