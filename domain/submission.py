"""A finished draft becomes a registration."""

from datetime import date
from typing import Any

from domain.context import Context
from domain.dates import BirthDate, age_on
from domain.drafts import Draft
from domain.form import Answers
from domain.registrations import Activity, Background, Registration, Worker, Workplace

AGE_OF_MAJORITY = 18
_ID_DIGITS = 9
_NO_PHONE = {"number": "", "is": "helper"}


def complete(draft: Draft, context: Context) -> Registration:
    """Make the registration of a draft whose questions are all answered.

    What was taken from another register lacks what that one did not ask.
    """
    answers = draft.answers
    return Registration(
        for_whom=answers.get("for_whom", "self"),
        worker=_make_worker(answers),
        workplace=Workplace(**answers.get("workplace", {"kind": "home"})),
        activities=tuple(_make_activity(one) for one in answers["work"]),
        support=tuple(answers.get("support", ())),
        background=_make_background(answers),
        wants_notices=answers.get("notices") == "yes",
        consents=draft.consents,
        source=draft.source,
        flags=frozenset(
            list_flags(answers["born"], _read_identity(answers).get("number"), context.today)
        ),
    )


def _make_worker(answers: Answers) -> Worker:
    phone = answers.get("own_phone") or answers.get("phone") or _NO_PHONE
    return Worker(
        family_km=answers["name_km"]["family"],
        given_km=answers["name_km"]["given"],
        family_latin=answers["name_latin"]["family"],
        given_latin=answers["name_latin"]["given"],
        sex=answers["sex"],
        born=answers["born"],
        phone=phone["number"],
        phone_is=phone["is"],
        id_number=_read_identity(answers).get("number"),
        no_id_reason=_read_identity(answers).get("reason"),
        home=answers["home"],
    )


def _make_activity(answers: dict[str, Any]) -> Activity:
    return Activity(
        occupation=answers["occupation"]["key"],
        occupation_words=answers["occupation"]["words"],
        category=answers["category"],
        workers=answers.get("workers"),
        since=answers.get("since", ""),
        income=answers.get("income", "unsaid"),
    )


def _make_background(answers: Answers) -> Background:
    fields = ("schooling", "health", "disability", "household", "association", "photo")
    return Background(**{name: answers.get(name) for name in fields})


def _read_identity(answers: Answers) -> dict[str, Any]:
    found: dict[str, Any] = answers.get("identity", {})
    return found


def list_flags(born: str, number: str | None, today: date) -> list[str]:
    """List what an officer should look at."""
    is_minor = age_on(BirthDate.from_iso(born), today) < AGE_OF_MAJORITY
    flags = {
        "minor": is_minor,
        "no_card": number is None,
        "eight_digits": number is not None and len(number) < _ID_DIGITS,
    }
    return [flag for flag, holds in flags.items() if holds]
