"""The buttons of who is invited to an event day, and how they change with the answer."""

from collections.abc import Mapping
from enum import StrEnum

from domain.replies import Button, Tap
from domain.texts import Text, message

CAMPAIGN = "camp"
"""In place of a draft's tag: a button that belongs to an event day."""

YES, NO, CODE = "yes", "no", "qr"
QUIET, KEEP = "quiet", "keep"


class Answer(StrEnum):
    """What an invited person has said; who comes and finds no place waits for one."""

    NONE = "none"
    COMING = "coming"
    WAITING = "waiting"
    NOT_COMING = "not_coming"
    STOPPING = "stopping"
    """Comes, and asked that nobody remind them: that is asked back."""


_BUTTONS: Mapping[Answer, Mapping[str, Text]] = {
    Answer.NONE: {
        YES: message("rsvp.button_yes"),
        NO: message("rsvp.button_no"),
    },
    Answer.COMING: {
        YES: message("rsvp.chosen_yes"),
        CODE: message("rsvp.button_code"),
        NO: message("rsvp.button_no"),
    },
    Answer.WAITING: {
        YES: message("rsvp.chosen_waiting"),
        NO: message("rsvp.button_no"),
    },
    Answer.NOT_COMING: {
        NO: message("rsvp.chosen_no"),
        YES: message("rsvp.button_after_all"),
    },
    Answer.STOPPING: {
        NO: message("rsvp.button_quiet_yes"),
        KEEP: message("rsvp.button_keep"),
    },
}
"""What there is to tap after each answer, from top to bottom."""


def make_answer_buttons(
    campaign_id: int, answer: Answer = Answer.NONE, *, is_reminder: bool = False
) -> tuple[tuple[Button, ...], ...]:
    """Make the buttons under an invitation or a reminder, after what was answered."""
    labels = dict(_BUTTONS[answer])
    if is_reminder and answer is Answer.COMING:
        labels[QUIET] = message("rsvp.button_quiet")
    return tuple(
        (Button(label, Tap(CAMPAIGN, act, str(campaign_id))),) for act, label in labels.items()
    )
