"""What protects the pages, on every address."""

import re
from collections.abc import AsyncIterator

import pytest
from starlette.routing import Route

from db import staff
from domain.staff import RIGHTS, Right, Role
from tests.web.visiting import FROM_HERE, House
from web.app import ROUTES
from web.security import CONTENT_POLICY, LARGEST_BODY
from web.templating import NAVIGATION, find_version

FILLED_IN = {"secret": "s", "locale": "km", "token": "t.t", "number": "123456789", "id": "1"}
EVERYWHERE = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
PATHS = sorted({route.path for route in ROUTES})


def fill_in(path: str) -> str:
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: FILLED_IN.get(found[1], "1"), path)


@pytest.mark.parametrize("path", [*PATHS, "/nowhere"])
async def test_every_answer_has_the_protecting_headers(house: House, path: str) -> None:
    for browser in (
        house.open_browser(),
        await house.sign_in(await house.hire(Role.ADMINISTRATOR)),
        await house.sign_in(await house.hire(Role.OFFICER)),
    ):
        answers = [await browser.get(fill_in(path)), await browser.post(fill_in(path))]
        for answer in answers:
            assert answer.status_code < 500
            assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
            assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("path", ["/staff/{}", "/staff/{}/end", "/questions/{}"])
@pytest.mark.parametrize("typed", ["9" * 20, "9" * 5_000, "1.0", "-1", "²", "១"])
async def test_what_cannot_be_an_id_is_nowhere(house: House, path: str, typed: str) -> None:
    browser = await house.sign_in(await house.hire(Role.ADMINISTRATOR, Role.OFFICER))
    address = path.format(typed)
    answer = await (browser.post if path.endswith("/end") else browser.get)(address)
    assert answer.status_code == 404


async def test_no_page_leads_to_a_host_that_only_the_request_names(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    for path in ("/queue/", "/verify/", "//evil.example/queue/"):
        answer = await browser.client.get(path, headers={"host": "evil.example"})
        assert (answer.status_code, answer.headers.get("location")) == (404, None)


async def test_static_files_are_kept_for_a_year_under_an_address_of_their_own(
    house: House,
) -> None:
    browser = house.open_browser()
    found = re.findall(r'"(/static/[^"]+)"', (await browser.get("/sign-in")).text)
    assert len(found) > 6
    for address in found:
        answer = await browser.get(address)
        assert (answer.status_code, address.split("/")[2]) == (200, find_version())
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await browser.get("/static/old/icon.svg")).status_code == 404
    assert (await browser.get(f"/static/{find_version()}/../app.py")).status_code == 404
    assert (await browser.get(f"/static/{find_version()}/%2e%2e/app.py")).status_code == 404


async def test_pages_hold_no_script_or_style_of_their_own(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.ADMINISTRATOR, Role.OFFICER))
    for path in ("/", "/staff", "/staff/1", "/audit", "/verify", "/sign-in", "/enter/x"):
        text = (await browser.get(path)).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)|javascript:", text), path
        assert not re.search(r'(src|href)="(https?:)?//(?!t\.me/)', text), path


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"csrf": ""},
        {"csrf": "0" * 64},
        {"csrf": "ក"},
    ],
)
async def test_a_form_without_the_right_token_is_refused(
    house: House, form: dict[str, str]
) -> None:
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    answer = await browser.client.post("/sign-out", data=form, headers=FROM_HERE)
    assert answer.status_code == 403
    assert (await browser.get("/")).status_code == 200


async def test_a_form_that_was_begun_before_its_sender_was_shown_out_does_nothing(
    house: House,
) -> None:
    head, other = await house.hire(Role.ADMINISTRATOR), await house.hire(Role.ADMINISTRATOR)
    browser, colleague = await house.sign_in(head), await house.sign_in(other)

    async def write_slowly() -> AsyncIterator[bytes]:
        yield f"csrf={browser.csrf}&".encode()
        await colleague.post(f"/staff/{head.id}/end")
        yield b"done=1"

    answer = await browser.client.post(
        f"/staff/{head.id}/again",
        content=write_slowly(),
        headers={**FROM_HERE, "content-type": "application/x-www-form-urlencoded"},
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?unsaved=1")
    async with house.database.read() as connection:
        stored = await staff.find(connection, head.id)
    assert stored is not None
    assert not stored.active


async def test_the_token_of_another_session_is_refused(house: House) -> None:
    officer = await house.hire(Role.OFFICER)
    here, there = await house.sign_in(officer), await house.sign_in(officer)
    answer = await here.client.post("/sign-out", data={"csrf": there.csrf}, headers=FROM_HERE)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://["},
        {"origin": "http://office.test.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "http://office.test"},
    ],
)
async def test_a_form_from_elsewhere_is_refused_even_with_the_token(
    house: House, headers: dict[str, str]
) -> None:
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    answer = await browser.client.post("/sign-out", data={"csrf": browser.csrf}, headers=headers)
    assert answer.status_code == 403


async def test_a_browser_that_tells_only_its_origin_is_served(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    headers = {"origin": "http://office.test", "x-csrf-token": browser.csrf}
    assert (await browser.client.post("/sign-out", headers=headers)).status_code == 303


async def test_a_body_that_no_form_of_ours_has_is_refused(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.ADMINISTRATOR))
    assert (await browser.post("/staff", {"name": "x" * LARGEST_BODY})).status_code == 413


async def test_what_is_broken_tells_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("somebody's secret")

    browser = await house.sign_in(await house.hire(Role.OFFICER))
    monkeypatch.setattr("web.views.overview.count_applications", fail)
    answer = await browser.get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"] == CONTENT_POLICY


READ_BY = {
    "/": Right.SEE_COUNTS,
    "/staff": Right.MANAGE_STAFF,
    "/staff/{id}": Right.MANAGE_STAFF,
    "/audit": Right.SEE_AUDIT,
}
"""The right that each page of these asks for."""


@pytest.mark.parametrize("path", READ_BY)
@pytest.mark.parametrize("role", [None, *Role])
async def test_a_role_opens_its_pages_and_no_others(
    house: House, role: Role | None, path: str
) -> None:
    address = path.replace("{id}", "1")
    if role is None:
        answer = await house.open_browser().get(address)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        return
    browser = await house.sign_in(await house.hire(role))
    expected = 200 if READ_BY[path] in RIGHTS[role] else 404
    assert (await browser.get(address)).status_code == expected


@pytest.mark.parametrize("role", Role)
async def test_the_menu_leads_only_where_one_may_go(house: House, role: Role) -> None:
    browser = await house.sign_in(await house.hire(role))
    text = (await browser.get("/")).text
    for _, path, *rights in NAVIGATION:
        is_offered = bool(re.search(rf'<li><a href="{path}"', text))
        assert is_offered == (not RIGHTS[role].isdisjoint(rights)), path


def list_posts() -> list[Route]:
    open_to_all = {"/enter/{secret}"}
    return [r for r in ROUTES if r.methods == {"POST"} and r.path not in open_to_all]


@pytest.mark.parametrize("path", sorted({route.path for route in list_posts()}))
async def test_every_form_asks_who_sends_it_and_from_where(house: House, path: str) -> None:
    stranger = await house.open_browser().post(fill_in(path))
    assert stranger.status_code == 303
    assert stranger.headers["location"].partition("?")[0] == "/sign-in"
    browser = await house.sign_in(await house.hire(*Role))
    answer = await browser.client.post(fill_in(path), data={}, headers=FROM_HERE)
    assert answer.status_code == 403
