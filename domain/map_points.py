"""A point on the map, as people paste it: two numbers, or the link of a map that has them."""

import re
from dataclasses import astuple
from urllib.parse import unquote

from domain.khmer import to_latin_digits
from domain.notice_content import PlaceOfMap

SOUTH, NORTH, WEST, EAST = 9.9, 14.7, 102.3, 107.7
"""Between which degrees Cambodia lies, its islands included."""

SAME_PLACE = 0.001
"""So many degrees apart, some hundred metres, two points are one place to come to."""

LONGEST_LINK = 2_000

_NUMBER = r"(-?\d{1,3}(?:\.\d{1,17})?)"
_PAIR = re.compile(rf"\(?{_NUMBER}(?:\s*[,;]\s*|\s+){_NUMBER}\)?")
_GEO = re.compile(rf"geo:{_NUMBER},{_NUMBER}")
_IN_LINKS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"!3d{_NUMBER}!4d{_NUMBER}",
        rf"[?&]mlat={_NUMBER}&mlon={_NUMBER}",
        rf"[?&](?:q|query|ll|destination)=(?:loc:)?{_NUMBER},[+ ]?{_NUMBER}",
        rf"/(?:search|place)/{_NUMBER},[+ ]?{_NUMBER}",
        rf"/@{_NUMBER},{_NUMBER}",
        rf"#map=\d+/{_NUMBER}/{_NUMBER}",
    )
)
"""A pin first: what a map shows around it lies somewhere else."""


def read_point(pasted: str) -> PlaceOfMap | None:
    """Read a point; None if there is none, as in a short link, which only the network knows."""
    text = to_latin_digits(pasted[:LONGEST_LINK]).strip()
    if text.startswith(("https://", "http://")):
        link = unquote(text)
        found = next((match for one in _IN_LINKS if (match := one.search(link))), None)
    else:
        found = _PAIR.fullmatch(text) or _GEO.match(text)
    if found is None:
        return None
    latitude, longitude = (round(float(one), 6) for one in found.groups())
    return PlaceOfMap(latitude, longitude)


def write_point(point: PlaceOfMap) -> str:
    """Write a point as it can be pasted."""
    return ", ".join(f"{one:.6f}".rstrip("0").rstrip(".") for one in astuple(point))


def is_in_cambodia(point: PlaceOfMap) -> bool:
    """Tell whether a point lies within the bounds of Cambodia; strips of its neighbours do too."""
    return SOUTH <= point.latitude <= NORTH and WEST <= point.longitude <= EAST


def is_apart(first: PlaceOfMap | None, second: PlaceOfMap | None) -> bool:
    """Tell whether two points that are known are two places to come to."""
    if first is None or second is None:
        return False
    distances = first.latitude - second.latitude, first.longitude - second.longitude
    return max(map(abs, distances)) > SAME_PLACE
