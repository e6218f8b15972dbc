"""The office: signing in, the audit log, duplicates, corrections, cards and questions."""

import sqlalchemy as sa
from alembic import op

from db.types import Json, Personal, PersonalJson, SearchKey, UtcTime

revision = "0002"
down_revision = "0001"

GENERATED = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Take the step."""
    _create_sign_in()
    _create_audit()
    _create_likeness()
    _create_changes()
    _create_questions()
    _guard_audit()


def _create_sign_in() -> None:
    op.create_table(
        "staff_links",
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("staff_id", GENERATED),
        sa.Column("grants", PersonalJson),
        sa.Column("created_by", GENERATED),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("used_at", UtcTime),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_staff_links"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_links_staff_id"),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name="fk_staff_links_created_by"),
        sa.CheckConstraint(
            "purpose IN ('sign_in', 'invitation')", name=op.f("ck_staff_links_purpose")
        ),
    )
    op.create_index("ix_staff_links_expires_at", "staff_links", ["expires_at"])
    op.create_table(
        "staff_sessions",
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("staff_id", GENERATED, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("seen_at", UtcTime, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id"),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])


def _create_audit() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_id", sa.BigInteger),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_events"),
        sa.CheckConstraint(
            "actor_kind IN ('worker', 'staff', 'program')", name=op.f("ck_audit_events_actor_kind")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_events_subject_id", "audit_events", ["subject", "id"])


def _create_likeness() -> None:
    op.create_table(
        "worker_keys",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", SearchKey, nullable=False),
        sa.Column("worker_id", GENERATED, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "worker_id", name="pk_worker_keys"),
        sa.ForeignKeyConstraint(["worker_id"], ["workers.id"], name="fk_worker_keys_worker_id"),
        sa.CheckConstraint("kind IN ('name', 'match', 'phone')", name=op.f("ck_worker_keys_kind")),
    )
    op.create_index("ix_worker_keys_worker_id", "worker_keys", ["worker_id"])
    op.create_table(
        "duplicate_pairs",
        sa.Column("application_id", GENERATED, nullable=False),
        sa.Column("other_id", GENERATED, nullable=False),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("signs", Json, nullable=False),
        sa.Column("found_at", UtcTime, nullable=False),
        sa.Column("dismissed_by", GENERATED),
        sa.Column("dismissed_at", UtcTime),
        sa.PrimaryKeyConstraint("application_id", "other_id", name="pk_duplicate_pairs"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_duplicate_pairs_application_id"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["applications.id"], name="fk_duplicate_pairs_other_id"
        ),
        sa.ForeignKeyConstraint(
            ["dismissed_by"], ["staff.id"], name="fk_duplicate_pairs_dismissed_by"
        ),
    )
    op.create_index("ix_duplicate_pairs_other_id", "duplicate_pairs", ["other_id"])
    op.create_table(
        "merges",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("application_id", GENERATED, nullable=False),
        sa.Column("kept_id", GENERATED, nullable=False),
        sa.Column("former", Json, nullable=False),
        sa.Column("merged_by", GENERATED, nullable=False),
        sa.Column("merged_at", UtcTime, nullable=False),
        sa.Column("undone_by", GENERATED),
        sa.Column("undone_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_merges_application_id"
        ),
        sa.ForeignKeyConstraint(["kept_id"], ["applications.id"], name="fk_merges_kept_id"),
        sa.ForeignKeyConstraint(["merged_by"], ["staff.id"], name="fk_merges_merged_by"),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name="fk_merges_undone_by"),
    )
    op.create_index("ix_merges_application_id", "merges", ["application_id"])
    op.create_index("ix_merges_kept_id", "merges", ["kept_id"])


def _create_changes() -> None:
    op.create_table(
        "change_requests",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("application_id", GENERATED, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("answers", PersonalJson, nullable=False),
        sa.Column("form_version", sa.Integer, nullable=False),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("decided_at", UtcTime),
        sa.Column("accepted", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_change_requests"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_change_requests_application_id"
        ),
    )
    op.create_index("ix_change_requests_application_id", "change_requests", ["application_id"])
    op.create_table(
        "corrections",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("application_id", GENERATED, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("answered_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_corrections_application_id"
        ),
    )
    op.create_index("ix_corrections_application_id", "corrections", ["application_id"])
    op.create_table(
        "notes",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("application_id", GENERATED, nullable=False),
        sa.Column("staff_id", GENERATED),
        sa.Column("body", Personal, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_notes_application_id"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_notes_staff_id"),
    )
    op.create_index("ix_notes_application_id", "notes", ["application_id"])
    op.create_table(
        "certificates",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("application_id", GENERATED, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("details", PersonalJson, nullable=False),
        sa.Column("issued_at", UtcTime, nullable=False),
        sa.Column("revoked_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_certificates"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_certificates_application_id"
        ),
    )
    op.create_index("ix_certificates_application_id", "certificates", ["application_id"])
    op.create_index("ix_certificates_number", "certificates", ["number"])


def _create_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("office", sa.Text),
        sa.Column("number", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("answered_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sa.ForeignKeyConstraint(["chat_id"], ["contacts.chat_id"], name="fk_questions_chat_id"),
        sa.CheckConstraint(
            "status IN ('unplaced', 'open', 'answered', 'withdrawn')",
            name=op.f("ck_questions_status"),
        ),
    )
    op.create_index("ix_questions_chat_id", "questions", ["chat_id"])
    op.create_index("ix_questions_status_asked_at", "questions", ["status", "asked_at"])
    op.create_table(
        "question_messages",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("question_id", GENERATED, nullable=False),
        sa.Column("staff_id", GENERATED),
        sa.Column("body", Personal, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_question_messages"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="fk_question_messages_question_id"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_question_messages_staff_id"),
    )
    op.create_index("ix_question_messages_question_id", "question_messages", ["question_id"])


def _guard_audit() -> None:
    """Let nobody change or drop what was recorded, short of dropping the guard."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_events_no_{verb.lower()} BEFORE {verb} ON audit_events"
                " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger AS $$ BEGIN"
        " RAISE EXCEPTION 'the audit log is append-only'; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )
