"""How far a notice is, in the words of its author's chat and of its page."""

from collections.abc import Mapping
from datetime import datetime

from domain.notice_outlook import Outlook, Phase
from domain.recipients import FORM, FULL, LIMITED, NIGHT, Status, Wait
from domain.texts import Text, message
from services.notice_titles import Title

Counts = Mapping[Status, int]


def word_progress(title: Title, counts: Counts, outlook: Outlook) -> tuple[Text, ...]:
    """Say how far a notice is, who waits and what for, and what is uncertain about it."""
    words = [word_phase(title, outlook), _word_counts(counts, outlook)]
    words += word_waits(outlook)
    if counts[Status.UNCERTAIN]:
        words.append(message("progress.uncertain"))
    return tuple(words)


def word_phase(title: Title, outlook: Outlook) -> Text:
    """Say how a notice stands."""
    match outlook.phase:
        case Phase.SENDING:
            return message("progress.sending", title=title)
        case Phase.WAITING:
            return message("progress.waiting", title=title)
        case Phase.PAUSED:
            return message("progress.paused", title=title)
        case Phase.COMPLETED:
            return message("progress.completed", title=title)
        case Phase.AGAIN:
            return message("progress.again", title=title, count=outlook.waiting)
        case Phase.OPEN if outlook.open_until:
            return message("progress.open", title=title, until=outlook.open_until)
        case _:
            return message("progress.cancelled", title=title)


def word_waits(outlook: Outlook) -> list[Text]:
    """Say what those wait for whose turn has not come, and how many can be sent to now."""
    if not outlook.waits:
        return []
    due = [message("progress.due", count=outlook.due)] if outlook.due else []
    return [*due, *(word_wait(wait) for wait in outlook.waits)]


def word_wait(wait: Wait) -> Text:
    """Say what some wait for, and until when the first of them does."""
    values: dict[str, int | datetime] = {"count": wait.count, "until": wait.until}
    match wait.reason:
        case reason if reason == NIGHT:
            return message("progress.wait_night", **values)
        case reason if reason == FORM:
            return message("progress.wait_form", **values)
        case reason if reason == FULL:
            return message("progress.wait_full", **values)
        case reason if reason == LIMITED:
            return message("progress.wait_limited", **values)
    return message("progress.wait_again", **values)


def _word_counts(counts: Counts, outlook: Outlook) -> Text:
    return message(
        "progress.counts",
        sent=counts[Status.SENT],
        total=sum(counts.values()),
        waiting=outlook.waiting,
        failed=counts[Status.FAILED],
        uncertain=counts[Status.UNCERTAIN],
        opted_out=counts[Status.OPTED_OUT],
        expired=counts[Status.EXPIRED],
        cancelled=counts[Status.CANCELLED],
    )
