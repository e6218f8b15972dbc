"""Figures and recipients of a notice as tables: codes for programs, and words beside them."""

from collections.abc import Iterator, Mapping, Sequence

from domain.notice_content import Content
from domain.recipients import Status
from domain.texts import Text, message
from locales.catalogue import LOCALES, Names, render_plain
from web.notice_words import RECIPIENTS
from web.recipient_words import label_answers

RESULTS_HEAD = (
    message("notices.csv.kind"),
    message("notices.csv.province"),
    message("notices.csv.province_name"),
    message("notices.csv.code"),
    message("notices.csv.in_khmer"),
    message("notices.csv.in_english"),
    message("notices.csv.count"),
)
RECIPIENTS_HEAD = (
    message("notices.csv.number"),
    message("notices.csv.language"),
    message("notices.csv.district"),
    message("notices.csv.status"),
    message("notices.csv.status_words"),
    message("notices.csv.reason"),
    message("notices.csv.answer"),
    message("notices.csv.queued_at"),
    message("notices.csv.sending_began_at"),
    message("notices.csv.settled_at"),
)
"""Times are those of Phnom Penh."""

_OF_RECIPIENTS, _OF_ANSWERS = message("notices.recipients"), message("notices.csv.answers")
_NO_PROVINCE = message("notices.no_province")


def write_head(head: Sequence[Text], locale: str, names: Names) -> tuple[str, ...]:
    """Write the first line of a table in the reader's language."""
    return tuple(render_plain(words, locale, names) for words in head)


def word_status(status: Status, locale: str, names: Names) -> str:
    """Say what became of a recipient."""
    words, _ = RECIPIENTS[status.value]
    return render_plain(words, locale, names)


def list_results(
    counts: Mapping[Status, int],
    answers: Mapping[tuple[str, str], int],
    content: Content,
    locale: str,
    names: Names,
) -> Iterator[tuple[object, ...]]:
    """List how many recipients are in each status, and how many gave each answer, by province."""
    recipients, given = (
        render_plain(words, locale, names) for words in (_OF_RECIPIENTS, _OF_ANSWERS)
    )
    for status in Status:
        said = (word_status(status, language, names) for language in LOCALES)
        yield recipients, "", "", status.value, *said, counts.get(status, 0)
    labels = [label_answers(content, language, names) for language in LOCALES]
    for (place, answer), count in sorted(answers.items()):
        said = (words.get(answer, "") for words in labels)
        yield given, place, _name_province(place, locale, names), answer, *said, count


def _name_province(place: str, locale: str, names: Names) -> str:
    if not names.gazetteer.find(place):
        return render_plain(_NO_PROVINCE, locale, names)
    return names.gazetteer.short(place, locale)
