"""A finished draft becomes a registration."""

from typing import Any

from domain.context import Context
from domain.dates import BirthDate, age_on
from domain.drafts import Draft
from domain.form import Answers
from domain.registrations import Activity, Background, Registration, Worker, Workplace

AGE_OF_MAJORITY = 18
_ID_DIGITS = 9


def complete(draft: Draft, context: Context) -> Registration:
    """Make the registration of a draft whose questions are all answered."""
    answers = draft.answers
    return Registration(
        for_whom=answers.get("for_whom", "self"),
        worker=_make_worker(answers),
        workplace=Workplace(**answers["workplace"]),
        activities=tuple(_make_activity(one) for one in answers["work"]),
        support=tuple(answers["support"]),
        background=_make_background(answers),
        wants_notices=answers["notices"] == "yes",
        consents=draft.consents,
        source=draft.source,
        flags=frozenset(_list_flags(answers, context)),
    )


def _make_worker(answers: Answers) -> Worker:
    phone = answers.get("own_phone") or answers["phone"]
    return Worker(
        family_km=answers["name_km"]["family"],
        given_km=answers["name_km"]["given"],
        family_latin=answers["name_latin"]["family"],
        given_latin=answers["name_latin"]["given"],
        sex=answers["sex"],
        born=answers["born"],
        phone=phone["number"],
        phone_is=phone["is"],
        id_number=answers["identity"].get("number"),
        no_id_reason=answers["identity"].get("reason"),
        home=answers["home"],
    )


def _make_activity(answers: dict[str, Any]) -> Activity:
    return Activity(
        occupation=answers["occupation"]["key"],
        occupation_words=answers["occupation"]["words"],
        category=answers["category"],
        workers=answers.get("workers"),
        since=answers["since"],
        income=answers["income"],
    )


def _make_background(answers: Answers) -> Background:
    fields = ("schooling", "health", "disability", "household", "association", "photo")
    return Background(**{name: answers.get(name) for name in fields})


def _list_flags(answers: Answers, context: Context) -> list[str]:
    number = answers["identity"].get("number")
    is_minor = age_on(BirthDate.from_iso(answers["born"]), context.today) < AGE_OF_MAJORITY
    flags = {
        "minor": is_minor,
        "no_card": number is None,
        "eight_digits": number is not None and len(number) < _ID_DIGITS,
    }
    return [flag for flag, holds in flags.items() if holds]
