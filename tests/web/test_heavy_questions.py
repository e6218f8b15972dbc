"""What asks too much of all people is refused or ended, and keeps nobody else waiting."""

from functools import partial

from db import audiences
from domain.audiences import MOST_VALUES, Audience, Field, Filter
from tests.web.notices import FORM, MANAGER, add_notice
from tests.web.visiting import House


async def test_audiences_that_together_ask_too_much_are_not_combined(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    kept = [await keep(house, author.id, name, MOST_VALUES // 2) for name in ("One", "Two")]
    path = f"/notices/{await add_notice(house, author)}/edit"
    form = {**FORM, "all.audience": kept, "audience_name": "Both"}

    saved = await browser.post(path, {**form, "do": "save"})
    named = await browser.post(path, {**form, "do": "save_audience"})
    alone = await browser.post(path, {**form, "all.audience": kept[:1], "do": "save"})

    assert [one.status_code for one in (saved, named, alone)] == [400, 400, 200]
    assert "These are too many conditions at once." in saved.text
    assert "These are too many conditions at once." in named.text


async def keep(house: House, author_id: int, name: str, count: int) -> str:
    """Keep an audience of people who came by one of so many codes."""
    codes = tuple(f"code_{number}" for number in range(count))
    audience = Audience((Filter(Field.SOURCE, codes),))
    add = partial(audiences.add, name=name, audience=audience, staff_id=author_id, at=house.clock())
    return str(await house.database.write(add))
