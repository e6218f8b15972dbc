"""Cards that are drawn when they are sent."""

from functools import partial

import pytest

from bot.cards import make_attach
from db import certificates
from db.database import Database
from services.decisions import approve
from services.desk import Desk
from tests.conftest import Clock
from tests.services.counter import Counter
from tests.services.office import NUMBER, Bureau, make_case_file

KINDS = {"png": ("photo", b"\x89PNG"), "pdf": ("document", b"%PDF")}


@pytest.fixture
async def bureau(sqlite_database: Database, desk: Desk, clock: Clock) -> Bureau:
    """An office that has approved one application."""
    bureau = Bureau(Counter(sqlite_database, desk, clock))
    await bureau.receive(make_case_file(7))
    officer = await bureau.hire()
    await bureau.take(officer)
    await bureau.act(approve, officer, NUMBER, frozenset({"photo"}))
    return bureau


@pytest.mark.parametrize("kind", KINDS)
async def test_a_card_is_drawn_as_the_file_that_is_asked_for(bureau: Bureau, kind: str) -> None:
    attach = make_attach(bureau.counter.database, bureau.counter.desk)
    drawn = await attach(f"card:{NUMBER}:{kind}")
    field, begin = KINDS[kind]
    assert (drawn.field, drawn.filename) == (field, f"certificate-{NUMBER}.{kind}")
    assert drawn.content.startswith(begin)


async def test_a_card_that_was_revoked_before_it_was_sent_is_not_sent(bureau: Bureau) -> None:
    revoke = partial(certificates.revoke, number=NUMBER, at=bureau.counter.clock())
    await bureau.counter.database.write(revoke)
    with pytest.raises(LookupError):
        await make_attach(bureau.counter.database, bureau.counter.desk)(f"card:{NUMBER}:png")


async def test_nothing_is_drawn_for_a_number_without_a_certificate(bureau: Bureau) -> None:
    with pytest.raises(LookupError):
        await make_attach(bureau.counter.database, bureau.counter.desk)("card:000000000:pdf")
