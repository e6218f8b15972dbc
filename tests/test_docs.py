"""What the documentation names is there: files, commands, settings, words of the code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
FOLDERS = (
    *("bot", "handlers", "web", "services", "domain", "db", "documents", "locales", "simulator"),
    *("tests", "benchmarks", "docs"),
)
PAGES = sorted(
    [*ROOT.glob("*.md"), *(page for one in FOLDERS for page in ROOT.glob(f"{one}/**/*.md"))]
)
OPERATIONS = ROOT / "docs" / "operations.md"
GLOSSARY = ROOT / "docs" / "glossary.md"

FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^()\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
PLACE = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*")


def name_page(page: Path) -> str:
    return str(page.relative_to(ROOT))


every_page = pytest.mark.parametrize("page", PAGES, ids=name_page)


def list_code(page: Path) -> Iterator[str]:
    """Give every piece of code on a page: blocks, and spans between backticks."""
    text = page.read_text("utf-8")
    yield from FENCE.findall(text)
    yield from SPAN.findall(FENCE.sub("", text))


def find_in_code(page: Path, pattern: str) -> set[str]:
    return {found for code in list_code(page) for found in re.findall(pattern, code)}


def list_anchors(page: Path) -> set[str]:
    """Give the addresses of a page's headings, as code hosts make them."""
    headings = HEADING.findall(FENCE.sub("", page.read_text("utf-8")))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def read_settings_table() -> dict[str, str]:
    """Give the settings of docs/operations.md with the defaults that it tells."""
    rows = re.findall(
        r"^\| `([A-Z_]+)` \|(?: `(.*?)`)? \|", OPERATIONS.read_text("utf-8"), re.MULTILINE
    )
    return dict(rows)


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text("utf-8"))
    links = [link for link in LINK.findall(text) if not link.startswith(("http://", "https://"))]
    for link in links:
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in list_anchors(target), link


@every_page
def test_every_file_that_is_named_exists(page: Path) -> None:
    for span in SPAN.findall(FENCE.sub("", page.read_text("utf-8"))):
        if PLACE.fullmatch(span):
            assert (ROOT / span).exists(), span


@every_page
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert find_in_code(page, r"\bmake ([a-z-]+)") <= targets


@every_page
def test_every_command_of_the_bot_that_is_named_exists(page: Path) -> None:
    assert find_in_code(page, r"-m bot ([a-z-]+)") <= list_commands()


def test_operations_tell_of_every_command_of_the_bot() -> None:
    assert find_in_code(OPERATIONS, r"-m bot ([a-z-]+)") == list_commands()


def test_operations_tell_every_setting_with_its_default() -> None:
    told = read_settings_table()
    assert list(told) == [name.upper() for name in Settings.model_fields]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        default = default.lower() if isinstance(field.default, bool) else default
        assert told[name.upper()] == default, name


def test_example_of_settings_has_every_setting_with_its_default() -> None:
    written = (ROOT / ".env.example").read_text("utf-8")
    assert dict(re.findall(r"^([A-Z_]+)=(.*)$", written, re.MULTILINE)) == read_settings_table()


def test_readme_and_contributing_lead_to_translating() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        assert "docs/translating.md" in LINK.findall((ROOT / name).read_text("utf-8"))


def test_every_decision_is_in_the_list_of_decisions() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in folder.glob("0*.md"))


def test_every_word_of_the_glossary_is_in_the_code() -> None:
    sources = [path for one in FOLDERS for path in ROOT.glob(f"{one}/**/*.py")]
    code = "\n".join(path.read_text("utf-8") for path in sources)
    for span in SPAN.findall(GLOSSARY.read_text("utf-8")):
        if re.fullmatch(r"[A-Za-z_.]+", span):
            assert span.rpartition(".")[2].lower() in code.lower(), span


def list_commands() -> set[str]:
    alone = {
        one.name or one.callback.__name__.replace("_", "-")
        for one in app.registered_commands
        if one.callback
    }
    return alone | {str(group.name) for group in app.registered_groups}
