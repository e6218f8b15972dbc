"""Invented people, and what they submit."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from db.drafts import StoredDraft
from domain.applications import Application
from domain.cases import Case
from domain.contacts import Contact
from domain.drafts import Consent, Draft
from domain.numbers import draw_number
from domain.registrations import Activity, Background, Registration, Worker, Workplace

NOON = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)

CONSENT = Consent("registration", 1, "2026-03-04T05:00:00+00:00", "self")

DRAFT = Draft(
    "k3y5p7",
    1,
    "income",
    answers={"language": "km", "work": [{"occupation": {"key": "other", "words": "លក់ផ្កា"}}]},
    partial={"province": "02"},
    source="market",
    consents=(CONSENT,),
)

REGISTRATION = Registration(
    for_whom="self",
    worker=Worker(
        family_km="សុខ",
        given_km="ដារ៉ា",
        family_latin="Sok",
        given_latin="Dara",
        sex="female",
        born="1990-04",
        phone="+85512345678",
        phone_is="own",
        id_number="123456789",
        no_id_reason=None,
        home="02030105",
    ),
    workplace=Workplace("pin", latitude=13.0957, longitude=103.2022),
    activities=(
        Activity("street_food_vendor", None, "self_employed", None, "3_5", "400k_800k"),
        Activity("other", "លក់ផ្កា", "micro_enterprise", "1", "1_2", "unsaid"),
    ),
    support=("finance", "nssf"),
    background=Background(schooling="primary", photo="file-1"),
    wants_notices=True,
    consents=(CONSENT, replace(CONSENT, purpose="notices")),
    source="market",
    flags=frozenset({"minor"}),
)


def make_worker(chat_id: int, **changed: Any) -> Worker:
    """Make a worker whom nobody takes for another: with a card and a telephone of their own."""
    own = replace(REGISTRATION.worker, id_number=draw_number(chat_id), phone=f"+85512{chat_id:06}")
    return replace(own, **changed)


def make_contact(chat_id: int, **changed: Any) -> Contact:
    """Make the contact of a chat."""
    return replace(Contact(chat_id, created_at=NOON, active_at=NOON, locale="km"), **changed)


def chat_of(made: Application | Case) -> int:
    """Get the chat of an application that was made in one."""
    assert made.chat_id is not None
    return made.chat_id


def make_draft(chat_id: int, **changed: Any) -> StoredDraft:
    """Make the draft of a chat, in the middle of the form."""
    return replace(StoredDraft(chat_id, DRAFT, started_at=NOON, active_at=NOON), **changed)


def make_application(chat_id: int, **changed: Any) -> Application:
    """Make an application submitted in a chat, with a number and a tag of its own."""
    application = Application(
        number=draw_number(chat_id),
        chat_id=chat_id,
        draft_tag=DRAFT.tag,
        form_version=1,
        registration=REGISTRATION,
        answers={"language": "km", "home": REGISTRATION.worker.home},
        submitted_at=NOON,
        answer_due_on=date(2026, 3, 5),
        due_at=datetime(2026, 3, 5, 10, 30, tzinfo=UTC),
    )
    return replace(application, **changed)
