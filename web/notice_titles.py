"""Names of notices as pages show them."""

from collections.abc import Iterable

from db.notices import StoredNotice
from db.staff import Connection
from locales.catalogue import Names, render_plain
from services import notice_titles


async def name_notices(
    connection: Connection, listed: Iterable[StoredNotice], locale: str, names: Names
) -> dict[int, str]:
    """Name notices by their ids in the visitor's language."""
    titles = await notice_titles.name_notices(connection, listed)
    return {
        notice_id: title if isinstance(title, str) else render_plain(title, locale, names)
        for notice_id, title in titles.items()
    }


async def name_notice(
    connection: Connection, stored: StoredNotice, locale: str, names: Names
) -> str:
    """Name one notice in the visitor's language."""
    return (await name_notices(connection, [stored], locale, names))[stored.id]
