"""Who may touch which notice, when a colleague's roles hold at places of their own."""

import pytest

from domain.notices import Act, Status
from domain.staff import Role
from services import notice_writing
from services import notices as acts
from services.desk import Actor
from services.notice_access import RIGHTS, NoSuchNotice, Use, may_do
from tests.services.newsroom import WRITTEN, Newsroom
from tests.services.office import Bureau


async def test_only_where_an_author_may_write_counts(newsroom: Newsroom) -> None:
    bureau = Bureau(newsroom.counter)
    author, colleague = [await newsroom.hire(places=("02",)) for _ in range(2)]
    await bureau.promote(author, Role.ANALYST)
    await newsroom.register(1)
    await newsroom.register(2, home="17100101")

    notice_id = await newsroom.publish(author, colleague)

    assert {call.chat_id for call in await newsroom.send()} == {1}
    assert await newsroom.count(notice_id) == {"sent": 1}


async def test_a_role_that_writes_elsewhere_widens_what_colleagues_may_not_touch(
    newsroom: Newsroom,
) -> None:
    author, colleague = [await newsroom.hire(places=("02",)) for _ in range(2)]
    notice_id = await newsroom.write(author)
    await newsroom.run(notice_writing.edit, colleague, notice_id, WRITTEN)
    await Bureau(newsroom.counter).promote(author, Role.BENEFIT_OWNER)
    with pytest.raises(NoSuchNotice):
        await newsroom.run(notice_writing.edit, colleague, notice_id, WRITTEN)


async def test_who_only_writes_moves_their_own_notices_alone(
    newsroom: Newsroom, author: Actor, approver: Actor
) -> None:
    await newsroom.register(1)
    writer = await newsroom.hire(Role.BENEFIT_OWNER)
    notice_id = await newsroom.write(author)
    await newsroom.run(notice_writing.edit, writer, notice_id, WRITTEN)
    await newsroom.act(acts.submit, writer, notice_id)
    theirs = (acts.return_to_author, acts.pause, acts.resume, acts.stop)

    for act in theirs:
        with pytest.raises(NoSuchNotice):
            await newsroom.act(act, writer, notice_id)
    with pytest.raises(NoSuchNotice):
        await newsroom.run(acts.resend, writer, notice_id, [1])
    own = await newsroom.publish(writer, approver)
    for act in (acts.pause, acts.resume, acts.stop):
        await newsroom.act(act, writer, own)
    assert (await newsroom.get(own)).notice.status is Status.CANCELLED


WRITES = {Use.SEE, Use.TEST, Use.COPY, Act.EDIT, Act.SUBMIT}
STEERS = {Act.RETURN, Act.PAUSE, Act.RESUME, Act.STOP, Act.RESEND}


@pytest.mark.parametrize(
    ("role", "on_own", "on_colleagues"),
    [
        (Role.CAMPAIGN_MANAGER, set(RIGHTS), set(RIGHTS)),
        (Role.BENEFIT_OWNER, WRITES | STEERS, WRITES),
        (Role.ADMINISTRATOR, None, set(RIGHTS) - {Act.EDIT, Act.SUBMIT}),
        (Role.ANALYST, None, set()),
        (Role.OFFICER, None, set()),
    ],
)
async def test_each_role_may_do_what_its_rights_say(
    newsroom: Newsroom, role: Role, on_own: set[Act | Use] | None, on_colleagues: set[Act | Use]
) -> None:
    author, colleague = await newsroom.hire(), (await newsroom.hire(role)).staff
    stored = await newsroom.get(await newsroom.write(author))

    assert {one for one in RIGHTS if may_do(stored, author.staff, colleague, one)} == on_colleagues
    assert on_own is None or on_own == {
        one for one in RIGHTS if may_do(stored, colleague, colleague, one)
    }


def test_no_act_is_left_out_but_those_of_the_program() -> None:
    assert set(Act) - set(RIGHTS) == {Act.START, Act.COMPLETE, Act.ISSUE}
