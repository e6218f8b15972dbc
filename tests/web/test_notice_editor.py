"""The editor of a notice guesses nothing and loses nothing that was typed in it."""

from domain.notices import Status
from tests.web.notices import FORM, MANAGER, add_notice, get_notice
from tests.web.visiting import House


async def test_a_time_beside_now_is_asked_about_and_not_passed_over(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author, Status.DRAFT)
    before = await get_notice(house, draft)
    typed = {**FORM, "when": "now", "starts_at": "2026-03-08T09:00", "do": "save"}

    answer = await browser.post(f"/notices/{draft}/edit", typed)

    assert answer.status_code == 400
    assert 'id="starts_at-error"' in answer.text
    assert "2026-03-08T09:00" in answer.text
    assert await get_notice(house, draft) == before


async def test_what_is_not_saved_is_not_announced_as_a_success(house: House) -> None:
    author = await house.hire(MANAGER)
    browser = await house.sign_in(author)
    draft = await add_notice(house, author)
    typed = {**FORM, "all.registered_from": "31 of May", "do": "save"}

    page = (await browser.post(f"/notices/{draft}/edit", typed)).text

    trouble = page.split('class="notice notice--late" role="alert"')[1].split("</div>")[0]
    assert "This is not saved yet" in trouble
    assert "notice--ok" not in page
