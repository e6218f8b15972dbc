"""One photo."""

from domain.answers.types import (
    Accepted,
    AnswerType,
    Asking,
    NotMine,
    Outcome,
    Prompt,
    Refused,
)
from domain.events import Answered, Event, PhotoSent, SomethingElseSent
from domain.form import Question
from domain.texts import Text, message


def ask(asking: Asking) -> Prompt:
    """Ask for the photo."""
    return Prompt((asking.question.label,))


def receive(_: Asking, event: Event) -> Outcome:
    """Take a photo."""
    match event:
        case PhotoSent(file_id=file_id):
            return Accepted(file_id)
        case Answered() | SomethingElseSent():
            return Refused(message("photo.wanted"))
        case _:
            return NotMine()


def show(_: Question, __: str) -> Text:
    """Say that there is a photo."""
    return message("show.photo")


PHOTO = AnswerType(ask, receive, show)
