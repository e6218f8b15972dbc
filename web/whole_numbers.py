"""Keeps application numbers on one line: browsers would break them behind a hyphen."""

import re

_PARTS = re.compile(
    r"<(title|textarea|option|script|style)\b.*?</\1>"  # what is shown without markup
    r"|<[^>]*>"
    r"|\b[0-9]{4}-[0-9]{4}-[0-9]\b",
    re.DOTALL,
)


def keep_numbers_whole(html: str) -> str:
    """Mark the application numbers among the words of a page, for the style to keep each whole."""
    return _PARTS.sub(_mark, html)


def _mark(part: re.Match[str]) -> str:
    found = part.group()
    return found if found.startswith("<") else f'<span class="whole">{found}</span>'
