"""A draft is checked: how many would get it, and how it looks to some of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.errors import TookTooLong
from domain.notice_content import read_content
from domain.texts import Text
from services.notice_samples import draw_samples, note_samples
from services.notice_trials import EXAMPLE
from web.notice_page import FoundNotice
from web.notice_preview import Preview, preview
from web.notice_words import word_left_out
from web.office import Office
from web.visits import Visit


@dataclass(frozen=True)
class Sample:
    """A notice as one of its recipients would see it, in `locale` and in the other language.

    An invented person has neither a number nor a language.
    """

    number: str | None
    locale: str | None
    previews: Mapping[str, Preview]


@dataclass(frozen=True)
class Checked:
    """How many would get a notice at a moment, and how it looks to some of them.

    Without a count it is few, and this visitor may not know how many, nor who; or, when it
    `is_uncounted`, counting took too long.
    """

    count: int | None
    at: datetime
    samples: list[Sample]
    left_out: Sequence[Text] = ()
    is_uncounted: bool = False


async def check_notice(office: Office, visit: Visit, found: FoundNotice) -> Checked:
    """Count and draw as the draft is stored now, and show nobody before that is written down."""
    now, stored, reader = office.clock(), found.stored, visit.actor.staff
    try:
        async with office.turns.take(reader.id), office.database.read() as connection:
            sampled = await draw_samples(connection, office.desk, stored, found.author, reader, now)
    except TookTooLong:
        return Checked(None, now, [], is_uncounted=True)
    await office.act(lambda uow: note_samples(uow, visit.actor, stored, sampled))
    content = read_content(stored.notice.content)
    if sampled.is_hidden:
        invented = Sample(None, None, preview(office.desk, content, stored.id, EXAMPLE))
        return Checked(None, now, [invented])
    samples = [
        Sample(
            facts.number,
            facts.locale or office.desk.default_locale,
            preview(office.desk, content, stored.id, facts),
        )
        for facts in sampled.facts
    ]
    return Checked(sampled.count, now, samples, word_left_out(sampled.reach))
