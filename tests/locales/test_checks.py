"""The gate for catalogues finds what is wrong, and only that."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from locales.__main__ import app
from locales.checks import check_catalogues, check_khmer, check_wording
from locales.extraction import list_uses, make_template

CODE = 'message("ask.name")\nmessage("hello", name=name)\n'
KHMER = {"ask.name": "សូមសរសេរឈ្មោះ (ឧ. សុខ ដារ៉ា)។", "hello": "<b>សួស្តី {name}!</b>"}
ENGLISH = {"ask.name": "Please write your name (e.g. Sok Dara).", "hello": "<b>Hello {name}!</b>"}

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'


def make_po(messages: dict[str, str]) -> str:
    entries = [f'msgid "{key}"\nmsgstr "{wording}"\n' for key, wording in messages.items()]
    return "\n".join([HEADER, *entries])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "domain").mkdir()
    (tmp_path / "domain" / "form.py").write_text(CODE, "utf-8")
    for locale, messages in {"km": KHMER, "en": ENGLISH}.items():
        (tmp_path / "locales" / locale / "LC_MESSAGES").mkdir(parents=True)
        write(tmp_path, locale, make_po(messages))
    renew_template(tmp_path)
    return tmp_path


def write(root: Path, locale: str, catalogue: str, area: str = "messages") -> None:
    path = root / "locales" / locale / "LC_MESSAGES" / f"{area}.po"
    path.write_text(catalogue, "utf-8")


def renew_template(root: Path) -> None:
    (root / "locales" / "messages.pot").write_bytes(make_template(list_uses(root)))


def test_nothing_is_found_in_complete_catalogues(root: Path) -> None:
    assert check_catalogues(root) == []


@pytest.mark.parametrize(
    ("catalogue", "finding"),
    [
        (make_po({"ask.name": "Name?"}), "en: hello: missing"),
        (make_po(ENGLISH | {"bye": "Bye"}), "en/messages.po: bye: not used by the code"),
        (make_po(ENGLISH | {"ask.name": ""}), "en/messages.po: ask.name: not translated"),
        (
            make_po(ENGLISH).replace('msgid "ask', '#, fuzzy\nmsgid "ask'),
            "en/messages.po: ask.name: fuzzy",
        ),
        (
            make_po(ENGLISH) + '\n#~ msgid "old"\n#~ msgstr "Old"\n',
            "en/messages.po: old: obsolete, remove it",
        ),
        (
            make_po(ENGLISH) + '\nmsgid "hello"\nmsgstr "Hi {name}"\n',
            "en/messages.po: hello: there 2 times",
        ),
        (
            make_po({"hello": ENGLISH["hello"]})
            + '\nmsgid "ask.name"\nmsgid_plural "x"\nmsgstr[0] "one"\nmsgstr[1] "many"\n',
            "en/messages.po: ask.name: has plural forms, which are not used here",
        ),
    ],
)
def test_an_incomplete_language_is_found(root: Path, catalogue: str, finding: str) -> None:
    write(root, "en", catalogue)
    assert check_catalogues(root) == [finding]


def test_a_placeholder_that_another_language_or_the_code_lacks_is_found(root: Path) -> None:
    write(root, "en", make_po(ENGLISH | {"hello": "Hello {nmae}!"}))
    assert check_catalogues(root) == [
        "en/messages.po: hello: placeholders {nmae}, but domain/form.py:2 gives {name}",
        "hello: placeholders differ: km {name}; en {nmae}",
    ]


def test_a_catalogue_that_cannot_be_read_is_one_finding(root: Path) -> None:
    write(root, "en", "no catalogue at all")
    (finding,) = check_catalogues(root)
    assert finding.startswith("en/messages.po: cannot be read: ")


def test_a_language_without_a_file_is_one_finding(root: Path) -> None:
    (root / "locales" / "en" / "LC_MESSAGES" / "messages.po").unlink()
    assert check_catalogues(root) == ["en: has no catalogue"]


def test_an_area_may_have_a_file_of_its_own(root: Path) -> None:
    write(root, "en", make_po({"ask.name": ENGLISH["ask.name"]}))
    write(root, "en", make_po({"hello": ENGLISH["hello"]}), "greetings")
    write(root, "en", HEADER, "later")
    assert check_catalogues(root) == []


def test_a_message_that_two_areas_have_is_found(root: Path) -> None:
    write(root, "en", make_po({"hello": ENGLISH["hello"]}), "greetings")
    assert check_catalogues(root) == ["en: hello: in greetings.po and in messages.po"]


def test_the_file_of_an_area_is_named(root: Path) -> None:
    write(root, "km", make_po({"hello": "Hello {name}!", "bye": "លាសិនហើយ"}), "greetings")
    write(root, "km", make_po({"ask.name": KHMER["ask.name"]}))
    assert check_catalogues(root) == [
        "km/greetings.po: bye: not used by the code",
        'km/greetings.po: hello: no Khmer letters (say "#, latin" above it if that is meant)',
    ]


def test_one_unreadable_area_is_one_finding(root: Path) -> None:
    write(root, "en", "no catalogue at all", "greetings")
    (finding,) = check_catalogues(root)
    assert finding.startswith("en/greetings.po: cannot be read: ")


def test_a_page_that_gives_other_values_than_the_catalogue_asks_for_is_found(root: Path) -> None:
    page = root / "web" / "templates" / "hello.html"
    page.parent.mkdir(parents=True)
    page.write_text('<h1>{{ t("hello", nmae=name) }}</h1>', "utf-8")
    renew_template(root)
    assert check_catalogues(root) == [
        f"{locale}/messages.po: hello: placeholders {{name}}, "
        "but web/templates/hello.html:1 gives {nmae}"
        for locale in ("km", "en")
    ]


def test_an_id_worked_out_at_run_time_is_found(root: Path) -> None:
    (root / "domain" / "form.py").write_text(CODE + 'message("a" + b)\n', "utf-8")
    assert check_catalogues(root) == ["domain/form.py:3: the id of a message must be a literal"]


def test_a_template_older_than_the_code_is_found(root: Path) -> None:
    (root / "locales" / "messages.pot").unlink()
    assert check_catalogues(root) == [
        "messages.pot is out of date: run `python -m locales extract`"
    ]


@pytest.mark.parametrize(
    ("wording", "finding"),
    [
        ("a {b.c}", "a brace that belongs to no placeholder"),
        ("a {0}", "a brace that belongs to no placeholder"),
        ("a {b", "a brace that belongs to no placeholder"),
        ("<u>a</u>", "markup other than <b>, <i>, <code>, or a bare <, > or &"),
        ('<b class="x">a', "markup other than <b>, <i>, <code>, or a bare <, > or &"),
        ("a < b", "markup other than <b>, <i>, <code>, or a bare <, > or &"),
        ("a & b", "markup other than <b>, <i>, <code>, or a bare <, > or &"),
        ("a &nbsp; b", "markup other than <b>, <i>, <code>, or a bare <, > or &"),
        ("<b>a", "tags are not closed in order"),
        ("a</b>", "tags are not closed in order"),
        ("<b><i>a</b></i>", "tags are not closed in order"),
        ("ក\u200bខ", "invisible characters: U+200B"),
        ("a\x00\u202eb", "invisible characters: U+0000, U+202E"),
        ("e\u0301", "not in normal form NFC"),
        ("a\n", "spaces or line breaks around it"),
        ("😀" * 2049, "longer than 4096 characters"),
    ],
)
def test_wording_that_cannot_be_sent_as_meant_is_found(wording: str, finding: str) -> None:
    assert list(check_wording(wording)) == [finding]


@pytest.mark.parametrize(
    "wording",
    ["a\n\n<b>b <i>c</i></b> {d_1} &lt; &amp;", "ប៊\u200cី", "👩\u200d🌾", "a" * 4096],
)
def test_wording_that_can_be_sent_is_left_alone(wording: str) -> None:
    assert list(check_wording(wording)) == []


@pytest.mark.parametrize("wording", ["Please", "<b>Please</b> {name}", "សូម 5 នាទី", "សូមចុច 1"])
def test_english_words_and_digits_in_khmer_are_found(wording: str) -> None:
    assert len(list(check_khmer(wording))) == 1


@pytest.mark.parametrize(
    "wording",
    [
        "សូមសរសេរលេខ (ឧ. 012 345 678)",
        "លេខពាក្យ៖ 1234-5678-9",
        "សូមសរសេរ <code>/help</code> ឬ <code>1286</code>",
        "ផ្ញើតាម Telegram",
        "{part_1} / {part_2}",
        "✅ {name}",
        "៥ នាទី",
    ],
)
def test_identifiers_and_names_stay_latin_in_khmer(wording: str) -> None:
    assert list(check_khmer(wording)) == []


def test_a_message_may_say_that_it_is_latin_on_purpose(root: Path) -> None:
    write(root, "km", make_po(KHMER | {"ask.name": "English"}))
    assert len(check_catalogues(root)) == 1
    flagged = make_po(KHMER | {"ask.name": "English"}).replace('msgid "ask', '#, latin\nmsgid "ask')
    write(root, "km", flagged)
    assert check_catalogues(root) == []


def test_the_command_says_each_finding_on_a_line_and_fails(root: Path) -> None:
    write(root, "en", make_po({}))
    result = CliRunner().invoke(app, ["check", "--root", str(root)])
    assert result.exit_code == 1
    assert result.stderr.splitlines() == ["en: ask.name: missing", "en: hello: missing"]


def test_the_command_renews_the_template_until_nothing_is_found(root: Path) -> None:
    (root / "locales" / "messages.pot").unlink()
    assert CliRunner().invoke(app, ["extract", "--root", str(root)]).exit_code == 0
    assert CliRunner().invoke(app, ["check", "--root", str(root)]).exit_code == 0


def test_the_command_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--root", str(tmp_path / "nowhere")])
    assert result.exit_code == 2
    assert "does not exist" in result.stderr
