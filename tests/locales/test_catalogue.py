"""A text becomes what its reader sees, whatever people wrote into it."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.khmer import clean
from domain.occupations import Group, Occupation, Occupations
from domain.places import Gazetteer, Place
from domain.texts import (
    Appointment,
    Bilingual,
    Code,
    GroupName,
    Numeral,
    OccupationName,
    PartialDate,
    PlaceName,
    Value,
    message,
)
from locales.catalogue import MissingMessage, Names, load_catalogue, render, render_plain

KHMER = {
    "greet": "<b>ជម្រាបសួរ {name}</b> &amp; <i>សូមស្វាគមន៍</i>",
    "show": "{value}",
    "twice": "{value} / {value}",
    "path": "ទីកន្លែង៖ {value}",
    "only.khmer": "មានតែជាភាសាខ្មែរ {value}",
}
ENGLISH = {
    "greet": "<b>Hello {name}</b> &amp; <i>welcome</i>",
    "show": "{value}",
    "twice": "{value} / {value}",
    "path": "Place: {value}",
}

MARKUP = st.sampled_from(["<b>", "</i>", "&amp;", "&#60;", "<script>", "{name}", "*_`[", "'\""])
MARKS = st.sampled_from(
    ["\u202e", "\u2067", "\u200f", "\u05d0", "\u0301" * 9, "👩\u200d🌾", "\x00"]
)
WORDS = st.lists(st.one_of(st.text(max_size=9), MARKUP, MARKS), max_size=6).map("".join)
ISOLATES = str.maketrans("", "", "\u2068\u2069")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locales")
    for locale, messages in {"km": KHMER, "en": ENGLISH}.items():
        path = folder / locale / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True)
        path.write_text(make_po(messages), "utf-8")
    return folder


def make_po(messages: dict[str, str]) -> str:
    entries = [f'msgid "{key}"\nmsgstr "{wording}"\n' for key, wording in messages.items()]
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    fuzzy = '#, fuzzy\nmsgid "unsure"\nmsgstr "?"\n'
    return "\n".join([header, *entries, fuzzy, 'msgid "empty"\nmsgstr ""\n'])


@pytest.fixture(scope="module")
def names() -> Names:
    places = [
        Place.of("02", "បាត់ដំបង", "Battambang", "ខេត្ត", "Province"),
        Place.of("0203", "បាត់ដំបង", "Battambang", "ក្រុង", "Municipality"),
    ]
    tailor = Occupation("tailor", "ជាងកាត់ដេរ", "Tailor & dressmaker", "7531", "craft")
    crafts = Group("craft", "សិប្បកម្ម", "Crafts")
    return Names(Gazetteer(places), Occupations([tailor], [crafts]))


class Reader(HTMLParser):
    """Reads HTML as Telegram does: the words, and each tag with what it holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.tags = "", list[str]()
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


@given(words=WORDS)
def test_a_persons_words_never_become_markup(words: str, names: Names, directory: Path) -> None:
    read = Reader(render(message("greet", name=words), "en", names, directory))
    assert read.tags == ["b", "/b", "i", "/i"]
    assert read.words.translate(ISOLATES) == f"Hello {clean(words)} & welcome"


@given(words=WORDS)
def test_labels_say_the_same_words_without_markup(
    words: str, names: Names, directory: Path
) -> None:
    greeting = message("greet", name=words)
    read = Reader(render(greeting, "km", names, directory))
    assert render_plain(greeting, "km", names, directory) == read.words


@given(
    words=st.text(alphabet="\u202a\u202b\u202d\u202e\u2066\u2067\u2069\u200e\u200fab\u05d0\u0627")
)
def test_direction_marks_in_a_persons_words_are_dropped(
    words: str, names: Names, directory: Path
) -> None:
    shown = render(message("show", value=words), "en", names, directory)
    inner = shown.removeprefix("\u2068").removesuffix("\u2069")
    assert set(inner) <= set("ab\u05d0\u0627")


def test_words_from_right_to_left_are_kept_apart(names: Names, directory: Path) -> None:
    shown = render(message("twice", value="\u05d0\u05d1"), "en", names, directory)
    assert shown == "\u2068\u05d0\u05d1\u2069 / \u2068\u05d0\u05d1\u2069"


@pytest.mark.parametrize(
    ("value", "khmer", "english"),
    [
        ("Sok & <b>", "Sok &amp; &lt;b&gt;", "Sok &amp; &lt;b&gt;"),
        ("2500", "2500", "2500"),
        ("{value}", "{value}", "{value}"),
        (2500, "២.៥០០", "2,500"),
        (date(2025, 2, 23), "ថ្ងៃទី២៣ ខែកុម្ភៈ ឆ្នាំ២០២៥", "23 February 2025"),
        (
            datetime(2025, 2, 22, 18, 5, tzinfo=UTC),
            "ថ្ងៃទី២៣ ខែកុម្ភៈ ឆ្នាំ២០២៥ ម៉ោង ០១:០៥",
            "23 February 2025, 01:05",
        ),
        (PartialDate("1990-04"), "ខែមេសា ឆ្នាំ១៩៩០", "April 1990"),
        (
            Appointment(datetime(2026, 3, 10, 1, 0, tzinfo=UTC)),
            "ថ្ងៃអង្គារ ទី១០ ខែមីនា ឆ្នាំ២០២៦ ម៉ោង ០៨:០០",
            "Tuesday, 10 March 2026, 08:00",
        ),
        (Bilingual("ថ្ងៃ<ធំ>", "Day <one>"), "ថ្ងៃ&lt;ធំ&gt;", "Day &lt;one&gt;"),
        (Numeral("1990"), "១៩៩០", "1990"),
        (Numeral("១៩៩០"), "១៩៩០", "1990"),
        (Code("1234-5678-9"), "1234-5678-9", "1234-5678-9"),
        (Code("១២<៣"), "12&lt;3", "12&lt;3"),
        (PlaceName("0203", short=True), "បាត់ដំបង", "Battambang"),
        (
            PlaceName("0203"),
            "ក្រុងបាត់ដំបង ខេត្តបាត់ដំបង",
            "Battambang Municipality, Battambang Province",
        ),
        (OccupationName("tailor"), "ជាងកាត់ដេរ", "Tailor &amp; dressmaker"),
        (GroupName("craft"), "សិប្បកម្ម", "Crafts"),
        (message("greet", name="<Sok>"), None, "<b>Hello &lt;Sok&gt;</b> &amp; <i>welcome</i>"),
        (message("path", value=message("show", value=7)), "ទីកន្លែង៖ ៧", "Place: 7"),
    ],
)
def test_values_are_written_in_the_readers_language(
    value: Value, khmer: str | None, english: str, names: Names, directory: Path
) -> None:
    shown = message("show", value=value)
    assert render(shown, "en", names, directory) == english
    if khmer is not None:
        assert render(shown, "km", names, directory) == khmer


@pytest.mark.parametrize("text_id", ["nowhere", "unsure", "empty"])
def test_a_message_that_no_language_has_finished_is_an_error_in_tests(
    text_id: str, names: Names, directory: Path
) -> None:
    with pytest.raises(MissingMessage, match=text_id):
        render(message(text_id), "km", names, directory)


@pytest.mark.filterwarnings("ignore::locales.catalogue.MissingMessage")
@pytest.mark.parametrize(
    ("text_id", "value", "said"),
    [
        ("only.khmer", 2500, "មានតែជាភាសាខ្មែរ ២.៥០០"),
        ("no<where", 1, "no&lt;where"),
        ("unsure", 1, "unsure"),
        ("path", PlaceName("99"), "Place: 99"),
        ("path", OccupationName("astronaut"), "Place: astronaut"),
        ("path", message("nowhere"), "Place: nowhere"),
    ],
)
def test_what_is_missing_costs_nobody_an_answer(
    text_id: str, value: Value, said: str, names: Names, directory: Path
) -> None:
    assert render(message(text_id, value=value), "en", names, directory) == said


@pytest.mark.filterwarnings("ignore::locales.catalogue.MissingMessage")
def test_a_value_that_was_not_given_leaves_a_gap(names: Names, directory: Path) -> None:
    assert render(message("path"), "en", names, directory) == "Place: …"


def test_unfinished_messages_are_not_in_the_catalogue(directory: Path) -> None:
    assert load_catalogue("en", directory) == ENGLISH


def test_messages_of_all_areas_are_in_the_catalogue(tmp_path: Path) -> None:
    for area, messages in {"form": {"ask": "Name?"}, "cases": {"told": "Done"}}.items():
        path = tmp_path / "en" / "LC_MESSAGES" / f"{area}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make_po(messages), "utf-8")
    assert load_catalogue("en", tmp_path) == {"ask": "Name?", "told": "Done"}
