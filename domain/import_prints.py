"""What a line said of somebody, column by column, kept so that a change can be told later."""

from collections.abc import Mapping
from hashlib import blake2s

from domain.import_columns import OPTIONAL, REQUIRED

PRINTED = tuple(column for column in (*REQUIRED, *OPTIONAL) if column != "register_number")
_LENGTH = 8


def write_print(said: Mapping[str, str]) -> str:
    """Write what was said in so few letters that it can be compared, and not read."""
    return "".join(_shorten(said[column]) for column in PRINTED)


def list_differing(one: str, other: str) -> tuple[str, ...]:
    """List the columns in which two lines differ."""
    return tuple(
        column
        for column, at in zip(PRINTED, range(0, _LENGTH * len(PRINTED), _LENGTH), strict=True)
        if one[at : at + _LENGTH] != other[at : at + _LENGTH]
    )


def _shorten(said: str) -> str:
    return blake2s(said.encode(), digest_size=_LENGTH // 2).hexdigest()
