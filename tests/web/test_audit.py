"""The page of the audit log."""

from functools import partial

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from db import audit
from domain.audit import ActorKind, AuditEvent
from domain.staff import Role
from tests.web.visiting import Browser, House


async def change_record_four(connection: AsyncConnection) -> None:
    """Change the log as only somebody can who owns the database."""
    await connection.execute(text("DROP TRIGGER audit_events_no_update"))
    await connection.execute(text("UPDATE audit_events SET act = 'approve' WHERE id = 4"))


async def open_log(house: House, count: int) -> Browser:
    events = [
        AuditEvent("submit", f"{n:09}", ActorKind.WORKER, None, "chat", {"n": n})
        for n in range(count)
    ]
    await house.write(partial(audit.append, events=events, at=house.clock()))
    return await house.sign_in(await house.hire(Role.ADMINISTRATOR, name="Keo Bopha"))


async def test_the_latest_events_come_first_and_the_rest_on_further_pages(house: House) -> None:
    browser = await open_log(house, 120)
    first = await browser.read("/audit")
    assert "sign_in staff:1" in first
    assert "Keo Bopha" in first
    assert "000000119" in first
    assert "000000070" not in first
    second = await browser.read("/audit", before="72")
    assert "000000070" in second
    assert "000000119" not in second


async def test_the_log_is_searched_by_number_or_subject(house: House) -> None:
    browser = await open_log(house, 5)
    found = await browser.read("/audit", subject="000000003")
    assert "n: 3" in found
    assert "n: 2" not in found
    for subject in ("staff:1", "staff:១"):
        assert "sign_in" in await browser.read("/audit", subject=subject)
    assert "Nothing found" in await browser.read("/audit", subject="<b>x</b>")


async def test_whoever_reads_the_log_or_a_list_of_questions_is_in_it(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.ADMINISTRATOR, Role.OFFICER))
    await browser.read("/questions")
    await browser.read("/audit")
    async with house.database.read() as connection:
        latest = await audit.list_latest(connection, limit=2)
    assert [one.event.act for one in latest] == ["read_audit", "list_questions"]
    assert [one.event.actor_id for one in latest] == [1, 1]


async def test_an_odd_page_is_the_first_one(house: House) -> None:
    browser = await open_log(house, 1)
    for before in ("x", "-1", "9" * 30):
        assert "000000000" in await browser.read("/audit", before=before)


async def test_a_whole_chain_is_said_to_be_whole_and_a_changed_one_where_it_breaks(
    house: House,
) -> None:
    browser = await open_log(house, 9)
    assert "nothing was changed" in (await browser.post("/audit/check")).text
    await house.write(change_record_four)
    assert "record 4 was changed" in (await browser.post("/audit/check")).text
