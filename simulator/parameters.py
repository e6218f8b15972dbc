"""Reading the parameters of a Bot API call, which come as JSON values or as text."""

import json
from collections.abc import Callable
from typing import Any

from simulator.errors import bad_request

Check = Callable[[Any], Any]

TRUE = frozenset({"true", "True", "1", "yes"})
FALSE = frozenset({"false", "False", "0", "no", ""})


def as_text(value: object) -> str:
    """Read text; a JSON number is taken as its digits."""
    if isinstance(value, str):
        return check_encoding(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise TypeError("must be of type String")


def check_encoding(text: str) -> str:
    """Return the text, or refuse halves of characters, which JSON can spell and UTF-8 cannot."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    return text


def as_integer(value: object) -> int:
    """Read a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and value.isascii():
        return int(value)
    raise TypeError("must be of type Integer")


def as_number(value: object) -> float:
    """Read a number."""
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        return float(value)
    raise TypeError("must be of type Float")


def as_flag(value: object) -> bool:
    """Read true or false."""
    if isinstance(value, bool):
        return value
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise TypeError("must be of type Boolean")


def as_chat_id(value: object) -> int | str:
    """Read a chat's number or its @username."""
    if isinstance(value, str) and value.startswith("@"):
        return value
    if value == "":
        raise bad_request("chat_id is empty")
    return as_integer(value)


def as_object(value: object) -> dict[str, Any]:
    """Read a JSON object."""
    parsed = _read_json(value)
    if not isinstance(parsed, dict):
        raise TypeError("must be an Object")
    return parsed


def as_fields(*known: str) -> Check:
    """Build the check for a JSON object that has no other fields than these."""

    def check(value: object) -> dict[str, Any]:
        parsed = as_object(value)
        unknown = parsed.keys() - set(known)
        if unknown:
            raise ValueError(f"unknown fields {sorted(unknown)}")
        return parsed

    return check


def as_array(value: object) -> list[Any]:
    """Read a JSON array."""
    parsed = _read_json(value)
    if not isinstance(parsed, list):
        raise TypeError("must be an Array")
    return parsed


def as_integers(value: object) -> list[int]:
    """Read an array of whole numbers."""
    return [as_integer(part) for part in as_array(value)]


def read_parameters(
    given: dict[str, Any], known: dict[str, Check], required: tuple[str, ...]
) -> dict[str, Any]:
    """Check and convert parameters; refuse unknown, unreadable and missing ones.

    Telegram ignores what it does not know; the simulator refuses it, because it is a mistake.
    """
    values = {}
    for name, value in given.items():
        check = known.get(name)
        if check is None:
            raise bad_request(f'unknown parameter "{name}"')
        if value is None:
            continue
        try:
            values[name] = check(value)
        except (TypeError, ValueError) as error:
            raise bad_request(f'can\'t parse parameter "{name}": {error}') from error
    for name in required:
        if name not in values:
            raise bad_request(_missing(name))
    return values


def _read_json(value: object) -> object:
    parsed = json.loads(value) if isinstance(value, str) else value
    check_encoding(json.dumps(parsed, ensure_ascii=False))
    return parsed


def _missing(name: str) -> str:
    special = {"text": "message text is empty", "message_id": "message identifier is not specified"}
    return special.get(name, f"{name} is empty")
