"""The local Telegram itself: people, chats, messages, the bot and its updates, without any HTTP.

Everything here is synchronous and in memory; a journal is told of every change. Messages are Bot
API dicts and are replaced, never changed, so that a store may write them at leisure.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from simulator.clock import Clock
from simulator.errors import bad_request, forbidden
from simulator.files import FileShelf
from simulator.profile import Profile
from simulator.store import Journal, NoJournal, Store
from simulator.updates import MESSAGE_SECONDS, Entry, UpdateQueue

Message = dict[str, Any]
Event = dict[str, Any]
Watcher = Callable[[Event], None]

DEMO_TOKEN = "1234567:demo-token-of-the-local-simulator"  # noqa: S105 - opens nothing
FIRST_PERSON_ID = 5_000_000_001
MESSAGES_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Telegram account, and what they have done with the bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    phone_number: str | None = None
    started: bool = False
    blocked: bool = False

    def as_user(self) -> dict[str, Any]:
        """Return the Bot API's User."""
        fields = ("last_name", "username", "language_code")
        given = {name: getattr(self, name) for name in fields if getattr(self, name)}
        return {"id": self.id, "is_bot": False, "first_name": self.first_name} | given

    def as_chat(self) -> dict[str, Any]:
        """Return the Bot API's Chat of the private chat with this person."""
        fields = ("first_name", "last_name", "username")
        given = {name: getattr(self, name) for name in fields if getattr(self, name)}
        return {"id": self.id, "type": "private"} | given

    def as_json(self) -> dict[str, Any]:
        """Return everything known about the person."""
        return asdict(self)


@dataclass(slots=True)
class Chat:
    """One chat: its messages, its reply keyboard, what cannot be edited, what came silently."""

    info: dict[str, Any]
    messages: dict[int, Message] = field(default_factory=dict)
    uneditable: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)
    keyboard: dict[str, Any] | None = None
    keyboard_message_id: int | None = None
    pinned_message_id: int | None = None
    action: str | None = None

    @property
    def id(self) -> int:
        """Return the chat's identifier."""
        identifier: int = self.info["id"]
        return identifier


class Telegram:
    """Hold one bot's world and let its parts change it."""

    def __init__(
        self,
        token: str = DEMO_TOKEN,
        *,
        username: str = "worker_registration_bot",
        first_name: str = "ចុះឈ្មោះអ្នកធ្វើការ",
        clock: Clock | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.token = token
        self.bot = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": first_name,
            "username": username,
        }
        self.clock = clock or Clock()
        self.journal: Journal = journal or NoJournal()
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.profile = Profile()
        self.files = FileShelf(self.journal)
        self.updates = UpdateQueue(self.clock)
        self.updates.on_add.append(self._journal_update)
        self.updates.on_forget.append(lambda i: self.journal.record("update", i, None))
        self.callback_queries: dict[str, tuple[int, float]] = {}
        self.webhook: dict[str, Any] = {}
        self.polls: Counter[str] = Counter()
        self.next_message_id = 1
        self._watchers: dict[int, list[Watcher]] = {}

    def now(self) -> int:
        """Return the present moment in whole seconds, as in a message's date."""
        return int(self.clock.now())

    def add_person(self, person: Person) -> Person:
        """Add somebody with a Telegram account."""
        self.people[person.id] = person
        if person.id not in self.chats:
            self.chats[person.id] = Chat(person.as_chat())
        self.journal.record("person", person.id, asdict(person))
        self.emit(person.id, {"type": "person", "person": person.as_json()})
        return person

    def next_person_id(self) -> int:
        """Return an identifier that nobody has."""
        return max(self.people, default=FIRST_PERSON_ID - 1) + 1

    def get_person(self, person_id: int) -> Person:
        """Return a person, or raise KeyError."""
        return self.people[person_id]

    def find_chat(self, chat_id: int | str) -> Chat | None:
        """Find a chat by identifier or by @username."""
        if isinstance(chat_id, int):
            return self.chats.get(chat_id)
        name = chat_id.removeprefix("@").lower()
        public = (c for c in self.chats.values() if c.info["type"] != "private")
        return next((c for c in public if c.info.get("username", "").lower() == name), None)

    def get_writable_chat(self, chat_id: int | str) -> Chat:
        """Return a chat to which the bot may write, or refuse as Telegram does."""
        chat = self.find_chat(chat_id)
        if chat is None:
            raise bad_request("chat not found")
        person = self.people.get(chat.id)
        if person is not None and person.blocked:
            raise forbidden("bot was blocked by the user")
        if person is not None and not person.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def post(
        self, chat: Chat, sender: dict[str, Any], content: dict[str, Any], *, silent: bool = False
    ) -> Message:
        """Put a new message into a chat."""
        message_id = self.next_message_id
        self.next_message_id += 1
        message = {
            "message_id": message_id,
            "from": sender,
            "chat": chat.info,
            "date": self.now(),
            **content,
        }
        if chat.info["type"] == "channel":
            del message["from"]
            message["sender_chat"] = chat.info
        chat.messages[message_id] = message
        if silent:
            chat.silent.add(message_id)
            self.journal_chat(chat)
        if len(chat.messages) > MESSAGES_KEPT:
            self.remove(chat, next(iter(chat.messages)))
        self._journal_message(chat.id, message)
        self.journal.record("setting", "next_message_id", self.next_message_id)
        if chat.id in self._watchers:
            self.emit(chat.id, {"type": "message", "message": self.show(message)})
        return message

    def replace(self, chat: Chat, message: Message) -> None:
        """Put a changed message in the place of the one with its number."""
        chat.messages[message["message_id"]] = message
        self._journal_message(chat.id, message)
        if chat.id in self._watchers:
            self.emit(chat.id, {"type": "edited", "message": self.show(message)})

    def remove(self, chat: Chat, message_id: int) -> None:
        """Take a message out of its chat, and the reply keyboard that came with it."""
        del chat.messages[message_id]
        chat.uneditable.discard(message_id)
        chat.silent.discard(message_id)
        self.journal.record("message", f"{chat.id}:{message_id}", None)
        self.emit(chat.id, {"type": "deleted", "message_id": message_id})
        if chat.keyboard_message_id == message_id:
            self.show_keyboard(chat, None, None)

    def show_keyboard(
        self, chat: Chat, keyboard: dict[str, Any] | None, message_id: int | None
    ) -> None:
        """Show another reply keyboard in the chat, or none."""
        if keyboard is None and chat.keyboard is None:
            return
        chat.keyboard, chat.keyboard_message_id = keyboard, message_id
        self.journal_chat(chat)
        self.emit(chat.id, {"type": "keyboard", "reply_keyboard": keyboard})

    def queue(self, kind: str, content: dict[str, Any], queue: str) -> int | None:
        """Queue an update that lives as long as a message does."""
        return self.updates.add(kind, content, queue, self.clock.now() + MESSAGE_SECONDS)

    def show(self, message: Message) -> Message:
        """Return a message as the chat page wants it."""
        shown = message | {"from_bot": message.get("from", {}).get("id") == self.bot["id"]}
        silent = message["message_id"] in self.chats[message["chat"]["id"]].silent
        return shown | {"silent": True} if silent else shown

    def watch(self, chat_id: int, watcher: Watcher) -> Callable[[], None]:
        """Call the watcher with every event of a chat; return the function that ends it."""
        self._watchers.setdefault(chat_id, []).append(watcher)
        return lambda: self._unwatch(chat_id, watcher)

    def _unwatch(self, chat_id: int, watcher: Watcher) -> None:
        watchers = self._watchers.get(chat_id, [])
        if watcher in watchers:
            watchers.remove(watcher)
        if not watchers:
            self._watchers.pop(chat_id, None)

    def emit(self, chat_id: int, event: Event) -> None:
        """Tell the chat's watchers of an event."""
        for watcher in tuple(self._watchers.get(chat_id, ())):
            watcher(event)

    def emit_to_all(self, event: Event) -> None:
        """Tell the watchers of every chat of an event."""
        for chat_id in tuple(self._watchers):
            self.emit(chat_id, event)

    def journal_chat(self, chat: Chat) -> None:
        """Note what a chat has besides messages."""
        state = {
            "info": chat.info,
            "uneditable": sorted(chat.uneditable),
            "silent": sorted(chat.silent),
            "keyboard": chat.keyboard,
            "keyboard_message_id": chat.keyboard_message_id,
            "pinned_message_id": chat.pinned_message_id,
        }
        self.journal.record("chat", chat.id, state)

    def journal_profile(self) -> None:
        """Note what the bot says about itself."""
        self.journal.record("setting", "profile", self.profile.dump())

    def _journal_message(self, chat_id: int, message: Message) -> None:
        self.journal.record("message", f"{chat_id}:{message['message_id']}", message)

    def _journal_update(self, entry: Entry) -> None:
        if entry.update_id in self.updates.pending:
            state = [entry.update_id, entry.queue, entry.expires_at, entry.body]
            self.journal.record("update", entry.update_id, state)
        self.journal.record("setting", "next_update_id", self.updates.next_id)

    def restore(self, store: Store) -> None:
        """Take up everything where an earlier run left it."""
        for _, state in store.load("person"):
            person = Person(**state)
            self.people[person.id] = person
            self.chats[person.id] = Chat(person.as_chat())
        for _, state in store.load("chat"):
            state["uneditable"] = set(state["uneditable"])
            state["silent"] = set(state.get("silent", ()))
            self.chats[state["info"]["id"]] = Chat(**state)
        self._restore_messages(message for _, message in store.load("message"))
        data = dict(store.load("bytes"))
        for file_id, described in store.load("file"):
            self.files.restore(file_id, described, data[file_id])
        self.callback_queries = {key: (tap[0], tap[1]) for key, tap in store.load("tap")}
        self.updates.restore([Entry(*state) for _, state in store.load("update")])
        self._restore_settings(dict(store.load("setting")))

    def _restore_messages(self, messages: Iterable[Message]) -> None:
        for message in sorted(messages, key=lambda m: int(m["message_id"])):
            self.chats[message["chat"]["id"]].messages[message["message_id"]] = message

    def _restore_settings(self, settings: dict[str, Any]) -> None:
        self.next_message_id = settings.get("next_message_id", self.next_message_id)
        self.updates.next_id = settings.get("next_update_id", self.updates.next_id)
        self.webhook = settings.get("webhook", {})
        self.updates.allowed = frozenset(settings.get("allowed_updates", []))
        self.clock.offset_seconds = settings.get("clock_offset", 0.0)
        if "profile" in settings:
            self.profile = Profile.load(settings["profile"])
