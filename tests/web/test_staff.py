"""The page on which staff are invited, changed and shown out."""

import re
from functools import partial

from db import audit, staff
from domain.staff import Right, Role, Staff, scope_of
from domain.staffing import extend
from services.desk import Person
from services.invitations import join
from tests.web.visiting import Browser, House

XSS = '<script>alert("1")</script>'


async def find(house: House, staff_id: int) -> Staff:
    async with house.database.read() as connection:
        found = await staff.find(connection, staff_id)
    assert found is not None
    return found


async def open_as_administrator(house: House, *places: str) -> Browser:
    boss = await house.hire(Role.ADMINISTRATOR, name="Keo Bopha", places=places or None)
    return await house.sign_in(boss)


async def test_an_invitation_lets_a_colleague_in(house: House) -> None:
    browser = await open_as_administrator(house)

    answer = await browser.post(
        "/staff",
        {"name": "Sok Dara", "role": ["officer", "analyst"], "place": ["02", "0203", "1201"]},
    )

    assert answer.status_code == 200
    found = re.search(r"https://t\.me/OfficeTestBot\?start=staff_([\w-]+)", answer.text)
    assert found is not None
    secret = found[1]
    assert len(f"staff_{secret}") <= 64
    person = Person(77, "Dara")

    async def open_link(uow: object) -> Staff | None:
        await uow.load([77])  # type: ignore[attr-defined]
        return await join(uow, house.desk, person, secret)  # type: ignore[arg-type]

    joined = await house.office.act(open_link)
    assert joined is not None
    assert joined.name == "Sok Dara"
    assert joined.grants == dict.fromkeys([Role.OFFICER, Role.ANALYST], frozenset({"02", "1201"}))
    assert secret not in (await browser.get("/staff")).text


async def test_an_invitation_needs_a_name_a_role_and_a_place(house: House) -> None:
    browser = await open_as_administrator(house)
    whole = {"name": "Sok Dara", "role": "officer", "whole": "1"}
    lacks = {"name": "write a name", "role": "at least one role", "whole": "choose an area"}
    for lacking, said in lacks.items():
        form = {key: value for key, value in whole.items() if key != lacking}
        answer = await browser.post("/staff", form)
        assert answer.status_code == 400
        assert said in answer.text
        assert "t.me" not in answer.text


async def test_invented_roles_and_places_count_for_nothing(house: House) -> None:
    browser = await open_as_administrator(house)
    form = {"name": "Sok Dara", "role": ["officer", "king"], "place": ["99", "020301", "%"]}
    assert (await browser.post("/staff", form)).status_code == 400


async def test_a_name_is_shown_as_it_is_and_never_run(house: House) -> None:
    await house.hire(Role.OFFICER, name=XSS)
    browser = await open_as_administrator(house)
    for path in ("/staff", "/staff/1", "/staff/1/roles/officer"):
        text = (await browser.get(path)).text
        assert XSS not in text
        assert "&lt;script&gt;" in text
    answer = await browser.post("/staff", {"name": XSS})
    assert XSS not in answer.text


async def test_a_role_and_its_places_change_at_once(house: House) -> None:
    one = await house.hire(Role.OFFICER, places=["02"])
    colleague = await house.sign_in(one)
    browser = await open_as_administrator(house)
    assert "Officer Battambang" in await browser.read("/staff")

    answer = await browser.post(f"/staff/{one.id}/roles/administrator", {"whole": "1"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/staff?saved=1")
    both = {Role.OFFICER: frozenset({"02"}), Role.ADMINISTRATOR: None}
    assert (await find(house, one.id)).grants == both
    assert (await colleague.get("/staff")).status_code == 200
    await browser.post(f"/staff/{one.id}/roles/officer", {"place": ["17", "02"]})
    assert "Officer Battambang · Siem Reap" in await browser.read("/staff")
    await browser.post(f"/staff/{one.id}/roles/officer", {"remove": "1"})
    assert (await find(house, one.id)).grants == {Role.ADMINISTRATOR: None}


async def test_a_role_needs_places_and_must_be_one(house: House) -> None:
    one = await house.hire(Role.OFFICER, places=["02"])
    browser = await open_as_administrator(house)

    answer = await browser.post(f"/staff/{one.id}/roles/officer", {"place": "99"})

    assert answer.status_code == 400
    assert "choose an area" in answer.text
    assert await find(house, one.id) == one
    assert (await browser.get(f"/staff/{one.id}/roles/king")).status_code == 404


async def test_the_only_role_is_not_offered_to_be_taken_away(house: House) -> None:
    one = await house.hire(Role.OFFICER, Role.ANALYST)
    browser = await open_as_administrator(house)
    assert "Take this role away" in await browser.read(f"/staff/{one.id}/roles/officer")
    assert "Take this role away" not in await browser.read("/staff/2/roles/administrator")


async def test_who_is_shown_out_is_out_at_the_next_request(house: House) -> None:
    one = await house.hire(Role.OFFICER)
    colleague = await house.sign_in(one)
    browser = await open_as_administrator(house)
    assert (await colleague.get("/")).status_code == 200

    await browser.post(f"/staff/{one.id}/end")

    assert (await colleague.get("/")).status_code == 303
    assert not (await find(house, one.id)).active
    await browser.post(f"/staff/{one.id}/again")
    assert (await find(house, one.id)).active
    assert (await colleague.get("/")).status_code == 303


async def test_the_last_administrator_stays(house: House) -> None:
    browser = await open_as_administrator(house)
    for path, form in {
        "/staff/1/end": {},
        "/staff/1/roles/administrator": {"remove": "1"},
    }.items():
        answer = await browser.post(path, form)
        assert answer.status_code == 400
        assert "only administrator" in answer.text
    assert scope_of(await find(house, 1), Right.MANAGE_STAFF) is not None


async def test_an_administrator_of_a_province_reaches_nobody_else(house: House) -> None:
    near = await house.hire(Role.OFFICER, name="Near", places=["0203"])
    far = await house.hire(Role.OFFICER, name="Far", places=["17"])
    whole = await house.hire(Role.OFFICER, name="Whole")
    browser = await open_as_administrator(house, "02")

    text = await browser.read("/staff")

    assert "Near" in text
    assert "Far" not in text
    assert (await browser.get(f"/staff/{near.id}")).status_code == 200
    for one in (far, whole):
        assert (await browser.get(f"/staff/{one.id}")).status_code == 404
        assert (await browser.post(f"/staff/{one.id}/end")).status_code == 404
    for reach in ({"place": "17"}, {"whole": "1"}):
        form = {"name": "New", "role": "officer", **reach}
        assert (await browser.post("/staff", form)).status_code == 404
        for role in ("officer", "analyst"):
            answer = await browser.post(f"/staff/{near.id}/roles/{role}", reach)
            assert answer.status_code == 404
    assert (await find(house, near.id)) == near
    assert (await browser.get("/audit")).status_code == 404


async def test_an_administrator_of_a_province_changes_what_holds_there(house: House) -> None:
    both = await house.hire(Role.OFFICER, name="Both", places=["02", "17"])
    await house.write(partial(staff.save, changed=extend(both, {Role.ANALYST: None})))
    browser = await open_as_administrator(house, "02")

    page = (await browser.get(f"/staff/{both.id}")).text
    await browser.post(f"/staff/{both.id}/roles/officer", {"place": ["0203", "0204"]})

    assert f"/staff/{both.id}/roles/officer" in page
    assert f"/staff/{both.id}/roles/analyst" not in page
    assert f"/staff/{both.id}/end" not in page
    assert (await browser.get(f"/staff/{both.id}/roles/analyst")).status_code == 404
    assert (await browser.post(f"/staff/{both.id}/end")).status_code == 404
    grants = {Role.OFFICER: frozenset({"0203", "0204", "17"}), Role.ANALYST: None}
    assert (await find(house, both.id)).grants == grants
    await browser.post(f"/staff/{both.id}/roles/officer", {"remove": "1"})
    assert (await find(house, both.id)).grants == {**grants, Role.OFFICER: frozenset({"17"})}
    assert (await browser.get(f"/staff/{both.id}")).status_code == 404


async def test_every_change_is_in_the_audit_log(house: House) -> None:
    one = await house.hire(Role.OFFICER)
    browser = await open_as_administrator(house)
    await browser.post(f"/staff/{one.id}/end")
    async with house.database.read() as connection:
        [*_, last] = await audit.list_about(connection, f"staff:{one.id}")
    assert (last.event.act, last.event.origin) == ("change_staff", "web 127.0.0.1")
    assert last.event.details == {"grants": {"officer": None}, "active": False}
