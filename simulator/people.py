"""What people can do in their Telegram app: press start, type, tap, share, send, edit, block."""

from dataclasses import dataclass, replace
from typing import Any

from simulator.entities import find_commands
from simulator.errors import CannotDoThis
from simulator.files import Upload, describe_file, read_sample
from simulator.sending import describe_media
from simulator.telegram import Chat, Message, Person, Telegram
from simulator.updates import MESSAGE_SECONDS, TAP_SECONDS

GROUP_ID = -1001000000001
CHANNEL_ID = -1001000000002
PAYLOAD_CHARACTERS = 64
SAMPLE_FILES = {
    "photo": ("market.jpg", "image/jpeg"),
    "voice": ("voice.ogg", "audio/ogg"),
    "document": ("note.txt", "text/plain"),
}


@dataclass(frozen=True, slots=True)
class Act:
    """What an act left behind: its update, if the bot wanted one, and its message or tap."""

    update_id: int | None
    message_id: int | None = None
    callback_query_id: str | None = None


class People:
    """Act as the people of the local Telegram."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram = telegram
        self._next_tap = int(telegram.clock.now() * 1000) * 1000

    def add(self, first_name: str, **details: Any) -> Person:
        """Add somebody with a Telegram account and return them."""
        person_id = self.telegram.next_person_id()
        details.setdefault("phone_number", f"+855{10_000_000 + person_id % 10_000_000:08d}")
        return self.telegram.add_person(Person(person_id, first_name, **details))

    def start(self, person_id: int, payload: str = "") -> Act:
        """Press start, perhaps with a deep link's payload; unblocks the bot first if needed."""
        if len(payload) > PAYLOAD_CHARACTERS or not all(c.isalnum() or c in "_-" for c in payload):
            raise CannotDoThis("a start payload has at most 64 characters of A-Z a-z 0-9 _ -")
        if self._get(person_id).blocked:
            self.unblock(person_id)
        person = self._get(person_id)
        if not person.started:
            self.telegram.add_person(replace(person, started=True))
        return self.type_text(person_id, f"/start {payload}".strip())

    def type_text(self, person_id: int, text: str, **extra: Any) -> Act:
        """Type a text, or press a button of the reply keyboard, which is the same."""
        if not text.strip():
            raise CannotDoThis("an empty text cannot be sent")
        content: Message = {"text": text.strip(), **extra}
        entities = find_commands(content["text"])
        if entities:
            content["entities"] = entities
        return self._send(person_id, content)

    def tap(self, person_id: int, message_id: int, data: str) -> Act:
        """Tap an inline button; any data is possible, also of a message that is gone."""
        person = self._get_active(person_id)
        chat = self.telegram.chats[person_id]
        gone = {"chat": chat.info, "message_id": message_id, "date": 0}
        self._next_tap += 1
        query_id = str(self._next_tap)
        query = {
            "id": query_id,
            "from": person.as_user(),
            "message": chat.messages.get(message_id, gone),
            "chat_instance": str(person_id * 7919),
            "data": data,
        }
        now = self.telegram.clock.now()
        self._remember_tap(query_id, person_id, now)
        ends = now + TAP_SECONDS
        update_id = self.telegram.updates.add("callback_query", query, f"tap:{person_id}", ends)
        return Act(update_id, callback_query_id=query_id)

    def _remember_tap(self, query_id: str, person_id: int, now: float) -> None:
        taps, journal = self.telegram.callback_queries, self.telegram.journal
        taps[query_id] = (person_id, now)
        journal.record("tap", query_id, taps[query_id])
        while now - next(iter(taps.values()))[1] > 2 * TAP_SECONDS:
            oldest = next(iter(taps))
            del taps[oldest]
            journal.record("tap", oldest, None)

    def share_contact(self, person_id: int, **other: Any) -> Act:
        """Share one's own phone number, or the card of somebody else if one is given."""
        person = self._get(person_id)
        if other:
            return self._send(person_id, {"contact": _check_card(other)})
        own = {
            "phone_number": person.phone_number or "",
            "first_name": person.first_name,
            "user_id": person.id,
        }
        if person.last_name:
            own["last_name"] = person.last_name
        return self._send(person_id, {"contact": own})

    def share_location(self, person_id: int, latitude: float, longitude: float) -> Act:
        """Share a point on the map."""
        return self._send(person_id, {"location": {"latitude": latitude, "longitude": longitude}})

    def send_file(
        self, person_id: int, kind: str, upload: Upload | None = None, caption: str = ""
    ) -> Act:
        """Send a photo, voice message or document; without one, the sample of the simulator."""
        self._get_active(person_id)
        content = describe_media(self.telegram, kind, upload or read_sample(*SAMPLE_FILES[kind]))
        return self._send(person_id, content | ({"caption": caption} if caption else {}))

    def send_sticker(self, person_id: int) -> Act:
        """Send a sticker."""
        self._get_active(person_id)
        picture = self.telegram.files.add("sticker", read_sample("market.jpg", "image/jpeg"))
        sticker = describe_file(picture) | {"type": "regular", "width": 512, "height": 384}
        flags = {"is_animated": False, "is_video": False, "emoji": "👍"}
        return self._send(person_id, {"sticker": sticker | flags})

    def forward(self, person_id: int, text: str) -> Act:
        """Forward a text that somebody else wrote."""
        when = self.telegram.now() - 3600
        origin = {"type": "hidden_user", "sender_user_name": "Someone Else", "date": when}
        return self._send(person_id, {"forward_origin": origin, "text": text})

    def edit(self, person_id: int, message_id: int, text: str) -> Act:
        """Edit one's own earlier text."""
        chat, message = self._get_own(person_id, message_id)
        kept = {k: v for k, v in message.items() if k != "entities"}
        edited = kept | {"text": text, "edit_date": self.telegram.now()}
        self.telegram.replace(chat, edited)
        return Act(self.telegram.queue("edited_message", edited, f"chat:{chat.id}"), message_id)

    def delete(self, person_id: int, message_id: int) -> Act:
        """Delete a message for both sides; the bot is not told."""
        chat = self.telegram.chats[self._get(person_id).id]
        if message_id not in chat.messages:
            raise CannotDoThis("there is no such message")
        self.telegram.remove(chat, message_id)
        return Act(None, message_id)

    def block(self, person_id: int) -> Act:
        """Stop and block the bot."""
        return self._change_membership(person_id, blocked=True)

    def unblock(self, person_id: int) -> Act:
        """Let the bot write again."""
        return self._change_membership(person_id, blocked=False)

    def _change_membership(self, person_id: int, *, blocked: bool) -> Act:
        person = self._get(person_id)
        if person.blocked == blocked:
            return Act(None)
        self.telegram.add_person(replace(person, blocked=blocked))
        member = {"status": "member", "user": self.telegram.bot}
        kicked = {"status": "kicked", "user": self.telegram.bot, "until_date": 0}
        change = {
            "chat": person.as_chat(),
            "from": person.as_user(),
            "date": self.telegram.now(),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        return Act(self.telegram.queue("my_chat_member", change, f"member:{person_id}"))

    def write_in_group(self, text: str, person_id: int | None = None) -> Act:
        """Write in a group of which the bot is a member."""
        person = self._get(person_id) if person_id else Person(4_999_999_999, "Dara")
        info = {"id": GROUP_ID, "type": "supergroup", "title": "Market vendors"}
        chat = self._get_or_add_chat(info)
        message = self.telegram.post(chat, person.as_user(), _as_typed(text))
        return Act(
            self.telegram.queue("message", message, f"chat:{chat.id}"), message["message_id"]
        )

    def post_in_channel(self, text: str) -> Act:
        """Post in a channel of which the bot is an administrator."""
        info = {"id": CHANNEL_ID, "type": "channel", "title": "Market news"}
        chat = self._get_or_add_chat(info)
        message = self.telegram.post(chat, {}, _as_typed(text))
        update_id = self.telegram.queue("channel_post", message, f"chat:{chat.id}")
        return Act(update_id, message["message_id"])

    def inject(self, update: dict[str, Any], queue: str = "raw") -> Act:
        """Queue an update exactly as given, damaged or not."""
        ends = self.telegram.clock.now() + MESSAGE_SECONDS
        return Act(self.telegram.updates.add_raw(update, queue, ends))

    def _get(self, person_id: int) -> Person:
        person = self.telegram.people.get(person_id)
        if person is None:
            raise CannotDoThis("there is no such person")
        return person

    def _get_active(self, person_id: int) -> Person:
        person = self._get(person_id)
        if not person.started:
            raise CannotDoThis("press start first")
        if person.blocked:
            raise CannotDoThis("unblock the bot first")
        return person

    def _get_own(self, person_id: int, message_id: int) -> tuple[Chat, Message]:
        person = self._get_active(person_id)
        chat = self.telegram.chats[person_id]
        message = chat.messages.get(message_id)
        if message is None or message["from"]["id"] != person.id or "text" not in message:
            raise CannotDoThis("only an own text can be edited")
        return chat, message

    def _send(self, person_id: int, content: Message) -> Act:
        person = self._get_active(person_id)
        chat = self.telegram.chats[person_id]
        message = self.telegram.post(chat, person.as_user(), content)
        if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
            self.telegram.show_keyboard(chat, None, None)
        update_id = self.telegram.queue("message", message, f"chat:{chat.id}")
        return Act(update_id, message["message_id"])

    def _get_or_add_chat(self, info: dict[str, Any]) -> Chat:
        chat = self.telegram.chats.setdefault(info["id"], Chat(info))
        self.telegram.journal_chat(chat)
        return chat


def _check_card(card: dict[str, Any]) -> dict[str, Any]:
    fields = {"phone_number", "first_name", "last_name", "user_id", "vcard"}
    if not {"phone_number", "first_name"} <= card.keys() <= fields:
        raise CannotDoThis("a card has phone_number, first_name and perhaps last_name, user_id")
    return card


def _as_typed(text: str) -> Message:
    entities = find_commands(text)
    return {"text": text} | ({"entities": entities} if entities else {})
