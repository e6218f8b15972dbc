"""What every use case needs to know that is not in the database."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from documents.signatures import SigningKey
from domain.form import Form
from domain.occupations import Occupations
from domain.places import Gazetteer
from domain.staff import Staff
from locales.catalogue import Names


@dataclass(frozen=True)
class Desk:
    """The registration desk: its form, its reference data and the rules of its house.

    Without a key to sign with, no certificates are issued.
    """

    form: Form
    gazetteer: Gazetteer
    occupations: Occupations
    time_zone: ZoneInfo
    default_locale: str = "km"
    specimen: bool = True
    minimum_age: int = 15
    answer_within_working_days: int = 1
    web_url: str = "http://127.0.0.1:8080"
    session_idle: timedelta = timedelta(minutes=30)
    signing_key: SigningKey | None = None
    notice_cancel_window: timedelta = timedelta(minutes=10)
    notices_per_week: int = 3

    @property
    def names(self) -> Names:
        """Where texts find the names of places and occupations."""
        return Names(self.gazetteer, self.occupations)


@dataclass(frozen=True)
class Person:
    """Who writes: the private chat, and what Telegram tells of its owner."""

    chat_id: int
    first_name: str = ""
    last_name: str = ""


@dataclass(frozen=True)
class Actor:
    """A member of staff who acts, as stored at this moment, and from where.

    `origin` is 'chat', or 'web' and the address of the browser.
    """

    staff: Staff
    origin: str
