"""The columns of another register's list, and the headings under which they come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.khmer import search_key

REQUIRED = (
    "family_km",
    "given_km",
    "family_latin",
    "given_latin",
    "sex",
    "birth_date",
    "province",
    "district",
    "occupation",
    "category",
)
OPTIONAL = (
    "register_number",
    "phone",
    "id_number",
    "commune",
    "village",
    "registered_on",
    "status",
)

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "register_number": ("registration number", "លេខចុះបញ្ជី", "លេខចុះឈ្មោះ"),
    "family_km": ("family name khmer", "khmer family name", "នាមត្រកូល", "គោត្តនាម"),
    "given_km": ("given name khmer", "khmer given name", "នាមខ្លួន", "នាម"),
    "family_latin": ("family name", "surname", "last name", "នាមត្រកូលឡាតាំង", "គោត្តនាមឡាតាំង"),
    "given_latin": ("given name", "first name", "នាមខ្លួនឡាតាំង", "នាមឡាតាំង"),
    "sex": ("gender", "ភេទ"),
    "birth_date": ("date of birth", "dob", "born", "ថ្ងៃខែឆ្នាំកំណើត", "ថ្ងៃកំណើត"),
    "phone": (
        *("phone number", "telephone", "mobile", "លេខទូរស័ព្ទ", "លេខទូរសព្ទ"),
        *("ទូរស័ព្ទ", "ទូរសព្ទ"),
    ),
    "id_number": ("id", "identity number", "national id", "អត្តសញ្ញាណប័ណ្ណ", "លេខអត្តសញ្ញាណប័ណ្ណ"),
    "province": ("province code", "ខេត្ត", "រាជធានីខេត្ត", "ខេត្តរាជធានី"),
    "district": ("district code", "khan", "ស្រុក", "ក្រុងស្រុកខណ្ឌ", "ស្រុកខណ្ឌ"),
    "commune": ("commune code", "sangkat", "ឃុំ", "ឃុំសង្កាត់"),
    "village": ("village code", "phum", "ភូមិ"),
    "occupation": ("job", "work", "មុខរបរ"),
    "category": ("type", "ប្រភេទ"),
    "registered_on": ("registration date", "registered", "ថ្ងៃចុះឈ្មោះ", "ថ្ងៃចុះបញ្ជី"),
    "status": ("standing", "ស្ថានភាព"),
}
"""Other headings of a column than its name, in lists of both languages.

A mere "number" is none: most lists count their rows under it, and each export counts anew.
"""

_COLUMN_OF = {
    search_key(heading): column
    for column, headings in HEADINGS.items()
    for heading in (column, *headings)
}


@dataclass(frozen=True)
class Heading:
    """What a first line says: where each column is, what is not known, missing, or there twice."""

    places: Mapping[str, int]
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()

    def pick(self, cells: Sequence[str]) -> dict[str, str]:
        """Name the cells of a line; what it lacks is empty."""
        return {column: cells[at] if at < len(cells) else "" for column, at in self.places.items()}


def read_heading(cells: Sequence[str]) -> Heading:
    """Read a first line; letters' size, spaces and signs do not count."""
    places: dict[str, int] = {}
    unknown, twice = [], []
    for at, cell in enumerate(cells):
        column = _COLUMN_OF.get(search_key(cell[:100]))
        if column is None:
            unknown.append(cell.strip()[:40])
        elif column in places:
            twice.append(column)
        else:
            places[column] = at
    missing = [column for column in REQUIRED if column not in places]
    return Heading(places, tuple(filter(None, unknown)), tuple(missing), tuple(twice))


def count_known(cells: Sequence[str]) -> int:
    """Count the cells of a line that are headings."""
    return sum(search_key(cell[:100]) in _COLUMN_OF for cell in cells)
