"""Steps from one schema to the next, written by hand."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.database import Database

STEPS = Path(__file__).parent / "versions"


def newest_revision() -> str:
    """Name the newest schema that this program knows; each step's file begins with its name."""
    return max(step.stem for step in STEPS.glob("m[0-9]*.py")).split("_")[0].removeprefix("m")


async def get_revision(connection: AsyncConnection) -> str | None:
    """Name the schema that a database has; None if it has none yet."""
    if not await connection.run_sync(lambda one: inspect(one).has_table("alembic_version")):
        return None
    found: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring a database to a schema, in one transaction; one that has it is left alone."""
    async with database.read() as connection:
        if await get_revision(connection) == newest_revision() and revision == "head":
            return
    await database.rebuild(lambda connection: connection.run_sync(_upgrade, revision))


def _upgrade(connection: Connection, revision: str) -> None:
    # Imported here, since a start that has nothing to migrate is quicker without it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
