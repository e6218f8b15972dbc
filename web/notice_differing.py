"""A draft that was changed while somebody wrote: what stands stored, where theirs differs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from db.notices import StoredNotice
from domain.audiences import Audience
from domain.notice_content import ButtonKind, Content, NoticeButton, PollChoice, read_content
from domain.texts import Text, message
from services.notice_writing import Written
from web.audience_words import Described
from web.notice_words import TOPICS

_LABELS: Mapping[ButtonKind, Text] = {
    ButtonKind.APPLY: message("notices.button.apply"),
    ButtonKind.INTERESTED: message("notices.button.interested"),
    ButtonKind.RSVP: message("notices.button.rsvp"),
}


@dataclass(frozen=True)
class Differing:
    """A field as it is stored: its name, and its values, none if it is empty.

    What people wrote stands there letter by letter, so that it can be copied.
    """

    words: Text
    values: tuple[Text | str, ...]
    language: str | None = None


def list_differing(
    written: Written,
    stored: StoredNotice,
    audience: Audience,
    described: Described,
    days: Mapping[str, str],
) -> list[Differing]:
    """List the fields in which a draft as it is stored is not as somebody has written it.

    `described` is its audience in words, and `days` are the names of event days by their ids.
    """
    notice, content = stored.notice, read_content(stored.notice.content)
    told = [
        (written.title == stored.title, _tell("title", stored.title)),
        (written.topic is notice.topic, Differing(FIELD["topic"], (TOPICS[notice.topic],))),
        *_compare_content(written.content, content, days),
        (written.audience == audience, Differing(FIELD["whom"], tuple(_list_whom(described)))),
        (written.starts_at == notice.starts_at, _tell_time("starts_at", notice.starts_at)),
        (written.send_by == notice.send_by, _tell_time("send_by", notice.send_by)),
        (written.emergency == notice.emergency, _tell_emergency(notice.emergency)),
    ]
    return [one for is_same, one in told if not is_same]


FIELD: Mapping[str, Text] = {
    "title": message("notices.field.title"),
    "topic": message("notices.field.topic"),
    "text_km": message("notices.field.text_km"),
    "text_en": message("notices.field.text_en"),
    "buttons": message("notices.buttons"),
    "poll": message("notices.poll"),
    "place": message("notices.place"),
    "whom": message("notices.whom"),
    "starts_at": message("notices.starts_at"),
    "send_by": message("notices.send_by"),
    "emergency": message("notices.emergency"),
}


def _compare_content(
    mine: Content, stored: Content, days: Mapping[str, str]
) -> Iterator[tuple[bool, Differing]]:
    yield mine.text_km == stored.text_km, _tell("text_km", stored.text_km, "km")
    yield mine.text_en == stored.text_en, _tell("text_en", stored.text_en, "en")
    buttons = tuple(_word_button(one, days) for one in stored.buttons)
    is_same = sorted(mine.buttons, key=repr) == sorted(stored.buttons, key=repr)
    yield is_same, Differing(FIELD["buttons"], buttons)
    choices = tuple(_word_choice(one) for one in stored.choices)
    yield mine.choices == stored.choices, Differing(FIELD["poll"], choices)
    place = stored.place
    degrees = f"{place.latitude}, {place.longitude}" if place else ""
    yield mine.place == place, _tell("place", degrees)


def _tell(field: str, value: str, language: str | None = None) -> Differing:
    return Differing(FIELD[field], (value,) if value else (), language)


def _tell_time(field: str, at: datetime | None) -> Differing:
    return Differing(FIELD[field], (message("notices.stored.at", at=at),) if at else ())


def _tell_emergency(is_emergency: bool) -> Differing:
    words = (message("notices.is_emergency"),) if is_emergency else ()
    return Differing(FIELD["emergency"], words)


def _list_whom(described: Described) -> Iterator[Text]:
    yield from described.all_of
    if described.none_of:
        yield message("notices.but_not")
        yield from described.none_of


def _word_button(button: NoticeButton, days: Mapping[str, str]) -> Text:
    if button.kind is ButtonKind.LINK:
        labels = _word_choice(PollChoice(button.label_km, button.label_en))
        return message("notices.stored.pair", first=labels, second=button.target)
    label = _LABELS.get(button.kind, FIELD["buttons"])
    day = days.get(button.target)
    return message("notices.stored.pair", first=label, second=day) if day else label


def _word_choice(choice: PollChoice) -> Text:
    return message("notices.stored.pair", first=choice.label_km, second=choice.label_en)
