"""What a turn of the dialogue returns, and the exchange in which it is made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from domain.answers.types import AnswerType, Asking, Prompt
from domain.asking import get_step, get_type, make_prompt, open_question, say_prompt
from domain.context import Context
from domain.drafts import Draft
from domain.events import Event
from domain.facts import Fact
from domain.form import Form
from domain.replies import Reply
from domain.route import Step
from domain.texts import Text


@dataclass(frozen=True)
class Turn:
    """What became of an event: the draft (None when there is none any more), replies, facts."""

    draft: Draft | None
    replies: Sequence[Reply] = ()
    facts: Sequence[Fact] = ()


@dataclass(frozen=True)
class Exchange:
    """One event in its circumstances, with the question that is open."""

    form: Form
    draft: Draft
    event: Event
    context: Context

    @cached_property
    def step(self) -> Step:
        """The step of the open question."""
        return get_step(self.form, self.draft)

    @cached_property
    def type(self) -> AnswerType:
        """What the open question's type can do."""
        return get_type(self.step)

    @cached_property
    def asking(self) -> Asking:
        """The open question."""
        return open_question(self.form, self.draft, self.context)

    @cached_property
    def prompt(self) -> Prompt:
        """The open question as it was put."""
        return make_prompt(self.form, self.draft, self.context)

    def ask_again(self, *first: Text, silent: bool = False) -> Turn:
        """Put the open question once more, after some first words."""
        return Turn(self.draft, say_prompt(self.prompt, first, silent))

    def correct(self, mistake: Text) -> Turn:
        """Say what was wrong and put the open question once more, without its introduction."""
        return Turn(self.draft, say_prompt(replace(self.prompt, before=()), (mistake,)))


def open_step(draft: Draft, step: Step, editing: bool = False) -> Draft:
    """Return the draft with this question open."""
    return replace(
        draft,
        question=step.question.name,
        activity=step.activity,
        partial=None,
        editing=editing,
        cancelling=False,
    )
