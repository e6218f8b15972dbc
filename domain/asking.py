"""How an open question is put: its progress, its buttons, and where the words appear."""

from dataclasses import replace

from domain.answers.registry import ANSWER_TYPES, show_answer
from domain.answers.types import AnswerType, Asking, Prompt, Rows, stack_texts
from domain.context import Context
from domain.drafts import Draft
from domain.follow_ups import find_before_in_revision
from domain.form import Form
from domain.numbers import format_number
from domain.replies import (
    Button,
    Buttons,
    Key,
    Keyboard,
    Keys,
    NoKeys,
    Reply,
    Rewrite,
    Say,
    Tap,
    Unbutton,
)
from domain.review import REVIEW
from domain.route import Step, answers_of_round, find_step, get_next, is_answered, is_first
from domain.texts import Code, Text, message

BACK, SKIP, KEEP = "_back", "_skip", "_keep"
_TYPES = {**ANSWER_TYPES, "review": REVIEW}


def get_step(form: Form, draft: Draft) -> Step:
    """Return the step of the open question."""
    step = find_step(form, draft.answers, draft.question, draft.activity)
    return step or get_next(form, draft.answers)


def get_type(step: Step) -> AnswerType:
    """Return what the step's type of question can do."""
    return _TYPES[step.question.type]


def open_question(form: Form, draft: Draft, context: Context) -> Asking:
    """Look at the open question of a draft."""
    step = get_step(form, draft)
    answers = answers_of_round(step.part, step.activity, draft.answers)
    return Asking(form, step.question, draft, context, answers)


def make_prompt(form: Form, draft: Draft, context: Context) -> Prompt:
    """Put the open question, with its progress and with the ways forward and back."""
    step = get_step(form, draft)
    prompt = get_type(step).ask(open_question(form, draft, context))
    paragraphs = _under_heading(_word_heading(form, draft, step), prompt.paragraphs)
    keys = (*prompt.keys, *_back_keys(form, draft, step)) if prompt.keys else ()
    rows = () if keys else (*_keep_row(draft, step), *prompt.rows, *_last_row(form, draft, step))
    return replace(prompt, paragraphs=paragraphs, rows=rows, keys=keys)


def say_prompt(prompt: Prompt, first: tuple[Text, ...] = (), silent: bool = False) -> list[Reply]:
    """Say a question in new messages, after some first words."""
    if not prompt.before:
        return [Say((*first, *prompt.paragraphs), _keyboard(prompt), silent)]
    opening, *others = (first, *prompt.before) if first else prompt.before
    return [
        Say(opening, NoKeys(), silent),
        *(Say(paragraphs, None, silent) for paragraphs in others),
        Say(prompt.paragraphs, _keyboard(prompt), silent),
    ]


def rewrite_prompt(message_id: int, prompt: Prompt) -> list[Reply]:
    """Put a question into a message that is already there, unless it needs new ones."""
    if prompt.keys or prompt.before:
        return [Unbutton(message_id), *say_prompt(prompt)]
    return [Rewrite(message_id, prompt.paragraphs, _buttons(prompt))]


def retire_prompt(prompt: Prompt, message_id: int | None) -> list[Reply]:
    """Take a question's buttons or keys away, because it is put again in new messages."""
    if message_id is not None:
        return [Unbutton(message_id)]
    return [Say((message("keys.away"),), NoKeys())] if prompt.keys else []


def close_prompt(
    answered: tuple[Text, ...], chosen: Text, prompt: Prompt, message_id: int | None
) -> list[Reply]:
    """Show at a question what was answered, and take its buttons or keys away."""
    if message_id is not None:
        return [Rewrite(message_id, answered)]
    return [Say((chosen,), NoKeys())] if prompt.keys else []


def _under_heading(heading: Text | None, paragraphs: tuple[Text, ...]) -> tuple[Text, ...]:
    if heading is None:
        return paragraphs
    first, *others = paragraphs
    return (heading, *paragraphs) if others else (stack_texts((heading, first)),)


def _word_heading(form: Form, draft: Draft, step: Step) -> Text | None:
    if draft.revises:
        return message("revision.heading", number=Code(format_number(draft.revises)))
    if not step.part.title:
        return None
    titled = [part for part in form.parts if part.title]
    number = titled.index(step.part) + 1
    return message("progress", number=number, count=len(titled), title=step.part.title)


def _keep_row(draft: Draft, step: Step) -> Rows:
    if draft.partial is not None or not is_answered(step, draft.answers):
        return ()
    label = message("button.keep", answer=show_answer(step, draft.answers))
    return ((_control(draft, step, label, KEEP),),)


def _back_keys(form: Form, draft: Draft, step: Step) -> tuple[tuple[Key, ...], ...]:
    return ((Key(message("button.back")),),) if _can_go_back(form, draft, step) else ()


def _can_go_back(form: Form, draft: Draft, step: Step) -> bool:
    if draft.revises:
        within = get_type(step).step_back(draft.partial)
        return bool(within or find_before_in_revision(form, draft, step))
    return draft.partial is not None or not is_first(form, step)


def _last_row(form: Form, draft: Draft, step: Step) -> Rows:
    row = []
    if _can_go_back(form, draft, step):
        row.append(_control(draft, step, message("button.back"), BACK))
    if not step.question.required:
        row.append(_control(draft, step, message("button.skip"), SKIP))
    return (tuple(row),) if row else ()


def _control(draft: Draft, step: Step, label: Text, choice: str) -> Button:
    return Button(label, Tap(draft.tag, step.question.name, choice))


def _keyboard(prompt: Prompt) -> Keyboard | None:
    return Keys(prompt.keys) if prompt.keys else _buttons(prompt)


def _buttons(prompt: Prompt) -> Buttons | None:
    return Buttons(prompt.rows) if prompt.rows else None
