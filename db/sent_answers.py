"""The answers of an application as they stand, from which one can be asked once more."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.applications import find_registration
from db.tables import applications
from domain.revisions import SentAnswers


async def find(connection: AsyncConnection, number: str) -> SentAnswers | None:
    """Find the answers of an application by its number."""
    registration = await find_registration(connection, number)
    if registration is None:
        return None
    columns = (applications.c.form_version, applications.c.answers)
    statement = select(*columns).where(applications.c.number == number)
    version, answers = (await connection.execute(statement)).one()
    return SentAnswers(number, version, answers, registration.consents, registration.source)
