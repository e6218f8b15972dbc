"""Invented notices on the pages, who writes them, and people who would get them."""

import html
import re
from dataclasses import replace
from functools import partial

from db import contacts, enlistment, ledger, notices
from db.audiences import select_recipients
from db.notices import StoredNotice
from db.staff import Connection
from domain.audiences import Audience, Field, Filter, write_audience
from domain.notice_content import ButtonKind, Content, NoticeButton, PollChoice, write_content
from domain.notices import Notice, Status, Topic
from domain.recipients import ReadyRecipient, Rules, Settlement
from domain.recipients import Status as RecipientStatus
from domain.staff import WHOLE_COUNTRY, Role, Staff
from tests.db.applicants import submit
from tests.samples import make_contact
from tests.web.visiting import Browser, House

MANAGER = Role.CAMPAIGN_MANAGER
BATTAMBANG, SIEM_REAP = "02030105", "17100101"
CONTENT = Content(
    "សូមជម្រាប {given_name} ៖ ថ្ងៃសៅរ៍នេះមានថ្ងៃចុះឈ្មោះ។",
    "Dear {given_name}, there is a registration day on Saturday.",
    buttons=(NoticeButton(ButtonKind.INTERESTED),),
    choices=(PollChoice("ព្រឹក", "Morning"), PollChoice("រសៀល", "Afternoon")),
)
FORM = {
    "version": "0",
    "title": "Registration day",
    "topic": "campaigns",
    "text_km": CONTENT.text_km,
    "text_en": CONTENT.text_en,
    "when": "now",
}
READ = {"version": "0"}
"""What the page of a notice that nobody has changed sends with an approval."""

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
OPUS = b"OggS" + b"\x00" * 24 + b"OpusHead" + b"\x00" * 20


async def add_people(house: House, count: int, home: str = BATTAMBANG, first: int = 1) -> list[str]:
    """Add people who want notices, and give the numbers of their applications."""
    chats = range(first, first + count)
    numbers = [await submit(house.database, chat_id, home=home) for chat_id in chats]
    wanting = [replace(make_contact(chat_id), wants_notices=True) for chat_id in chats]
    await house.write(partial(contacts.save, changed=wanting))
    return numbers


async def add_notice(
    house: House,
    author: Staff,
    status: Status = Status.DRAFT,
    *places: str,
    content: Content = CONTENT,
    title: str = "Registration day",
    **standing: object,
) -> int:
    """Store a notice as it stands, for people of some places or everywhere."""
    filters = (Filter(Field.PLACE, places),) if places else ()
    notice = Notice(
        0,
        author.id,
        Topic.CAMPAIGNS,
        status,
        content=write_content(content),
        audience=write_audience(Audience(filters)),
        **standing,  # type: ignore[arg-type]  # the test knows the field
    )
    add = partial(notices.add, notice=notice, title=title, created_at=house.clock())
    return await house.database.write(add)


async def queue_people(house: House, notice_id: int) -> None:
    """Queue everybody who wants notices."""
    now = house.clock()

    async def enlist(connection: Connection) -> int:
        chosen = await select_recipients(
            connection, Audience(), WHOLE_COUNTRY, Topic.CAMPAIGNS, now
        )
        return await enlistment.enlist(connection, notice_id, chosen, now)

    assert await house.database.write(enlist)


async def settle(
    house: House,
    notice_id: int,
    status: RecipientStatus,
    *chat_ids: int,
    reason: str | None = None,
) -> None:
    """Have queued recipients of a notice that is being sent ended somehow."""
    ready = [ReadyRecipient(notice_id, chat_id) for chat_id in chat_ids]
    ended = [Settlement(one.key, status, reason) for one in ready]
    rules = Rules(house.desk.time_zone)

    async def work(connection: Connection) -> None:
        claimed = await ledger.claim(connection, ready, house.clock(), rules)
        assert [one.key for one in claimed] == [one.key for one in ready]
        await ledger.settle(connection, ended, house.clock())

    await house.write(work)


async def get_notice(house: House, notice_id: int) -> StoredNotice:
    """Get a notice as it is stored."""
    async with house.database.read() as connection:
        stored = await notices.find(connection, notice_id)
    assert stored is not None
    return stored


async def get_status(house: House, notice_id: int) -> Status:
    """Tell where a notice stands."""
    return (await get_notice(house, notice_id)).notice.status


async def sign_in(house: House, *places: str, name: str = "Chan Sophea") -> Browser:
    """Sign a campaign manager of some places, or of the whole country, in."""
    return await house.sign_in(await house.hire(MANAGER, name=name, places=places or None))


async def send_again(browser: Browser, notice_id: int, **query: str) -> str:
    """Send again to whom the page names that asks, and tell where that leads."""
    form = await read_question(browser, notice_id, **query)
    answer = await browser.post(f"/notices/{notice_id}/resend", form)
    return answer.headers["location"]


async def read_question(browser: Browser, notice_id: int, **query: str) -> dict[str, str]:
    """Read the form that asks whether to send again."""
    page = (await browser.get(f"/notices/{notice_id}/resend", **query)).text
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in fields if name != "csrf"}


async def send_file(browser: Browser, path: str, content: bytes) -> int:
    """Send a form with a file of an evil name, and give the status of the answer."""
    files = {"file": ("../../evil.png", content, "image/png")}
    form = {"csrf": browser.csrf, **FORM, "do": "save"}
    headers = {"sec-fetch-site": "same-origin"}
    return (await browser.client.post(path, data=form, files=files, headers=headers)).status_code


def read_fields(page: str) -> dict[str, list[str]]:
    """Read what a browser would send of the form of a page."""
    fields: dict[str, list[str]] = {}
    form = page.split('enctype="multipart/form-data"')[1]
    for tag in re.findall(r"<input [^>]*>", form):
        found = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        is_ticked = " checked" in tag or found.get("type") not in ("checkbox", "radio")
        if is_ticked and found.get("type") != "file" and found["name"] != "csrf":
            fields.setdefault(found["name"], []).append(found.get("value", ""))
    for name, words in re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n?([^<]*)<', form):
        fields[name] = [words]
    return fields
