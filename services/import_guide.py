"""What an officer is told of a list before sending one: its columns, and a sample to fill in."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from domain.import_columns import HEADINGS, REQUIRED
from domain.texts import Text
from services.import_words import COLUMNS, TO_DO

_PEOPLE: tuple[Mapping[str, str], ...] = (
    {
        "register_number": "CIE-0001",
        "family_km": "សុខ",
        "given_km": "ដារ៉ា",
        "family_latin": "SOK",
        "given_latin": "DARA",
        "birth_date": "1985-04-15",
        "phone": "012 345 678",
        "id_number": "999000001",
        "registered_on": "2025-02-03",
    },
    {
        "register_number": "CIE-0002",
        "family_km": "ចាន់",
        "given_km": "សុភា",
        "family_latin": "CHAN",
        "given_latin": "SOPHEA",
        "birth_date": "1992",
        "province": "02",
        "district": "0203",
        "registered_on": "2025-02-10",
    },
)
_IN_WORDS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "km": (
        {
            "sex": "ប្រុស",
            "province": "បាត់ដំបង",
            "district": "ក្រុងបាត់ដំបង",
            "occupation": "អ្នកលក់អាហារតាមដងផ្លូវ",
            "category": "រកស៊ីខ្លួនឯង គ្មានជួលគេ",
            "status": "បានអនុម័ត",
        },
        {
            "sex": "ស្រី",
            "occupation": "អ្នកលក់ដូរតាមដងផ្លូវ",
            "category": "រកស៊ីខ្លួនឯង គ្មានជួលគេ",
        },
    ),
    "en": (
        {
            "sex": "male",
            "province": "Battambang",
            "district": "Battambang City",
            "occupation": "Street food vendor",
            "category": "self_employed",
            "status": "approved",
        },
        {
            "sex": "female",
            "occupation": "Street vendor (non-food)",
            "category": "self_employed",
        },
    ),
}


@dataclass(frozen=True)
class Guide:
    """A column: its heading in the reader's language, what is in it, and how to write that."""

    heading: str
    others: tuple[str, ...]
    words: Text
    how: Text
    is_needed: bool


def list_guides(locale: str) -> list[Guide]:
    """Explain every column that is understood, in the order of the sample."""
    return [_explain(name, locale) for name in COLUMNS]


def write_sample(locale: str) -> str:
    """Write a list of invented people, with the mark by which spreadsheets see UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([guide.heading for guide in list_guides(locale)])
    for person, words in zip(_PEOPLE, _IN_WORDS[locale], strict=True):
        writer.writerow([{**person, **words}.get(name, "") for name in COLUMNS])
    return "\ufeff" + written.getvalue()


def _explain(name: str, locale: str) -> Guide:
    known = (name, *HEADINGS[name])
    heading = next(one for one in known if not one.isascii()) if locale == "km" else name
    others = tuple(one for one in known if one != heading)
    return Guide(heading, others, COLUMNS[name], TO_DO[name], name in REQUIRED)
