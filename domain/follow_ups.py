"""The way through a revision: one item, then the questions that its new answer opens."""

from domain.drafts import Draft
from domain.form import Answers, Form
from domain.review import list_answered
from domain.route import Step, find_step, is_answered, list_steps

_NO_ITEMS = {"notices"}
"""The menu changes this wish at any time; what has no title, such as a consent, is no item."""


def list_item_steps(form: Form, answers: Answers) -> list[Step]:
    """List the questions of a submitted form that may be asked once more, in their order."""
    steps = list_answered(form, answers)
    return [step for step in steps if step.question.name not in _NO_ITEMS]


def find_item(form: Form, answers: Answers, item: str | None) -> Step | None:
    """Return the step of an item, if it may be asked once more."""
    steps = list_item_steps(form, answers)
    return next((step for step in steps if name_item(step) == item), None)


def name_item(step: Step) -> str:
    """Name a step: by its question, and for an activity also its place from 0 (`income.1`)."""
    name = step.question.name
    return f"{name}.{step.activity}" if step.part.repeats else name


def find_follow_up(form: Form, draft: Draft) -> Step | None:
    """Return the first question that the revised answers leave open."""
    for step in list_steps(form, draft.answers):
        if not is_answered(step, draft.answers) and not _was_never_asked(form, draft, step):
            return step
    return None


def find_before_in_revision(form: Form, draft: Draft, step: Step) -> Step | None:
    """Return the question of this revision before a step, if there is one."""
    before = None
    for one in list_steps(form, draft.answers):
        if name_item(one) == name_item(step):
            return before
        opened = is_answered(one, draft.answers) and not is_answered(one, draft.sent)
        if opened or name_item(one) == draft.item:
            before = one
    return None


def _was_never_asked(form: Form, draft: Draft, step: Step) -> bool:
    """Tell whether a question came into the form after these answers were sent."""
    then = find_step(form, draft.sent, step.question.name, step.activity)
    return then is not None and not is_answered(then, draft.sent)
