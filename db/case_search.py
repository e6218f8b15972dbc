"""Finds applications by what an officer types: a number, a phone, or parts of a name."""

import re
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from db.cases import within
from db.queue import PAGE, Page, Viewpoint, list_of_ids
from db.tables import applications, worker_keys
from domain.duplicates import list_query_keys
from domain.khmer import clean, to_latin_digits
from domain.phones import Phone, parse_contact_phone, parse_phone

LONGEST_TEXT = 80
LEAST_DIGITS = 4
LEAST_LETTERS = 2
MOST_PARTS = 4
MOST_NAMESAKES = 60_000
"""People whom one search looks through; only one with very few letters finds so many."""

_NUMBER_DIGITS = 9
_LETTER = re.compile(r"[^\W\d_]")


async def search(
    connection: AsyncConnection, viewpoint: Viewpoint, text: str, limit: int = PAGE
) -> Page:
    """Find applications of a scope, the newest first; nothing if too little was typed."""
    ids = _find_ids(text[:LONGEST_TEXT])
    if ids is None:
        return Page(())
    return await list_of_ids(connection, viewpoint, _narrow(ids, viewpoint, limit), limit)


def is_enough(text: str) -> bool:
    """Tell whether a text has enough letters or digits to look for."""
    return _find_ids(text[:LONGEST_TEXT]) is not None


def _narrow(ids: Select[Any], viewpoint: Viewpoint, limit: int) -> Select[Any]:
    """Keep the newest in the scope, by the index alone, before any row is read."""
    return within(ids, viewpoint.scope).order_by(applications.c.id.desc()).limit(limit + 1)


def _find_ids(text: str) -> Select[Any] | None:
    typed = to_latin_digits(clean(text))
    if _LETTER.search(typed):
        return _find_by_name(typed)
    digits = re.sub("[^0-9]", "", typed)
    return _find_by_digits(typed, digits) if len(digits) >= LEAST_DIGITS else None


def _find_by_name(text: str) -> Select[Any] | None:
    """Let each word begin some key of the name; first, the longest, since it has fewest people."""
    keys = sorted(list_query_keys(text), key=len, reverse=True)[:MOST_PARTS]
    if not keys or len(keys[0]) < LEAST_LETTERS:
        return None
    people = _begin_with("name", keys[0])
    for key in keys[1:]:
        people = _begin_with("name", key).where(worker_keys.c.worker_id.in_(people))
    found = people.limit(MOST_NAMESAKES)
    return select(applications.c.id).where(applications.c.worker_id.in_(found))


def _find_by_digits(typed: str, digits: str) -> Select[Any]:
    """Let digits begin a number, or be a phone: two searches, each by an index of its own."""
    found = [_find_by_phone(typed)]
    if len(digits) <= _NUMBER_DIGITS:
        first, last = (digits.ljust(_NUMBER_DIGITS, digit) for digit in "09")
        begun = applications.c.number.between(first, last)
        found.append(select(applications.c.id).where(begun))
    return select(applications.c.id).where(applications.c.id.in_(union_all(*found)))


def _find_by_phone(typed: str) -> Select[Any]:
    phones = {one.e164 for one in _list_phones(typed)}
    owners = select(worker_keys.c.worker_id).where(
        worker_keys.c.kind == "phone", worker_keys.c.key.in_(sorted(phones))
    )
    return select(applications.c.id).where(applications.c.worker_id.in_(owners))


def _list_phones(typed: str) -> list[Phone]:
    """List the numbers that may be meant: a Cambodian one, or one of another country."""
    read = (parse_phone(typed), parse_contact_phone(typed))
    return [one for one in read if isinstance(one, Phone)]


def _begin_with(kind: str, key: str) -> Select[Any]:
    """Find the people who have a key that begins so: a range, which every database's index has."""
    behind = key[:-1] + chr(ord(key[-1]) + 1)
    return select(worker_keys.c.worker_id).where(
        worker_keys.c.kind == kind, worker_keys.c.key >= key, worker_keys.c.key < behind
    )
