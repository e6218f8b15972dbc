import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.entities import parse_html, utf16_length
from simulator.errors import Refusal


def test_tags_become_entities_in_utf16_units() -> None:
    text, entities = parse_html('😀 <b>ខ្មែរ <i>x</i></b> <a href="https://a.b">y</a>')
    assert text == "😀 ខ្មែរ x y"
    assert entities == [
        {"type": "bold", "offset": 3, "length": 7},
        {"type": "italic", "offset": 9, "length": 1},
        {"type": "text_link", "offset": 11, "length": 1, "url": "https://a.b"},
    ]


def test_characters_are_unescaped() -> None:
    assert parse_html("&lt;b&gt; &amp;amp; &quot;")[0] == '<b> &amp; "'
    assert parse_html("&#x1780;&#6016; &nbsp; R&D")[0] == "កក &nbsp; R&D"


@pytest.mark.parametrize("quote", ['"', "'"])
def test_characters_of_an_address_are_unescaped(quote: str) -> None:
    _, [link] = parse_html(f"<a href={quote}https://a.b/?c=1&amp;d=&#50;{quote}>y</a>")
    assert link["url"] == "https://a.b/?c=1&d=2"


def test_surrounding_space_is_trimmed_with_its_entities() -> None:
    assert parse_html("  <b> x </b> ") == ("x", [{"type": "bold", "offset": 0, "length": 1}])


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("ក <x>", 'Unsupported start tag "x" at byte offset 4'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<b", 'Unclosed start tag "b" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
    ],
)
def test_broken_markup_is_refused_in_telegrams_words(markup: str, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_html(markup)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


@given(st.text())
def test_any_markup_is_parsed_or_refused(markup: str) -> None:
    try:
        text, entities = parse_html(markup)
    except Refusal:
        return
    assert all(e["offset"] + e["length"] <= utf16_length(text) for e in entities)


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>")[0] == text.strip()
