"""Messages outside a form: a question to the office, with all that was written about it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.khmer import search_key

MOST_MESSAGES = 20
"""Messages of one question that are kept: nobody reads more."""

QUIET = timedelta(hours=1)
"""How long nothing is said about further messages."""


_COURTESIES = frozenset(
    map(
        search_key,
        (
            *("អរគុណ", "អរគុណច្រើន", "អរគុណបង", "សូមអរគុណ", "បាទអរគុណ", "ចាសអរគុណ", "បាទ", "ចាស"),
            *("សួស្តី", "ជម្រាបសួរ", "ជំរាបសួរ", "ជម្រាបលា", "យល់ហើយ", "បានហើយ"),
            *("thanks", "thank you", "thank you very much", "ok", "okay", "yes", "hello", "hi"),
            *("orkun", "arkun", "sousdey"),
        ),
    )
)


class QuestionStatus(StrEnum):
    """Where a question stands; one that is unplaced waits to hear for which province it is."""

    UNPLACED = "unplaced"
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Question:
    """What a chat asks an office, by its code; `number` is the application it may be about.

    `written_at` are the moments of all messages, `fresh` the texts that are not stored yet, and
    `id` is None until the first of them is.
    """

    chat_id: int
    asked_at: datetime
    office: str | None = None
    number: str | None = None
    status: QuestionStatus = QuestionStatus.UNPLACED
    id: int | None = None
    written_at: tuple[datetime, ...] = ()
    fresh: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        """Whether it is open, or will be once its office is known."""
        return self.status in (QuestionStatus.OPEN, QuestionStatus.UNPLACED)

    @property
    def is_full(self) -> bool:
        """Whether no more messages are kept."""
        return len(self.written_at) >= MOST_MESSAGES


def add_message(question: Question, text: str, at: datetime) -> Question:
    """Add a message to a question."""
    written_at = (*question.written_at, at)
    return replace(question, written_at=written_at, fresh=(*question.fresh, text))


def is_time_to_tell(question: Question, now: datetime) -> bool:
    """Tell whether enough time has passed to say again that a message was added."""
    told_at = question.asked_at
    for written_at in question.written_at:
        if written_at - told_at >= QUIET:
            told_at = written_at
    return now - told_at >= QUIET


def quote(text: str, longest: int = 80) -> str:
    """Shorten a question to be shown above its answer."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def is_courtesy(text: str) -> bool:
    """Tell whether somebody only greets or thanks, which nobody needs to answer."""
    return search_key(text) in _COURTESIES
