"""The last look: all answers by parts; from here one to change, one job more, or send."""

from collections.abc import Iterator
from dataclasses import replace

from domain.answers.registry import show_answer
from domain.answers.types import (
    AnswerType,
    Asking,
    Continued,
    Ended,
    Moved,
    NotMine,
    Outcome,
    Prompt,
    Rows,
    in_columns,
    stack_texts,
)
from domain.events import ChoiceMade, Event
from domain.facts import Submitted
from domain.form import Answers, Form, Part, Question
from domain.replies import Button
from domain.route import Step, count_rounds, find_step, get_answer, is_answered, list_steps
from domain.submission import complete
from domain.texts import Text, message

_SUBMIT, _EDIT, _ADD, _REMOVE = "submit", "edit", "add", "remove."


def ask(asking: Asking) -> Prompt:
    """Show all answers, and what can be done with them."""
    summary = tuple(_summarise(asking.form, asking.draft.answers))
    if asking.partial:
        return Prompt((*summary, message("review.which")), _edit_rows(asking))
    return Prompt((*summary, asking.question.label), _action_rows(asking))


def receive(asking: Asking, event: Event) -> Outcome:
    """Send the registration, or open what shall change."""
    match event:
        case ChoiceMade(choice=choice) if choice == _SUBMIT:
            return _submit(asking)
        case ChoiceMade(choice=choice) if choice == _EDIT:
            return Continued({"editing": True})
        case ChoiceMade(choice=choice) if choice == _ADD:
            return _add_round(asking)
        case ChoiceMade(choice=choice) if choice.startswith(_REMOVE):
            return _remove_round(asking, int(choice.removeprefix(_REMOVE)))
        case ChoiceMade(choice=choice):
            question, activity = choice.split(".")
            return open_answer(asking, question, int(activity))
        case _:
            return NotMine()


def show(question: Question, _: object) -> Text:
    """Name the review itself, which has no answer."""
    return question.label


def step_back(partial: object) -> Continued | None:
    """Return from the list of answers."""
    return Continued(None) if partial else None


def open_answer(asking: Asking, question: str, activity: int = 0) -> Outcome:
    """Open an answered question to change its answer."""
    answers = asking.draft.answers
    step = find_step(asking.form, answers, question, activity)
    if step is None or not step.question.title or not is_answered(step, answers):
        return NotMine()
    draft = replace(asking.draft, question=question, activity=activity, partial=None, editing=True)
    return Moved(draft, word_title(step, answers))


def remove_round(form: Form, answers: Answers, activity: int) -> Answers:
    """Return the answers without one round of the part that repeats."""
    part = _get_repeating_part(form)
    rounds = list(answers[part.name])
    return {**answers, part.name: rounds[:activity] + rounds[activity + 1 :]}


def list_answered(form: Form, answers: Answers) -> list[Step]:
    """List the questions whose answers can be changed, in their order."""
    steps = list_steps(form, answers)
    return [step for step in steps if step.question.title and is_answered(step, answers)]


def word_title(step: Step, answers: Answers) -> Text:
    """Name an answer, and of which activity it is where there are several."""
    title = step.question.title or step.question.label
    if count_rounds(step.part, answers) > 1:
        return message("review.title_of_several", title=title, number=step.activity + 1)
    return title


def _submit(asking: Asking) -> Outcome:
    registration = complete(asking.draft, asking.context)
    return Ended((Submitted(registration, asking.draft.answers),))


def _add_round(asking: Asking) -> Outcome:
    part = _get_repeating_part(asking.form)
    rounds = asking.draft.answers[part.name]
    draft = replace(
        asking.draft,
        question=part.questions[0].name,
        activity=len(rounds),
        answers={**asking.draft.answers, part.name: [*rounds, {}]},
        partial=None,
        editing=False,
    )
    return Moved(draft, message("review.add"))


def _remove_round(asking: Asking, activity: int) -> Outcome:
    answers = remove_round(asking.form, asking.draft.answers, activity)
    draft = replace(asking.draft, answers=answers, partial=None)
    return Moved(draft, message("review.remove", number=activity + 1))


def _summarise(form: Form, answers: Answers) -> Iterator[Text]:
    steps = [step for step in list_answered(form, answers) if _has_value(step, answers)]
    for part in form.parts:
        rounds = count_rounds(part, answers)
        for activity in range(rounds):
            lines = [
                message(
                    "review.line",
                    title=step.question.title or step.question.label,
                    answer=show_answer(step, answers),
                )
                for step in steps
                if (step.part.name, step.activity) == (part.name, activity)
            ]
            if part.title and lines:
                yield stack_texts([_heading(part.title, activity, rounds), *lines])


def _heading(title: Text, activity: int, rounds: int) -> Text:
    if rounds > 1:
        return message("review.part_of_several", title=title, number=activity + 1)
    return message("review.part", title=title)


def _has_value(step: Step, answers: Answers) -> bool:
    return get_answer(step, answers) is not None


def _action_rows(asking: Asking) -> Rows:
    part = _get_repeating_part(asking.form)
    more = [asking.button(message("review.edit"), _EDIT)]
    if count_rounds(part, asking.draft.answers) < part.repeats:
        more.append(asking.button(message("review.add"), _ADD))
    return ((asking.button(message("review.submit"), _SUBMIT),), tuple(more))


def _edit_rows(asking: Asking) -> Rows:
    answers = asking.draft.answers
    titles = [
        asking.button(word_title(step, answers), f"{step.question.name}.{step.activity}")
        for step in list_answered(asking.form, answers)
    ]
    return (*in_columns(titles, 2), *in_columns(_removals(asking), 1))


def _removals(asking: Asking) -> list[Button]:
    rounds = count_rounds(_get_repeating_part(asking.form), asking.draft.answers)
    return [
        asking.button(message("review.remove", number=activity + 1), f"{_REMOVE}{activity}")
        for activity in range(rounds)
        if rounds > 1
    ]


def _get_repeating_part(form: Form) -> Part:
    return next(part for part in form.parts if part.repeats)


REVIEW = AnswerType(ask, receive, show, step_back)
