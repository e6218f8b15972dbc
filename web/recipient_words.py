"""Recipients of a notice in words: why somebody was not reached or waits, and their answers."""

from collections.abc import Iterable, Mapping

from domain.notice_content import ButtonKind, Content, label_of
from domain.recipients import BLOCKED, FORM, FULL, INTERRUPTED, LIMITED, MOVED, NIGHT, Status
from domain.texts import Text, message
from locales.catalogue import Names, render_plain
from services.notice_messages import INTERESTED

_REASONS: Mapping[str, Text] = {
    BLOCKED: message("notices.reason.blocked"),
    INTERRUPTED: message("notices.reason.interrupted"),
    MOVED: message("recipient.moved"),
    NIGHT: message("recipient.night"),
    FORM: message("recipient.form"),
    FULL: message("recipient.full"),
    LIMITED: message("recipient.limited"),
    "nothing to send": message("recipient.nothing_to_send"),
}
_OTHER: Mapping[Status, Text] = {
    Status.UNCERTAIN: message("recipient.no_answer"),
    Status.QUEUED: message("recipient.tried_again"),
}
"""Whatever else stands in the ledger is a kind of error, in the words of a program."""


def word_reason(reason: str, status: Status = Status.FAILED) -> Text:
    """Say why somebody was not reached, or waits."""
    if "attachment" in reason:
        return message("recipient.no_file")
    return _REASONS.get(reason) or _OTHER.get(status) or message("recipient.refused")


def label_answers(content: Content, locale: str, names: Names) -> dict[str, str]:
    """Name the answers that can be given to a notice."""
    numbered = enumerate(content.choices, start=1)
    labels = {str(number): label_of(choice, locale) for number, choice in numbered}
    if any(button.kind is ButtonKind.INTERESTED for button in content.buttons):
        interested = render_plain(message("notices.interested"), locale, names)
        labels = {INTERESTED: interested, **labels}
    return labels


def word_answers(answers: Iterable[str], labels: Mapping[str, str]) -> str:
    """Write what somebody answered, in the order of the notice."""
    given = set(answers)
    return ", ".join(label for answer, label in labels.items() if answer in given)
