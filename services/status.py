"""Where the applications of a chat stand, what happens next, and what their worker can do."""

from collections.abc import Mapping, Sequence

from db.unit_of_work import UnitOfWork
from domain.answers.types import stack_texts
from domain.applications import ApplicationSummary, Status
from domain.cases import Act, Case, Waiting, find_hindrance
from domain.numbers import format_number
from domain.reasons import find_reason, where_to_ask
from domain.replies import Button, Buttons, Say
from domain.texts import Code, Text, message
from services.appeals import APPEAL, WITHDRAW
from services.case_taps import Tapped, make_button
from services.chats import say, say_with_menu
from services.claim_offers import offer_at_start, tell_none
from services.desk import Desk, Person
from services.history import Past, list_history
from services.letters import word_wait
from services.revisions import CHANGE, CORRECT

SHOW = "show"
IN_DETAIL = 3
"""Applications told with their stages; of more, a list is given to choose from."""

IN_ONE_MESSAGE = 10
STAGES_TOLD = 5

PAST: Mapping[str, Text] = {
    Act.SUBMIT: message("past.submit"),
    Act.TAKE: message("past.take"),
    Act.APPROVE: message("past.approve"),
    Act.REJECT: message("past.reject"),
    Act.MARK_AS_DUPLICATE: message("past.mark_as_duplicate"),
    Act.REVOKE: message("past.revoke"),
    Act.REQUEST_CORRECTION: message("past.request_correction"),
    Act.CORRECT: message("past.correct"),
    Act.APPEAL: message("past.appeal"),
    Act.WITHDRAW: message("past.withdraw"),
    "claim": message("past.claim"),
    Act.REQUEST_CHANGE: message("past.request_change"),
    Act.ACCEPT_CHANGE: message("past.accept_change"),
    Act.DECLINE_CHANGE: message("past.decline_change"),
}
"""The acts that a worker is told of."""

WORKERS_BUTTONS: tuple[tuple[Act, str, Text], ...] = (
    (Act.CORRECT, CORRECT, message("button.answer_now")),
    (Act.APPEAL, APPEAL, message("button.appeal")),
    (Act.REQUEST_CHANGE, CHANGE, message("button.change_answer")),
    (Act.WITHDRAW, WITHDRAW, message("button.withdraw")),
)


async def tell_status(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Tell where every application of this chat stands and what happens next."""
    made = await uow.list_applications(person.chat_id)
    if len(made) > IN_DETAIL:
        _list(uow, desk, person, made)
    else:
        for summary in made:
            await _tell_one(uow, desk, person, summary)
    stored = uow.find_draft(person.chat_id)
    if stored is not None:
        words = message("status.revision") if stored.draft.revises else message("status.draft")
        say_with_menu(uow, desk, person.chat_id, words)
        if not made:
            await offer_at_start(uow, desk, person)
    elif not made:
        await tell_none(uow, desk, person, message("status.none"))


async def show(uow: UnitOfWork, desk: Desk, tapped: Tapped) -> None:
    """Tell of the application that was chosen from the list."""
    for summary in await uow.list_applications(tapped.person.chat_id):
        if summary.number == tapped.case.number:
            await _tell_one(uow, desk, tapped.person, summary)


async def _tell_one(
    uow: UnitOfWork, desk: Desk, person: Person, summary: ApplicationSummary
) -> None:
    case = await uow.find_case(summary.number)
    if case is None:
        return
    heading = message(
        "status.application",
        number=Code(format_number(summary.number)),
        name=_name(summary),
        stage=_word_stage(case),
    )
    stages = _word_stages(desk, await list_history(uow, summary.number))
    words = (heading, *stages, *_word_next(uow, desk, case))
    rows = tuple(
        (make_button(label, tap, case.number),)
        for act, tap, label in WORKERS_BUTTONS
        if find_hindrance(case, act, None) is None
    )
    if rows:
        say(uow, desk, person.chat_id, Say(words, Buttons(rows)))
    else:
        say_with_menu(uow, desk, person.chat_id, *words)


def _list(uow: UnitOfWork, desk: Desk, person: Person, made: Sequence[ApplicationSummary]) -> None:
    for first in range(0, len(made), IN_ONE_MESSAGE):
        told = made[first : first + IN_ONE_MESSAGE]
        rows = tuple((_make_show_button(summary),) for summary in told)
        say(uow, desk, person.chat_id, Say((message("status.which"),), Buttons(rows)))


def _make_show_button(summary: ApplicationSummary) -> Button:
    number = format_number(summary.number)
    label = message("button.application", name=_name(summary), number=Code(number))
    return make_button(label, SHOW, summary.number)


def _name(summary: ApplicationSummary) -> str:
    return f"{summary.family_km} {summary.given_km}".strip()


def _word_stage(case: Case) -> Text:
    match case.status, case.waiting:
        case Status.SUBMITTED, Waiting.APPEAL:
            return message("stage.appealed")
        case Status.SUBMITTED, _:
            return message("stage.submitted")
        case Status.IN_REVIEW, _:
            return message("stage.in_review")
        case Status.NEEDS_CORRECTION, _:
            return message("stage.needs_correction")
        case Status.APPROVED, Waiting.CHANGE:
            return message("stage.change")
        case Status.APPROVED, _:
            return message("stage.approved")
        case Status.REJECTED, _:
            return message("stage.rejected")
        case _:
            return message("stage.withdrawn")


def _word_stages(desk: Desk, history: Sequence[Past]) -> list[Text]:
    """Write the last stages under each other, each with its day; one taken twice in a row once."""
    told: list[Past] = []
    for past in history:
        if past.act in PAST and (not told or told[-1].act != past.act):
            told.append(past)
    lines = [
        message("past.line", on=past.at.astimezone(desk.time_zone).date(), act=PAST[past.act])
        for past in told[-STAGES_TOLD:]
    ]
    return [stack_texts(lines)] if lines else []


def _word_next(uow: UnitOfWork, desk: Desk, case: Case) -> tuple[Text, ...]:
    if case.waiting is not None:
        return (word_wait(desk, case, uow.now),)
    match case.status:
        case Status.NEEDS_CORRECTION:
            return (message("next.needs_correction"),)
        case Status.APPROVED:
            return (message("next.approved"),)
        case Status.REJECTED:
            return _word_refusal(case)
        case _:
            return (message("next.withdrawn"),)


def _word_refusal(case: Case) -> tuple[Text, ...]:
    """Say why, and what to do; after an appeal only where to ask."""
    reason = find_reason(case.reason or "")
    why = (reason.why,) if reason else ()
    following = (reason.next,) if reason and not case.appealed else ()
    return (*why, *following, where_to_ask(case.office))
