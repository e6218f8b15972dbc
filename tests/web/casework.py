"""Invented applications on an officer's desk, with all their answers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db import (
    applications,
    audit,
    case_files,
    cases,
    change_requests,
    chat_questions,
    contacts,
    questions,
)
from db.unit_of_work import UnitOfWork
from documents.signatures import SigningKey
from domain.applications import Application
from domain.cases import Act, Case, take_act
from domain.context import Context
from domain.drafts import Draft
from domain.questions import Question, QuestionStatus, add_message
from domain.staff import WHOLE_COUNTRY, Staff
from domain.submission import complete
from services.audit import note_worker
from services.cases import take
from services.decisions import approve
from services.desk import Actor, Desk
from tests.samples import CONSENT, make_application, make_contact
from tests.web.visiting import House, make_house

ANSWERS: Mapping[str, Any] = {
    "language": "km",
    "consent": "yes",
    "work": [
        {
            "occupation": {"key": "street_food_vendor", "words": None},
            "category": "self_employed",
            "since": "3_5",
            "income": "400k_800k",
        },
        {
            "occupation": {"key": "other", "words": "លក់ផ្កា"},
            "category": "micro_enterprise",
            "workers": "1",
            "since": "1_2",
            "income": "unsaid",
        },
    ],
    "home": "02030105",
    "workplace": {"kind": "home"},
    "name_km": {"family": "សុខ", "given": "ដារ៉ា"},
    "name_latin": {"family": "Sok", "given": "Dara"},
    "sex": "female",
    "born": "1990-04-15",
    "own_phone": {"number": "+85512345678", "is": "own"},
    "identity": {"number": "123456789"},
    "support": ["finance", "nssf"],
    "background": "yes",
    "schooling": "primary",
    "health": "good",
    "disability": None,
    "household": None,
    "association": "none",
    "photo": "file-1",
    "notices": "yes",
}
REASON = {"reason": "not_true"}
"""The form of a rejection."""

SENSITIVE = replace(CONSENT, purpose="sensitive")


def make_case(desk: Desk, chat_id: int, **answers: Any) -> Application:
    """Make an application whose registration follows from its answers."""
    application = make_application(chat_id)
    given = {**ANSWERS, **answers}
    draft = Draft("", 1, "", given, source="market", consents=(CONSENT, SENSITIVE))
    now = application.submitted_at
    context = Context(now, now.date(), desk.gazetteer, desk.occupations, None)
    return replace(application, answers=given, registration=complete(draft, context))


async def submit(house: House, chat_id: int, **answers: Any) -> str:
    """Have an application submitted, and give its number."""
    application = make_case(house.desk, chat_id, **answers)
    await house.write(partial(contacts.save, changed=[make_contact(chat_id)]))
    await house.write(partial(applications.add, new=[application]))
    event = note_worker("submit", application.number)
    await house.write(partial(audit.append, events=[event], at=application.submitted_at))
    return application.number


async def take_case(house: House, officer: Staff, number: str) -> None:
    """Have an officer take an application."""
    await house.office.act(lambda uow: take(uow, house.desk, Actor(officer, "web test"), number))


async def approve_case(house: House, officer: Staff, number: str) -> None:
    """Have an officer take and approve an application."""
    await take_case(house, officer, number)

    async def decide(uow: UnitOfWork) -> object:
        return await approve(
            uow, house.desk, Actor(officer, "web test"), number, frozenset({"id_card"})
        )

    await house.office.act(decide)


def with_key(house: House) -> House:
    """Let a house issue certificates, signed with a key of a test."""
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    signing = make_house(house.database, replace(house.desk, signing_key=key), house.clock)
    signing.photos.update(house.photos)
    return signing


async def ask(house: House, chat_id: int, office: str, text: str, number: str | None = None) -> int:
    """Have somebody ask an office a question, and give its id."""
    now = house.clock()
    asked = Question(chat_id, now, office, number, QuestionStatus.OPEN)
    await house.write(partial(contacts.save, changed=[make_contact(chat_id)]))
    await house.write(partial(chat_questions.save, changed=[add_message(asked, text, now)]))
    async with house.database.read() as connection:
        return max(one.id for one in await questions.list_open(connection, WHOLE_COUNTRY))


async def get_case(house: House, number: str) -> Case:
    """Read where an application stands."""
    async with house.database.read() as connection:
        record = await case_files.find_record(connection, number, WHOLE_COUNTRY)
    assert record is not None
    return record.case


async def request_change(house: House, number: str, item: str, **answers: Any) -> None:
    """Have a worker wish that an answer of an approved application be another."""
    case = await get_case(house, number)
    promised_at = house.clock() + timedelta(days=1)
    wished = take_act(case, Act.REQUEST_CHANGE, None, house.clock(), due_at=promised_at)
    await house.write(partial(cases.save, cases=[wished]))
    add = partial(change_requests.add, number=number, item=item, form_version=1)
    await house.write(partial(add, answers={**ANSWERS, **answers}, at=house.clock()))


async def list_acts(house: House, subject: str) -> list[str]:
    """List what was done with an application or a notice, from the first on."""
    async with house.database.read() as connection:
        return [one.event.act for one in await audit.list_about(connection, subject)]
