"""Places of every level for an audience: found by name or code, and then ticked."""

from collections.abc import Iterator

from domain.khmer import to_latin_digits
from domain.places import Gazetteer
from domain.staff import Scope
from domain.texts import message
from web.audience_form import ALL, NONE, Problems, Typed

NAMED = "place_named"
"""Where a place is written that is to be found."""

MOST_FOUND = 12
LONGEST = 80


def find_places(gazetteer: Gazetteer, text: str, scope: Scope) -> list[str]:
    """Find the codes of the places that may be meant, the likeliest first."""
    typed = to_latin_digits(text.strip())[:LONGEST]
    if not typed:
        return []
    if typed.isdecimal():
        code = typed.zfill(len(typed) + len(typed) % 2)
        return [code] if gazetteer.find(code) and scope.covers(code) else []
    found = dict.fromkeys(_search(gazetteer, typed, scope))
    return [code for code in found if scope.covers(code)][:MOST_FOUND]


def _search(gazetteer: Gazetteer, typed: str, scope: Scope) -> Iterator[str]:
    for within in [None] if scope.places is None else sorted(scope.places):
        matches = gazetteer.search(typed, within, MOST_FOUND)
        yield from (place.code for place in matches.places)


def list_unmeant(gazetteer: Gazetteer, typed: Typed, scope: Scope) -> Problems:
    """List the fields in which a place is written and none of those found is ticked.

    To pass over it would widen the audience.
    """
    problems: Problems = {}
    for prefix in (ALL, NONE):
        text = typed.one(prefix + NAMED).strip()
        found = find_places(gazetteer, text, scope)
        if text and not found:
            problems[prefix + NAMED] = [message("notices.wrong.no_such_place")]
        elif text and not any(typed.has(f"{prefix}place", code) for code in found):
            problems[prefix + NAMED] = [message("notices.wrong.place_unticked")]
    return problems


def forget_named(typed: Typed) -> Typed:
    """Give what was typed without the places that were looked for."""
    return typed.replace((ALL + NAMED, NONE + NAMED), {})
