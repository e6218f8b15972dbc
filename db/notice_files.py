"""The picture or voice note that goes with a notice, and what Telegram calls it."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import notice_files


@dataclass(frozen=True)
class NoticeFile:
    """A file of a notice; by `telegram_id` it is sent again without being uploaded."""

    kind: str
    filename: str
    mime: str
    content: bytes
    telegram_id: str | None = None


@dataclass(frozen=True)
class Uploaded:
    """What Telegram calls a file that was uploaded for a notice."""

    notice_id: int
    content: bytes
    telegram_id: str


_COLUMNS = (
    notice_files.c.kind,
    notice_files.c.filename,
    notice_files.c.mime,
    notice_files.c.content,
    notice_files.c.telegram_id,
)


async def save(connection: AsyncConnection, notice_id: int, file: NoticeFile) -> None:
    """Store the file of a notice in the place of a former one."""
    await drop(connection, notice_id)
    await connection.execute(insert(notice_files).values(notice_id=notice_id, **vars(file)))


async def drop(connection: AsyncConnection, notice_id: int) -> None:
    """Forget the file of a notice, if it has one."""
    await connection.execute(delete(notice_files).where(notice_files.c.notice_id == notice_id))


async def find(connection: AsyncConnection, notice_id: int) -> NoticeFile | None:
    """Find the file of a notice."""
    statement = select(*_COLUMNS).where(notice_files.c.notice_id == notice_id)
    row = (await connection.execute(statement)).one_or_none()
    return NoticeFile(*row) if row else None


async def find_telegram_id(connection: AsyncConnection, notice_id: int) -> str | None:
    """Find what Telegram calls the file of a notice, if it was uploaded before."""
    found: str | None = await connection.scalar(
        select(notice_files.c.telegram_id).where(notice_files.c.notice_id == notice_id)
    )
    return found


async def note_uploaded(connection: AsyncConnection, uploaded: Uploaded) -> None:
    """Remember what Telegram calls the file of a notice, unless that was replaced meanwhile."""
    await connection.execute(
        update(notice_files)
        .where(
            notice_files.c.notice_id == uploaded.notice_id,
            notice_files.c.content == uploaded.content,
        )
        .values(telegram_id=uploaded.telegram_id)
    )


async def forget_uploaded(connection: AsyncConnection, notice_id: int) -> None:
    """Forget what Telegram calls the file of a notice, so that it is uploaded anew."""
    await connection.execute(
        update(notice_files).where(notice_files.c.notice_id == notice_id).values(telegram_id=None)
    )
