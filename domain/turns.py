"""What a turn of the dialogue returns, and the exchange in which it is made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from domain.answers.types import AnswerType, Asking, Prompt
from domain.asking import get_step, get_type, make_prompt, open_question, say_prompt
from domain.context import Context
from domain.drafts import Draft
from domain.events import ChoiceMade, Event
from domain.facts import Fact
from domain.form import Form
from domain.replies import Reply, Say, Unbutton
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

    @property
    def tapped(self) -> int | None:
        """The message that was tapped, if this was a tap."""
        return self.event.message_id if isinstance(self.event, ChoiceMade) else None

    @property
    def shown(self) -> int | None:
        """The message with the open question's buttons, as far as it is known."""
        known = self.context.question_message_id if self.prompt.rows else None
        return known if self.tapped is None else self.tapped

    def ask_again(self, *first: Text, silent: bool = False) -> Turn:
        """Put the open question once more, after some first words."""
        return self._put_again(say_prompt(self.prompt, first, silent))

    def correct(self, mistake: Text) -> Turn:
        """Say what was wrong and put the open question once more, without its introduction."""
        return self._put_again(say_prompt(replace(self.prompt, before=()), (mistake,)))

    def explain(self, *paragraphs: Text) -> Turn:
        """Say something and put the open question once more below it."""
        question = say_prompt(replace(self.prompt, before=()))
        return self._put_again([Say(paragraphs), *question])

    def _put_again(self, replies: list[Reply]) -> Turn:
        shown = self.shown
        return Turn(self.draft, replies if shown is None else [Unbutton(shown), *replies])


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
