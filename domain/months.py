"""Months by name, in the words with which people write a date."""

import re

from domain.khmer import search_key
from domain.problems import Problem

KHMER_MONTHS = (
    "មករា",
    "កុម្ភៈ",
    "មីនា",
    "មេសា",
    "ឧសភា",
    "មិថុនា",
    "កក្កដា",
    "សីហា",
    "កញ្ញា",
    "តុលា",
    "វិច្ឆិកា",
    "ធ្នូ",
)
ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_SHORTEST_ABBREVIATION = 3
_ENGLISH_FILLER = re.compile("st|nd|rd|th|the|of|in|on|i|am|was|born|age|years?|old")


def _any_of(*words: str) -> re.Pattern[str]:
    keys = [search_key(word) for phrase in words for word in phrase.split()]
    return re.compile("|".join(keys))


_MONTH_KEYS = [search_key(name) for name in KHMER_MONTHS]
_KHMER_MONTH = _any_of(*KHMER_MONTHS)
_KHMER_FILLER = _any_of("ថ្ងៃ ទី ខែ ឆ្នាំ គ.ស ព.ស កើត ខ្ញុំ នៅ អាយុ")
_LUNAR = _any_of(
    "មិគសិរ បុស្ស មាឃ ផល្គុន ចេត្រ ពិសាខ ជេស្ឋ អាសាឍ ស្រាពណ៍ ភទ្របទ អស្សុជ កត្តិក",
    "ជូត ឆ្លូវ ខាល ថោះ រោង ម្សាញ់ មមី មមែ វក រកា កុរ",  # the animal years but ច, a mere letter
)


def find_month(text: str) -> int | Problem | None:
    """Return the month that a date names, or None if it is all in numbers.

    Words that belong to no date are a problem, `date.unreadable` or `date.lunar`, so that
    nothing is taken for a date by chance.
    """
    khmer = search_key(re.sub("[0-9០-៩A-Za-z]+", " ", text))
    months = [_MONTH_KEYS.index(name) + 1 for name in _KHMER_MONTH.findall(khmer)]
    others = _KHMER_MONTH.sub("", khmer)
    if _LUNAR.search(others):
        return Problem("date.lunar")
    words = re.findall("[a-z]+", text.lower())
    named = [_find_english_month(word) for word in words if not _ENGLISH_FILLER.fullmatch(word)]
    months += [month for month in named if month]
    if None in named or _KHMER_FILLER.sub("", others) or len(months) > 1:
        return Problem("date.unreadable")
    return months[0] if months else None


def _find_english_month(word: str) -> int | None:
    if len(word) < _SHORTEST_ABBREVIATION:
        return None
    names = enumerate(ENGLISH_MONTHS, start=1)
    return next((month for month, name in names if name.lower().startswith(word)), None)
