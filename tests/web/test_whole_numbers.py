"""Application numbers are marked wherever a page says them, and nothing else is touched."""

import pytest

from web.whole_numbers import keep_numbers_whole


def test_every_number_among_the_words_of_a_page_is_marked() -> None:
    page = "<p>ពាក្យលេខ 1234-5678-9 and <b>0000-0001-3</b>.</p>"
    whole = '<p>ពាក្យលេខ <span class="whole">1234-5678-9</span> and '
    assert keep_numbers_whole(page) == f'{whole}<b><span class="whole">0000-0001-3</span></b>.</p>'


@pytest.mark.parametrize(
    "page",
    [
        '<a href="/search?q=1234-5678-9" aria-label="1234-5678-9">here</a>',
        '<input value="1234-5678-9">',
        "<title>1234-5678-9 Sok Dara</title>",
        '<textarea name="note">See\n1234-5678-9</textarea>',
        "<option>1234-5678-9</option>",
        "<p>2026-03-04, 12345-5678-9, 1234-5678-90, 012-345-678</p>",
    ],
)
def test_what_is_no_number_or_no_words_stays_as_it_is(page: str) -> None:
    assert keep_numbers_whole(page) == page
