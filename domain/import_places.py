"""Places of a list, by code or by name, each inside the one before it."""

from collections.abc import Sequence

from domain.khmer import clean, search_key, to_latin_digits
from domain.place_search import write_key
from domain.places import Gazetteer, Place
from domain.problems import Problem

LEVELS = ("province", "district", "commune", "village")
MOST_CANDIDATES = 4
_DIGITS = {level: 2 * at for at, level in enumerate(LEVELS, start=1)}


class PlaceReader:
    """Reads codes and exact names; what may mean several places is no place."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        # Tuples, since the garbage collector would look through as many sets again and again.
        self._codes: dict[tuple[str, str], tuple[str, ...]] = {}
        for place in _list_all(gazetteer):
            for key in _list_keys(place):
                known = self._codes.get((place.level, key), ())
                self._codes[place.level, key] = (*known, place.code)
        self._known: dict[tuple[str, str, str], Place | Problem] = {}

    def read(self, level: str, text: str, within: str) -> Place | Problem:
        """Read a place of a level inside the place with this code; '' is the whole country."""
        asked = (level, text, within)
        if asked not in self._known:
            if len(self._known) > 50_000:
                self._known.clear()
            self._known[asked] = self._read(level, clean(text), within)
        return self._known[asked]

    def _read(self, level: str, text: str, within: str) -> Place | Problem:
        digits = to_latin_digits(text).replace(" ", "")
        if digits.isascii() and digits.isdigit():
            return self._read_code(level, digits, within)
        key = search_key(text)
        found = self._codes.get((level, key), ())
        codes = sorted(code for code in found if code.startswith(within))
        if len(codes) == 1:
            return self._gazetteer.get(codes[0])
        if codes:
            return Problem("import.place-ambiguous", {"places": _list_codes(codes)})
        near = self._gazetteer.search(text[:60], within or None, 12).places
        alike = [place.code for place in near if place.level == level]
        if alike:
            return Problem("import.place-unclear", {"places": _list_codes(alike)})
        return Problem("import.place-unknown")

    def _read_code(self, level: str, digits: str, within: str) -> Place | Problem:
        """Read a code, also one whose leading zero a spreadsheet has taken away, or its end."""
        length = _DIGITS[level]
        for code in (digits, digits.zfill(length), within + digits.zfill(length - len(within))):
            place = self._gazetteer.find(code) if len(code) == length else None
            if place is not None and code.startswith(within):
                return place
        return Problem("import.place-unknown")


def _list_codes(codes: Sequence[str]) -> str:
    return " ".join(codes[:MOST_CANDIDATES])


def _list_all(gazetteer: Gazetteer) -> list[Place]:
    found = list(gazetteer.children(None))
    for place in found:
        found.extend(gazetteer.children(place.code))
    return found


def _list_keys(place: Place) -> set[str]:
    """List the keys of a place's names, with its kind before or behind and without it."""
    km, en = write_key(place.name_km), write_key(place.name_en)
    kind_km, kind_en = write_key(place.type_km), write_key(place.type_en)
    bare = km.removeprefix(kind_km)
    return {km, bare, kind_km + bare, en, en + kind_en, kind_en + en} - {""}
