"""What hangs on a notice besides its words: where its buttons lead, and what can be chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from domain.campaigns import Campaign
from domain.notice_content import ButtonKind, Content, NoticeButton, PlaceOfMap, PollChoice
from domain.texts import Text, message
from domain.whole_numbers import read_number
from services.notice_messages import MAP

PLAIN: Mapping[ButtonKind, Text] = {
    ButtonKind.APPLY: message("notices.button.apply"),
    ButtonKind.INTERESTED: message("notices.button.interested"),
}
"""Buttons that say themselves what they do."""


@dataclass(frozen=True)
class Link:
    """A button that opens an address, which is told apart so that its host stands out."""

    label_km: str
    label_en: str
    before: str
    host: str
    after: str

    @property
    def address(self) -> str:
        """The whole address."""
        return self.before + self.host + self.after


@dataclass(frozen=True)
class Carried:
    """All that must be read besides the words before a notice is approved."""

    plain: tuple[Text, ...]
    links: tuple[Link, ...]
    days: tuple[Campaign | None, ...]
    place: PlaceOfMap | None
    choices: tuple[PollChoice, ...]

    @property
    def is_anything(self) -> bool:
        """Whether there is anything."""
        return bool(self.plain or self.links or self.days or self.place or self.choices)

    @property
    def coordinates(self) -> str:
        """The place in degrees."""
        return f"{self.place.latitude:.6f}, {self.place.longitude:.6f}" if self.place else ""

    @property
    def map(self) -> str:
        """The address of the place on the map."""
        if self.place is None:
            return ""
        return MAP.format(latitude=self.place.latitude, longitude=self.place.longitude)


def list_asked_days(content: Content) -> list[int]:
    """List the ids of the event days to which a notice asks for an answer."""
    asked = (read_number(one.target) for one in _list_kind(content, ButtonKind.RSVP))
    return [day for day in asked if day is not None]


def list_carried(content: Content, days: Mapping[int, Campaign]) -> Carried:
    """List what hangs on a notice; `days` are those event days that there are, by id."""
    return Carried(
        plain=tuple(PLAIN[one.kind] for one in content.buttons if one.kind in PLAIN),
        links=tuple(_split(one) for one in _list_kind(content, ButtonKind.LINK)),
        days=tuple(days.get(one) for one in list_asked_days(content)),
        place=content.place,
        choices=content.choices,
    )


def _list_kind(content: Content, kind: ButtonKind) -> Iterable[NoticeButton]:
    return (one for one in content.buttons if one.kind is kind)


def _split(button: NoticeButton) -> Link:
    try:
        host = urlsplit(button.target).netloc
    except ValueError:
        host = ""
    before, found, after = button.target.partition(host) if host else (button.target, "", "")
    return Link(button.label_km, button.label_en, before, found, after)
