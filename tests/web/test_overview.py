"""The first page: the counts."""

from functools import partial

from db import applications, contacts
from domain.staff import Role
from tests.samples import make_application, make_contact
from tests.web.visiting import House


async def submit(house: House, *chats: int) -> None:
    await house.write(partial(contacts.save, changed=[make_contact(chat) for chat in chats]))
    await house.write(partial(applications.add, new=[make_application(chat) for chat in chats]))


async def test_without_applications_shares_are_no_data(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.ANALYST))
    words = await browser.read("/")
    assert "no data" in words
    assert "There is no application in this area yet." in words
    assert "%" not in words


async def test_figures_come_with_what_they_mean(house: House) -> None:
    await submit(house, 7, 8)
    browser = await house.sign_in(await house.hire(Role.ANALYST))
    words = await browser.read("/")
    assert "Applications 2 All that were ever sent" in words
    assert "Women 100% 2 of 2 applications are of a woman." in words
    assert "Decided in time no data 0 of 0" in words
    assert "Battambang 2 100%" in words


async def test_in_khmer_the_digits_are_khmer(house: House) -> None:
    await submit(house, 7, 8)
    browser = await house.sign_in(await house.hire(Role.ANALYST), "km")
    words = await browser.read("/")
    assert "១០០%" in words
    assert "បាត់ដំបង ២" in words


async def test_an_officer_sees_the_counts_of_their_own_places(house: House) -> None:
    await submit(house, 7)
    near = await house.sign_in(await house.hire(Role.OFFICER, places=["0203"]))
    far = await house.sign_in(await house.hire(Role.OFFICER, places=["17"]))
    assert "Battambang 1 100%" in await near.read("/")
    assert "There is no application in this area yet." in await far.read("/")


async def test_new_applications_are_counted_within_a_minute(house: House) -> None:
    browser = await house.sign_in(await house.hire(Role.ANALYST))
    await browser.read("/")
    await submit(house, 7)
    house.clock.advance(minutes=1)
    assert "Applications 1 " in await browser.read("/")
