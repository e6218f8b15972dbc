"""Contacts, staff, drafts, applications, and what comes in and goes out."""

import sqlalchemy as sa
from alembic import op

from db.types import Json, Personal, PersonalJson, UtcTime

revision = "0001"
down_revision = None

GENERATED = sa.BigInteger().with_variant(sa.Integer, "sqlite")
FILTERED = (
    "office",
    "assigned_to",
    "status",
    "waiting",
    "place",
    "occupation",
    "source",
    "flags",
)
FROM_OUTSIDE = "(chat_id IS NULL OR substr(draft_tag, 1, 7) = 'import:')"


def upgrade() -> None:
    """Take the step."""
    _create_delivery()
    _create_people()
    _create_staff()
    _create_applications()


def _create_delivery() -> None:
    op.create_table(
        "received_updates",
        sa.Column("update_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_received_updates"),
    )
    op.create_index("ix_received_updates_received_at", "received_updates", ["received_at"])
    op.create_table(
        "dead_letters",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("update_id", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("body", Personal, nullable=False),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letters"),
    )
    op.create_table(
        "outgoing_calls",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("lane", sa.Integer, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("parameters", Personal, nullable=False),
        sa.Column("question", sa.Integer),
        sa.Column("attachment", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_calls"),
        sa.CheckConstraint("status IN ('queued', 'failed')", name=op.f("ck_outgoing_calls_status")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outgoing_calls_status_id", "outgoing_calls", ["status", "id"])
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeats"),
    )


def _create_people() -> None:
    op.create_table(
        "contacts",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("locale", sa.Text),
        sa.Column("reachable", sa.Boolean, nullable=False),
        sa.Column("wants_notices", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("active_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_contacts"),
        sa.CheckConstraint("locale IN ('km', 'en')", name=op.f("ck_contacts_locale")),
    )
    op.create_table(
        "drafts",
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("body", PersonalJson, nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("active_at", UtcTime, nullable=False),
        sa.Column("nudged_at", UtcTime),
        sa.Column("reminded_at", UtcTime),
        sa.Column("asked_again_at", UtcTime),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("question_message_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("chat_id", name="pk_drafts"),
        sa.ForeignKeyConstraint(["chat_id"], ["contacts.chat_id"], name="fk_drafts_chat_id"),
    )
    op.create_index("ix_drafts_active_at", "drafts", ["active_at"])
    op.create_table(
        "workers",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("family_km", Personal, nullable=False),
        sa.Column("given_km", Personal, nullable=False),
        sa.Column("family_latin", Personal, nullable=False),
        sa.Column("given_latin", Personal, nullable=False),
        sa.Column("sex", sa.Text, nullable=False),
        sa.Column("born", Personal, nullable=False),
        sa.Column("phone", Personal, nullable=False),
        sa.Column("phone_is", sa.Text, nullable=False),
        sa.Column("id_number", Personal),
        sa.Column("no_id_reason", sa.Text),
        sa.Column("home", sa.Text, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        sa.CheckConstraint(
            "phone_is IN ('own', 'typed', 'helper')", name=op.f("ck_workers_phone_is")
        ),
    )


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("chat_id", sa.BigInteger),
        sa.Column("name", Personal, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("chat_id", name="uq_staff_chat_id"),
    )
    op.create_table(
        "staff_grants",
        sa.Column("staff_id", GENERATED, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "role", "place", name="pk_staff_grants"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_grants_staff_id"),
        sa.CheckConstraint(
            "role IN ('officer', 'campaign_manager', 'benefit_owner', 'analyst', 'administrator')",
            name=op.f("ck_staff_grants_role"),
        ),
        sa.CheckConstraint("length(place) IN (0, 2, 4)", name=op.f("ck_staff_grants_place")),
    )


def _create_applications() -> None:
    op.create_table(
        "applications",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("worker_id", GENERATED, nullable=False),
        sa.Column("chat_id", sa.BigInteger),
        sa.Column("draft_tag", sa.Text, nullable=False),
        sa.Column("form_version", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("for_whom", sa.Text, nullable=False),
        sa.Column("workplace", PersonalJson, nullable=False),
        sa.Column("support", Json, nullable=False),
        sa.Column("background", PersonalJson, nullable=False),
        sa.Column("flags", Json, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("answers", PersonalJson, nullable=False),
        sa.Column("submitted_at", UtcTime, nullable=False),
        sa.Column("answer_due_on", sa.Date, nullable=False),
        sa.Column("office", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("occupation", sa.Text, nullable=False),
        sa.Column("waiting", sa.Text),
        sa.Column("due_at", UtcTime),
        sa.Column("assigned_to", GENERATED),
        sa.Column("decided_by", GENERATED),
        sa.Column("decided_at", UtcTime),
        sa.Column("reason", sa.Text),
        sa.Column("appealed", sa.Boolean, nullable=False),
        sa.Column("duplicate_of", sa.Text),
        sa.Column("registered_by", GENERATED),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
        sa.UniqueConstraint("number", name="uq_applications_number"),
        sa.UniqueConstraint("chat_id", "draft_tag", name="uq_applications_chat_id"),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_applications_worker_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["contacts.chat_id"], name="fk_applications_chat_id"),
        sa.ForeignKeyConstraint(["assigned_to"], ["staff.id"], name="fk_applications_assigned_to"),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name="fk_applications_decided_by"),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["staff.id"], name="fk_applications_registered_by"
        ),
        sa.CheckConstraint(
            "status IN ('submitted', 'in_review', 'needs_correction', 'approved', 'rejected',"
            " 'withdrawn')",
            name=op.f("ck_applications_status"),
        ),
        sa.CheckConstraint(
            "waiting IN ('decision', 'appeal', 'change')", name=op.f("ck_applications_waiting")
        ),
    )
    _index("applications", "queue", "due_at", "id", *FILTERED, where="waiting IS NOT NULL")
    _index("applications", "office_queue", "office", "due_at", "id", where="waiting IS NOT NULL")
    taken = "assigned_to IS NOT NULL"
    _index("applications", "assigned_to", "assigned_to", "due_at", "id", where=taken)
    _index("applications", "submitted_at", "submitted_at", "id", *FILTERED)
    _index("applications", "status_submitted_at", "status", "submitted_at", "id")
    _index("applications", "office", "office", "submitted_at", "id")
    _index("applications", "worker_id", "worker_id", "office")
    op.create_index("ix_applications_chat_id", "applications", ["chat_id"])
    _index("applications", "draft_tag", "draft_tag", where=FROM_OUTSIDE, unique=True)
    op.create_table(
        "activities",
        sa.Column("application_id", GENERATED, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("occupation", sa.Text, nullable=False),
        sa.Column("occupation_words", Personal),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("workers", sa.Text),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("income", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("application_id", "position", name="pk_activities"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_activities_application_id"
        ),
    )
    op.create_table(
        "consents",
        sa.Column("application_id", GENERATED, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("given_at", UtcTime, nullable=False),
        sa.Column("given_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("application_id", "purpose", name="pk_consents"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_consents_application_id"
        ),
    )


def _index(
    table: str, name: str, *columns: str, where: str | None = None, unique: bool = False
) -> None:
    rows = sa.text(where) if where else None
    op.create_index(
        f"ix_{table}_{name}",
        table,
        list(columns),
        unique=unique,
        sqlite_where=rows,
        postgresql_where=rows,
    )
