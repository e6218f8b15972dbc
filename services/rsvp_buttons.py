"""The buttons of who is invited to an event day, and how they change with the answer."""

from collections.abc import Iterator
from enum import StrEnum

from domain.replies import Button, Tap
from domain.texts import Text, message

CAMPAIGN = "camp"
"""In place of a draft's tag: a button that belongs to an event day."""

YES, NO, CODE = "yes", "no", "qr"
QUIET, KEEP = "quiet", "keep"

Row = tuple[Button, ...]


class Answer(StrEnum):
    """What an invited person has said; who comes and finds no place waits for one."""

    NONE = "none"
    COMING = "coming"
    WAITING = "waiting"
    NOT_COMING = "not_coming"
    STOPPING = "stopping"
    """Comes, and asked that nobody remind them: that is asked back."""


def make_answer_buttons(
    campaign_id: int, answer: Answer = Answer.NONE, *, is_reminder: bool = False
) -> tuple[Row, ...]:
    """Make the buttons under an invitation or a reminder, after what was answered."""

    def make(label: Text, act: str) -> Row:
        return (Button(label, Tap(CAMPAIGN, act, str(campaign_id))),)

    def list_rows() -> Iterator[Row]:
        match answer:
            case Answer.NONE:
                yield make(message("rsvp.button_yes"), YES)
                yield make(message("rsvp.button_no"), NO)
            case Answer.NOT_COMING:
                yield make(message("rsvp.chosen_no"), NO)
                yield make(message("rsvp.button_after_all"), YES)
            case Answer.STOPPING:
                yield make(message("rsvp.button_quiet_yes"), NO)
                yield make(message("rsvp.button_keep"), KEEP)
            case Answer.WAITING:
                yield make(message("rsvp.chosen_waiting"), YES)
                yield make(message("rsvp.button_no"), NO)
            case Answer.COMING:
                yield make(message("rsvp.chosen_yes"), YES)
                yield make(message("rsvp.button_code"), CODE)
                yield make(message("rsvp.button_no"), NO)
                if is_reminder:
                    yield make(message("rsvp.button_quiet"), QUIET)

    return tuple(list_rows())
