"""What a writer may ask for: within everybody's places, and nothing that others were told."""

from dataclasses import replace
from functools import partial

import pytest

from db import audiences, campaigns, staff
from db.audiences import SavedAudience
from domain.audiences import Audience, Field, Filter
from domain.notice_content import ButtonKind, NoticeButton
from domain.notices import Refusal, Refused
from services import notice_writing
from services import notices as acts
from services.desk import Actor
from services.notice_audiences import NameTaken, NotTheirs, is_known, keep_audience
from services.notice_writing import Written
from tests.event_plan import PLAN
from tests.services.newsroom import TEXT, WRITTEN, Newsroom

BATTAMBANG, SIEM_REAP = "02", "17"
IN_BATTAMBANG = Audience((Filter(Field.PLACE, (BATTAMBANG,)),))


@pytest.fixture
async def local(newsroom: Newsroom) -> Actor:
    """Somebody who may write to one province."""
    return await newsroom.hire(places=[BATTAMBANG])


async def find_saved(newsroom: Newsroom, audience_id: int) -> SavedAudience:
    async with newsroom.counter.database.read() as connection:
        saved = await audiences.find(connection, audience_id)
    assert saved is not None
    return saved


async def is_refused(
    newsroom: Newsroom, actor: Actor, notice_id: int, written: Written
) -> str | None:
    """Tell for which field somebody may not write so."""
    try:
        await newsroom.run(notice_writing.edit, actor, notice_id, written)
    except NotTheirs as refused:
        return refused.field
    return None


async def test_an_editor_leads_a_colleagues_notice_not_beyond_their_own_places(
    newsroom: Newsroom, author: Actor, local: Actor
) -> None:
    notice_id = await newsroom.write(author, audience=IN_BATTAMBANG)
    before = await newsroom.get(notice_id)
    wider = Audience((Filter(Field.PLACE, (BATTAMBANG, SIEM_REAP)),))

    assert await is_refused(newsroom, local, notice_id, WRITTEN) == Field.PLACE
    widened = replace(WRITTEN, audience=wider)
    assert await is_refused(newsroom, local, notice_id, widened) == Field.PLACE
    assert await newsroom.get(notice_id) == before
    narrowed = replace(WRITTEN, audience=Audience((Filter(Field.PLACE, ("0203",)),)))
    assert await is_refused(newsroom, local, notice_id, narrowed) is None
    assert await is_refused(newsroom, author, notice_id, WRITTEN) is None


@pytest.mark.parametrize("field", [Field.RECEIVED, Field.ANSWERED])
@pytest.mark.parametrize("is_excluded", [False, True])
async def test_who_received_or_answered_is_asked_only_of_notices_one_may_see(
    newsroom: Newsroom, author: Actor, local: Actor, field: Field, is_excluded: bool
) -> None:
    national = await newsroom.write(author)
    near = await newsroom.write(author, audience=IN_BATTAMBANG)
    own = await newsroom.write(local)

    def ask(notice_id: int) -> Written:
        value = f"{notice_id}:1" if field is Field.ANSWERED else str(notice_id)
        asked = (Filter(field, (value,)),)
        return replace(WRITTEN, audience=Audience(*(((), asked) if is_excluded else (asked,))))

    for seen in (near, own):
        assert await is_refused(newsroom, local, own, ask(seen)) is None
    for unseen in (national, 999):
        assert await is_refused(newsroom, local, own, ask(unseen)) == field
    assert await is_refused(newsroom, author, near, ask(national)) is None


@pytest.mark.parametrize("field", [Field.COMING, Field.NOT_COMING, Field.GUEST, Field.ATTENDED])
@pytest.mark.parametrize("is_excluded", [False, True])
async def test_who_comes_is_asked_only_of_event_days_one_may_see(
    newsroom: Newsroom, author: Actor, local: Actor, field: Field, is_excluded: bool
) -> None:
    for code, place in (("near", "0203"), ("there", SIEM_REAP)):
        plan = replace(PLAN, code=code, place=place)
        at = newsroom.counter.clock()
        add = partial(campaigns.add, plan=plan, created_by=author.staff.id, at=at)
        await newsroom.counter.database.write(add)

    def ask(code: str, *within: Filter) -> Audience:
        asked = (Filter(field, (code,)),)
        return Audience(within, asked) if is_excluded else Audience((*within, *asked))

    own = await newsroom.write(local)
    assert await is_refused(newsroom, local, own, replace(WRITTEN, audience=ask("near"))) is None
    for unseen in ("there", "never-planned"):
        written = replace(WRITTEN, audience=ask(unseen))
        assert await is_refused(newsroom, local, own, written) == field
        with pytest.raises(NotTheirs):
            await newsroom.run(keep_audience, local, "Mine", ask(unseen))
    asked_before = ask("there", *IN_BATTAMBANG.all_of)
    theirs = await newsroom.write(author, audience=asked_before)
    mended = replace(WRITTEN, audience=asked_before, title="Mended")
    assert await is_refused(newsroom, local, theirs, mended) is None


async def test_nothing_is_asked_through_an_audience_that_was_kept(
    newsroom: Newsroom, author: Actor, local: Actor
) -> None:
    national, own = await newsroom.write(author), await newsroom.write(local)
    answered = Filter(Field.ANSWERED, (f"{national}:1",))
    with pytest.raises(NotTheirs):
        await newsroom.run(keep_audience, local, "Mine", Audience((answered,)))
    near = Audience((*IN_BATTAMBANG.all_of, answered))
    kept = await newsroom.run(keep_audience, author, "Theirs", near)

    combined = replace(WRITTEN, audience=Audience((Filter(Field.AUDIENCE, (str(kept),)),)))
    assert await is_refused(newsroom, local, own, combined) == Field.ANSWERED


async def test_kept_audiences_are_known_to_their_keeper_and_within_their_places(
    newsroom: Newsroom, author: Actor, local: Actor
) -> None:
    there = Audience((Filter(Field.PLACE, (SIEM_REAP,)), Filter(Field.FLAG, ("minor",))))
    near = await newsroom.run(keep_audience, author, "Near", IN_BATTAMBANG)
    beyond = await newsroom.run(keep_audience, author, "Beyond", there)
    everywhere = await newsroom.run(keep_audience, author, "Everywhere", Audience())
    own = await newsroom.run(keep_audience, local, "Own", Audience())

    known = [
        one
        for one in (near, beyond, everywhere, own)
        if is_known(await find_saved(newsroom, one), local.staff)
    ]
    assert known == [near, own]
    notice_id = await newsroom.write(local)
    for one, refused in ((near, None), (beyond, Field.AUDIENCE), (own, None)):
        combined = Audience((Filter(Field.AUDIENCE, (str(one),)),))
        written = replace(WRITTEN, audience=combined)
        assert await is_refused(newsroom, local, notice_id, written) == refused


async def test_a_colleague_may_keep_what_an_author_combined(
    newsroom: Newsroom, author: Actor, local: Actor
) -> None:
    women = Audience((Filter("sex", ("female",)),))
    kept = await newsroom.run(keep_audience, author, "Women", women)
    combined = Audience((*IN_BATTAMBANG.all_of, Filter(Field.AUDIENCE, (str(kept),))))
    notice_id = await newsroom.write(author, audience=combined)
    written = replace(WRITTEN, audience=combined, title="Mended")
    assert await is_refused(newsroom, local, notice_id, written) is None


async def test_a_name_is_taken_by_oneself_alone(
    newsroom: Newsroom, author: Actor, local: Actor
) -> None:
    await newsroom.run(keep_audience, author, "Women", IN_BATTAMBANG)
    await newsroom.run(keep_audience, local, "Women", IN_BATTAMBANG)
    with pytest.raises(NameTaken):
        await newsroom.run(keep_audience, local, "Women", IN_BATTAMBANG)


@pytest.mark.parametrize(
    ("place", "refused"), [("0203", None), (BATTAMBANG, None), (SIEM_REAP, ButtonKind.RSVP)]
)
async def test_a_notice_asks_to_an_event_day_within_its_authors_places(
    newsroom: Newsroom, author: Actor, local: Actor, place: str, refused: str | None
) -> None:
    add = partial(
        campaigns.add,
        plan=replace(PLAN, place=place),
        created_by=author.staff.id,
        at=newsroom.counter.clock(),
    )
    day = await newsroom.counter.database.write(add)
    notice_id = await newsroom.write(local)

    def ask(target: str) -> Written:
        return replace(
            WRITTEN, content=replace(TEXT, buttons=(NoticeButton(ButtonKind.RSVP, target),))
        )

    assert await is_refused(newsroom, local, notice_id, ask(str(day))) == refused
    for none in ("999", "x"):
        assert await is_refused(newsroom, local, notice_id, ask(none)) == ButtonKind.RSVP


async def test_an_event_day_elsewhere_is_not_submitted_either(
    newsroom: Newsroom, author: Actor
) -> None:
    add = partial(campaigns.add, plan=PLAN, created_by=author.staff.id, at=newsroom.counter.clock())
    day = await newsroom.counter.database.write(add)
    content = replace(TEXT, buttons=(NoticeButton(ButtonKind.RSVP, str(day)),))
    notice_id = await newsroom.write(author, replace(WRITTEN, content=content))
    elsewhere = replace(author.staff, grants=dict.fromkeys(author.staff.grants, frozenset({"17"})))
    await newsroom.counter.database.write(partial(staff.save, changed=elsewhere))

    with pytest.raises(Refused) as refused:
        await newsroom.act(acts.submit, author, notice_id)
    assert refused.value.refusal is Refusal.BEYOND_PLACES
