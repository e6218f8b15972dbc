"""People are found by number, phone and name, however they are typed."""

from datetime import timedelta
from typing import Any

import pytest

from db.case_search import is_enough, search
from db.database import Database
from domain.numbers import format_number
from tests.db.applicants import SIEM_REAP, look, submit
from tests.samples import NOON


async def find(database: Database, text: str, *places: str) -> list[str]:
    async with database.read() as connection:
        return [row.number for row in (await search(connection, look(*places), text)).rows]


async def submit_both(database: Database) -> tuple[str, str]:
    """Store a person of Battambang, and another of Siem Reap."""
    dara = await submit(database, 12_345_678)
    name: dict[str, Any] = {
        "family_km": "ហេង",
        "given_km": "ចន្ថា",
        "family_latin": "Heng",
        "given_latin": "Chantha",
    }
    vuthy = await submit(database, 87_654_321, home=SIEM_REAP, phone="+85599888777", **name)
    return dara, vuthy


@pytest.mark.parametrize(
    "text",
    [
        "សុខ ដារ៉ា",
        "ដារ៉ា សុខ",
        "សុខដារ៉ា",
        "ដារ",
        "sok dara",
        "DARA, Sok",
        "sokdara",
        "dar",
        "s dara",
        "  Sok   d ",
        "sok ដារ៉ា",
    ],
)
async def test_a_name_is_found_by_the_beginnings_of_its_words(
    database: Database, text: str
) -> None:
    dara, _ = await submit_both(database)
    assert await find(database, text) == [dara]


@pytest.mark.parametrize(
    "text", ["sok chantha", "ara", "sokx", "សុខ ចន្ថា", "zz", "%%", "__", "'", "s", ""]
)
async def test_a_name_that_nobody_has_finds_nobody(database: Database, text: str) -> None:
    await submit_both(database)
    assert await find(database, text) == []


async def test_a_number_is_found_in_any_writing_and_by_its_beginning(database: Database) -> None:
    dara, _ = await submit_both(database)
    khmer = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
    written = format_number(dara)
    for text in (dara, written, written.translate(khmer), f" {written} ", dara[:4], dara[:8]):
        assert await find(database, text) == [dara]
    assert await find(database, "999999999") == []


@pytest.mark.parametrize(
    "text", ["099 888 777", "099888777", "+855 99 888 777", "855-99-888-777", "០៩៩ ៨៨៨ ៧៧៧"]
)
async def test_a_phone_is_found_in_any_writing(database: Database, text: str) -> None:
    _, chantha = await submit_both(database)
    assert await find(database, text) == [chantha]


async def test_a_phone_of_another_country_is_found(database: Database) -> None:
    number = await submit(database, 1, phone="+66812345678")
    assert await find(database, "+66 81 234 5678") == [number]


async def test_nothing_of_another_province_is_found(database: Database) -> None:
    dara, chantha = await submit_both(database)
    for text in (chantha, format_number(chantha), "099 888 777", "Heng Chantha", "ហេង ចន្ថា", "he"):
        assert await find(database, text, "02") == []
        assert await find(database, text, "17") == [chantha]
    assert await find(database, "sok", "02") == [dara]


async def test_of_many_the_newest_are_shown_even_behind_others_elsewhere(
    database: Database,
) -> None:
    ours = [
        await submit(database, chat_id, submitted_at=NOON + timedelta(minutes=chat_id))
        for chat_id in range(1, 5)
    ]
    for chat_id in range(10, 16):
        await submit(database, chat_id, home=SIEM_REAP)
    async with database.read() as connection:
        page = await search(connection, look("02"), "sok", limit=3)

    assert [row.number for row in page.rows] == ours[:0:-1]
    assert page.after is not None


@pytest.mark.parametrize(
    ("text", "enough"), [("so", True), ("s", False), ("123", False), ("1234", True), ("?!", False)]
)
def test_too_little_is_not_looked_for(text: str, enough: object) -> None:
    assert is_enough(text) is enough
