"""${message}."""

import sqlalchemy as sa
from alembic import op

from db.types import Json, Personal, PersonalJson, UtcTime

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Take the step."""
