"""One item of a submitted registration is asked once more: corrected, or changed on a wish."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.answers.registry import show_answer
from domain.asking import make_prompt, say_prompt
from domain.context import Context
from domain.drafts import Consent, Draft
from domain.facts import drop_draft
from domain.follow_ups import find_follow_up, find_item, list_item_steps, name_item
from domain.form import Form
from domain.replies import NoKeys, Say
from domain.review import word_title
from domain.route import find_step
from domain.texts import Text, message
from domain.turns import Turn, open_step
from domain.upgrades import upgrade


@dataclass(frozen=True)
class SentAnswers:
    """What an application (by its number of 9 digits) was submitted with."""

    number: str
    form_version: int
    answers: Mapping[str, Any]
    consents: tuple[Consent, ...] = ()
    source: str | None = None


@dataclass(frozen=True)
class Item:
    """An answer that can be asked once more, as the review shows it."""

    name: str
    title: Text
    answer: Text


def list_items(form: Form, sent: SentAnswers) -> list[Item]:
    """List the items of an application that can be asked once more, in the form's order."""
    answers = upgrade(form, _make_draft(sent, "")).answers
    return [
        Item(name_item(step), word_title(step, answers), show_answer(step, answers))
        for step in list_item_steps(form, answers)
    ]


def begin_revision(form: Form, sent: SentAnswers, item: str, context: Context) -> Turn | None:
    """Ask one item once more in a draft of its own; None if it is not among the items."""
    upgraded = upgrade(form, _make_draft(sent, item, context.new_tag))
    step = find_item(form, upgraded.answers, upgraded.item)
    if step is None:
        return None
    draft = open_step(replace(upgraded, sent=upgraded.answers), step, editing=True)
    return Turn(draft, say_prompt(make_prompt(form, draft, context)))


def settle_revision(form: Form, draft: Draft) -> Draft | None:
    """Open what is left to ask where this form has no such question; None if nothing is left."""
    if find_step(form, draft.answers, draft.question, draft.activity):
        return draft
    step = find_follow_up(form, draft) or find_item(form, draft.answers, draft.item)
    return open_step(draft, step, editing=True) if step else None


def end_revision(draft: Draft) -> Turn:
    """Say that the question is not asked any more."""
    return Turn(None, [Say((message("revision.gone"),), NoKeys())], [drop_draft(draft)])


def _make_draft(sent: SentAnswers, item: str, tag: str = "") -> Draft:
    return Draft(
        tag,
        sent.form_version,
        item.partition(".")[0],
        sent.answers,
        source=sent.source,
        consents=sent.consents,
        revises=sent.number,
        item=item,
        sent=sent.answers,
    )
