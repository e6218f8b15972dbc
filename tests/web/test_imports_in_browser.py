"""An import in a real browser: sent, looked at, confirmed and watched, on a phone and on a desk."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from domain.staff import Role
from tests.browser import DESKTOP, PHONE, check_page
from tests.services.imported import LINE, make_line, write_csv
from tests.web.opening import opened, signed_in
from tests.web.visiting import House

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("size", "locale"),
    [
        pytest.param(PHONE, "km", id="phone"),
        pytest.param(DESKTOP, "en", id="desk", marks=pytest.mark.thorough),
    ],
)
async def test_an_import_from_the_file_to_its_result(
    browser: Browser, house: House, tmp_path: Path, size: tuple[int, int], locale: str
) -> None:
    file = tmp_path / "register.csv"
    wrong = make_line(2, sex="?", district="ដូនពេញ")
    file.write_bytes(write_csv(LINE, LINE, wrong, *(make_line(number) for number in range(3, 60))))
    one = await house.hire(Role.ADMINISTRATOR)
    async with (
        opened(house) as public,
        signed_in(browser, public, one, locale, size) as page,
    ):
        await page.goto(f"{public.desk.web_url}/imports")
        await check_page(page)
        await page.locator("#file").set_input_files(file)
        await page.locator("#source").fill("cie2025")
        await page.locator("main form .btn--primary").click()
        confirm = page.locator("form[action='/imports/trial/confirm'] button")
        await confirm.wait_for()
        await check_page(page)
        await confirm.click()
        await page.wait_for_url("**/imports/1")
        await page.locator(".toolbar a[href='/imports/1/errors.csv']").wait_for()
        await check_page(page)
