"""An event day on the pages: planned, and people to invite, to check in and to count."""

from dataclasses import replace
from functools import partial

import httpx
import pytest

from db import applications, attendances, contacts
from db.unit_of_work import UnitOfWork
from domain.numbers import draw_number
from domain.staff import Role
from services.campaigns import plan_campaign
from services.desk import Actor, Person
from services.rsvp import answer_invitation
from tests.event_plan import TODAY
from tests.samples import make_application, make_contact
from tests.services.office import SIGNING_KEY
from tests.web.visiting import Browser, House, make_house

NUMBER = draw_number(7)
XSS = "<script>alert(1)</script>"
FORM = {
    "name_km": "ថ្ងៃចុះឈ្មោះ",
    "name_en": "Registration day",
    "place": "02",
    "venue_km": "សាលាខេត្ត",
    "venue_en": "Provincial hall",
    "held_on": "2026-03-10",
    "starts": "08:00",
    "code": "btb-2026",
    "capacity": "3,500",
    "target": "២០០០",
    "partner": "CEYFA",
}
PAGE = {
    "name_km": "សុខ ដារ៉ា",
    "name_latin": "SOK DARA",
    "born": "1990",
    "sex.choice": "female",
    "home": "កំពង់ក្របី",
    "home.for": "កំពង់ក្របី",
    "home.choice": "p.02031002",
    "identity": "123456789",
    "occupation.choice": "o.street_food_vendor",
    "category.choice": "self_employed",
    "since.choice": "3_5",
    "income.choice": "unsaid",
    "who_agrees.choice": "present",
    "consent_other.choice": "yes",
    "language.choice": "km",
    "tag": "desk:abc",
}


@pytest.fixture
async def house(house: House) -> House:
    """The same house with a key to sign with."""
    return make_house(house.database, replace(house.desk, signing_key=SIGNING_KEY), house.clock)


async def open_as(house: House, role: Role, *places: str, locale: str = "en") -> Browser:
    return await house.sign_in(await house.hire(role, places=places or ["02"]), locale)


async def plan_today(house: House) -> int:
    """Plan an event day that is held now."""
    manager = Actor(await house.hire(Role.CAMPAIGN_MANAGER), "web test")
    return await house.office.act(lambda uow: plan_campaign(uow, house.desk, manager, TODAY))


async def submit(house: House, *chats: int) -> None:
    await house.write(partial(contacts.save, changed=[make_contact(chat) for chat in chats]))
    await house.write(partial(applications.add, new=[make_application(chat) for chat in chats]))


async def answer_yes(house: House, chat_id: int) -> None:
    """Let somebody to whom the day was shown say that they come."""
    say = partial(answer_invitation, desk=house.desk, person=Person(chat_id), tap_id=None)

    async def answer(uow: UnitOfWork) -> None:
        guest = await attendances.find_guest_of_chat(uow.connection, 1, chat_id)
        assert guest is not None
        await attendances.note_shown(uow.connection, 1, guest.application_id)
        await say(uow, choice="1", coming=True)

    await house.office.act(answer)


async def enter(browser: Browser, text: str) -> httpx.Response:
    return await browser.post("/campaigns/1/desk", {"number": text})
