"""What officers read of an application: its standing, its signs, its acts, in words by code."""

from collections.abc import Mapping

from domain.applications import Status
from domain.cases import Act, Hindrance
from domain.claiming import UNLOCKED
from domain.duplicates import Sign
from domain.texts import Text, message

BADGES: Mapping[Status, str] = {
    Status.SUBMITTED: "info",
    Status.IN_REVIEW: "info",
    Status.NEEDS_CORRECTION: "due",
    Status.APPROVED: "ok",
    Status.REJECTED: "late",
    Status.WITHDRAWN: "off",
}
"""The badge of each status; its words say the same without the colour."""

FLAGS: Mapping[str, tuple[Text, Text]] = {
    "possible_duplicate": (
        message("case.flag.possible_duplicate"),
        message("case.flag.possible_duplicate_means"),
    ),
    "no_card": (message("case.flag.no_card"), message("case.flag.no_card_means")),
    "eight_digits": (message("case.flag.eight_digits"), message("case.flag.eight_digits_means")),
    "minor": (message("case.flag.minor"), message("case.flag.minor_means")),
}
"""What to look at, and what it means."""

SIGNS: Mapping[Sign, Text] = {
    Sign.SAME_ID: message("case.sign.same_id"),
    Sign.CLOSE_ID: message("case.sign.close_id"),
    Sign.SAME_NAME: message("case.sign.same_name"),
    Sign.CLOSE_NAME: message("case.sign.close_name"),
    Sign.SAME_BIRTH: message("case.sign.same_birth"),
    Sign.CLOSE_BIRTH: message("case.sign.close_birth"),
    Sign.SAME_PLACE: message("case.sign.same_place"),
    Sign.SAME_PHONE: message("case.sign.same_phone"),
}

PURPOSES: Mapping[str, Text] = {
    "registration": message("case.consent.registration"),
    "sensitive": message("case.consent.sensitive"),
    "notices": message("case.consent.notices"),
}

GIVERS: Mapping[str, Text] = {
    "self": message("case.consent.self"),
    "present": message("case.consent.present"),
    "guardian": message("case.consent.guardian"),
}

PHONE_IS: Mapping[str, Text] = {
    "own": message("case.phone.own"),
    "typed": message("case.phone.typed"),
    "helper": message("case.phone.helper"),
}

PAST: Mapping[str, Text] = {
    Act.SUBMIT: message("case.past.submit"),
    Act.TAKE: message("case.past.take"),
    Act.RELEASE: message("case.past.release"),
    Act.HAND_OVER: message("case.past.hand_over"),
    Act.APPROVE: message("case.past.approve"),
    Act.REJECT: message("case.past.reject"),
    Act.REQUEST_CORRECTION: message("case.past.request_correction"),
    Act.MARK_AS_DUPLICATE: message("case.past.mark_as_duplicate"),
    Act.UNDO_MERGE: message("case.past.undo_merge"),
    Act.ACCEPT_CHANGE: message("case.past.accept_change"),
    Act.DECLINE_CHANGE: message("case.past.decline_change"),
    Act.REVOKE: message("case.past.revoke"),
    Act.CORRECT: message("case.past.correct"),
    Act.APPEAL: message("case.past.appeal"),
    Act.WITHDRAW: message("case.past.withdraw"),
    Act.REQUEST_CHANGE: message("case.past.request_change"),
    "explain_appeal": message("case.past.explain_appeal"),
    "add_note": message("case.past.add_note"),
    "dismiss_pair": message("case.past.dismiss_pair"),
    "claim": message("case.past.claim"),
    UNLOCKED: message("case.past.unlock_claims"),
    "ask_question": message("case.past.ask_question"),
    "take_back_question": message("case.past.take_back_question"),
}
"""Acts as the history tells them; what is not here, such as a look, it leaves to the audit log."""

DONE: Mapping[str, Text] = {
    Act.TAKE: message("case.done.take"),
    Act.RELEASE: message("case.done.release"),
    Act.HAND_OVER: message("case.done.hand_over"),
    Act.APPROVE: message("case.done.approve"),
    Act.REJECT: message("case.done.reject"),
    Act.REQUEST_CORRECTION: message("case.done.request_correction"),
    Act.MARK_AS_DUPLICATE: message("case.done.mark_as_duplicate"),
    Act.UNDO_MERGE: message("case.done.undo_merge"),
    Act.ACCEPT_CHANGE: message("case.done.accept_change"),
    Act.DECLINE_CHANGE: message("case.done.decline_change"),
    Act.REVOKE: message("case.done.revoke"),
    "add_note": message("case.done.add_note"),
    "dismiss_pair": message("case.done.dismiss_pair"),
    UNLOCKED: message("case.done.unlock_claims"),
}
"""What is said after an act, on the next page."""

_HINDRANCES: Mapping[Hindrance, Text] = {
    Hindrance.WRONG_STATUS: message("case.hindrance.wrong_status"),
    Hindrance.ALREADY_DECIDED: message("case.hindrance.already_decided"),
    Hindrance.NOT_TAKEN: message("case.hindrance.not_taken"),
    Hindrance.OWN_DECISION: message("case.hindrance.own_decision"),
    Hindrance.OWN_APPLICATION: message("case.hindrance.own_application"),
    Hindrance.OWN_REGISTRATION: message("case.hindrance.own_registration"),
    Hindrance.APPEALED_BEFORE: message("case.hindrance.appealed_before"),
    Hindrance.STILL_MERGED: message("case.hindrance.still_merged"),
}


def word_hindrance(hindrance: Hindrance, holder: str | None) -> Text:
    """Say why an act is not possible; `holder` is the name of who has the case."""
    if hindrance is not Hindrance.TAKEN_BY_ANOTHER:
        return _HINDRANCES[hindrance]
    if holder is None:
        return message("case.hindrance.taken_by_somebody")
    return message("case.hindrance.taken_by_another", name=holder)
