"""What a button carries comes back as it was, and anything else is nobody's tap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.replies import Tap
from services.taps import LIMIT_BYTES, decode_tap, encode_tap

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/ \t\n"), max_size=40)


@given(NAMES, NAMES, NAMES)
def test_a_tap_comes_back_as_it_was_or_is_refused_at_once(
    draft: str, question: str, choice: str
) -> None:
    tap = Tap(draft, question, choice)
    try:
        data = encode_tap(tap)
    except ValueError:
        return
    assert len(data.encode()) <= LIMIT_BYTES
    assert decode_tap(data) == tap


@pytest.mark.parametrize(
    "tap",
    [
        Tap("k3y5p7", "schooling", "lower_secondary"),
        Tap("k3y5p7", "home", "v.02030105"),
        Tap("chat", "language", "km"),
        Tap("k3y5p7", "occupation", "a/b"),
        Tap("k3y5p7", "name_latin", ""),
    ],
)
def test_a_usual_tap_fits(tap: Tap) -> None:
    assert decode_tap(encode_tap(tap)) == tap


@pytest.mark.parametrize(
    "tap",
    [
        Tap("k3y5p7", "occupation", "x" * 47),
        Tap("k3y5p7", "occupation", "ក" * 16),
        Tap("", "occupation", "x"),
        Tap("k3y5p7", "a question", "x"),
        Tap("k3y5p7", "a/question", "x"),
    ],
)
def test_a_tap_that_would_not_come_back_is_refused(tap: Tap) -> None:
    with pytest.raises(ValueError, match="cannot carry"):
        encode_tap(tap)


@given(st.text() | st.from_regex(r"\A[^/]*/[^/]*/.*\Z"))
def test_whatever_comes_back_is_a_tap_that_could_be_sent_or_nothing(data: str) -> None:
    tap = decode_tap(data)

    assert tap is None or f"{tap.draft}/{tap.question}/{tap.choice}" == data
