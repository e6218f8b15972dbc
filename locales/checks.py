"""The gate for catalogues: what is wrong with them, one line a finding."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import PoFileError

from locales.catalogue import LOCALES, PLACEHOLDER, TAG, list_catalogues, read_catalogue
from locales.extraction import Use, list_uses, make_template

MAX_LENGTH = 4096

# "#, latin" above a message says that it has no Khmer letters on purpose.
_LATIN_FLAG = "latin"
_ENTITY = re.compile("&(?:lt|gt|amp|quot);")
_CODE = re.compile("<code>.*?</code>", re.DOTALL)
_IDENTIFIER = re.compile(r"\+?\d(?:[ -]?\d){7,}")
_MSGID = re.compile(r'^msgid "(.+)"$', re.MULTILINE)


def check_catalogues(root: Path) -> list[str]:
    """List everything wrong with the messages of the code and catalogues under a root."""
    uses, directory = list_uses(root), root / "locales"
    findings = [*check_code(uses), *_check_template(uses, directory)]
    languages: dict[str, Mapping[str, Message]] = {}
    for locale in LOCALES:
        catalogues, unreadable = _read_language(locale, directory)
        if unreadable:
            findings += unreadable
            continue
        languages[locale] = _merge(catalogues)
        findings += check_language(locale, catalogues, uses)
    return findings + list(check_agreement(languages))


def _read_language(locale: str, directory: Path) -> tuple[dict[Path, Catalog], list[str]]:
    catalogues: dict[Path, Catalog] = {}
    findings = []
    paths = list_catalogues(locale, directory)
    for path in paths:
        try:
            catalogues[path] = read_catalogue(path)
        except (OSError, PoFileError, UnicodeDecodeError) as error:
            findings.append(f"{locale}/{path.name}: cannot be read: {error}")
    return catalogues, findings if paths else [f"{locale}: has no catalogue"]


def check_code(uses: Iterable[Use]) -> Iterator[str]:
    """Find messages whose id cannot be extracted."""
    for use in uses:
        if use.id is None:
            yield f"{use.path}:{use.line}: the id of a message must be a literal"


def check_language(
    locale: str, catalogues: Mapping[Path, Catalog], uses: Iterable[Use]
) -> Iterator[str]:
    """Find what one language lacks, has twice, or says in a way that cannot be sent."""
    used = {use.id for use in uses if use.id is not None}
    missing = used - _merge(catalogues).keys()
    yield from (f"{locale}: {text_id}: missing" for text_id in sorted(missing))
    yield from (f"{locale}: {problem}" for problem in _check_areas(catalogues))
    for path, catalogue in catalogues.items():
        problems = [
            *_check_duplicates(path.read_text("utf-8")),
            *check_catalogue(catalogue, uses),
        ]
        yield from (f"{locale}/{path.name}: {problem}" for problem in problems)


def check_catalogue(catalogue: Catalog, uses: Iterable[Use]) -> Iterator[str]:
    """Find what one file has too much, or says in a way that cannot be sent."""
    used = {use.id for use in uses if use.id is not None}
    entries = _list_entries(catalogue)
    yield from (f"{text_id}: not used by the code" for text_id in sorted(entries.keys() - used))
    yield from (
        f"{text_id}: obsolete, remove it" for text_id in sorted(map(str, catalogue.obsolete))
    )
    for text_id, entry in entries.items():
        problems = check_entry(entry, str(catalogue.locale))
        yield from (f"{text_id}: {problem}" for problem in problems)
    yield from _check_values(entries, uses)


def check_entry(entry: Message, locale: str) -> Iterator[str]:
    """Find what is wrong with one message of a language."""
    if entry.fuzzy:
        yield "fuzzy"
    if not isinstance(entry.string, str):
        yield "has plural forms, which are not used here"
    elif not entry.string:
        yield "not translated"
    else:
        yield from check_wording(entry.string)
        if locale == "km" and _LATIN_FLAG not in entry.flags:
            yield from check_khmer(entry.string)


def check_wording(wording: str) -> Iterator[str]:
    """Find what Telegram would refuse, and characters that nobody sees."""
    if {"{", "}"} & set(PLACEHOLDER.sub("", wording)):
        yield "a brace that belongs to no placeholder"
    if set("<>&") & set(_ENTITY.sub("", TAG.sub("", wording))):
        yield "markup other than <b>, <i>, <code>, or a bare <, > or &"
    if not _is_balanced(TAG.findall(wording)):
        yield "tags are not closed in order"
    if junk := sorted({f"U+{ord(char):04X}" for char in wording if _is_junk(char)}):
        yield f"invisible characters: {', '.join(junk)}"
    if unicodedata.normalize("NFC", wording) != wording:
        yield "not in normal form NFC"
    if wording != wording.strip():
        yield "spaces or line breaks around it"
    if len(wording.encode("utf-16-le")) // 2 > MAX_LENGTH:
        yield f"longer than {MAX_LENGTH} characters"


def check_khmer(wording: str) -> Iterator[str]:
    """Find Khmer without Khmer letters, and Latin digits outside of identifiers."""
    words = PLACEHOLDER.sub("", wording)
    said = TAG.sub("", words)
    if any(map(str.isalpha, said)) and not re.search("[\u1780-\u17b3]", said):
        yield 'no Khmer letters (say "#, latin" above it if that is meant)'
    if re.search("[0-9]", _IDENTIFIER.sub("", _CODE.sub("", words))):
        yield "Latin digits outside of an identifier or <code>"


def check_agreement(languages: Mapping[str, Mapping[str, Message]]) -> Iterator[str]:
    """Find messages whose placeholders are not the same in all languages."""
    names = {locale: _list_placeholders(entries) for locale, entries in languages.items()}
    for text_id in sorted(set[str]().union(*names.values())):
        ways = {locale: named[text_id] for locale, named in names.items() if text_id in named}
        if len(set(ways.values())) > 1:
            listed = "; ".join(f"{locale} {_show(found)}" for locale, found in ways.items())
            yield f"{text_id}: placeholders differ: {listed}"


def _check_values(entries: Mapping[str, Message], uses: Iterable[Use]) -> Iterator[str]:
    for use in uses:
        entry = entries.get(use.id or "")
        if entry is None or not entry.string or use.values is None:
            continue
        asked = _placeholders(entry)
        if asked != use.values:
            given = f"{use.path}:{use.line} gives {_show(use.values)}"
            yield f"{use.id}: placeholders {_show(asked)}, but {given}"


def _check_template(uses: Iterable[Use], directory: Path) -> Iterator[str]:
    path = directory / "messages.pot"
    if not path.exists() or path.read_bytes() != make_template(uses):
        yield "messages.pot is out of date: run `python -m locales extract`"


def _check_duplicates(text: str) -> Iterator[str]:
    for text_id, times in Counter(_MSGID.findall(text)).items():
        if times > 1:
            yield f"{text_id}: there {times} times"


def _check_areas(catalogues: Mapping[Path, Catalog]) -> Iterator[str]:
    areas: dict[str, list[str]] = {}
    for path, catalogue in catalogues.items():
        for text_id in _list_entries(catalogue):
            areas.setdefault(text_id, []).append(path.name)
    for text_id, names in areas.items():
        if len(names) > 1:
            yield f"{text_id}: in {' and in '.join(names)}"


def _merge(catalogues: Mapping[Path, Catalog]) -> dict[str, Message]:
    entries = [_list_entries(catalogue).items() for catalogue in catalogues.values()]
    return dict(entry for area in entries for entry in area)


def _list_entries(catalogue: Catalog) -> dict[str, Message]:
    return {_get_id(entry): entry for entry in catalogue if entry.id}


def _get_id(entry: Message) -> str:
    return str(entry.id[0] if isinstance(entry.id, tuple) else entry.id)


def _list_placeholders(entries: Mapping[str, Message]) -> dict[str, frozenset[str]]:
    return {text_id: _placeholders(entry) for text_id, entry in entries.items() if entry.string}


def _placeholders(entry: Message) -> frozenset[str]:
    return frozenset(PLACEHOLDER.findall(str(entry.string)))


def _is_balanced(tags: Iterable[str]) -> bool:
    opened: list[str] = []
    for tag in tags:
        if not tag.startswith("</"):
            opened.append(tag)
        elif not opened or opened.pop() != tag.replace("/", ""):
            return False
    return not opened


def _is_junk(char: str) -> bool:
    """Tell whether a character is invisible; joiners shape Khmer letters and join emoji."""
    return char not in "\n\u200c\u200d" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"}


def _show(names: frozenset[str]) -> str:
    return "{" + ", ".join(sorted(names)) + "}"
