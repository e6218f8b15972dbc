"""What follows from an answer: the next question, the same one again, or the end."""

from dataclasses import replace
from typing import Any

from domain.answers.registry import show_answer
from domain.answers.types import Accepted, Continued, Ended, Moved, Outcome, Refused, stack_texts
from domain.asking import close_prompt, make_prompt, retire_prompt, rewrite_prompt, say_prompt
from domain.drafts import Consent, Draft
from domain.events import Answered
from domain.facts import Fact, LanguageChosen, Revised, Submitted
from domain.follow_ups import find_follow_up
from domain.replies import NoKeys, Remove, Reply, Say
from domain.route import get_next, put_answer
from domain.submission import complete
from domain.texts import Text, message
from domain.turns import Exchange, Turn, open_step
from domain.wording import word_mismatch


def follow(exchange: Exchange, outcome: Outcome) -> Turn:
    """Carry out what a question made of an event."""
    match outcome:
        case Accepted():
            return accept(exchange, outcome)
        case Continued(partial):
            return reopen(exchange, replace(exchange.draft, partial=partial))
        case Refused(reason, secret):
            turn = exchange.correct(reason)
            return _remove_message(exchange, turn) if secret else turn
        case Moved(draft, shown):
            return move(exchange, draft, shown)
        case Ended():
            return _end(exchange, outcome)
        case _:
            return exchange.correct(word_mismatch(exchange.event))


def accept(exchange: Exchange, accepted: Accepted) -> Turn:
    """Keep an answer, and put the next question that has none."""
    answers = put_answer(exchange.form, exchange.draft.answers, exchange.step, accepted.value)
    consents = _list_consents(exchange, accepted.value)
    draft = replace(exchange.draft, answers=answers, consents=consents)
    following = proceed(_read_from_now_on(exchange, accepted.facts), draft, accepted.then)
    turn = replace(following, facts=(*accepted.facts, *following.facts))
    return _remove_message(exchange, turn) if accepted.secret else turn


def proceed(exchange: Exchange, draft: Draft, then: Text | None = None) -> Turn:
    """Close the open question, and put the next one that has no answer."""
    if draft.revises:
        return _proceed_in_revision(exchange, draft)
    following = get_next(exchange.form, draft.answers)
    is_last = following.question == exchange.form.parts[-1].questions[-1]
    editing = draft.editing and not is_last
    shown = show_answer(exchange.step, draft.answers)
    return move(exchange, open_step(draft, following, editing), shown, then)


def move(exchange: Exchange, draft: Draft, shown: Text, then: Text | None = None) -> Turn:
    """Show what was chosen at the open question, and put the one that is open now."""
    closing, chosen = _close(exchange, shown), message("answer.chosen", answer=shown)
    first = (*(() if closing else (chosen,)), *((then,) if then else ()))
    prompt = make_prompt(exchange.form, draft, exchange.context)
    return Turn(draft, [*closing, *say_prompt(prompt, first)])


def reopen(exchange: Exchange, draft: Draft) -> Turn:
    """Put a draft's open question where the last one was."""
    prompt = make_prompt(exchange.form, draft, exchange.context)
    if exchange.tapped is not None:
        return Turn(draft, rewrite_prompt(exchange.tapped, prompt))
    retired = retire_prompt(exchange.prompt, exchange.shown)
    return Turn(draft, [*retired, *say_prompt(prompt)])


def _proceed_in_revision(exchange: Exchange, draft: Draft) -> Turn:
    """Put what the new answer opens; then the revision ends, and the last word is not ours."""
    shown = show_answer(exchange.step, draft.answers)
    following = find_follow_up(exchange.form, draft)
    if following:
        return move(exchange, open_step(draft, following, editing=True), shown)
    registration = complete(draft, exchange.context)
    fact = Revised(str(draft.revises), str(draft.item), registration, draft.answers)
    return Turn(None, _close(exchange, shown), [fact])


def _close(exchange: Exchange, shown: Text) -> list[Reply]:
    chosen = message("answer.chosen", answer=shown)
    answered = stack_texts((*_what_stays(exchange), chosen))
    return close_prompt((answered,), chosen, exchange.prompt, exchange.shown)


def _end(exchange: Exchange, ended: Ended) -> Turn:
    submitted = any(isinstance(fact, Submitted) for fact in ended.facts)
    last = message("end.submitted") if submitted else message("end.stopped")
    answered = stack_texts((*_what_stays(exchange), last))
    stays = (*exchange.prompt.paragraphs[:-1], last) if submitted else (answered,)
    replies = close_prompt(stays, last, exchange.prompt, exchange.shown)
    if ended.farewell:
        replies.append(Say((ended.farewell,), NoKeys()))
    return Turn(None, replies, ended.facts)


def _what_stays(exchange: Exchange) -> tuple[Text, ...]:
    """Return the words that stay above an answer; of a review only the answer itself."""
    question = exchange.step.question
    return () if question.type == "review" else (question.label,)


def _remove_message(exchange: Exchange, turn: Turn) -> Turn:
    """Take the person's own message out of the chat, before anything is answered."""
    event = exchange.event
    if not isinstance(event, Answered) or event.message_id is None:
        return turn
    return replace(turn, replies=[Remove(event.message_id), *turn.replies])


def _read_from_now_on(exchange: Exchange, facts: tuple[Fact, ...]) -> Exchange:
    """Let a language that was just chosen measure the buttons of the next question."""
    for fact in facts:
        if isinstance(fact, LanguageChosen):
            return replace(exchange, context=replace(exchange.context, locale=fact.locale))
    return exchange


def _list_consents(exchange: Exchange, value: Any) -> tuple[Consent, ...]:
    consents, purpose = exchange.draft.consents, exchange.step.question.purpose
    if purpose is None:
        return consents
    others = tuple(consent for consent in consents if consent.purpose != purpose.name)
    if value != "yes":
        return others
    given_at, given_by = exchange.context.now.isoformat(), _who_agrees(exchange.draft)
    return (*others, Consent(purpose.name, purpose.version, given_at, given_by))


def _who_agrees(draft: Draft) -> str:
    return str(draft.answers.get("who_agrees", "self"))
