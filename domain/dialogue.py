"""One exchange with a person: an event comes in, the draft moves on, replies go out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.drafts import Draft
from domain.events import Event
from domain.facts import Fact
from domain.form import Form
from domain.occupations import Occupations
from domain.places import Gazetteer
from domain.replies import Reply


@dataclass(frozen=True)
class Context:
    """What the dialogue may know besides the draft."""

    now: datetime
    today: date
    gazetteer: Gazetteer
    occupations: Occupations
    locale: str | None
    first_name: str = ""
    last_name: str = ""
    specimen: bool = True
    minimum_age: int = 15
    registered_before: bool = False
    new_tag: str = ""


@dataclass(frozen=True)
class Turn:
    """What became of an event: the draft (None when there is none any more), replies, facts."""

    draft: Draft | None
    replies: Sequence[Reply] = ()
    facts: Sequence[Fact] = ()


def take_turn(form: Form, draft: Draft | None, event: Event, context: Context) -> Turn:
    """Answer one event."""
    raise NotImplementedError
