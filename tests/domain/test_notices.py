"""The way of a notice: every act that is possible, by whom, and no other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notices import (
    TRANSITIONS,
    Act,
    Notice,
    Refusal,
    Refused,
    Status,
    Topic,
    take_act,
)

NOON = datetime(2026, 3, 4, 5, tzinfo=UTC)
AUTHOR, SECOND, THIRD, FOURTH = 1, 2, 3, 4
DRAFT = Notice(7, AUTHOR, Topic.CAMPAIGNS)
PENDING = replace(DRAFT, status=Status.PENDING_APPROVAL)


@pytest.mark.parametrize(("status", "act"), list(product(Status, Act)))
def test_only_what_the_table_says_is_possible(status: Status, act: Act) -> None:
    notice = replace(DRAFT, status=status)
    actor: int | None = SECOND
    if (status, act) in TRANSITIONS:
        if act is Act.ISSUE:
            notice, actor = replace(notice, id=0), None
        assert take_act(notice, act, actor, NOON).status is TRANSITIONS[status, act]
    else:
        with pytest.raises(Refused) as refused:
            take_act(notice, act, SECOND, NOON)
        assert refused.value.refusal is Refusal.WRONG_STATUS


def test_nobody_approves_their_own() -> None:
    for actor in (AUTHOR, None):
        with pytest.raises(Refused) as refused:
            take_act(PENDING, Act.APPROVE, actor, NOON)
        assert refused.value.refusal is Refusal.OWN_NOTICE


@pytest.mark.parametrize("act", [one for one in Act if one is not Act.ISSUE])
def test_whoever_changed_or_submitted_it_approves_it_never_again(act: Act) -> None:
    status = next(status for status, possible in TRANSITIONS if possible is act)
    after = take_act(replace(PENDING, status=status), act, SECOND, NOON)
    if act is Act.APPROVE:
        assert after.approvals == (SECOND,)
        return
    pending = replace(after, status=Status.PENDING_APPROVAL)
    if act in (Act.EDIT, Act.SUBMIT):
        with pytest.raises(Refused) as refused:
            take_act(pending, Act.APPROVE, SECOND, NOON)
        assert refused.value.refusal is Refusal.OWN_NOTICE
    else:
        assert take_act(pending, Act.APPROVE, SECOND, NOON).approvals == (SECOND,)
    assert take_act(pending, Act.APPROVE, THIRD, NOON).approvals == (THIRD,)


@pytest.mark.parametrize("act", [Act.SUBMIT, Act.APPROVE])
def test_nobody_agrees_to_a_version_that_they_did_not_read(act: Act) -> None:
    changed = take_act(DRAFT, Act.EDIT, AUTHOR, NOON)
    assert changed.version == DRAFT.version + 1
    status = Status.DRAFT if act is Act.SUBMIT else Status.PENDING_APPROVAL
    waiting = replace(changed, status=status)
    with pytest.raises(Refused) as refused:
        take_act(waiting, act, SECOND, NOON, DRAFT.version)
    assert refused.value.refusal is Refusal.CHANGED
    assert take_act(waiting, act, SECOND, NOON, changed.version) != waiting


def test_an_emergency_needs_two_others() -> None:
    emergency = replace(PENDING, emergency=True)
    _needs_two_others(emergency)


def test_what_goes_to_people_unasked_needs_two_others() -> None:
    _needs_two_others(replace(PENDING, topic=Topic.MY_APPLICATION))


def _needs_two_others(notice: Notice) -> None:
    once = take_act(notice, Act.APPROVE, SECOND, NOON)
    assert once.status is Status.PENDING_APPROVAL
    with pytest.raises(Refused):
        take_act(once, Act.APPROVE, SECOND, NOON)
    assert take_act(once, Act.APPROVE, THIRD, NOON).status is Status.APPROVED


def test_what_was_changed_must_be_approved_again() -> None:
    approved = take_act(PENDING, Act.APPROVE, SECOND, NOON)
    returned = take_act(approved, Act.RETURN, SECOND, NOON)
    assert (returned.status, returned.approvals) == (Status.DRAFT, ())


def test_nothing_starts_before_its_time_nor_is_approved_after_it() -> None:
    approved = replace(PENDING, status=Status.APPROVED, starts_at=NOON)
    with pytest.raises(Refused):
        take_act(approved, Act.START, None, NOON - timedelta(seconds=1))
    assert take_act(approved, Act.START, None, NOON).status is Status.SENDING
    with pytest.raises(Refused):
        take_act(replace(PENDING, send_by=NOON), Act.APPROVE, SECOND, NOON)


def test_only_the_program_issues_and_only_what_it_has_just_made() -> None:
    made = replace(DRAFT, id=0, send_by=NOON)
    early = NOON - timedelta(seconds=1)
    assert take_act(made, Act.ISSUE, None, early).status is Status.SENDING
    for notice, actor, now, refusal in (
        (made, AUTHOR, early, Refusal.ISSUED_BY_PROGRAM),
        (DRAFT, None, early, Refusal.ISSUED_BY_PROGRAM),
        (made, None, NOON, Refusal.TOO_LATE),
    ):
        with pytest.raises(Refused) as refused:
            take_act(notice, Act.ISSUE, actor, now)
        assert refused.value.refusal is refusal


def test_an_approval_leads_where_the_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = {(Status.PENDING_APPROVAL, Act.APPROVE): Status.SENDING}
    monkeypatch.setattr("domain.notices.TRANSITIONS", {**TRANSITIONS, **elsewhere})
    assert take_act(PENDING, Act.APPROVE, SECOND, NOON).status is Status.SENDING


@pytest.mark.parametrize(
    ("pausing", "resuming", "refusal"),
    [
        (AUTHOR, AUTHOR, None),
        (SECOND, SECOND, None),
        (THIRD, THIRD, None),
        (None, AUTHOR, None),
        (THIRD, AUTHOR, Refusal.HELD_BY_COLLEAGUE),
        (THIRD, SECOND, Refusal.HELD_BY_COLLEAGUE),
        (AUTHOR, SECOND, Refusal.HELD_BY_COLLEAGUE),
        (AUTHOR, THIRD, None),
        (THIRD, FOURTH, None),
    ],
)
def test_what_somebody_holds_goes_on_by_them_or_by_who_had_no_part_in_it(
    pausing: int | None, resuming: int, refusal: Refusal | None
) -> None:
    sending = replace(DRAFT, status=Status.SENDING, writers=(AUTHOR, SECOND))
    paused = take_act(sending, Act.PAUSE, pausing, NOON)
    if refusal is None:
        assert take_act(paused, Act.RESUME, resuming, NOON) == sending
        return
    with pytest.raises(Refused) as refused:
        take_act(paused, Act.RESUME, resuming, NOON)
    assert refused.value.refusal is refusal


@given(
    st.lists(st.tuples(st.sampled_from(Act), st.sampled_from([None, 1, 2, 3, 4]))), st.booleans()
)
def test_nothing_is_sent_that_too_few_others_approved(
    acts: list[tuple[Act, int | None]], emergency: bool
) -> None:
    notice = replace(DRAFT, emergency=emergency)
    for act, actor in acts:
        try:
            notice = take_act(notice, act, actor, NOON)
        except Refused:
            continue
    if notice.status in (Status.SENDING, Status.PAUSED, Status.COMPLETED):
        others = set(notice.approvals) - {AUTHOR, *notice.writers}
        assert len(others) >= notice.needed_approvals
