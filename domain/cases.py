"""The way of an application through the office: which act is possible when, and by whom."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.applications import Status
from domain.staff import Staff


class Waiting(StrEnum):
    """What the office owes an answer to."""

    DECISION = "decision"
    APPEAL = "appeal"
    CHANGE = "change"


class Act(StrEnum):
    """What can be done with an application (words of OpenCRVS)."""

    SUBMIT = "submit"
    TAKE = "take"
    RELEASE = "release"
    HAND_OVER = "hand_over"
    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CORRECTION = "request_correction"
    MARK_AS_DUPLICATE = "mark_as_duplicate"
    UNDO_MERGE = "undo_merge"
    ACCEPT_CHANGE = "accept_change"
    DECLINE_CHANGE = "decline_change"
    REVOKE = "revoke"
    CORRECT = "correct"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    REQUEST_CHANGE = "request_change"


class Hindrance(StrEnum):
    """Why an act is not possible."""

    WRONG_STATUS = "wrong_status"
    ALREADY_DECIDED = "already_decided"
    TAKEN_BY_ANOTHER = "taken_by_another"
    NOT_TAKEN = "not_taken"
    OWN_DECISION = "own_decision"
    OWN_APPLICATION = "own_application"
    OWN_REGISTRATION = "own_registration"
    APPEALED_BEFORE = "appealed_before"
    STILL_MERGED = "still_merged"


class NotPossible(Exception):
    """An act that an application's standing does not allow."""

    def __init__(self, act: Act, hindrance: Hindrance) -> None:
        super().__init__(f"{act}: {hindrance}")
        self.act = act
        self.hindrance = hindrance


@dataclass(frozen=True)
class Case:
    """The standing of an application.

    `chat_id` is None as long as nobody has come to a chat for it. `office` is the district that
    answers for it, `due_at` the end of the promise, `assigned_to` and `decided_by` are ids of
    staff, `duplicate_of` the number of the application that stays; `registered_by` is the id of
    who made it for somebody at a desk.
    """

    number: str
    chat_id: int | None
    office: str
    status: Status = Status.SUBMITTED
    waiting: Waiting | None = Waiting.DECISION
    due_at: datetime | None = None
    assigned_to: int | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    appealed: bool = False
    duplicate_of: str | None = None
    registered_by: int | None = None


UNDECIDED = frozenset({Status.SUBMITTED, Status.IN_REVIEW})

ALLOWED: dict[Act, frozenset[Status]] = {
    Act.TAKE: frozenset({Status.SUBMITTED, Status.NEEDS_CORRECTION, Status.APPROVED}),
    Act.RELEASE: frozenset({Status.IN_REVIEW, Status.APPROVED}),
    Act.HAND_OVER: frozenset({Status.SUBMITTED, Status.IN_REVIEW, Status.APPROVED}),
    Act.APPROVE: frozenset({Status.IN_REVIEW}),
    Act.REJECT: frozenset({Status.IN_REVIEW}),
    Act.REQUEST_CORRECTION: frozenset({Status.IN_REVIEW}),
    Act.MARK_AS_DUPLICATE: frozenset({Status.IN_REVIEW}),
    Act.UNDO_MERGE: frozenset({Status.REJECTED, Status.SUBMITTED, Status.IN_REVIEW}),
    Act.ACCEPT_CHANGE: frozenset({Status.APPROVED}),
    Act.DECLINE_CHANGE: frozenset({Status.APPROVED}),
    Act.REVOKE: frozenset({Status.APPROVED}),
    Act.CORRECT: frozenset({Status.NEEDS_CORRECTION}),
    Act.APPEAL: frozenset({Status.REJECTED}),
    Act.WITHDRAW: UNDECIDED | {Status.NEEDS_CORRECTION, Status.APPROVED},
    Act.REQUEST_CHANGE: frozenset({Status.APPROVED}),
}
"""The statuses from which an act is possible."""

DECISIONS = frozenset(
    {
        Act.APPROVE,
        Act.REJECT,
        Act.REQUEST_CORRECTION,
        Act.MARK_AS_DUPLICATE,
        Act.ACCEPT_CHANGE,
        Act.DECLINE_CHANGE,
    }
)
"""Acts of the officer who has taken the case, and of nobody else."""

OF_A_CHANGE = frozenset({Act.ACCEPT_CHANGE, Act.DECLINE_CHANGE})

_OF_ONE_PERSON = frozenset({Act.APPROVE, Act.REQUEST_CORRECTION})
"""Acts on a person who must not be another application's as well."""

VERDICTS = frozenset({Act.APPROVE, Act.REJECT, Act.MARK_AS_DUPLICATE, Act.REVOKE})
"""Acts that decide, which somebody else must look at again if the worker appeals."""

STATUS_AFTER: dict[Act, Status] = {
    Act.APPROVE: Status.APPROVED,
    Act.REJECT: Status.REJECTED,
    Act.REVOKE: Status.REJECTED,
    Act.MARK_AS_DUPLICATE: Status.REJECTED,
    Act.REQUEST_CORRECTION: Status.NEEDS_CORRECTION,
    Act.ACCEPT_CHANGE: Status.APPROVED,
    Act.DECLINE_CHANGE: Status.APPROVED,
    Act.CORRECT: Status.SUBMITTED,
    Act.APPEAL: Status.SUBMITTED,
    Act.WITHDRAW: Status.WITHDRAWN,
}
"""Where the acts lead that end what the office owed, or begin it anew."""

WORKERS_ACTS = frozenset({Act.CORRECT, Act.APPEAL, Act.WITHDRAW, Act.REQUEST_CHANGE})


def find_bond(case: Case, staff: Staff) -> Hindrance | None:
    """Find what binds an officer to an application, so that others decide it.

    It was made in the officer's own chat, or by the officer at a desk: nobody registers and
    approves one person.
    """
    if case.registered_by == staff.id:
        return Hindrance.OWN_REGISTRATION
    is_own = staff.chat_id is not None and case.chat_id == staff.chat_id
    return Hindrance.OWN_APPLICATION if is_own else None


def find_hindrance(case: Case, act: Act, actor: int | None) -> Hindrance | None:
    """Find what stands in the way of an act; `actor` is an id of staff, None for the worker."""
    if case.status not in ALLOWED[act]:
        return _word_wrong_status(case, act, actor)
    if act in WORKERS_ACTS:
        return _find_workers_hindrance(case, act)
    if act in (Act.REVOKE, Act.UNDO_MERGE):
        return _find_hindrance_of_undoing(case, act, actor)
    if case.status is Status.NEEDS_CORRECTION:
        case = _wait_for_office(case, None)
    return _find_office_hindrance(case, act, actor)


def _word_wrong_status(case: Case, act: Act, actor: int | None) -> Hindrance:
    if act is Act.TAKE and case.assigned_to not in (None, actor):
        return Hindrance.TAKEN_BY_ANOTHER
    comes_late = act in (Act.TAKE, *DECISIONS) and case.status not in UNDECIDED
    return Hindrance.ALREADY_DECIDED if comes_late else Hindrance.WRONG_STATUS


def _find_workers_hindrance(case: Case, act: Act) -> Hindrance | None:
    if act is Act.APPEAL and case.appealed:
        return Hindrance.APPEALED_BEFORE
    if act is Act.REQUEST_CHANGE and case.waiting is not None:
        return Hindrance.WRONG_STATUS
    return None


def _find_hindrance_of_undoing(case: Case, act: Act, actor: int | None) -> Hindrance | None:
    """Let officers undo what was decided, but not in the hands of another."""
    if act is Act.UNDO_MERGE and case.duplicate_of is None:
        return Hindrance.WRONG_STATUS
    return Hindrance.TAKEN_BY_ANOTHER if case.assigned_to not in (None, actor) else None


def _find_office_hindrance(case: Case, act: Act, actor: int | None) -> Hindrance | None:
    if case.waiting is None:
        return Hindrance.ALREADY_DECIDED
    if (act in OF_A_CHANGE) != (case.waiting is Waiting.CHANGE) and act in DECISIONS:
        return Hindrance.WRONG_STATUS
    if case.assigned_to not in (None, actor):
        return Hindrance.TAKEN_BY_ANOTHER
    if act in (Act.RELEASE, *DECISIONS) and case.assigned_to is None:
        return Hindrance.NOT_TAKEN
    judges = act is Act.TAKE or act in DECISIONS
    if judges and case.waiting is Waiting.APPEAL and case.decided_by == actor:
        return Hindrance.OWN_DECISION
    if act in _OF_ONE_PERSON and case.duplicate_of is not None:
        return Hindrance.STILL_MERGED
    return None


def take_act(
    case: Case,
    act: Act,
    actor: int | None,
    now: datetime,
    *,
    due_at: datetime | None = None,
    reason: str | None = None,
    office: str | None = None,
    colleague: int | None = None,
    duplicate_of: str | None = None,
) -> Case:
    """Give the standing after an act.

    `due_at` is the new promise of an act by which the worker waits for the office again, which
    taking a case can be that waits for a correction; `office` and `colleague` say where or to
    whom a case is handed over.

    Raises:
        NotPossible: the standing does not allow it.
    """
    hindrance = find_hindrance(case, act, actor)
    if hindrance is not None:
        raise NotPossible(act, hindrance)
    match act:
        case Act.TAKE if case.status is Status.NEEDS_CORRECTION:
            return _assign(_wait_for_office(case, due_at), actor)
        case Act.TAKE:
            return _assign(case, actor)
        case Act.RELEASE:
            return _assign(case, None)
        case Act.HAND_OVER:
            return _assign(replace(case, office=office or case.office), colleague)
        case Act.UNDO_MERGE:
            return replace(case, duplicate_of=None)
        case Act.REQUEST_CHANGE:
            return replace(case, waiting=Waiting.CHANGE, due_at=due_at)
    after = replace(case, status=STATUS_AFTER[act], waiting=None, due_at=None, assigned_to=None)
    if act in VERDICTS:
        after = replace(after, decided_by=actor, decided_at=now, duplicate_of=duplicate_of)
        return replace(after, reason=reason)
    if act in (Act.CORRECT, Act.APPEAL):
        appealed = case.appealed or act is Act.APPEAL
        return _wait_for_office(replace(after, appealed=appealed), due_at)
    return after


def _wait_for_office(case: Case, due_at: datetime | None) -> Case:
    """Let the office owe a decision again: on the appeal, if there was one."""
    waiting = Waiting.APPEAL if case.appealed else Waiting.DECISION
    return replace(case, waiting=waiting, due_at=due_at)


def _assign(case: Case, staff: int | None) -> Case:
    """Give a case to somebody or to nobody; one with a change wished stays approved."""
    if case.status is Status.APPROVED:
        return replace(case, assigned_to=staff)
    status = Status.SUBMITTED if staff is None else Status.IN_REVIEW
    return replace(case, status=status, assigned_to=staff)
