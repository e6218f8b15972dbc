"""Whether a text that somebody got or was shown is a notice of ours."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from db.delivered_notices import DeliveredNotice, list_delivered
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.notice_content import ButtonKind, Content, read_content
from domain.notice_copies import Values, drop_mark, is_copy, make_plain
from domain.notices import Status
from domain.occupations import Occupation, Occupations
from domain.places import Gazetteer, Place
from domain.texts import Text, message
from locales.catalogue import LOCALES, Names, render_plain
from services.chats import say_with_menu
from services.desk import Desk, Person
from services.notice_messages import write_address

LOOKED_BACK = timedelta(days=90)
MOST_COMPARED = 300
MOST_AN_HOUR = 20
SHORTEST = 25
"""Letters of a text that may be a notice; what is shorter was typed."""


class CheckLimit:
    """How many texts each person has had checked in this hour; a restart begins anew."""

    def __init__(self) -> None:
        self._hour: datetime | None = None
        self._taken: Counter[int] = Counter()

    def take(self, person: Person, now: datetime) -> bool:
        """Count one more check; tell whether it is within the limit."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._taken = hour, Counter()
        self._taken[person.chat_id] += 1
        return self._taken[person.chat_id] <= MOST_AN_HOUR


def may_be_notice(text: str) -> bool:
    """Tell whether a text is long enough to be a notice."""
    return len(" ".join(text.split())) >= SHORTEST


async def check_text(
    uow: UnitOfWork,
    desk: Desk,
    person: Person,
    text: str,
    hidden: Collection[str] = (),
    from_us: bool = False,
) -> None:
    """Tell somebody whether a text is a notice of ours, and what we never ask for.

    `hidden` is where the message leads without showing it, by its words or its buttons. That it
    came `from_us` proves little: the bot also repeats what people write, and shows its author what
    nobody approved.
    """
    found = await _find_original(uow, desk, text, hidden)
    words = _word_finding(desk, found, from_us)
    say_with_menu(uow, desk, person.chat_id, *words, message("verify.never_asked"))


def ask_patience(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Tell somebody that no more texts are checked for them in this hour."""
    words = message("verify.enough"), message("verify.never_asked")
    say_with_menu(uow, desk, person.chat_id, *words)


async def _find_original(
    uow: UnitOfWork, desk: Desk, text: str, hidden: Collection[str]
) -> DeliveredNotice | None:
    shown = drop_mark(make_plain(text), _list_marks(desk.names))
    with told_apart():
        since = uow.now - LOOKED_BACK
        delivered = await list_delivered(uow.connection, since, MOST_COMPARED)
    for one in delivered:
        content = read_content(one.content)
        if _is_copy_of(shown, content, desk) and _are_ours(hidden, content):
            return one
    return None


def _is_copy_of(shown: str, content: Content, desk: Desk) -> bool:
    values = _list_values(desk.gazetteer, desk.occupations)
    return any(is_copy(shown, content.text(locale), values) for locale in LOCALES)


def _are_ours(hidden: Collection[str], content: Content) -> bool:
    return set(map(_unify, hidden)) <= set(map(_unify, _list_links(content)))


def _list_links(content: Content) -> Iterator[str]:
    yield from (one.target for one in content.buttons if one.kind is ButtonKind.LINK)
    if content.place is not None:
        yield write_address(content.place)


def _unify(address: str) -> str:
    """Write an address as Telegram gives it back: with a path, and the host in small letters."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if not parts.netloc:
        return address
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()


def _list_marks(names: Names) -> list[str]:
    return [render_plain(message("notice.specimen"), locale, names) for locale in LOCALES]


@lru_cache(maxsize=2)
def _list_values(gazetteer: Gazetteer, occupations: Occupations) -> Values:
    provinces = gazetteer.children(None)
    districts = [one for province in provinces for one in gazetteer.children(province.code)]
    jobs = [one for group in occupations.groups() for one in occupations.of_group(group)]
    named: dict[str, Sequence[Place | Occupation]] = {
        "province": provinces,
        "district": districts,
        "occupation": jobs,
    }
    return {
        name: frozenset(make_plain(word).strip() for one in ones for word in _list_names(one))
        for name, ones in named.items()
    }


def _list_names(one: Place | Occupation) -> tuple[str, str]:
    return one.name_km, one.name_en


def _word_finding(desk: Desk, found: DeliveredNotice | None, from_us: bool) -> list[Text]:
    if found is None:
        unknown = message("verify.message_ours") if from_us else message("verify.notice_unknown")
        return [unknown]
    if found.status is Status.CANCELLED:
        return [message("verify.notice_withdrawn")]
    sent_on = found.started_at.astimezone(desk.time_zone).date()
    return [message("verify.notice_ours", sent_on=sent_on), message("verify.not_compared")]
