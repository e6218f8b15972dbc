"""Ids and counts, read from what anybody may have written."""

MOST_DIGITS = 18
"""The largest number of so many digits still fits the database."""


def read_number(text: str, most_digits: int = 12) -> int | None:
    """Read a whole number of Latin digits; what is none, or has more digits, is nothing."""
    is_number = text.isascii() and text.isdigit() and len(text) <= min(most_digits, MOST_DIGITS)
    return int(text) if is_number else None
