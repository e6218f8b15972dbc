"""What is said about an import: words of its columns, why it stopped, and its error file."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from db import imports
from db.database import Database
from db.imports import Kind, LineError
from documents.tables import BYTE_ORDER_MARK, write_rows
from domain.applications import Status
from domain.certificates import CATEGORY_NAMES
from domain.import_rows import STATUSES, Words
from domain.khmer import search_key
from domain.numbers import format_number
from domain.texts import Code, PlaceName, Text, Value, message
from domain.wording import PROBLEMS
from locales.catalogue import LOCALES, render_plain
from services.desk import Desk

AT_A_TIME = 1_000

STATUS_WORDS = {
    Status.APPROVED: message("import.status.approved"),
    Status.REJECTED: message("import.status.rejected"),
    Status.WITHDRAWN: message("import.status.withdrawn"),
}
_ENGLISH_STATUSES = {
    Status.APPROVED: ("registered", "active", "valid"),
    Status.REJECTED: ("refused", "declined"),
    Status.WITHDRAWN: ("cancelled", "closed"),
}

COLUMNS = {
    "register_number": message("import.column.register_number"),
    "family_km": message("import.column.family_km"),
    "given_km": message("import.column.given_km"),
    "family_latin": message("import.column.family_latin"),
    "given_latin": message("import.column.given_latin"),
    "sex": message("import.column.sex"),
    "birth_date": message("import.column.birth_date"),
    "phone": message("import.column.phone"),
    "id_number": message("import.column.id_number"),
    "province": message("import.column.province"),
    "district": message("import.column.district"),
    "commune": message("import.column.commune"),
    "village": message("import.column.village"),
    "occupation": message("import.column.occupation"),
    "category": message("import.column.category"),
    "registered_on": message("import.column.registered_on"),
    "status": message("import.column.status"),
}
"""What each column is for us."""

REASONS = {
    "empty": message("import.stopped.empty"),
    "encoding": message("import.stopped.encoding"),
    "line": message("import.stopped.line"),
    "wide": message("import.stopped.wide"),
    "long": message("import.stopped.long"),
    "gap": message("import.stopped.gap"),
    "unwanted": message("import.stopped.cut"),
    "damaged": message("import.stopped.damaged"),
    "no_list": message("import.stopped.no_list"),
    "bomb": message("import.stopped.bomb"),
    "strings": message("import.stopped.strings"),
    "row": message("import.stopped.row"),
    "doctype": message("import.stopped.doctype"),
    "database": message("import.stopped.database"),
    "cut": message("import.stopped.cut"),
    "asked": message("import.stopped.asked"),
}
"""Why an import did not begin, or came no further."""

WRONG = {
    "import.buddhist-year": message("import.wrong.buddhist_year"),
    "import.changed": message("import.wrong.changed", number="", columns=""),
    "import.changed-here": message("import.wrong.changed_here", columns=""),
    "import.day-needed": message("import.wrong.day_needed"),
    "import.mangled": message("import.wrong.mangled"),
    "import.missing": message("import.wrong.missing"),
    "import.no-such-word": message("import.wrong.no_such_word"),
    "import.place-ambiguous": message("import.wrong.place_ambiguous", places=""),
    "import.place-unclear": message("import.wrong.place_unclear", places=""),
    "import.place-unknown": message("import.wrong.place_unknown"),
    "import.shared-known": message("import.wrong.shared_known", number=""),
    "import.shared-row": message("import.wrong.shared_row", row=""),
    "import.too-long": message("import.wrong.too_long"),
    "import.unclosed": message("import.wrong.unclosed", first="", last=""),
}
TO_DO = {
    "register_number": message("import.do.register_number"),
    "family_km": message("import.do.name_km"),
    "given_km": message("import.do.name_km"),
    "family_latin": message("import.do.name_latin"),
    "given_latin": message("import.do.name_latin"),
    "sex": message("import.do.sex"),
    "birth_date": message("import.do.birth_date"),
    "phone": message("import.do.phone"),
    "id_number": message("import.do.id_number"),
    "province": message("import.do.place"),
    "district": message("import.do.place"),
    "commune": message("import.do.place"),
    "village": message("import.do.place"),
    "occupation": message("import.do.occupation"),
    "category": message("import.do.category"),
    "registered_on": message("import.do.registered_on"),
    "status": message("import.do.status"),
}
_TO_DO_OTHERWISE = message("import.do.otherwise")
_TO_DO_ABOUT = {
    "import.changed": message("import.do.changed"),
    "import.changed-here": message("import.do.changed_here"),
    "import.mangled": message("import.do.mangled"),
    "import.shared-known": message("import.do.shared"),
    "import.shared-row": message("import.do.shared"),
    "import.unclosed": message("import.do.unclosed"),
}
"""What to do about a mistake, whatever its column."""

_HEADING = (
    message("import.errors.row"),
    message("import.errors.column"),
    message("import.errors.wrong"),
    message("import.errors.do"),
    message("import.errors.kind"),
)
KINDS: Mapping[Kind, Text] = {
    "error": message("import.kind.error"),
    "changed": message("import.kind.changed"),
    "warning": message("import.kind.warning"),
    "shared": message("import.kind.shared"),
}
"""What a mistake means for the person in the line."""


def list_words(desk: Desk) -> Words:
    """List for every column with choices the words that mean each, in all languages."""
    words: dict[str, dict[str, str]] = {"status": {}}
    for part in desk.form.parts:
        for question in part.questions:
            if question.name in ("sex", "category"):
                found = words.setdefault(question.name, {})
                for choice in question.choices:
                    labels = [choice.label, *_list_names(choice.name)]
                    said = (choice.name, *choice.words, *_say(desk, *labels))
                    found.update((search_key(word), choice.name) for word in said)
    for status in STATUSES:
        said = (status.value, *_ENGLISH_STATUSES[status], *_say(desk, STATUS_WORDS[status]))
        words["status"].update((search_key(word), status.value) for word in said)
    return words


def _list_names(category: str) -> list[Text]:
    """List the platform's own name of a category, which other registers use."""
    return [CATEGORY_NAMES[category]] if category in CATEGORY_NAMES else []


def _say(desk: Desk, *texts: Text) -> list[str]:
    return [render_plain(words, locale, desk.names) for words in texts for locale in LOCALES]


def word_error(error: LineError) -> tuple[Text, Text]:
    """Say what is wrong in a cell, and what to do about it."""
    code, details = error.problem.code, error.problem.params
    known = WRONG.get(code) or PROBLEMS.get(code) or message("problem.unclear")
    wrong = replace(known, values={name: _show(name, said) for name, said in details.items()})
    to_do = TO_DO.get(error.column, _TO_DO_OTHERWISE)
    return wrong, _TO_DO_ABOUT.get(code, to_do)


def _show(name: str, said: str) -> Value:
    match name:
        case "columns":
            return name_columns(said.split())
        case "places":
            return _name_places(said.split())
        case "number":
            return Code(format_number(said))
        case _:
            return said


def _name_places(codes: Sequence[str]) -> Text:
    """Name some places with their codes, in the reader's language."""
    *others, last = [
        message("import.place", code=Code(code), place=PlaceName(code)) for code in codes
    ]
    for one in reversed(others):
        last = message("import.places", first=one, others=last)
    return last


def name_columns(columns: Sequence[str]) -> Text:
    """Name some columns, one after the other."""
    *others, last = [COLUMNS[column] for column in columns]
    for one in reversed(others):
        last = message("import.columns", first=one, others=last)
    return last


async def write_stored_errors(
    database: Database, desk: Desk, import_id: int, locale: str
) -> AsyncIterator[str]:
    """Write the error file of an import, piece by piece; nothing is held while one is taken."""
    yield _write_heading(desk, locale)
    after: int | None = 0
    while after is not None:
        async with database.read() as connection:
            errors, after = await imports.list_errors(connection, import_id, after, AT_A_TIME)
        for error in errors:
            yield _write_error(error, desk, locale)


async def write_errors(errors: Sequence[LineError], desk: Desk, locale: str) -> AsyncIterator[str]:
    """Write the error file of a trial, piece by piece."""
    yield _write_heading(desk, locale)
    for error in errors:
        yield _write_error(error, desk, locale)


def _write_heading(desk: Desk, locale: str) -> str:
    """Write the first line of an error file, with the mark by which spreadsheets see UTF-8."""
    heading = [render_plain(one, locale, desk.names) for one in _HEADING]
    return BYTE_ORDER_MARK + write_rows([heading])


def _write_error(error: LineError, desk: Desk, locale: str) -> str:
    wrong, to_do = (render_plain(words, locale, desk.names) for words in word_error(error))
    kind = render_plain(KINDS[error.kind], locale, desk.names)
    return write_rows([(error.row, error.column, wrong, to_do, kind)])
