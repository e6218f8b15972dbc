"""An officer sees that nobody can claim an application any more, and unlocks it."""

import pytest

from db import claims
from db.unit_of_work import UnitOfWork, run_unit
from domain.claiming import FAILED, MOST_FAILURES
from domain.staff import Role
from services.audit import note_worker
from tests.services.imported import LINE, import_lines
from tests.web.visiting import House


@pytest.fixture
async def number(house: House) -> str:
    """An imported application about which five answers were wrong."""
    await import_lines(house.database, house.desk, [LINE])
    found: list[str] = []

    async def fail(uow: UnitOfWork) -> None:
        [one] = await claims.list_by_phone(uow.connection, "+85512345678")
        found.append(one.number)
        for _ in range(MOST_FAILURES):
            uow.record(note_worker(FAILED, found[0]))

    await run_unit(house.database, house.clock(), fail)
    return found[0]


async def test_an_officer_unlocks_what_was_guessed_at_too_often(house: House, number: str) -> None:
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    assert "Locked in the chat" in await browser.read(f"/cases/{number}")

    after = await browser.post(f"/cases/{number}/unlock_claims")

    assert after.status_code == 303
    page = await browser.read(f"/cases/{number}", done="unlock_claims")
    assert "can be claimed in the chat again" in page
    assert "Locked in the chat" not in page
    assert "Unlocked, so that its worker can claim it" in page


async def test_only_who_decides_there_unlocks(house: House, number: str) -> None:
    elsewhere = await house.sign_in(await house.hire(Role.OFFICER, places=("17",)))
    assert (await elsewhere.post(f"/cases/{number}/unlock_claims")).status_code == 404
    supervisor = await house.sign_in(await house.hire(Role.OFFICER))
    assert "Locked in the chat" in await supervisor.read(f"/cases/{number}")
