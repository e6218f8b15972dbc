"""Whom a notice is for, on the form: places of every level, sources, earlier notices, the rest."""

import re
from dataclasses import replace
from functools import partial

import pytest

from db import audiences, notices
from db.audiences import SavedAudience
from domain.audiences import Audience, Field, Filter, write_audience
from domain.notices import Status, Topic
from domain.recipients import Status as RecipientStatus
from domain.staff import WHOLE_COUNTRY
from locales.catalogue import LOCALES, render_plain
from tests.web.notices import (
    FORM,
    MANAGER,
    SIEM_REAP,
    add_notice,
    add_people,
    get_notice,
    queue_people,
    read_fields,
    settle,
    sign_in,
)
from tests.web.visiting import Browser, House, read_words
from web.audience_form import LISTED, RANGES
from web.audience_words import FIELDS

COMMUNE, VILLAGE = "020301", "02030105"
SOUND = {
    Field.PLACE: "02",
    Field.OCCUPATION: "market_vendor",
    Field.GROUP: "transport",
    Field.AGE: "18..35",
    Field.REGISTERED: "2026-01-01..",
    Field.RECEIVED: "1",
    Field.ANSWERED: "1:interested",
}
"""Values of the fields that do not take any word."""


@pytest.fixture
async def author(house: House) -> Browser:
    """Somebody who writes for Battambang."""
    return await house.sign_in(await house.hire(MANAGER, places=["02"]))


async def begin(author: Browser) -> str:
    return (await author.post("/notices")).headers["location"]


async def list_filters(house: House, path: str) -> list[list[object]]:
    stored = await get_notice(house, int(path.split("/")[2]))
    listed: list[list[object]] = stored.notice.audience["all_of"]
    return listed


async def test_every_field_is_on_the_form(house: House, author: Browser) -> None:
    staff = await house.hire(MANAGER, places=["02"])
    await add_people(house, 1)
    sent = await add_notice(house, staff, Status.SENDING, "02")
    await queue_people(house, sent)
    started = replace((await get_notice(house, sent)).notice)
    await house.write(lambda c: notices.save(c, started, started_at=house.clock()))
    page = (await author.get(await begin(author))).text
    needs_days_or_kept = {
        Field.COMING,
        Field.EXPECTED,
        Field.NOT_COMING,
        Field.GUEST,
        Field.ATTENDED,
        Field.AUDIENCE,
    }
    for field in set(LISTED) - needs_days_or_kept - {Field.SOURCE}:
        assert f'name="all.{field}"' in page, field
        assert f'name="none.{field}"' in page, field
    for field in RANGES:
        assert f'name="all.{field}_from"' in page, field


async def test_every_field_has_words_a_control_and_an_answer_of_the_database(house: House) -> None:
    staff = await house.hire(MANAGER)
    women = Audience((Filter(Field.SEX, ("female",)),))
    add = partial(audiences.add, audience=women, staff_id=staff.id, at=house.clock())
    sound = {**SOUND, Field.AUDIENCE: str(await house.database.write(partial(add, name="Women")))}
    audience = Audience(tuple(Filter(one, (sound.get(one, "none"),)) for one in Field))
    notice_id = await add_notice(house, staff)
    draft = (await get_notice(house, notice_id)).notice
    asking = replace(draft, audience=write_audience(audience))
    await house.write(lambda connection: notices.save(connection, asking))
    async with house.database.read() as connection:
        asked = connection, audience, WHOLE_COUNTRY, Topic.CAMPAIGNS, house.clock()
        assert await audiences.count_recipients(*asked) == 0
    author = await house.sign_in(staff)
    form = (await author.get(f"/notices/{notice_id}/edit")).text
    for field in Field:
        assert f'name="all.{field}{"_from" if field in RANGES else ""}"' in form, field
    for locale in LOCALES:
        words = await (await house.sign_in(staff, locale)).read(f"/notices/{notice_id}")
        for field in Field:
            assert render_plain(FIELDS[field], locale, house.desk.names) in words, field


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Toul Ta Aek", COMMUNE), (COMMUNE, COMMUNE), ("២០៣០១", COMMUNE), (VILLAGE, VILLAGE)],
)
async def test_a_place_of_any_level_is_found_by_name_or_code_and_ticked(
    house: House, author: Browser, typed: str, code: str
) -> None:
    path = await begin(author)
    form = {**FORM, "all.place_named": typed}

    found = await author.post(path, {**form, "do": "find_place"})
    assert f'name="all.place" value="{code}">' in found.text
    offered = await author.get(path.replace("edit", "places"), **{"all.place_named": typed})
    assert f'name="all.place" value="{code}">' in offered.text
    await author.post(path, {**form, "all.place": [code], "do": "save"})

    assert await list_filters(house, path) == [["place", [code]]]


@pytest.mark.parametrize("typed", ["Toul Ta Aek", "Nowhere at all", SIEM_REAP])
async def test_a_place_that_is_written_and_not_ticked_is_not_passed_over(
    house: House, author: Browser, typed: str
) -> None:
    path = await begin(author)
    refused = await author.post(path, {**FORM, "all.place_named": typed, "do": "check"})
    assert (refused.status_code, "or empty this field." in refused.text) == (400, True)
    assert f'value="{SIEM_REAP}"' not in refused.text.replace(f'"{typed}" maxlength', "")


async def test_who_got_or_answered_an_earlier_notice_is_chosen_by_its_title(house: House) -> None:
    staff = await house.hire(MANAGER)
    author = await house.sign_in(staff)
    await add_people(house, 2)
    sent = await add_notice(house, staff, Status.SENDING, title="Spring day")
    await queue_people(house, sent)
    await settle(house, sent, RecipientStatus.SENT, 1)
    stored = await get_notice(house, sent)
    await house.write(
        lambda c: notices.save(c, stored.notice, started_at=house.clock(), title="Spring day")
    )
    path = await begin(author)

    words = await author.read(path)
    for answer in ("Interested", "Morning", "Afternoon"):
        assert f"Spring day (4 March 2026): {answer}" in words
    chosen = {"all.received": ["", str(sent)], "none.answered": [f"{sent}:interested"]}
    await author.post(path, {**FORM, **chosen, "do": "save"})

    assert await list_filters(house, path) == [["received", [str(sent)]]]
    shown = await author.read(path.removesuffix("/edit"))
    assert "Got this notice: Spring day (4 March 2026)" in shown
    assert "Answered a notice so: Spring day (4 March 2026): Interested" in shown


async def test_a_notice_that_one_may_not_see_is_not_offered(house: House, author: Browser) -> None:
    staff = await house.hire(MANAGER)
    elsewhere = await add_notice(house, staff, Status.COMPLETED, "17", title="Elsewhere")
    stored = await get_notice(house, elsewhere)
    await house.write(lambda c: notices.save(c, stored.notice, started_at=house.clock()))
    assert "Elsewhere" not in await author.read(await begin(author))


async def test_districts_lie_in_a_fold_for_each_province_that_says_how_many_are_chosen(
    house: House,
) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    path = f"/notices/{await add_notice(house, author)}/edit"
    chosen = {"all.place": ["0201", "0203", "1701"], "none.sex": ["male"]}

    page = (await browser.post(path, {**FORM, **chosen, "do": "save"})).text

    folds = re.findall(r'<details class="fold"( open)?>\s*<summary>(.*?)</summary>', page)
    told = [(bool(is_open), read_words(words)) for is_open, words in folds]
    assert (True, "Battambang · 2 chosen") in told
    assert (True, "Siem Reap · 1 chosen") in told
    assert (False, "Kandal") in told
    assert (True, "Districts · 3 chosen") in told
    assert (True, "But not to… · 1 chosen") in told


async def test_the_audience_is_cut_to_the_authors_places(house: House) -> None:
    await add_people(house, 6)
    await add_people(house, 3, SIEM_REAP, first=20)
    browser = await sign_in(house, "02")
    path = (await browser.post("/notices")).headers["location"]

    page = (await browser.post(path, {**FORM, "do": "check"})).text

    assert "<strong>6</strong>" in page
    assert "Only within the author’s places: Battambang" in page
    assert 'name="all.place" value="17"' not in page


async def test_a_value_that_the_form_does_not_offer_is_not_dropped(house: House) -> None:
    author = await house.hire(MANAGER, places=["02"])
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    audience = Audience(
        (Filter(Field.PLACE, ("02", "020301", "17")), Filter(Field.RECEIVED, (str(draft),)))
    )
    add = partial(
        audiences.add, name="Theirs", audience=audience, staff_id=author.id, at=house.clock()
    )
    kept = await house.database.write(add)
    path = f"/notices/{draft}/edit"

    filled = await browser.post(path, {**FORM, "saved": str(kept), "do": "use_audience"})
    await browser.post(path, {**read_fields(filled.text), "do": "save"})

    (place, codes), received = (await get_notice(house, draft)).notice.audience["all_of"]
    assert (place, set(codes)) == ("place", {"02", "020301", "17"})
    assert received == ["received", [str(draft)]]


async def test_an_audience_is_kept_under_a_name_of_its_own(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    path = f"/notices/{await add_notice(house, author)}/edit"
    form = {**FORM, "all.sex": ["female"], "do": "save_audience"}

    nameless = await browser.post(path, form)
    named = await browser.post(path, {**form, "audience_name": "Women"})
    taken = await browser.post(path, {**form, "audience_name": "Women"})

    assert (nameless.status_code, named.status_code, taken.status_code) == (400, 200, 400)
    assert "Another audience of yours has this name." in taken.text
    assert [one.name for one in await list_kept(house)] == ["Women"]


async def test_kept_audiences_are_combined_by_ticking_them(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    path = f"/notices/{draft}/edit"
    for version, (name, sex) in enumerate((("Women", "female"), ("Men", "male"))):
        kept = {**FORM, "version": str(version), "do": "save_audience", "audience_name": name}
        await browser.post(path, {**kept, "all.sex": [sex]})
    men, women = [str(one.id) for one in await list_kept(house)]
    form = {**FORM, "all.audience": [men, women], "none.audience": [men], "do": "check"}
    form["version"] = "2"

    checked = await browser.post(path, form)
    forged = await browser.post(path, {**form, "version": "3", "all.audience": ["99"]})

    assert checked.status_code == 200
    assert "In a saved audience: “Men”, “Women”" in checked.text
    assert (forged.status_code, "These audiences cannot be combined" in forged.text) == (400, True)
    assert (await get_notice(house, draft)).notice.audience == {
        "all_of": [["audience", [men, women]]],
        "none_of": [["audience", [men]]],
    }


async def list_kept(house: House) -> list[SavedAudience]:
    async with house.database.read() as connection:
        return await audiences.list_saved(connection)
