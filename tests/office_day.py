"""A day at an office, lived in real browsers: workers in the chat, officers on their pages."""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, Page, expect

from bot.clock import Clock, now_utc
from bot.settings import Settings
from domain.cases import Act
from simulator.robot import Robot
from simulator.server import Simulator
from tests.browser import DESKTOP, PHONE, check_page, measure_overflow, open_page
from tests.serving import eventually, make_settings, serving
from tests.visitor import Visitor

AGREES = {"km": ("ខ្មែរ", "យល់ព្រម"), "en": ("English", "I agree")}
PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")
INVITATION = re.compile(r"/start (staff_[\w-]+)")
DOOR = re.compile(r"http://\S+/enter/[\w-]+")

PATIENCE_MILLISECONDS = 20_000

Take = Callable[[Page, str], Awaitable[None]]


async def take_nothing(page: Page, name: str) -> None:
    """Take no picture."""


@dataclass
class OfficeDay:
    """The bot, its simulated Telegram and a browser, with the language that everybody reads."""

    simulator: Simulator
    settings: Settings
    browser: Browser
    locale: str
    printed: io.StringIO
    take: Take = take_nothing
    scale: float = 1
    workers: dict[str, int] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """The address of the officers' pages."""
        return f"http://127.0.0.1:{self.settings.web_port}"

    def tell_date(self) -> str:
        """Tell today's date in Phnom Penh, as a form takes it."""
        now = datetime.fromtimestamp(self.simulator.clock.now(), PHNOM_PENH)
        return now.date().isoformat()

    async def register(self, count: int) -> list[str]:
        """Let some workers register at once, and give their numbers."""
        return list(await asyncio.gather(*(self._register_one(one) for one in range(count))))

    async def _register_one(self, seed: int) -> str:
        person = self.simulator.people.add("ដារ៉ា", last_name="សុខ", language_code=self.locale)
        robot = Robot(
            self.simulator.people,
            person.id,
            prefers=AGREES[self.locale],
            seed=seed,
            patience_seconds=30.0,
        )
        number = await robot.run()
        assert number is not None
        digits = re.sub(r"\D", "", number)
        self.workers[digits] = person.id
        return digits

    async def join(self, invitation: str, name: str) -> int:
        """Let somebody open an invitation in the chat."""
        person = self.simulator.people.add(name, language_code=self.locale)
        self.simulator.people.start(person.id, invitation)
        await self.wait_for_words(person.id, "/staff")
        self.simulator.people.type_text(person.id, "/language")
        await eventually(lambda: self.offers(person.id, "English"))
        await self.tap(person.id, AGREES[self.locale][0])
        return person.id

    async def find_first_invitation(self) -> str:
        """Find what the first start prints for the first administrator."""
        await eventually(lambda: INVITATION.search(self.printed.getvalue()))
        found = INVITATION.search(self.printed.getvalue())
        assert found is not None
        return found[1]

    @asynccontextmanager
    async def signed_in(
        self, person_id: int, size: tuple[int, int] = DESKTOP
    ) -> AsyncIterator[Page]:
        """Sign in from the chat, in a browser of one's own."""
        before = len(self._list_doors(person_id))
        self.simulator.people.type_text(person_id, "/staff")
        await eventually(lambda: len(self._list_doors(person_id)) > before)
        door = self._list_doors(person_id)[-1]
        address = f"{self.site}/language/{self.locale}?back=/sign-in"
        async with open_page(self.browser, address, size, scale=self.scale) as page:
            page.set_default_timeout(PATIENCE_MILLISECONDS)
            await page.goto(door)
            await page.locator("main button").click()
            await page.wait_for_url(lambda there: "/enter/" not in there)
            yield page

    def _list_doors(self, person_id: int) -> list[str]:
        found = [DOOR.search(text) for text in self.read_words(person_id)]
        return [door[0] for door in found if door]

    @asynccontextmanager
    async def chat(self, person_id: int) -> AsyncIterator[Visitor]:
        """Open a person's chat on a small phone."""
        query = "" if self.locale == "km" else f"?lang={self.locale}"
        address = f"{self.simulator.url}/#/people/{person_id}{query}"
        async with open_page(self.browser, address, PHONE, scale=self.scale) as page:
            page.set_default_timeout(PATIENCE_MILLISECONDS)
            await page.locator(".message").last.wait_for()
            yield Visitor(page)

    async def open_case(self, page: Page, number: str) -> None:
        """Open a case and take it."""
        await page.goto(f"{self.site}/cases/{number}")
        await page.keyboard.press("t")
        await page.locator(".act").first.wait_for()

    async def decide(self, page: Page, act: Act, key: str, *, picture: str = "") -> None:
        """Fill the form of an act as an officer would, and send it."""
        await page.keyboard.press(key)
        form = page.locator(".act[open] form")
        await form.wait_for()
        for select in await form.locator("select[required]").all():
            await select.select_option(index=2)
        boxes = form.locator("input[type=checkbox], input[type=radio]")
        if await boxes.count():
            await boxes.first.check()
        await check_page(page)
        if picture:
            await self.take(page, picture)
        await form.locator("button.btn--primary, button.btn--danger").click()
        await page.wait_for_url(f"**?done={act}*")

    async def fill_kept(self, page: Page, kept: str) -> None:
        """Say of which application this one is a double."""
        await page.keyboard.press("d")
        form = page.locator(".act[open] form")
        await form.locator("#typed").fill(kept)
        await form.locator("button.btn--danger").click()
        await page.wait_for_url("**?done=mark_as_duplicate*")

    async def invite(self, page: Page, name: str, role: str = "officer") -> str:
        """Invite a colleague for the whole country from the page of staff."""
        await page.goto(f"{self.site}/staff")
        await page.locator("#name").fill(name)
        await page.locator(f"input[name=role][value={role}]").check()
        await page.locator("input[name=whole]").check()
        await check_page(page)
        await page.locator("main form .btn--primary").click()
        link = await page.locator("#link").input_value()
        return link.partition("start=")[2]

    def read_words(self, person_id: int) -> list[str]:
        """Read what the bot has written to somebody."""
        messages = self.simulator.telegram.chats[person_id].messages.values()
        return [str(one.get("text") or one.get("caption") or "") for one in messages]

    async def wait_for_words(self, person_id: int, words: str) -> None:
        """Wait until the bot has written some words to somebody."""
        await eventually(lambda: any(words in text for text in self.read_words(person_id)))

    def offers(self, person_id: int, label: str) -> bool:
        """Tell whether some message to somebody has a button with these words."""
        messages = self.simulator.telegram.chats[person_id].messages.values()
        return any(
            label in button["text"]
            for one in messages
            for row in (one.get("reply_markup") or {}).get("inline_keyboard", [])
            for button in row
        )

    async def tap(self, person_id: int, label: str = "") -> None:
        """Press the first button of the newest message that has one with these words."""
        for message in reversed(list(self.simulator.telegram.chats[person_id].messages.values())):
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
                for button in row:
                    if label in button["text"]:
                        self.simulator.people.tap(
                            person_id, message["message_id"], button["callback_data"]
                        )
                        return
        raise AssertionError(f"nobody offers {label!r}")


def hold_at(moment: datetime) -> tuple[Simulator, Clock]:
    """Make a simulator whose time begins at a moment, and the bot's clock that agrees with it."""
    simulator = Simulator()
    simulator.clock.advance(moment.timestamp() - simulator.clock.now())
    return simulator, lambda: datetime.fromtimestamp(simulator.clock.now(), UTC)


@asynccontextmanager
async def open_office(
    browser: Browser,
    folder: Path,
    locale: str,
    clock: Clock = now_utc,
    take: Take = take_nothing,
    simulator: Simulator | None = None,
    scale: float = 1,
) -> AsyncIterator[OfficeDay]:
    """Open an office whose bot nobody has used before."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        async with simulator or Simulator() as telegram:
            settings = make_settings(telegram, folder, default_locale=locale)
            async with serving(settings, clock):
                yield OfficeDay(telegram, settings, browser, locale, printed, take, scale)


async def live_through(day: OfficeDay) -> None:
    """Decide each way on an office's first day, and look at what the workers are told."""
    approved, asked, refused, double = await day.register(4)
    bopha = await day.join(await day.find_first_invitation(), "បុប្ផា")
    async with day.signed_in(bopha) as page:
        await page.goto(f"{day.site}/queue")
        await check_page(page)
        await day.take(page, f"queue-{day.locale}")
        await _approve(day, page, approved)
        await _ask_again(day, page, asked)
        await _refuse(day, page, refused)
        await _mark_as_double(day, page, double, approved)
        invitation = await day.invite(page, "រិទ្ធ")
    rith = await day.join(invitation, "រិទ្ធ")
    async with day.signed_in(rith, PHONE) as page:
        await day.open_case(page, refused)
        await day.decide(page, Act.APPROVE, "a")
        await check_page(page)
    await eventually(lambda: _has_card(day, day.workers[refused]))


async def _approve(day: OfficeDay, page: Page, number: str) -> None:
    await day.open_case(page, number)
    await check_page(page)
    await day.take(page, f"case-{day.locale}")
    await day.decide(page, Act.APPROVE, "a")
    worker = day.workers[number]
    await eventually(lambda: _has_card(day, worker))
    async with day.chat(worker) as visitor:
        await expect(visitor.page.locator(".message img").first).to_be_visible()
        assert await measure_overflow(visitor.page) == 0
        await day.take(visitor.page, f"approved-{day.locale}")


async def _ask_again(day: OfficeDay, page: Page, number: str) -> None:
    worker = day.workers[number]
    before = len(day.read_words(worker))
    await day.open_case(page, number)
    await day.decide(page, Act.REQUEST_CORRECTION, "c", picture=f"correction-{day.locale}")
    await eventually(lambda: len(day.read_words(worker)) >= before + 2)
    async with day.chat(worker) as visitor:
        assert await measure_overflow(visitor.page) == 0
        await day.take(visitor.page, f"asked-again-{day.locale}")
    told = len(day.read_words(worker))
    await day.tap(worker)
    await eventually(lambda: len(day.read_words(worker)) > told)
    await page.goto(f"{day.site}/queue")
    await expect(page.locator(f"a[href='/cases/{number}']").first).to_be_visible()


async def _refuse(day: OfficeDay, page: Page, number: str) -> None:
    worker = day.workers[number]
    await day.open_case(page, number)
    await day.decide(page, Act.REJECT, "r", picture=f"refusal-{day.locale}")
    appeal = {"km": "តវ៉ា", "en": "Appeal"}[day.locale]
    await eventually(lambda: day.offers(worker, appeal))
    async with day.chat(worker) as visitor:
        assert await measure_overflow(visitor.page) == 0
        await day.take(visitor.page, f"refused-{day.locale}")
    await day.tap(worker, appeal)
    sure = {"km": "ផ្ញើ", "en": "Yes"}[day.locale]
    await eventually(lambda: day.offers(worker, sure))
    told = len(day.read_words(worker))
    await day.tap(worker, sure)
    await eventually(lambda: len(day.read_words(worker)) > told)
    await page.goto(f"{day.site}/queue")
    await page.locator(f"a[href='/cases/{number}']").first.wait_for()
    await page.goto(f"{day.site}/cases/{number}")
    await expect(page.locator("form[action$='/take']")).to_have_count(0)


async def _mark_as_double(day: OfficeDay, page: Page, number: str, kept: str) -> None:
    worker = day.workers[number]
    before = len(day.read_words(worker))
    await day.open_case(page, number)
    await day.fill_kept(page, kept)
    await eventually(lambda: len(day.read_words(worker)) > before)


def _has_card(day: OfficeDay, person_id: int) -> bool:
    messages = day.simulator.telegram.chats[person_id].messages.values()
    kinds = {kind for one in messages for kind in ("photo", "document") if kind in one}
    return kinds == {"photo", "document"}
