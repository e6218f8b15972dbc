"""Notices to many and their ledger, campaigns and their days, and imports."""

import sqlalchemy as sa
from alembic import op

from db.types import Json, Personal, UtcTime

revision = "0003"
down_revision = "0002"

GENERATED = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Take the step."""
    _create_campaigns()
    _create_notices()
    _create_ledger()
    _create_event_days()
    _create_imports()
    _tell_progress_apart()
    _create_lane_rests()
    _create_claims()


def _tell_progress_apart() -> None:
    op.add_column("outgoing_calls", sa.Column("progress_of", sa.BigInteger))
    op.create_index(
        "ix_outgoing_calls_progress_of",
        "outgoing_calls",
        ["status", "progress_of"],
        sqlite_where=sa.text("progress_of IS NOT NULL"),
        postgresql_where=sa.text("progress_of IS NOT NULL"),
    )


def _create_lane_rests() -> None:
    op.create_table(
        "lane_rests",
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("began_at", UtcTime, nullable=False),
        sa.Column("until", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("lane", name="pk_lane_rests"),
        sa.CheckConstraint("lane IN ('reply', 'staff', 'bulk')", name=op.f("ck_lane_rests_lane")),
    )


def _create_campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name_km", sa.Text, nullable=False),
        sa.Column("name_en", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("venue_km", sa.Text, nullable=False),
        sa.Column("venue_en", sa.Text, nullable=False),
        sa.Column("held_on", sa.Date, nullable=False),
        sa.Column("starts_at", UtcTime, nullable=False),
        sa.Column("ends_at", UtcTime),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("capacity", sa.Integer),
        sa.Column("target", sa.Integer),
        sa.Column("partner", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("told_km", sa.Text),
        sa.Column("told_en", sa.Text),
        sa.Column("created_by", GENERATED, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name="fk_campaigns_created_by"),
        sa.CheckConstraint(
            "status IN ('planned', 'cancelled', 'held')", name=op.f("ck_campaigns_status")
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_campaigns_point")
        ),
        sa.UniqueConstraint("code", name="uq_campaigns_code"),
    )
    op.create_index("ix_campaigns_held_on", "campaigns", ["held_on"])


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("author_id", GENERATED, nullable=False),
        sa.Column("campaign_id", GENERATED),
        sa.Column("occasion", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("emergency", sa.Boolean, nullable=False),
        sa.Column("approvals", Json, nullable=False),
        sa.Column("writers", Json, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("places", Json),
        sa.Column("paused_by", GENERATED),
        sa.Column("content", Json, nullable=False),
        sa.Column("audience", Json, nullable=False),
        sa.Column("starts_at", UtcTime),
        sa.Column("send_by", UtcTime),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("asked_at", UtcTime),
        sa.Column("approved_at", UtcTime),
        sa.Column("started_at", UtcTime),
        sa.Column("joined_at", UtcTime),
        sa.Column("ended_at", UtcTime),
        sa.Column("progress_message_id", sa.BigInteger),
        sa.Column("progress_told_at", UtcTime),
        sa.Column("moved_at", UtcTime),
        sa.Column("stalled_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name="fk_notices_author_id"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_notices_campaign_id"),
        sa.ForeignKeyConstraint(["paused_by"], ["staff.id"], name="fk_notices_paused_by"),
        sa.CheckConstraint(
            "topic IN ('campaigns', 'benefits', 'my_application')", name=op.f("ck_notices_topic")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'pending_approval', 'approved', 'sending', 'paused',"
            " 'completed', 'cancelled')",
            name=op.f("ck_notices_status"),
        ),
        sa.CheckConstraint(
            "occasion IN ('invitation', 'reminder', 'news')", name=op.f("ck_notices_occasion")
        ),
    )
    op.create_index("ix_notices_campaign_id", "notices", ["campaign_id"])
    op.create_index("ix_notices_status", "notices", ["status", "id"])
    op.create_table(
        "notice_files",
        sa.Column("notice_id", GENERATED, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("mime", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("telegram_id", sa.Text),
        sa.PrimaryKeyConstraint("notice_id", name="pk_notice_files"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_notice_files_notice_id"),
        sa.CheckConstraint("kind IN ('photo', 'voice')", name=op.f("ck_notice_files_kind")),
    )
    op.create_table(
        "audiences",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("definition", Json, nullable=False),
        sa.Column("created_by", GENERATED, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audiences"),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name="fk_audiences_created_by"),
        sa.UniqueConstraint("created_by", "name", name="uq_audiences_created_by"),
    )


def _create_ledger() -> None:
    op.create_table(
        "recipients",
        sa.Column("notice_id", GENERATED, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("application_id", GENERATED),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("queued_at", UtcTime, nullable=False),
        sa.Column("not_before", UtcTime),
        sa.Column("claimed_at", UtcTime),
        sa.Column("settled_at", UtcTime),
        sa.Column("message_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("notice_id", "chat_id", name="pk_recipients"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_recipients_notice_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["contacts.chat_id"], name="fk_recipients_chat_id"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_recipients_application_id"
        ),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'uncertain', 'failed',"
            " 'expired', 'cancelled', 'opted_out')",
            name=op.f("ck_recipients_status"),
        ),
    )
    op.create_index("ix_recipients_chat_id_settled_at", "recipients", ["chat_id", "settled_at"])
    op.create_index(
        "ix_recipients_notice_id_status", "recipients", ["notice_id", "status", "chat_id"]
    )
    op.create_index(
        "ix_recipients_sending",
        "recipients",
        ["status"],
        sqlite_where=sa.text("status = 'sending'"),
        postgresql_where=sa.text("status = 'sending'"),
    )
    op.create_index(
        "ix_recipients_queued",
        "recipients",
        ["notice_id", "not_before", "chat_id"],
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_table(
        "notice_answers",
        sa.Column("notice_id", GENERATED, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "chat_id", "answer", name="pk_notice_answers"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_notice_answers_notice_id"),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["contacts.chat_id"], name="fk_notice_answers_chat_id"
        ),
    )
    op.create_table(
        "opt_outs",
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "topic", name="pk_opt_outs"),
        sa.ForeignKeyConstraint(["chat_id"], ["contacts.chat_id"], name="fk_opt_outs_chat_id"),
        sa.CheckConstraint(
            "topic IN ('campaigns', 'benefits', 'my_application')", name=op.f("ck_opt_outs_topic")
        ),
    )


def _create_event_days() -> None:
    op.create_table(
        "attendances",
        sa.Column("campaign_id", GENERATED, nullable=False),
        sa.Column("application_id", GENERATED, nullable=False),
        sa.Column("coming", sa.Boolean),
        sa.Column("answered_at", UtcTime),
        sa.Column("checked_in_at", UtcTime),
        sa.Column("checked_in_by", GENERATED),
        sa.Column("told_to_wait_at", UtcTime),
        sa.PrimaryKeyConstraint("campaign_id", "application_id", name="pk_attendances"),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name="fk_attendances_campaign_id"
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_attendances_application_id"
        ),
        sa.ForeignKeyConstraint(
            ["checked_in_by"], ["staff.id"], name="fk_attendances_checked_in_by"
        ),
    )
    op.create_index("ix_attendances_application_id", "attendances", ["application_id"])
    turns = ["campaign_id", "coming", "answered_at", "application_id"]
    op.create_index("ix_attendances_turns", "attendances", turns)
    op.create_index(
        "ix_attendances_waits",
        "attendances",
        ["campaign_id", "answered_at"],
        sqlite_where=sa.text("told_to_wait_at IS NOT NULL"),
        postgresql_where=sa.text("told_to_wait_at IS NOT NULL"),
    )
    op.create_table(
        "reminders",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("campaign_id", GENERATED, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("notice_id", GENERATED),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_reminders_campaign_id"),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name="fk_reminders_notice_id"),
        sa.CheckConstraint(
            "status IN ('pending', 'made', 'expired')", name=op.f("ck_reminders_status")
        ),
        sa.UniqueConstraint("campaign_id", "kind", name="uq_reminders_campaign_id"),
    )
    op.create_index("ix_reminders_status_due_at", "reminders", ["status", "due_at"])


def _create_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("staff_id", GENERATED),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
        sa.Column("warned", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer),
        sa.Column("began_at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_imports_staff_id"),
        sa.CheckConstraint(
            "status IN ('running', 'done', 'stopped')", name=op.f("ck_imports_status")
        ),
    )
    op.create_table(
        "import_errors",
        sa.Column("id", GENERATED, nullable=False),
        sa.Column("import_id", GENERATED, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("column", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_errors"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_import_errors_import_id"),
        sa.CheckConstraint(
            "kind IN ('error', 'changed', 'warning')", name=op.f("ck_import_errors_kind")
        ),
    )
    op.create_index("ix_import_errors_import_id", "import_errors", ["import_id"])
    op.create_table(
        "imported_rows",
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("print", sa.Text, nullable=False),
        sa.Column("application_id", GENERATED, nullable=False),
        sa.Column("import_id", GENERATED, nullable=False),
        sa.PrimaryKeyConstraint("tag", name="pk_imported_rows"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_imported_rows_application_id"
        ),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_imported_rows_import_id"),
    )
    op.create_index("ix_imported_rows_application_id", "imported_rows", ["application_id"])


def _create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("offered_at", UtcTime, nullable=False),
        sa.Column("phone", Personal),
        sa.Column("awaits", sa.Text),
        sa.Column("asked_at", UtcTime),
        sa.Column("year", sa.Integer),
        sa.Column("application_id", GENERATED),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_claims"),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name="fk_claims_application_id"
        ),
    )
