"""Notices in words: where they stand, whom they reach, and why something is not possible."""

from collections.abc import Mapping

from db.audiences import Reach
from domain.audiences import Field
from domain.notice_content import ButtonKind
from domain.notices import Refusal, Status, Topic
from domain.problems import Problem
from domain.texts import Code, Text, message
from services.notice_audiences import OF_DAYS

STATUSES: Mapping[Status, Text] = {
    Status.DRAFT: message("notices.status.draft"),
    Status.PENDING_APPROVAL: message("notices.status.pending_approval"),
    Status.APPROVED: message("notices.status.approved"),
    Status.SENDING: message("notices.status.sending"),
    Status.PAUSED: message("notices.status.paused"),
    Status.COMPLETED: message("notices.status.completed"),
    Status.CANCELLED: message("notices.status.cancelled"),
}
BADGES: Mapping[Status, str] = {
    Status.DRAFT: "off",
    Status.PENDING_APPROVAL: "due",
    Status.APPROVED: "info",
    Status.SENDING: "info",
    Status.PAUSED: "due",
    Status.COMPLETED: "ok",
    Status.CANCELLED: "off",
}
GROUPS: tuple[tuple[Text, frozenset[Status]], ...] = (
    (message("notices.group.under_way"), frozenset({Status.SENDING, Status.PAUSED})),
    (message("notices.group.waiting"), frozenset({Status.PENDING_APPROVAL, Status.APPROVED})),
    (message("notices.group.drafts"), frozenset({Status.DRAFT})),
    (message("notices.group.ended"), frozenset({Status.COMPLETED, Status.CANCELLED})),
)
"""The parts of the list, in its order."""

TOPICS: Mapping[Topic, Text] = {
    Topic.CAMPAIGNS: message("notices.topic.campaigns"),
    Topic.BENEFITS: message("notices.topic.benefits"),
    Topic.MY_APPLICATION: message("notices.topic.my_application"),
}
REFUSALS: Mapping[Refusal, Text] = {
    Refusal.WRONG_STATUS: message("notices.refused.wrong_status"),
    Refusal.OWN_NOTICE: message("notices.refused.own_notice"),
    Refusal.HELD_BY_COLLEAGUE: message("notices.refused.held_by_colleague"),
    Refusal.ISSUED_BY_PROGRAM: message("notices.refused.issued_by_program"),
    Refusal.APPROVED_BEFORE: message("notices.refused.approved_before"),
    Refusal.CHANGED: message("notices.refused.changed"),
    Refusal.INCOMPLETE: message("notices.refused.incomplete"),
    Refusal.BEYOND_PLACES: message("notices.wrong.not_your_day"),
    Refusal.TOO_LATE: message("notices.refused.too_late"),
    Refusal.NIGHT: message("notices.refused.night"),
    Refusal.CANCEL_WINDOW: message("notices.refused.cancel_window"),
}
NOT_THEIRS: Mapping[str, tuple[str, Text]] = {
    Field.PLACE: ("all.place", message("notices.wrong.beyond_places")),
    Field.RECEIVED: ("audience", message("notices.wrong.not_your_notice")),
    Field.ANSWERED: ("audience", message("notices.wrong.not_your_notice")),
    Field.AUDIENCE: ("audience", message("notices.wrong.combined")),
    **{field: ("audience", message("notices.wrong.unseen_day")) for field in OF_DAYS},
    ButtonKind.RSVP: ("buttons", message("notices.wrong.not_your_day")),
}
"""What is said if a writer may not use something, and beside which field."""

RECIPIENTS: Mapping[str, tuple[Text, str]] = {
    "sent": (message("notices.recipient.sent"), ""),
    "queued": (message("notices.recipient.queued"), ""),
    "sending": (message("notices.recipient.sending"), ""),
    "uncertain": (message("notices.recipient.uncertain"), "due"),
    "failed": (message("notices.recipient.failed"), "late"),
    "expired": (message("notices.recipient.expired"), ""),
    "cancelled": (message("notices.recipient.cancelled"), ""),
    "opted_out": (message("notices.recipient.opted_out"), ""),
}
"""How sending to somebody ended, in the order of the page, with the tone of its figure."""

SAMPLED: Mapping[str, tuple[Text, Text]] = {
    "km": (message("notices.sample_in.km"), message("notices.sample_also.km")),
    "en": (message("notices.sample_in.en"), message("notices.sample_also.en")),
}
"""In which language somebody gets a notice, and what the other one is called."""

PAST: Mapping[str, Text] = {
    "write_notice": message("notices.did.write"),
    "copy_notice": message("notices.did.copy"),
    "submit_notice": message("notices.did.submit"),
    "return_notice": message("notices.did.return"),
    "approve_notice": message("notices.did.approve"),
    "start_notice": message("notices.did.start"),
    "pause_notice": message("notices.did.pause"),
    "resume_notice": message("notices.did.resume"),
    "stop_notice": message("notices.did.stop"),
    "complete_notice": message("notices.did.complete"),
    "resend_notice": message("notices.did.resend"),
}
"""What was done with a notice, by the act in the audit log."""


def say_why_closed(status: Status) -> Text:
    """Say why what is no draft cannot be changed, and what to do."""
    return CLOSED.get(status) or message("notices.closed.started")


CLOSED: Mapping[Status, Text] = {
    Status.PENDING_APPROVAL: message("notices.closed.pending_approval"),
    Status.APPROVED: message("notices.closed.approved"),
}


def word_left_out(reach: Reach) -> list[Text]:
    """Say how many fit an audience and would get nothing, and why."""
    words = (
        (reach.declined, message("notices.left_out.declined", count=reach.declined)),
        (reach.switched_off, message("notices.left_out.switched_off", count=reach.switched_off)),
        (reach.unreachable, message("notices.left_out.unreachable", count=reach.unreachable)),
    )
    return [said for count, said in words if count]


def word_flaw(problem: Problem) -> Text:
    """Say kindly what is wrong with what a notice says."""
    params = problem.params
    match problem.code:
        case "notice.unknown-placeholder":
            return message("notices.flaw.unknown_placeholder", name=Code(params["name"]))
        case "notice.too-long":
            return message("notices.flaw.too_long", longest=int(params["longest"]))
        case "notice.too-many-buttons":
            return message("notices.flaw.too_many_buttons", most=int(params["most"]))
        case "notice.choices":
            bounds = {name: int(params[name]) for name in ("fewest", "most")}
            return message("notices.flaw.choices", **bounds)
        case "notice.label-too-long":
            return message("notices.flaw.label_too_long", longest=int(params["longest"]))
    return FLAWS.get(problem.code) or message("notices.flaw.other")


FLAWS: Mapping[str, Text] = {
    "notice.empty": message("notices.flaw.empty"),
    "notice.other-language": message("notices.flaw.other_language"),
    "notice.lone-brace": message("notices.flaw.lone_brace"),
    "notice.touching-placeholders": message("notices.flaw.touching_placeholders"),
    "notice.placeholder-in-link": message("notices.flaw.placeholder_in_link"),
    "notice.no-such-place": message("notices.flaw.no_such_place"),
    "notice.wrong-address": message("notices.flaw.wrong_address"),
    "notice.no-such-campaign": message("notices.flaw.no_such_campaign"),
    "notice.label-needed": message("notices.flaw.label_needed"),
    "notice.same-choices": message("notices.flaw.same_choices"),
}

PLACEHOLDER_WORDS: Mapping[str, Text] = {
    "given_name": message("notices.placeholder.given_name"),
    "full_name": message("notices.placeholder.full_name"),
    "number": message("notices.placeholder.number"),
    "province": message("notices.placeholder.province"),
    "district": message("notices.placeholder.district"),
    "occupation": message("notices.placeholder.occupation"),
}
"""What each placeholder stands for."""
