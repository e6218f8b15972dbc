"""One exchange with a person: an event comes in, the draft moves on, replies go out."""

from dataclasses import replace

from domain.answers.types import Accepted, stack_texts
from domain.asking import BACK, KEEP, SKIP, make_prompt, rewrite_prompt, say_prompt
from domain.context import Context
from domain.drafts import Draft
from domain.events import (
    Answered,
    AskedAgain,
    Cancelled,
    ChoiceMade,
    EditRequested,
    Event,
    HelpRequested,
    Skipped,
    Started,
    WentBack,
)
from domain.facts import drop_draft
from domain.follow_ups import find_before_in_revision
from domain.form import Form
from domain.outcomes import accept, follow, proceed, reopen
from domain.replies import Button, Buttons, NoKeys, Reply, Rewrite, Say, Tap, Toast, Unbutton
from domain.review import open_answer, remove_round
from domain.revisions import end_revision, settle_revision
from domain.route import find_before, find_step, get_next, is_answered
from domain.texts import Text, message
from domain.turns import Exchange, Turn, open_step
from domain.upgrades import upgrade
from domain.wording import TYPED_COMMANDS, word_cancelling

__all__ = ["Context", "Turn", "take_turn"]

LONGEST_ANSWER = 500
_CANCEL, _ERASE, _CONTINUE = "cancel", "erase", "continue"


def take_turn(form: Form, draft: Draft | None, event: Event, context: Context) -> Turn:
    """Answer one event.

    Whatever comes, nothing is raised and no answer is lost: what cannot be taken is explained and
    the open question is put again; a tap on buttons that are not on offer changes nothing.
    """
    if draft is None:
        return _begin(form, event, context)
    settled = _settle(form, draft)
    if settled is None:
        return end_revision(draft)
    if not isinstance(event, ChoiceMade):
        settled = replace(settled, cancelling=False)
    exchange = Exchange(form, settled, event, context)
    if settled.question != draft.question:
        return exchange.ask_again(message("again.new_question"))
    return _answer(exchange)


def _begin(form: Form, event: Event, context: Context) -> Turn:
    match event:
        case Started(source):
            draft = _new_draft(form, source, context)
            return Turn(draft, say_prompt(make_prompt(form, draft, context)))
        case ChoiceMade():
            return Turn(None, [Toast(message("stale.no_draft"))])
        case Cancelled():
            return Turn(None, [Say((message("cancel.nothing"),))])
        case _:
            return Turn(None, [Say((message("unknown.outside"),))])


def _new_draft(form: Form, source: str | None, context: Context) -> Draft:
    answers: dict[str, object] = {"registered_before": context.registered_before}
    if context.locale:
        answers["language"] = context.locale
    first = get_next(form, answers).question.name
    return Draft(context.new_tag, form.version, first, answers, source=source)


def _settle(form: Form, draft: Draft) -> Draft | None:
    """Bring a draft to this form; if its question is not there, open the next without answer."""
    upgraded = upgrade(form, draft)
    if upgraded.revises:
        return settle_revision(form, upgraded)
    following = get_next(form, upgraded.answers)
    if upgraded.question == following.question.name:
        return upgraded
    is_open = find_step(form, upgraded.answers, upgraded.question, upgraded.activity)
    is_last = upgraded.question == form.parts[-1].questions[-1].name
    return upgraded if is_open and not is_last else open_step(upgraded, following)


def _answer(exchange: Exchange) -> Turn:
    match exchange.event:
        case ChoiceMade() as tap:
            return _take_tap(exchange, tap)
        case Started(source):
            return _welcome_back(exchange, source)
        case AskedAgain(reason):
            return exchange.ask_again(_word_reason(reason), silent=reason == "outage")
        case HelpRequested():
            return _help(exchange)
        case Cancelled():
            return _ask_to_erase(exchange)
        case WentBack():
            return _go_back(exchange)
        case Skipped():
            return _skip(exchange)
        case EditRequested(question) if not exchange.draft.revises:
            return follow(exchange, open_answer(exchange.asking, question))
        case Answered(text=text) if len(text) > LONGEST_ANSWER:
            return exchange.correct(message("problem.too_long"))
        case event:
            return follow(exchange, exchange.type.receive(exchange.asking, event))


def _welcome_back(exchange: Exchange, source: str | None) -> Turn:
    again = exchange.ask_again(message("again.returned"))
    if exchange.draft.revises:
        return again
    return replace(again, draft=replace(exchange.draft, source=exchange.draft.source or source))


def _take_tap(exchange: Exchange, tap: ChoiceMade) -> Turn:
    if tap.question == _CANCEL:
        return _answer_cancel(exchange, tap)
    if not _is_on_offer(exchange, tap):
        return _say_stale(exchange, tap)
    match tap.choice:
        case choice if choice == BACK:
            return _go_back(exchange)
        case choice if choice == SKIP:
            return _skip(exchange)
        case choice if choice == KEEP:
            return proceed(exchange, exchange.draft)
        case _:
            return follow(exchange, exchange.type.receive(exchange.asking, tap))


def _is_on_offer(exchange: Exchange, tap: ChoiceMade) -> bool:
    wanted = Tap(tap.draft, tap.question, tap.choice)
    return any(button.tap == wanted for row in exchange.prompt.rows for button in row)


def _say_stale(exchange: Exchange, tap: ChoiceMade) -> Turn:
    is_other_draft = tap.draft != exchange.draft.tag
    words = message("stale.draft") if is_other_draft else message("stale.question")
    found = [] if is_other_draft else _show_where_tapped(exchange, tap.message_id)
    return Turn(exchange.draft, [Toast(words), *found])


def _show_where_tapped(exchange: Exchange, tapped: int | None) -> list[Reply]:
    """Put the open question into a newer message: a copy sent twice would hide it otherwise."""
    shown = exchange.context.question_message_id
    if tapped is None or shown is None or tapped <= shown:
        return []
    return rewrite_prompt(tapped, exchange.prompt)


def _go_back(exchange: Exchange) -> Turn:
    draft, step = exchange.draft, exchange.step
    within = exchange.type.step_back(draft.partial)
    if within:
        return reopen(exchange, replace(draft, partial=within.partial))
    if draft.revises:
        return _go_back_in_revision(exchange)
    if draft.editing and is_answered(step, draft.answers):
        return reopen(exchange, open_step(draft, get_next(exchange.form, draft.answers)))
    if step.activity and step.question == step.part.questions[0]:
        return _leave_round(exchange)
    before = find_before(exchange.form, draft.answers, step)
    if before is None:
        return exchange.correct(message("back.first"))
    return reopen(exchange, open_step(draft, before, draft.editing))


def _go_back_in_revision(exchange: Exchange) -> Turn:
    before = find_before_in_revision(exchange.form, exchange.draft, exchange.step)
    if before is None:
        return exchange.correct(message("revision.only_question"))
    return reopen(exchange, open_step(exchange.draft, before, editing=True))


def _leave_round(exchange: Exchange) -> Turn:
    answers = remove_round(exchange.form, exchange.draft.answers, exchange.step.activity)
    draft = replace(exchange.draft, answers=answers)
    return reopen(exchange, open_step(draft, get_next(exchange.form, answers)))


def _skip(exchange: Exchange) -> Turn:
    if exchange.step.question.required:
        return exchange.correct(message("skip.required"))
    return accept(exchange, Accepted(None))


def _help(exchange: Exchange) -> Turn:
    hint = exchange.step.question.hint
    ways = message(
        "help.in_revision" if exchange.draft.revises else "help.in_form",
        back=TYPED_COMMANDS["back"],
        skip=TYPED_COMMANDS["skip"],
        language=TYPED_COMMANDS["language"],
        cancel=TYPED_COMMANDS["cancel"],
    )
    paragraphs = (hint, ways) if hint else (ways,)
    return exchange.explain(*paragraphs)


def _ask_to_erase(exchange: Exchange) -> Turn:
    tag, words = exchange.draft.tag, word_cancelling(exchange.draft)
    rows = (
        (Button(message("cancel.continue"), Tap(tag, _CANCEL, _CONTINUE)),),
        (Button(words.stop, Tap(tag, _CANCEL, _ERASE)),),
    )
    draft = replace(exchange.draft, cancelling=True)
    retired = [Unbutton(exchange.shown)] if exchange.shown is not None else []
    return Turn(draft, [*retired, Say((words.asked,), Buttons(rows))])


def _answer_cancel(exchange: Exchange, tap: ChoiceMade) -> Turn:
    draft = exchange.draft
    if not draft.cancelling or tap.draft != draft.tag or tap.choice not in (_ERASE, _CONTINUE):
        return _say_stale(exchange, tap)
    words = word_cancelling(draft)
    if tap.choice == _ERASE:
        erased = _settle_cancel(tap, words.asked, words.stop)
        return Turn(None, [*erased, Say((words.stopped,), NoKeys())], [drop_draft(draft)])
    kept = _settle_cancel(tap, words.asked, message("cancel.continue"))
    return Turn(replace(draft, cancelling=False), [*kept, *say_prompt(exchange.prompt)])


def _settle_cancel(tap: ChoiceMade, asked: Text, chosen: Text) -> list[Reply]:
    if tap.message_id is None:
        return []
    settled = stack_texts((asked, message("answer.chosen", answer=chosen)))
    return [Rewrite(tap.message_id, (settled,))]


def _word_reason(reason: str) -> Text:
    match reason:
        case "outage":
            return message("again.outage")
        case "nudge":
            return message("nudge.day1")
        case "language":
            return message("language.changed")
        case _:
            return message("again.returned")
