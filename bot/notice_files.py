"""The file of a notice, for the first call that brings it."""

from functools import partial

from bot.attachments import Attach, Attachment
from db import notice_files
from db.database import Database


def make_notice_attach(database: Database) -> Attach:
    """Make the function that loads what `notice:<id>` names."""
    return partial(_attach_file, database)


async def _attach_file(database: Database, reference: str) -> Attachment:
    """Load the file of a notice.

    Raises:
        LookupError: it has none.
    """
    notice_id = int(reference.partition(":")[2])
    async with database.read() as connection:
        file = await notice_files.find(connection, notice_id)
    if file is None:
        raise LookupError(reference)
    return Attachment(file.kind, file.filename, file.mime, file.content, notice_id)
