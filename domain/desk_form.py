"""The registration form on one page, for an officer who registers somebody without a phone.

The questions, what they understand and what they say about a mistake are the dialogue's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from domain.answers.registry import ANSWER_TYPES
from domain.answers.types import Accepted, Asking, Continued, NotMine, Outcome, Refused
from domain.context import Context
from domain.drafts import Consent, Draft
from domain.events import Answered, ChoiceMade, Event
from domain.form import Form, Question
from domain.route import Step, answers_of_round, find_step, put_answer
from domain.texts import Text, message

FIXED: Mapping[str, Any] = {
    "registered_before": True,
    "for_whom": "other",
    "background": "no",
    "notices": "no",
}
"""What an officer's desk does not ask: without a phone of their own nobody is written to."""

NO_PHONE: Mapping[str, str] = {"number": "", "is": "helper"}
LONGEST_ANSWER = 200
_OTHER = "o.other"
_OFFERING = frozenset({"place", "workplace", "birth_date"})
"""Types of questions that may offer choices for what was typed."""


@dataclass(frozen=True)
class Entry:
    """What was entered at a question: typed, chosen, and for which typed words that was offered."""

    typed: str = ""
    chosen: tuple[str, ...] = ()
    offered_for: str = ""


@dataclass(frozen=True)
class Offer:
    """One of the answers that may be meant by what was typed."""

    choice: str
    label: Text | str


@dataclass(frozen=True)
class Trouble:
    """Why an answer cannot be taken yet, and what may be meant by it."""

    words: tuple[Text, ...]
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class Filled:
    """A page as it was filled in; without troubles its draft is complete."""

    draft: Draft
    troubles: Mapping[str, Trouble] = field(default_factory=dict)


def list_desk_questions(form: Form) -> list[Question]:
    """List what the page asks, in the form's order."""
    return [
        question
        for part in form.parts
        for question in part.questions
        if question.name not in FIXED
        and question.type != "review"
        and (question.name in _ALWAYS or question.relevant(FIXED))
    ]


_ALWAYS = frozenset({"workers"})
"""A question that another answer on the same page may open."""


def fill(
    form: Form,
    entries: Mapping[str, Entry],
    context: Context,
    tag: str,
    source: str,
    within: str | None = None,
) -> Filled:
    """Read a page; `within` is the place in which typed places are looked for first."""
    draft = Draft(tag, form.version, "review", dict(FIXED), source=source)
    troubles: dict[str, Trouble] = {}
    for question in list_desk_questions(form):
        step = find_step(form, draft.answers, question.name)
        if step is None:
            continue
        asking = _open(form, draft, step, context)
        entry = entries.get(question.name, Entry())
        outcome, last = _receive(asking, entry, within)
        if isinstance(outcome, Accepted) and outcome.value != "no":
            draft = _keep(form, draft, step, outcome.value, context)
        else:
            troubles[question.name] = _word_trouble(last, outcome, entry)
    return Filled(replace(draft, answers={**draft.answers, **FIXED}), troubles)


def _open(form: Form, draft: Draft, step: Step, context: Context) -> Asking:
    opened = replace(draft, question=step.question.name, partial=None)
    answers = answers_of_round(step.part, step.activity, draft.answers)
    return Asking(form, step.question, opened, context, answers)


def _receive(asking: Asking, entry: Entry, within: str | None) -> tuple[Outcome, Asking]:
    """Take an entry as the question would; give also how far the question came."""
    chosen = entry.chosen[0] if entry.chosen else ""
    match asking.question.type:
        case "select_multiple":
            names = [one.name for one in asking.question.choices if one.name in entry.chosen]
            return Accepted(names), asking
        case "phone" if not entry.typed:
            return Accepted(dict(NO_PHONE)), asking
        case "identity" if not entry.typed and chosen:
            return _take(asking, _tap(asking, chosen)), asking
        case "identity":
            return _take(asking, Answered(entry.typed[:LONGEST_ANSWER])), asking
        case "occupation":
            return _receive_occupation(asking, entry.typed, chosen)
        case "workplace" if not entry.typed:
            return Accepted({"kind": "home"}), asking
        case kind if kind in _OFFERING or not asking.question.choices:
            return _receive_typed(asking, entry, chosen, within)
        case _:
            return _take(asking, _tap(asking, chosen)), asking


def _receive_occupation(asking: Asking, typed: str, chosen: str) -> tuple[Outcome, Asking]:
    known = {f"o.{key}" for key in _list_occupations(asking)}
    if chosen in known and chosen != _OTHER:
        return _take(asking, _tap(asking, chosen)), asking
    own_words = _at(asking, {"other": True})
    return (_take(own_words, Answered(typed)) if typed else NotMine()), asking


def _list_occupations(asking: Asking) -> list[str]:
    occupations = asking.context.occupations
    return [one.key for group in occupations.groups() for one in occupations.of_group(group)]


def _receive_typed(
    asking: Asking, entry: Entry, chosen: str, within: str | None
) -> tuple[Outcome, Asking]:
    begun = _begin(asking, within)
    if entry.typed == entry.offered_for and _is_place(asking, chosen):
        outcome, chosen = _take(begun, _tap(asking, chosen)), ""
    elif written := _find_written_out(asking, entry.typed):
        outcome = _take(begun, _tap(asking, f"p.{written}"))
    else:
        outcome = _take(begun, Answered(entry.typed[:LONGEST_ANSWER]))
    while isinstance(outcome, Continued):
        begun = _at(begun, outcome.partial)
        event = _find_next(begun, entry, chosen)
        if event is None:
            return outcome, begun
        outcome, chosen = _take(begun, event), ""
    return outcome, begun


def _begin(asking: Asking, within: str | None) -> Asking:
    """Look for places near the desk first."""
    place = {"place": within} if within else None
    match asking.question.type:
        case "place":
            return _at(asking, place)
        case "workplace":
            return _at(asking, {"way": "place", "found": place})
        case _:
            return asking


def _find_next(asking: Asking, entry: Entry, chosen: str) -> Event | None:
    """Find what goes on from a half-given answer.

    It is a choice on offer, the place that must be meant, or that no more is known.
    """
    on_offer = {one.choice for one in _list_offers(asking)}
    if chosen in on_offer and entry.typed == entry.offered_for:
        return _tap(asking, chosen)
    match asking.partial:
        case {"known": _}:
            return _tap(asking, "unknown")
        case {"offers": codes} | {"found": {"offers": codes}}:
            meant = _find_meant(asking, codes, entry.typed)
            return _tap(asking, f"p.{meant}") if meant else None
        case _:
            return None


def _find_meant(asking: Asking, codes: list[str], typed: str) -> str | None:
    """Find the place that must be meant: whose name was written, letter by letter, as no other's.

    What only sounds like it may lie elsewhere, and is asked about.
    """
    place = asking.context.gazetteer.find(codes[0]) if len(codes) == 1 else None
    if place is None:
        return None
    is_written = place.name_km in typed or place.name_en.casefold() in typed.casefold()
    return place.code if is_written else None


def _find_written_out(asking: Asking, typed: str) -> str | None:
    """Find the place whose name is written with its whole path, as the page proposes it."""
    gazetteer = asking.context.gazetteer
    if asking.question.type not in ("place", "workplace") or not typed:
        return None
    found = [place.code for place in gazetteer.search(typed[:LONGEST_ANSWER]).places]
    return next((one for one in found if gazetteer.describe(one, asking.locale) == typed), None)


def _take(asking: Asking, event: Event) -> Outcome:
    return ANSWER_TYPES[asking.question.type].receive(asking, event)


def _tap(asking: Asking, choice: str) -> ChoiceMade:
    return ChoiceMade(asking.draft.tag, asking.question.name, choice)


def _at(asking: Asking, partial: Any) -> Asking:
    return replace(asking, draft=replace(asking.draft, partial=partial))


def _is_place(asking: Asking, choice: str) -> bool:
    code = choice.removeprefix("p.")
    is_known = asking.context.gazetteer.find(code) is not None
    return choice.startswith("p.") and is_known


def _keep(form: Form, draft: Draft, step: Step, value: Any, context: Context) -> Draft:
    kept = replace(draft, answers=put_answer(form, draft.answers, step, value))
    purpose = step.question.purpose
    if purpose is None:
        return kept
    given_by = str(kept.answers.get("who_agrees", "present"))
    consent = Consent(purpose.name, purpose.version, context.now.isoformat(), given_by)
    return replace(kept, consents=(*kept.consents, consent))


def _word_trouble(asking: Asking, outcome: Outcome, entry: Entry) -> Trouble:
    match outcome:
        case Refused() if not entry.typed:
            return Trouble((message("desk.answer_needed"),))
        case Refused(reason):
            return Trouble((reason,))
        case Continued() if asking.question.type in _OFFERING:
            prompt = ANSWER_TYPES[asking.question.type].ask(asking)
            return Trouble(prompt.paragraphs, _list_offers(asking))
        case Continued():
            return Trouble(ANSWER_TYPES[asking.question.type].ask(asking).paragraphs)
        case _ if asking.question.type == "consent":
            return Trouble((message("desk.consent_needed"),))
        case _:
            return Trouble((message("desk.answer_needed"),))


def _list_offers(asking: Asking) -> tuple[Offer, ...]:
    rows = ANSWER_TYPES[asking.question.type].ask(asking).rows
    return tuple(
        Offer(button.tap.choice, button.label)
        for row in rows
        for button in row
        if button.tap is not None and button.tap.choice not in ("correct", "stop")
    )
