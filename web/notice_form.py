"""The form on which a notice is written: what was typed, and the draft that it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from db.notices import StoredNotice
from domain.audiences import Audience
from domain.khmer import to_latin_digits
from domain.notice_content import (
    ButtonKind,
    Content,
    FileKind,
    NoticeButton,
    PlaceOfMap,
    PollChoice,
    check_content,
    read_content,
    tidy_content,
)
from domain.notices import Topic, ends_at_night
from domain.texts import Text, message
from services.notice_writing import LONGEST_TITLE, Written
from web.audience_form import ALL, NONE, Problems, Typed, read_audience, write_audience
from web.notice_words import word_flaw

MOST_LINKS = 3
_DEGREES = ("latitude", "longitude")
_FIELDS = {"choices": "poll_km"}
"""Where a flaw is shown, if not beside the field of its own name."""

_LINK = "link_"
"""Begins the names of a link's fields, which end with its number: `link_url-1`."""


def _name_of_both(field: str, words: Text) -> dict[str, Text]:
    return {ALL + field: words, NONE + field: words}


FIELD_WORDS: Mapping[str, Text] = {
    "text_km": message("notices.field.text_km"),
    "text_en": message("notices.field.text_en"),
    "buttons": message("notices.buttons"),
    "poll_km": message("notices.poll"),
    "latitude": message("notices.place"),
    "longitude": message("notices.place"),
    **_name_of_both("place_named", message("notices.field.place_named")),
    **_name_of_both("registered_from", message("notices.field.registered")),
    **_name_of_both("source", message("notices.field.source")),
    **_name_of_both("age_from", message("notices.field.age")),
    "starts_at": message("notices.starts_at"),
    "send_by": message("notices.send_by"),
}
"""The fields that a problem must name, where it is not said beside them."""

_OF_AUDIENCE = ("place", "place_named", "registered_from", "source", "age_from", "other")
ORDER: Sequence[str] = (
    *("title", "topic", "text_km", "text_en", "file", "buttons", "rsvp", _LINK),
    *("poll_km", "poll_en", "latitude", "longitude", "saved"),
    *(prefix + name for prefix in (ALL, NONE) for name in _OF_AUDIENCE),
    *("audience_name", "audience", "starts_at", "send_by"),
)
"""The fields as they follow each other on the page."""


@dataclass(frozen=True)
class ReadForm:
    """What a form says, and what is wrong with it by field.

    What cannot be read must not be stored, since it might mean more people than were meant; what
    is only unfinished may.
    """

    written: Written
    problems: Problems
    is_readable: bool


def write_form(stored: StoredNotice, audience: Audience, zone: ZoneInfo) -> Typed:
    """Fill the form in with a draft as it is stored."""
    notice, content = stored.notice, read_content(stored.notice.content)
    values: dict[str, tuple[str, ...]] = {
        "version": (str(notice.version),),
        "title": (stored.title,),
        "topic": (notice.topic.value,),
        "text_km": (content.text_km,),
        "text_en": (content.text_en,),
        **_write_place(content.place),
        **_write_buttons(content),
        "when": ("at" if notice.starts_at else "now",),
        "starts_at": (_write_time(notice.starts_at, zone),),
        "send_by": (_write_time(notice.send_by, zone),),
        **write_audience(audience),
    }
    return Typed({**values, **({"emergency": ("1",)} if notice.emergency else {})})


def read_form(typed: Typed, file_kind: FileKind | None, now: datetime, zone: ZoneInfo) -> ReadForm:
    """Read the form, and list by field what is wrong with it."""
    problems: Problems = {}
    title = " ".join(typed.one("title").split())
    topic = typed.one("topic")
    written = Written(
        title=title[:LONGEST_TITLE],
        topic=Topic(topic) if topic in list(Topic) else Topic.CAMPAIGNS,
        content=_read_content(typed, file_kind, problems),
        audience=read_audience(typed, problems),
        emergency=typed.has("emergency", "1"),
        starts_at=_read_start(typed, zone, problems),
        send_by=_read_time(typed, "send_by", zone, problems),
    )
    is_readable = not problems
    if not 0 < len(title) <= LONGEST_TITLE:
        _note(problems, "title", message("notices.wrong.title", most=LONGEST_TITLE))
    if topic not in list(Topic):
        _note(problems, "topic", message("notices.wrong.topic"))
    _check_times(written, now, zone, problems)
    _check_content(typed, written.content, problems)
    return ReadForm(written, problems, is_readable)


def list_lacks(stored: StoredNotice, now: datetime, zone: ZoneInfo) -> list[Text]:
    """List what a stored draft still lacks."""
    typed = write_form(stored, Audience(), zone)
    kind = read_content(stored.notice.content).file_kind
    problems = read_form(typed, kind, now, zone).problems
    return [problem for _, problem in list_problems(problems)]


def list_problems(problems: Problems) -> list[tuple[str, Text]]:
    """List what is wrong in the order of the page, each with its field and in words that name it.

    What is wrong with two fields in the same words is said once.
    """
    listed: list[tuple[str, Text]] = []
    for name in sorted(problems, key=_find_turn):
        told = [said for _, said in listed]
        words = [_word_problem(name, problem) for problem in problems[name]]
        listed += [(name, said) for said in words if said not in told]
    return listed


def _find_turn(name: str) -> tuple[int, int]:
    """Find where a field comes on the page; the ones of a link follow each other."""
    if name.startswith(_LINK):
        return ORDER.index(_LINK), int(name.rpartition("-")[2])
    return ORDER.index(name) if name in ORDER else ORDER.index("audience_name"), 0


def _word_problem(name: str, problem: Text) -> Text:
    field = FIELD_WORDS.get(name)
    if name.startswith(_LINK):
        field = message("notices.link_number", number=int(name.rpartition("-")[2]))
    return message("notices.wrong_in", field=field, problem=problem) if field else problem


def list_links(typed: Typed) -> list[tuple[str, str, str]]:
    """List the links of the form and, while there is room, an empty one."""
    columns = (typed.all(name) for name in ("link_url", "link_km", "link_en"))
    links = [
        (url, khmer, english)
        for url, khmer, english in zip_longest(*columns, fillvalue="")
        if url or khmer or english
    ]
    return links if len(links) >= MOST_LINKS else [*links, ("", "", "")]


def _read_content(typed: Typed, file_kind: FileKind | None, problems: Problems) -> Content:
    content = Content(
        text_km=typed.one("text_km"),
        text_en=typed.one("text_en"),
        place=_read_place(typed, problems),
        file_kind=file_kind,
        buttons=_read_buttons(typed),
        choices=_read_choices(typed),
    )
    return tidy_content(content)


def _read_place(typed: Typed, problems: Problems) -> PlaceOfMap | None:
    if not any(typed.one(name).strip() for name in _DEGREES):
        return None
    latitude, longitude = (_read_degrees(typed, name, problems) for name in _DEGREES)
    return None if latitude is None or longitude is None else PlaceOfMap(latitude, longitude)


def _read_degrees(typed: Typed, name: str, problems: Problems) -> float | None:
    try:
        return float(to_latin_digits(typed.one(name).strip()))
    except ValueError:
        _note(problems, name, message("notices.wrong.place"))
        return None


def _read_buttons(typed: Typed) -> tuple[NoticeButton, ...]:
    links = [NoticeButton(ButtonKind.LINK, *one) for one in list_links(typed) if any(one)]
    plain = (ButtonKind.APPLY, ButtonKind.INTERESTED)
    ticked = [NoticeButton(kind) for kind in plain if typed.has(kind.value, "1")]
    day = typed.one(ButtonKind.RSVP.value)
    return (*links, *ticked, *((NoticeButton(ButtonKind.RSVP, day),) if day else ()))


def _read_choices(typed: Typed) -> tuple[PollChoice, ...]:
    khmer, english = (_list_lines(typed.one(name)) for name in ("poll_km", "poll_en"))
    return tuple(PollChoice(*pair) for pair in zip_longest(khmer, english, fillvalue=""))


def _list_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _read_start(typed: Typed, zone: ZoneInfo, problems: Problems) -> datetime | None:
    """Read when sending begins; a time beside "now" may be meant, so neither is guessed."""
    if typed.one("when") == "at":
        return _read_time(typed, "starts_at", zone, problems)
    if typed.one("starts_at").strip():
        _note(problems, "starts_at", message("notices.wrong.now_or_then"))
    return None


def _read_time(typed: Typed, name: str, zone: ZoneInfo, problems: Problems) -> datetime | None:
    given = typed.one(name).strip()
    if not given and name == "send_by":
        return None
    try:
        return datetime.fromisoformat(given).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        _note(problems, name, message("notices.wrong.time"))
        return None


def _check_content(typed: Typed, content: Content, problems: Problems) -> None:
    is_half = len({len(_list_lines(typed.one(name))) for name in ("poll_km", "poll_en")}) > 1
    if is_half:
        _note(problems, "poll_km", message("notices.wrong.poll_pairs"))
    for flaw in check_content(content):
        field = _FIELDS.get(flaw.field, flaw.field)
        if not (is_half and field == "poll_km"):
            name = f"{field}-{flaw.number}" if flaw.number else field
            _note(problems, name, word_flaw(flaw.problem))


def _check_times(written: Written, now: datetime, zone: ZoneInfo, problems: Problems) -> None:
    starts_at, send_by = written.starts_at, written.send_by
    if starts_at is not None and starts_at <= now - timedelta(minutes=1):
        _note(problems, "starts_at", message("notices.wrong.starts_at_past"))
    if send_by is not None and send_by <= now:
        _note(problems, "send_by", message("notices.wrong.send_by_past"))
    elif send_by is not None and starts_at is not None and send_by <= starts_at:
        _note(problems, "send_by", message("notices.wrong.send_by_first"))
    elif ends_at_night(starts_at or now, send_by, zone, emergency=written.emergency):
        _note(problems, "send_by", message("notices.wrong.send_by_night"))


def _note(problems: Problems, name: str, problem: Text) -> None:
    listed = problems.setdefault(name, [])
    if problem not in listed:
        listed.append(problem)


def _write_time(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if at else ""


def _write_place(place: PlaceOfMap | None) -> Mapping[str, tuple[str, ...]]:
    if place is None:
        return {}
    return {"latitude": (str(place.latitude),), "longitude": (str(place.longitude),)}


def _write_buttons(content: Content) -> Mapping[str, tuple[str, ...]]:
    links = [one for one in content.buttons if one.kind is ButtonKind.LINK]
    others = {
        one.kind.value: (one.target or "1",)
        for one in content.buttons
        if one.kind is not ButtonKind.LINK
    }
    return {
        **others,
        "link_url": tuple(one.target for one in links),
        "link_km": tuple(one.label_km for one in links),
        "link_en": tuple(one.label_en for one in links),
        "poll_km": ("\n".join(one.label_km for one in content.choices),),
        "poll_en": ("\n".join(one.label_en for one in content.choices),),
    }
