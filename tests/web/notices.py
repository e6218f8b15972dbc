"""Invented notices on the pages, and people who would get them."""

from dataclasses import replace
from functools import partial

from db import contacts, enlistment, ledger, notices
from db.audiences import select_recipients
from db.staff import Connection
from domain.audiences import Audience, Field, Filter, write_audience
from domain.notice_content import ButtonKind, Content, NoticeButton, PollChoice, write_content
from domain.notices import Notice, Status, Topic
from domain.recipients import ReadyRecipient, Rules, Settlement
from domain.recipients import Status as RecipientStatus
from domain.staff import WHOLE_COUNTRY, Staff
from tests.db.applicants import submit
from tests.samples import make_contact
from tests.web.visiting import House

BATTAMBANG, SIEM_REAP = "02030105", "17100101"
CONTENT = Content(
    "សូមជម្រាប {given_name} ៖ ថ្ងៃសៅរ៍នេះមានថ្ងៃចុះឈ្មោះ។",
    "Dear {given_name}, there is a registration day on Saturday.",
    buttons=(NoticeButton(ButtonKind.INTERESTED),),
    choices=(PollChoice("ព្រឹក", "Morning"), PollChoice("រសៀល", "Afternoon")),
)
FORM = {
    "title": "Registration day",
    "topic": "campaigns",
    "text_km": CONTENT.text_km,
    "text_en": CONTENT.text_en,
    "when": "now",
}


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
        assert claimed == ready
        await ledger.settle(connection, ended, house.clock())

    await house.write(work)
