"""Whoever is registered is shown a code for each event day to come."""

from functools import partial

from services.event_links import open_link
from services.own_codes import show_own_codes
from services.rsvp import answer_invitation
from tests.event_plan import PLAN, make_plan
from tests.services.counter import Counter, read_parameters
from tests.services.door import SOKHA
from tests.services.event_days import open_day
from tests.services.office import NUMBER, SIEM_REAP, Bureau, make_case_file


async def list_shown(counter: Counter, chat_id: int = SOKHA) -> list[tuple[str, str | None]]:
    counter.forget_sent()
    await counter.serve(chat_id, show_own_codes)
    return [(call.method, call.attachment) for call in counter.sent]


async def test_a_registered_person_is_shown_a_code_for_each_day_to_come(bureau: Bureau) -> None:
    counter = bureau.counter
    first = await open_day(bureau)
    second = await open_day(bureau, make_plan(code="later"))
    far = await open_day(bureau, make_plan(code="srp", place=SIEM_REAP))
    await open_day(bureau, make_plan(code="far", place="0209"))
    await bureau.receive(make_case_file(SOKHA), locale="en")
    photos = [("sendPhoto", f"entry:{one.id}:{NUMBER}:png") for one in (first, second, far)]
    assert await list_shown(counter) == photos[:2]
    caption = read_parameters(counter.sent[1])["caption"]
    assert "Show this code to the officer" in caption
    assert PLAN.name_en in caption
    assert "10 March 2026" in caption
    await counter.serve(SOKHA, partial(open_link, source="srp"))
    answer = partial(answer_invitation, tap_id=None, choice=str(far.id), coming=True)
    await counter.serve(SOKHA, answer)
    assert await list_shown(counter) == photos
    counter.clock.advance(days=1)
    assert await list_shown(counter) == photos[1:]
    counter.clock.advance(days=6)
    assert await list_shown(counter) == [("sendMessage", None)]
    [text] = counter.texts(SOKHA)
    assert f"{NUMBER[:4]}-{NUMBER[4:8]}-{NUMBER[8]}" in text
    assert [method for method, _ in await list_shown(counter, 99)] == ["sendMessage"]
