"""Steps from one schema to the next, written by hand."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from db.database import Database


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


def newest_revision() -> str:
    """Name the newest schema that this program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def get_revision(connection: AsyncConnection) -> str | None:
    """Name the schema that a database has."""
    return await connection.run_sync(
        lambda sync: MigrationContext.configure(sync).get_current_revision()
    )


async def migrate(database: Database, revision: str = "head") -> None:
    """Bring a database to a schema, in one transaction."""

    def upgrade(connection: Connection) -> None:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    await database.write(lambda connection: connection.run_sync(upgrade))
