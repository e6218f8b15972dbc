"""Why an office decides as it does: each reason says what, why, and what to do next."""

from dataclasses import dataclass

from domain.cases import Act
from domain.texts import PlaceName, Text, message


@dataclass(frozen=True)
class Reason:
    """A reason by its code; `label` is for officers, the rest is told to the worker."""

    code: str
    acts: frozenset[Act]
    label: Text
    what: Text
    why: Text
    next: Text


_REFUSALS = frozenset({Act.REJECT, Act.REVOKE})
_REJECTIONS = frozenset({Act.REJECT})
_CORRECTIONS = frozenset({Act.REQUEST_CORRECTION})
_DECLINED_CHANGES = frozenset({Act.DECLINE_CHANGE})

REASONS: tuple[Reason, ...] = (
    Reason(
        "outside_programme",
        _REFUSALS,
        message("reason.outside_programme.label"),
        message("reason.outside_programme.what"),
        message("reason.outside_programme.why"),
        message("reason.outside_programme.next"),
    ),
    Reason(
        "too_large",
        _REFUSALS,
        message("reason.too_large.label"),
        message("reason.too_large.what"),
        message("reason.too_large.why"),
        message("reason.too_large.next"),
    ),
    Reason(
        "identity_mismatch",
        _REFUSALS,
        message("reason.identity_mismatch.label"),
        message("reason.identity_mismatch.what"),
        message("reason.identity_mismatch.why"),
        message("reason.identity_mismatch.next"),
    ),
    Reason(
        "identity_not_shown",
        _REJECTIONS,
        message("reason.identity_not_shown.label"),
        message("reason.identity_not_shown.what"),
        message("reason.identity_not_shown.why"),
        message("reason.identity_not_shown.next"),
    ),
    Reason(
        "not_true",
        _REFUSALS,
        message("reason.not_true.label"),
        message("reason.not_true.what"),
        message("reason.not_true.why"),
        message("reason.not_true.next"),
    ),
    Reason(
        "not_reached",
        _REJECTIONS,
        message("reason.not_reached.label"),
        message("reason.not_reached.what"),
        message("reason.not_reached.why"),
        message("reason.not_reached.next"),
    ),
    Reason(
        "issued_in_error",
        frozenset({Act.REVOKE}),
        message("reason.issued_in_error.label"),
        message("reason.issued_in_error.what"),
        message("reason.issued_in_error.why"),
        message("reason.issued_in_error.next"),
    ),
    Reason(
        "duplicate",
        frozenset({Act.MARK_AS_DUPLICATE}),
        message("reason.duplicate.label"),
        message("reason.duplicate.what"),
        message("reason.duplicate.why"),
        message("reason.duplicate.next"),
    ),
    Reason(
        "unclear",
        _CORRECTIONS,
        message("reason.unclear.label"),
        message("reason.unclear.what"),
        message("reason.unclear.why"),
        message("reason.unclear.next"),
    ),
    Reason(
        "differs_from_card",
        _CORRECTIONS,
        message("reason.differs_from_card.label"),
        message("reason.differs_from_card.what"),
        message("reason.differs_from_card.why"),
        message("reason.differs_from_card.next"),
    ),
    Reason(
        "does_not_fit",
        _CORRECTIONS,
        message("reason.does_not_fit.label"),
        message("reason.does_not_fit.what"),
        message("reason.does_not_fit.why"),
        message("reason.does_not_fit.next"),
    ),
    Reason(
        "photo_unclear",
        _CORRECTIONS,
        message("reason.photo_unclear.label"),
        message("reason.photo_unclear.what"),
        message("reason.photo_unclear.why"),
        message("reason.photo_unclear.next"),
    ),
    Reason(
        "phone_not_answering",
        _CORRECTIONS,
        message("reason.phone_not_answering.label"),
        message("reason.phone_not_answering.what"),
        message("reason.phone_not_answering.why"),
        message("reason.phone_not_answering.next"),
    ),
    Reason(
        "change_not_shown",
        _DECLINED_CHANGES,
        message("reason.change_not_shown.label"),
        message("reason.change_not_shown.what"),
        message("reason.change_not_shown.why"),
        message("reason.change_not_shown.next"),
    ),
    Reason(
        "change_outside_programme",
        _DECLINED_CHANGES,
        message("reason.change_outside_programme.label"),
        message("reason.change_outside_programme.what"),
        message("reason.change_outside_programme.why"),
        message("reason.change_outside_programme.next"),
    ),
)

_BY_CODE = {reason.code: reason for reason in REASONS}


def find_reason(code: str) -> Reason | None:
    """Find a reason by its code."""
    return _BY_CODE.get(code)


def reasons_for(act: Act) -> tuple[Reason, ...]:
    """List the reasons that an act may have."""
    return tuple(reason for reason in REASONS if act in reason.acts)


def where_to_ask(office: str) -> Text:
    """Say where to ask: by a message in the same chat, or at the office of the province."""
    return message("reason.where", office=PlaceName(office[:2], short=True))
