"""Every message that the code says literally is found."""

from pathlib import Path

import pytest

from locales.extraction import Use, list_uses, make_template


def write(root: Path, path: str, code: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(code, "utf-8")


def find_ids(root: Path, code: str) -> list[str | None]:
    write(root, "domain/form.py", code)
    return [use.id for use in list_uses(root)]


@pytest.mark.parametrize(
    ("code", "ids"),
    [
        ('message("a.b")', ["a.b"]),
        ('message("a", name=message("b"), other=1)', ["a", "b"]),
        ('message("a", rows=show(message("b")))', ["a", "b"]),
        ('message("a" if yes else "b")', ["a", "b"]),
        ('CHOICES = {"x": message("a"), "y": message("b")}', ["a", "b"]),
        ('Text("a", {"name": name})', ["a"]),
        ("Text(other.id, values)", []),
        ('log.message("a")', []),
        ('say("a")', []),
    ],
)
def test_literal_ids_are_found_wherever_they_stand(
    tmp_path: Path, code: str, ids: list[str | None]
) -> None:
    assert find_ids(tmp_path, code) == ids


@pytest.mark.parametrize("code", ['message(f"a.{b}")', "message(name)", "message()"])
def test_an_id_worked_out_at_run_time_is_noticed(tmp_path: Path, code: str) -> None:
    assert find_ids(tmp_path, code) == [None]


@pytest.mark.parametrize(
    ("page", "ids"),
    [
        ('<h1>{{ t("a.b") }}</h1>', ["a.b"]),
        ("<h1>{{ t('a.b') }}</h1>", ["a.b"]),
        ('<p title="{{ t("a") | upper }}">{{ t("b", n=rows | length) }}</p>', ["a", "b"]),
        ('{{ t("a", name=t("b")) }}', ["a", "b"]),
        ('{{ t("a" if yes else "b") }}', ["a", "b"]),
        ('{{ t("a") if yes else t("b") }}', ["a", "b"]),
        ('{% if x == t("a") %}{% set y = t("b") %}{% endif %}', ["a", "b"]),
        ('{% macro row(x) %}{{ t("a") }}{% endmacro %}{{ row(t("b")) }}', ["a", "b"]),
        ('{% extends "base.html" %}{% block main %}{{ t("a") }}{% endblock %}', ["a"]),
        ('t("a") {# t("b") #} {{ other("c") }} {{ d.t("d") }}', []),
    ],
)
def test_literal_ids_are_found_wherever_a_page_says_them(
    tmp_path: Path, page: str, ids: list[str | None]
) -> None:
    write(tmp_path, "web/templates/cases/one.html", page)
    assert [use.id for use in list_uses(tmp_path)] == ids


@pytest.mark.parametrize(
    "page",
    ["{{ t(name) }}", '{{ t("a." ~ b) }}', "{{ t() }}", '{{ t(names["a"]) }}', "{{ t(1) }}"],
)
def test_an_id_that_a_page_works_out_is_noticed(tmp_path: Path, page: str) -> None:
    write(tmp_path, "web/templates/one.html", page)
    assert [use.id for use in list_uses(tmp_path)] == [None]


def test_the_half_of_a_choice_that_a_page_leaves_out_is_noticed(tmp_path: Path) -> None:
    write(tmp_path, "web/templates/one.html", '{{ t("a" if yes) }}')
    assert [use.id for use in list_uses(tmp_path)] == ["a", None]


def test_the_names_of_a_pages_values_are_known_unless_they_are_unpacked(tmp_path: Path) -> None:
    write(tmp_path, "web/templates/one.html", '\n{{ t("a", x=1, y=2) }}\n{{ t("b", **more) }}')
    assert list_uses(tmp_path) == [
        Use("a", frozenset({"x", "y"}), "web/templates/one.html", 2),
        Use("b", None, "web/templates/one.html", 3),
    ]


def test_the_names_of_values_are_known_unless_they_are_unpacked(tmp_path: Path) -> None:
    write(tmp_path, "domain/form.py", 'message("a", x=1, y=2)\nmessage("b", x=1, **more)\n')
    assert list_uses(tmp_path) == [
        Use("a", frozenset({"x", "y"}), "domain/form.py", 1),
        Use("b", None, "domain/form.py", 2),
    ]


def test_only_the_layers_that_talk_to_people_are_read(tmp_path: Path) -> None:
    talking = {"domain", "services", "handlers", "bot", "web", "documents"}
    for folder in (*talking, "db", "simulator", "tests"):
        write(tmp_path, f"{folder}/one.py", f'message("{folder}")')
    assert {use.id for use in list_uses(tmp_path)} == talking


def test_the_template_names_ids_in_order_and_files_without_lines(tmp_path: Path) -> None:
    write(tmp_path, "services/late.py", 'message("a.first")')
    write(tmp_path, "domain/form.py", '\n\nmessage("b.second")\nmessage("a.first")\n')
    header, *entries = make_template(list_uses(tmp_path)).decode().split("\n\n")
    assert "charset=utf-8" in header
    assert entries == [
        '#: domain/form.py services/late.py\nmsgid "a.first"\nmsgstr ""',
        '#: domain/form.py\nmsgid "b.second"\nmsgstr ""\n',
    ]


def test_the_template_says_nothing_of_when_and_where_it_was_made(tmp_path: Path) -> None:
    write(tmp_path, "domain/form.py", 'message("a")')
    template = make_template(list_uses(tmp_path)).decode()
    assert str(tmp_path) not in template
    assert "Date" not in template


def test_moving_a_message_within_its_file_leaves_the_template_as_it_is(tmp_path: Path) -> None:
    write(tmp_path, "domain/form.py", 'message("a")')
    before = make_template(list_uses(tmp_path))
    write(tmp_path, "domain/form.py", '\n\nmessage("a")')
    assert make_template(list_uses(tmp_path)) == before
