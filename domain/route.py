"""The way through a form: which questions concern a person, and which comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.form import Answers, Form, Part, Question


@dataclass(frozen=True)
class Step:
    """A question at its place in the form; `activity` tells the rounds of a repeated part apart."""

    part: Part
    question: Question
    activity: int = 0


def list_steps(form: Form, answers: Answers) -> list[Step]:
    """List the questions that concern a person with these answers, in their order."""
    return [step for step in _all_steps(form, answers) if _is_relevant(step, answers)]


def find_step(form: Form, answers: Answers, question: str, activity: int = 0) -> Step | None:
    """Return the step of a question, if it concerns the person."""
    for step in list_steps(form, answers):
        if step.question.name == question and step.activity == activity:
            return step
    return None


def get_next(form: Form, answers: Answers) -> Step:
    """Return the first step that is not answered; the last one of a form never is."""
    steps = list_steps(form, answers)
    return next((step for step in steps if not is_answered(step, answers)), steps[-1])


def find_before(form: Form, answers: Answers, step: Step) -> Step | None:
    """Return the step before this one, if there is one."""
    steps = list_steps(form, answers)
    at = steps.index(step)
    return steps[at - 1] if at else None


def is_answered(step: Step, answers: Answers) -> bool:
    """Tell whether a step has its answer, or was left out on purpose."""
    return step.question.name in answers_of_round(step.part, step.activity, answers)


def get_answer(step: Step, answers: Answers) -> Any:
    """Return the answer of a step that has one."""
    return answers_of_round(step.part, step.activity, answers)[step.question.name]


def answers_of_round(part: Part, activity: int, answers: Answers) -> Answers:
    """Return the answers among which a question of this part has its own."""
    if not part.repeats:
        return answers
    rounds = answers.get(part.name, ())
    found: Answers = rounds[activity] if activity < len(rounds) else {}
    return found


def put_answer(form: Form, answers: Answers, step: Step, value: Any) -> Answers:
    """Return the answers with this one, without those that it made fall."""
    name, part = step.question.name, step.part
    kept = {key: one for key, one in answers.items() if key not in step.question.resets}
    if part.repeats:
        rounds = list(kept.get(part.name, ())) or [{}]
        rounds[step.activity] = {**rounds[step.activity], name: value}
        kept[part.name] = rounds
    else:
        kept[name] = value
    return _drop_irrelevant(form, kept)


def count_rounds(part: Part, answers: Answers) -> int:
    """Count the rounds of a part; there is always one."""
    return max(1, len(answers.get(part.name, ()))) if part.repeats else 1


def _all_steps(form: Form, answers: Answers) -> Iterator[Step]:
    for part in form.parts:
        for activity in range(count_rounds(part, answers)):
            yield from (Step(part, question, activity) for question in part.questions)


def _is_relevant(step: Step, answers: Answers) -> bool:
    return step.question.relevant(
        {**answers, **answers_of_round(step.part, step.activity, answers)}
    )


def _drop_irrelevant(form: Form, answers: Answers) -> Answers:
    kept: dict[str, Any] = dict(answers)
    for step in _all_steps(form, answers):
        if is_answered(step, kept) and not _is_relevant(step, kept):
            _drop(kept, step)
    return kept


def _drop(answers: dict[str, Any], step: Step) -> None:
    name, part = step.question.name, step.part
    if not part.repeats:
        del answers[name]
        return
    rounds = list(answers[part.name])
    rounds[step.activity] = {key: one for key, one in rounds[step.activity].items() if key != name}
    answers[part.name] = rounds
