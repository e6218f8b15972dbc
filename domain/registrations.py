"""What a worker submits: the person, what they do for a living, what they wish."""

from dataclasses import dataclass

from domain.drafts import Consent


@dataclass(frozen=True)
class Activity:
    """One thing the person does for a living.

    `occupation` is a key of the occupations, `other` with the person's own words beside it;
    `category`, `workers`, `since` and `income` are choices of the form.
    """

    occupation: str
    occupation_words: str | None
    category: str
    workers: str | None
    since: str
    income: str


@dataclass(frozen=True)
class Worker:
    """The person, as answered.

    `born` is '1990', '1990-04' or '1990-04-15'; `phone` is E.164 and `phone_is` says how it is
    known: 'own' (proven by Telegram), 'typed' or 'helper'.
    """

    family_km: str
    given_km: str
    family_latin: str
    given_latin: str
    sex: str
    born: str
    phone: str
    phone_is: str
    id_number: str | None
    no_id_reason: str | None
    home: str


@dataclass(frozen=True)
class Workplace:
    """Where the work is: the home village, another place by its code, or a pin (degrees)."""

    kind: str
    place: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Background:
    """The optional part: each answer may be missing."""

    schooling: str | None = None
    health: str | None = None
    disability: str | None = None
    household: str | None = None
    association: str | None = None
    photo: str | None = None


@dataclass(frozen=True)
class Registration:
    """A complete form. `flags` are what an officer should look at: 'minor', 'no_card'..."""

    for_whom: str
    worker: Worker
    workplace: Workplace
    activities: tuple[Activity, ...]
    support: tuple[str, ...]
    background: Background
    wants_notices: bool
    consents: tuple[Consent, ...]
    source: str | None
    flags: frozenset[str]
