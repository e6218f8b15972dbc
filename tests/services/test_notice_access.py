"""Who may touch which notice, when a colleague's roles hold at places of their own."""

import pytest

from domain.staff import Role
from services import notice_writing
from services.notice_access import NoSuchNotice
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
