"""Every table, as the newest migration leaves it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy import Table as _Table
from sqlalchemy.types import TypeEngine

from db.types import Json, Personal, PersonalJson, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")
"""A generated key: SQLite generates only for a column that says INTEGER."""


def one_of(column: str, *values: str) -> CheckConstraint:
    """Allow only these words in a column."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


received_updates = _Table(
    "received_updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("received_at", UtcTime, nullable=False, index=True),
)

dead_letters = _Table(
    "dead_letters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("update_id", BigInteger),
    Column("reason", Text, nullable=False),
    Column("body", Personal, nullable=False),
    Column("received_at", UtcTime, nullable=False),
)

contacts = _Table(
    "contacts",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("locale", Text),
    Column("reachable", Boolean, nullable=False),
    Column("wants_notices", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("active_at", UtcTime, nullable=False),
    one_of("locale", "km", "en"),
)

drafts = _Table(
    "drafts",
    metadata,
    Column("chat_id", ForeignKey("contacts.chat_id"), primary_key=True),
    Column("body", PersonalJson, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("active_at", UtcTime, nullable=False, index=True),
    Column("nudged_at", UtcTime),
    Column("reminded_at", UtcTime),
    Column("asked_again_at", UtcTime),
    Column("questions", Integer, nullable=False),
    Column("question_message_id", BigInteger),
)

workers = _Table(
    "workers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("family_km", Personal, nullable=False),
    Column("given_km", Personal, nullable=False),
    Column("family_latin", Personal, nullable=False),
    Column("given_latin", Personal, nullable=False),
    Column("sex", Text, nullable=False),
    Column("born", Personal, nullable=False),
    Column("phone", Personal, nullable=False),
    Column("phone_is", Text, nullable=False),
    Column("id_number", Personal),
    Column("no_id_reason", Text),
    Column("home", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    one_of("phone_is", "own", "typed", "helper"),
)

applications = _Table(
    "applications",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False),
    Column("worker_id", ForeignKey("workers.id"), nullable=False, index=True),
    Column("chat_id", ForeignKey("contacts.chat_id"), nullable=False, index=True),
    Column("draft_tag", Text, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("for_whom", Text, nullable=False),
    Column("workplace", PersonalJson, nullable=False),
    Column("support", Json, nullable=False),
    Column("background", PersonalJson, nullable=False),
    Column("flags", Json, nullable=False),
    Column("source", Text),
    Column("submitted_at", UtcTime, nullable=False),
    Column("answer_due_on", Date, nullable=False),
    UniqueConstraint("number"),
    UniqueConstraint("chat_id", "draft_tag"),
    one_of(
        "status",
        "submitted",
        "in_review",
        "needs_correction",
        "approved",
        "rejected",
        "withdrawn",
    ),
)

activities = _Table(
    "activities",
    metadata,
    Column("application_id", ForeignKey("applications.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("occupation", Text, nullable=False),
    Column("occupation_words", Personal),
    Column("category", Text, nullable=False),
    Column("workers", Text),
    Column("since", Text, nullable=False),
    Column("income", Text, nullable=False),
)

consents = _Table(
    "consents",
    metadata,
    Column("application_id", ForeignKey("applications.id"), primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("given_at", UtcTime, nullable=False),
    Column("given_by", Text, nullable=False),
)

outgoing_calls = _Table(
    "outgoing_calls",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lane", Integer, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("method", Text, nullable=False),
    Column("parameters", Personal, nullable=False),
    Column("question", Integer),
    Column("status", Text, nullable=False),
    Column("error", Text),
    Column("created_at", UtcTime, nullable=False),
    one_of("status", "queued", "failed"),
    Index("ix_outgoing_calls_status_id", "status", "id"),
    sqlite_autoincrement=True,  # a key that was dropped must not come back for another call
)

heartbeats = _Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)
