"""The way through a form: which questions concern a person, and which comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.form import Answers, Form, Part, Question, always


@dataclass(frozen=True)
class Step:
    """A question at its place in the form; `activity` tells the rounds of a repeated part apart."""

    part: Part
    question: Question
    activity: int = 0


def list_steps(form: Form, answers: Answers) -> list[Step]:
    """List the questions that concern a person with these answers, in their order."""
    return [
        Step(part, question, activity)
        for part in form.parts
        for activity in range(count_rounds(part, answers))
        for question in _list_relevant(part, activity, answers)
    ]


def find_step(form: Form, answers: Answers, question: str, activity: int = 0) -> Step | None:
    """Return the step of a question, if it concerns the person."""
    for part in form.parts:
        for one in part.questions:
            if one.name == question and 0 <= activity < count_rounds(part, answers):
                relevant = _is_relevant(part, one, activity, answers)
                return Step(part, one, activity) if relevant else None
    return None


def get_next(form: Form, answers: Answers) -> Step:
    """Return the first step that is not answered; the last one of a form never is."""
    for part in form.parts:
        for activity in range(count_rounds(part, answers)):
            answered = answers_of_round(part, activity, answers)
            for question in _list_relevant(part, activity, answers):
                if question.name not in answered:
                    return Step(part, question, activity)
    last = form.parts[-1]
    return Step(last, last.questions[-1])


def find_before(form: Form, answers: Answers, step: Step) -> Step | None:
    """Return the step before this one, if there is one."""
    before = None
    for one in list_steps(form, answers):
        if (one.question.name, one.activity) == (step.question.name, step.activity):
            return before
        before = one
    return None


def is_first(form: Form, step: Step) -> bool:
    """Tell whether a form begins with this step."""
    return step.question.name == form.parts[0].questions[0].name


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


def _list_relevant(part: Part, activity: int, answers: Answers) -> Iterator[Question]:
    for question in part.questions:
        if _is_relevant(part, question, activity, answers):
            yield question


def _is_relevant(part: Part, question: Question, activity: int, answers: Answers) -> bool:
    if question.relevant is always:
        return True
    if not part.repeats:
        return question.relevant(answers)
    return question.relevant({**answers, **answers_of_round(part, activity, answers)})


def _drop_irrelevant(form: Form, answers: Answers) -> Answers:
    kept: dict[str, Any] = dict(answers)
    for part in form.parts:
        for activity in range(count_rounds(part, kept)):
            for question in part.questions:
                if not _is_relevant(part, question, activity, kept):
                    _drop(kept, part, activity, question.name)
    return kept


def _drop(answers: dict[str, Any], part: Part, activity: int, name: str) -> None:
    if not part.repeats:
        answers.pop(name, None)
    elif name in answers_of_round(part, activity, answers):
        rounds = list(answers[part.name])
        rounds[activity] = {key: one for key, one in rounds[activity].items() if key != name}
        answers[part.name] = rounds
