"""Every table, as the newest migration leaves it."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy import Table as _Table
from sqlalchemy.types import TypeEngine

from db.types import Json, Personal, PersonalJson, SearchKey, UtcTime

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


def _where(condition: str) -> dict[str, Any]:
    """Let an index hold only the rows for which a condition is true."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


FROM_OUTSIDE = "(chat_id IS NULL OR substr(draft_tag, 1, 7) = 'import:')"
"""Applications that did not begin in a chat, also once somebody has proven in one to be theirs."""

_WAITING = _where("waiting IS NOT NULL")
_TAKEN = _where("assigned_to IS NOT NULL")
_TOLD_TO_WAIT = _where("told_to_wait_at IS NOT NULL")

_FILTERED = (
    "office",
    "assigned_to",
    "status",
    "waiting",
    "place",
    "occupation",
    "source",
    "flags",
)
"""What officers filter by: in an index, so that rows are read only once they are found to fit."""

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

staff = _Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", BigInteger),
    Column("name", Personal, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("chat_id"),
)

staff_grants = _Table(
    "staff_grants",
    metadata,
    Column("staff_id", ForeignKey("staff.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    one_of("role", "officer", "campaign_manager", "benefit_owner", "analyst", "administrator"),
    CheckConstraint("length(place) IN (0, 2, 4)", name="place"),
)

staff_links = _Table(
    "staff_links",
    metadata,
    Column("secret_hash", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("staff_id", ForeignKey("staff.id")),
    Column("grants", PersonalJson),
    Column("created_by", ForeignKey("staff.id")),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
    Column("used_at", UtcTime),
    one_of("purpose", "sign_in", "invitation"),
)

staff_sessions = _Table(
    "staff_sessions",
    metadata,
    Column("secret_hash", Text, primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False, index=True),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Column("origin", Text, nullable=False),
)

audit_events = _Table(
    "audit_events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", BigInteger),
    Column("origin", Text, nullable=False),
    Column("details", Json, nullable=False),
    Column("link", Text, nullable=False),
    one_of("actor_kind", "worker", "staff", "program"),
    Index("ix_audit_events_subject_id", "subject", "id"),
    sqlite_autoincrement=True,
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
    Column("worker_id", ForeignKey("workers.id"), nullable=False),
    Column("chat_id", ForeignKey("contacts.chat_id"), index=True),
    Column("draft_tag", Text, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("for_whom", Text, nullable=False),
    Column("workplace", PersonalJson, nullable=False),
    Column("support", Json, nullable=False),
    Column("background", PersonalJson, nullable=False),
    Column("flags", Json, nullable=False),
    Column("source", Text),
    Column("answers", PersonalJson, nullable=False),
    Column("submitted_at", UtcTime, nullable=False),
    Column("answer_due_on", Date, nullable=False),
    Column("office", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("occupation", Text, nullable=False),
    Column("waiting", Text),
    Column("due_at", UtcTime),
    Column("assigned_to", ForeignKey("staff.id")),
    Column("decided_by", ForeignKey("staff.id")),
    Column("decided_at", UtcTime),
    Column("reason", Text),
    Column("appealed", Boolean, nullable=False),
    Column("duplicate_of", Text),
    Column("registered_by", ForeignKey("staff.id")),
    UniqueConstraint("number"),
    UniqueConstraint("chat_id", "draft_tag"),
    Index("ix_applications_draft_tag", "draft_tag", unique=True, **_where(FROM_OUTSIDE)),
    Index("ix_applications_worker_id", "worker_id", "office"),
    Index("ix_applications_queue", "due_at", "id", *_FILTERED, **_WAITING),
    Index("ix_applications_office_queue", "office", "due_at", "id", **_WAITING),
    Index("ix_applications_assigned_to", "assigned_to", "due_at", "id", **_TAKEN),
    Index("ix_applications_submitted_at", "submitted_at", "id", *_FILTERED),
    Index("ix_applications_status_submitted_at", "status", "submitted_at", "id"),
    Index("ix_applications_office", "office", "submitted_at", "id"),
    one_of("waiting", "decision", "appeal", "change"),
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

worker_keys = _Table(
    "worker_keys",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("key", SearchKey, primary_key=True),
    Column("worker_id", ForeignKey("workers.id"), primary_key=True, index=True),
    one_of("kind", "name", "match", "phone"),
)

duplicate_pairs = _Table(
    "duplicate_pairs",
    metadata,
    Column("application_id", ForeignKey("applications.id"), primary_key=True),
    Column("other_id", ForeignKey("applications.id"), primary_key=True, index=True),
    Column("percent", Integer, nullable=False),
    Column("signs", Json, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Column("dismissed_by", ForeignKey("staff.id")),
    Column("dismissed_at", UtcTime),
)

merges = _Table(
    "merges",
    metadata,
    Column("id", Id, primary_key=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("kept_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("former", Json, nullable=False),
    Column("merged_by", ForeignKey("staff.id"), nullable=False),
    Column("merged_at", UtcTime, nullable=False),
    Column("undone_by", ForeignKey("staff.id")),
    Column("undone_at", UtcTime),
)

change_requests = _Table(
    "change_requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("item", Text, nullable=False),
    Column("answers", PersonalJson, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("decided_at", UtcTime),
    Column("accepted", Boolean),
)

corrections = _Table(
    "corrections",
    metadata,
    Column("id", Id, primary_key=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("item", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
)

notes = _Table(
    "notes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("staff_id", ForeignKey("staff.id")),
    Column("body", Personal, nullable=False),
    Column("at", UtcTime, nullable=False),
)

certificates = _Table(
    "certificates",
    metadata,
    Column("id", Id, primary_key=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("number", Text, nullable=False, index=True),
    Column("code", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("details", PersonalJson, nullable=False),
    Column("issued_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
)

questions = _Table(
    "questions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chat_id", ForeignKey("contacts.chat_id"), nullable=False, index=True),
    Column("office", Text),
    Column("number", Text),
    Column("status", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
    one_of("status", "unplaced", "open", "answered", "withdrawn"),
    Index("ix_questions_status_asked_at", "status", "asked_at"),
)

question_messages = _Table(
    "question_messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("question_id", ForeignKey("questions.id"), nullable=False, index=True),
    Column("staff_id", ForeignKey("staff.id")),
    Column("body", Personal, nullable=False),
    Column("at", UtcTime, nullable=False),
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
    Column("attachment", Text),
    Column("status", Text, nullable=False),
    Column("error", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("progress_of", BigInteger),
    one_of("status", "queued", "failed"),
    Index("ix_outgoing_calls_status_id", "status", "id"),
    Index(
        "ix_outgoing_calls_progress_of",
        "status",
        "progress_of",
        **_where("progress_of IS NOT NULL"),
    ),
    sqlite_autoincrement=True,  # a key that was dropped must not come back for another call
)

heartbeats = _Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

lane_rests = _Table(
    "lane_rests",
    metadata,
    Column("lane", Text, primary_key=True),
    Column("began_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
    one_of("lane", "reply", "staff", "bulk"),
)

campaigns = _Table(
    "campaigns",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", Text, nullable=False),
    Column("name_km", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("venue_km", Text, nullable=False),
    Column("venue_en", Text, nullable=False),
    Column("held_on", Date, nullable=False, index=True),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("capacity", Integer),
    Column("target", Integer),
    Column("partner", Text),
    Column("status", Text, nullable=False),
    Column("told_km", Text),
    Column("told_en", Text),
    Column("created_by", ForeignKey("staff.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("code"),
    one_of("status", "planned", "cancelled", "held"),
    CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
)

notices = _Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("author_id", ForeignKey("staff.id"), nullable=False),
    Column("campaign_id", ForeignKey("campaigns.id"), index=True),
    Column("occasion", Text),
    Column("title", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("approvals", Json, nullable=False),
    Column("writers", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("places", Json),
    Column("paused_by", ForeignKey("staff.id")),
    Column("content", Json, nullable=False),
    Column("audience", Json, nullable=False),
    Column("starts_at", UtcTime),
    Column("send_by", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("asked_at", UtcTime),
    Column("approved_at", UtcTime),
    Column("started_at", UtcTime),
    Column("joined_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("progress_message_id", BigInteger),
    Column("progress_told_at", UtcTime),
    Column("moved_at", UtcTime),
    Column("stalled_at", UtcTime),
    one_of(
        "status",
        "draft",
        "pending_approval",
        "approved",
        "sending",
        "paused",
        "completed",
        "cancelled",
    ),
    one_of("topic", "campaigns", "benefits", "my_application"),
    one_of("occasion", "invitation", "reminder", "news"),
    Index("ix_notices_status", "status", "id"),
)

notice_files = _Table(
    "notice_files",
    metadata,
    Column("notice_id", ForeignKey("notices.id"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("telegram_id", Text),
    one_of("kind", "photo", "voice"),
)

recipients = _Table(
    "recipients",
    metadata,
    Column("notice_id", ForeignKey("notices.id"), primary_key=True),
    Column("chat_id", ForeignKey("contacts.chat_id"), primary_key=True),
    Column("application_id", ForeignKey("applications.id")),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("queued_at", UtcTime, nullable=False),
    Column("not_before", UtcTime),
    Column("claimed_at", UtcTime),
    Column("settled_at", UtcTime),
    Column("message_id", BigInteger),
    one_of(
        "status",
        "queued",
        "sending",
        "sent",
        "uncertain",
        "failed",
        "expired",
        "cancelled",
        "opted_out",
    ),
    Index("ix_recipients_notice_id_status", "notice_id", "status", "chat_id"),
    Index("ix_recipients_chat_id_settled_at", "chat_id", "settled_at"),
    Index("ix_recipients_sending", "status", **_where("status = 'sending'")),
    Index(
        "ix_recipients_queued", "notice_id", "not_before", "chat_id", **_where("status = 'queued'")
    ),
)

notice_answers = _Table(
    "notice_answers",
    metadata,
    Column("notice_id", ForeignKey("notices.id"), primary_key=True),
    Column("chat_id", ForeignKey("contacts.chat_id"), primary_key=True),
    Column("answer", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)

opt_outs = _Table(
    "opt_outs",
    metadata,
    Column("chat_id", ForeignKey("contacts.chat_id"), primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
    one_of("topic", "campaigns", "benefits", "my_application"),
)

audiences = _Table(
    "audiences",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("definition", Json, nullable=False),
    Column("created_by", ForeignKey("staff.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("created_by", "name"),
)

attendances = _Table(
    "attendances",
    metadata,
    Column("campaign_id", ForeignKey("campaigns.id"), primary_key=True),
    Column("application_id", ForeignKey("applications.id"), primary_key=True),
    Column("coming", Boolean),
    Column("answered_at", UtcTime),
    Column("checked_in_at", UtcTime),
    Column("checked_in_by", ForeignKey("staff.id")),
    Column("told_to_wait_at", UtcTime),
    Index("ix_attendances_application_id", "application_id"),
    Index("ix_attendances_turns", "campaign_id", "coming", "answered_at", "application_id"),
    Index("ix_attendances_waits", "campaign_id", "answered_at", **_TOLD_TO_WAIT),
)

reminders = _Table(
    "reminders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("campaign_id", ForeignKey("campaigns.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("status", Text, nullable=False),
    Column("notice_id", ForeignKey("notices.id")),
    UniqueConstraint("campaign_id", "kind"),
    one_of("status", "pending", "made", "expired"),
    Index("ix_reminders_status_due_at", "status", "due_at"),
)

imports = _Table(
    "imports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("filename", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("staff_id", ForeignKey("staff.id")),
    Column("status", Text, nullable=False),
    Column("reason", Text),
    Column("rows", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("warned", Integer, nullable=False),
    Column("total", Integer),
    Column("began_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    one_of("status", "running", "done", "stopped"),
)

import_errors = _Table(
    "import_errors",
    metadata,
    Column("id", Id, primary_key=True),
    Column("import_id", ForeignKey("imports.id"), nullable=False, index=True),
    Column("row", Integer, nullable=False),
    Column("column", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("details", Json, nullable=False),
    Column("kind", Text, nullable=False),
    one_of("kind", "error", "changed", "warning"),
)

imported_rows = _Table(
    "imported_rows",
    metadata,
    Column("tag", Text, primary_key=True),
    Column("print", Text, nullable=False),
    Column("application_id", ForeignKey("applications.id"), nullable=False, index=True),
    Column("import_id", ForeignKey("imports.id"), nullable=False),
)

claims = _Table(
    "claims",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("offered_at", UtcTime, nullable=False),
    Column("phone", Personal),
    Column("awaits", Text),
    Column("asked_at", UtcTime),
    Column("year", Integer),
    Column("application_id", ForeignKey("applications.id")),
    Column("tries", Integer, nullable=False),
)
