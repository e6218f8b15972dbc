"""The site of a test on a port of this machine, and a real browser that visits it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from playwright.async_api import Browser, Page

from benchmarks.processes import find_free_port
from bot.web import build_server, open_socket
from domain.staff import Staff
from tests.browser import DESKTOP, open_page
from tests.web.visiting import House, make_house


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[House]:
    """Let browsers visit a house while the block runs."""
    port = find_free_port()
    desk = replace(house.desk, web_url=f"http://127.0.0.1:{port}")
    public = make_house(house.database, desk, house.clock)
    public.photos.update(house.photos)
    server = build_server(public.site)
    running = asyncio.create_task(server.serve([open_socket("127.0.0.1", port)]))
    while not server.started:  # noqa: ASYNC110 - the server tells it in no other way
        await asyncio.sleep(0.01)
    try:
        yield public
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def signed_in(
    browser: Browser,
    house: House,
    staff: Staff,
    locale: str = "en",
    size: tuple[int, int] = DESKTOP,
    allowed_error: str | None = None,
) -> AsyncIterator[Page]:
    """Open a browser in which a member of staff has signed in by a link, and reads a language."""
    url = house.desk.web_url
    address = f"{url}/language/{locale}?back=/sign-in"
    async with open_page(browser, address, size, allowed_error=allowed_error) as page:
        await page.goto(f"{url}/enter/{await house.make_link(staff)}")
        await page.locator("main button").click()
        await page.wait_for_url(lambda there: "/enter/" not in there)
        yield page
