"""Signing in and out, and how sessions end."""

import pytest

from domain.staff import Role
from tests.web.visiting import FROM_HERE, HOST, Browser, House


async def is_signed_in(browser: Browser) -> bool:
    return (await browser.get("/")).status_code == 200


async def test_a_link_from_the_chat_signs_in(house: House) -> None:
    officer = await house.hire(Role.OFFICER)
    browser = house.open_browser()
    address = f"/enter/{await house.make_link(officer)}"

    assert "Sign in" in await browser.read(address)
    answer = await browser.client.post(address, headers=FROM_HERE)

    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
    assert await is_signed_in(browser)


async def test_the_cookie_of_a_session_is_out_of_reach_of_scripts_and_other_sites(
    house: House,
) -> None:
    address = f"/enter/{await house.make_link(await house.hire(Role.ANALYST))}"
    answer = await house.open_browser().client.post(address, headers=FROM_HERE)

    cookie = answer.headers["set-cookie"]
    assert answer.headers["location"] == "/"
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))


async def test_signing_in_leads_to_the_page_that_was_wanted(house: House) -> None:
    address = f"/enter/{await house.make_link(await house.hire(Role.CAMPAIGN_MANAGER))}"
    browser = house.open_browser()

    sent_away = await browser.get("/notices?most=100")
    told = await browser.read("/sign-in")
    answer = await browser.client.post(address, headers=FROM_HERE)

    assert sent_away.headers["location"] == "/sign-in"
    assert "The page that you wanted then opens." in told
    assert (answer.status_code, answer.headers["location"]) == (303, "/notices?most=100")
    assert "back" not in browser.client.cookies


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
async def test_signing_in_leads_nowhere_but_to_our_pages(house: House, wanted: str) -> None:
    address = f"/enter/{await house.make_link(await house.hire(Role.OFFICER))}"
    browser = house.open_browser()
    browser.client.cookies.set("back", wanted, domain=HOST)

    answer = await browser.client.post(address, headers=FROM_HERE)

    assert answer.headers["location"] == "/queue"


async def test_looking_at_a_link_spends_nothing(house: House) -> None:
    address = f"/enter/{await house.make_link(await house.hire(Role.OFFICER))}"
    browser = house.open_browser()
    for _ in range(3):
        await browser.read(address)
        await browser.client.head(address)

    assert (await browser.client.post(address, headers=FROM_HERE)).status_code == 303


async def test_a_link_works_once(house: House) -> None:
    address = f"/enter/{await house.make_link(await house.hire(Role.OFFICER))}"
    await house.open_browser().client.post(address, headers=FROM_HERE)
    late = house.open_browser()

    answer = await late.client.post(address, headers=FROM_HERE)

    assert answer.status_code == 410
    assert "/staff" in answer.text
    assert not await is_signed_in(late)


async def test_an_old_link_and_an_invented_one_do_not_work(house: House) -> None:
    old = await house.make_link(await house.hire(Role.OFFICER))
    house.clock.advance(minutes=11)
    for secret in (old, "invented"):
        answer = await house.open_browser().client.post(f"/enter/{secret}", headers=FROM_HERE)
        assert answer.status_code == 410


async def test_another_site_cannot_sign_somebody_in(house: House) -> None:
    secret = await house.make_link(await house.hire(Role.OFFICER))
    headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    answer = await house.open_browser().client.post(f"/enter/{secret}", headers=headers)
    assert answer.status_code == 403


async def test_who_is_not_signed_in_is_told_how_to(house: House) -> None:
    browser = house.open_browser()
    answer = await browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "@OfficeTestBot" in await browser.read("/sign-in")


WANTED = "/notices/12?done=submit"


async def test_signing_out_forgets_what_was_wanted(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    browser.client.cookies.set("back", WANTED, domain=HOST)
    await browser.post("/sign-out")
    assert "back" not in browser.client.cookies


@pytest.mark.parametrize("header", [{"hx-request": "true"}, {"sec-fetch-dest": "image"}])
async def test_a_part_of_a_page_is_not_what_was_wanted(
    house: House, header: dict[str, str]
) -> None:
    browser = house.open_browser()
    await browser.client.get("/notices/12/progress", headers=header)
    assert "back" not in browser.client.cookies


async def test_what_was_sent_without_a_session_is_said_to_be_unsaved(house: House) -> None:
    browser = house.open_browser()
    sent = await browser.post("/notices/1/edit", {"title": "Mine"})
    left = await browser.post("/sign-out")
    assert "was not saved" in await browser.read(sent.headers["location"])
    assert "was not saved" not in await browser.read(left.headers["location"])


async def test_an_idle_session_ends(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    house.clock.advance(minutes=29)
    assert await is_signed_in(browser)
    house.clock.advance(minutes=29)
    assert await is_signed_in(browser)
    house.clock.advance(minutes=31)
    assert not await is_signed_in(browser)


async def test_a_busy_session_ends_after_a_day_of_work(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.OFFICER))
    for _ in range(35):
        house.clock.advance(minutes=20)
        assert await is_signed_in(browser)
    house.clock.advance(minutes=25)
    assert not await is_signed_in(browser)


async def test_signing_out_ends_this_session_alone(house: House) -> None:
    officer = await house.hire(Role.OFFICER)
    here, there = await house.sign_in(officer), await house.sign_in(officer)
    stolen = house.open_browser()
    stolen.client.cookies.set("session", here.client.cookies["session"], domain=HOST)

    answer = await here.post("/sign-out")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "session" not in here.client.cookies
    assert not await is_signed_in(stolen)
    assert await is_signed_in(there)


async def test_signing_out_everywhere_ends_all_sessions(house: House) -> None:
    officer, other = await house.hire(Role.OFFICER), await house.hire(Role.OFFICER)
    here, there = await house.sign_in(officer), await house.sign_in(officer)
    colleague = await house.sign_in(other)
    await here.post("/sign-out/everywhere")
    assert not await is_signed_in(there)
    assert await is_signed_in(colleague)


@pytest.mark.parametrize("locale", ["km", "en"])
async def test_the_chosen_language_stays(house: House, locale: str) -> None:
    browser = house.open_browser("km" if locale == "en" else "en")
    answer = await browser.get(f"/language/{locale}", back="/sign-in?a=b")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?a=b")
    assert f'<html lang="{locale}">' in (await browser.get("/sign-in")).text


async def test_without_a_choice_pages_are_in_khmer(house: House) -> None:
    browser = house.open_browser()
    browser.client.cookies.clear()
    assert '<html lang="km">' in (await browser.get("/sign-in")).text


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        " //evil.example",
        "",
    ],
)
async def test_the_language_switch_leads_nowhere_else(house: House, back: str) -> None:
    answer = await house.open_browser().get("/language/km", back=back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_there_is_no_third_language(house: House) -> None:
    assert (await house.open_browser().get("/language/fr")).status_code == 404
