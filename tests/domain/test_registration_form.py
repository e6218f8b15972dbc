"""The form itself: complete, worded in both languages, and short enough for a small screen."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from domain.answers.own_words import WORDS_PROBLEMS
from domain.answers.registry import ANSWER_TYPES
from domain.asking import make_prompt
from domain.dates import DATE_PROBLEMS
from domain.drafts import Draft
from domain.form import Question
from domain.identity import ID_PROBLEMS
from domain.names import NAME_PROBLEMS
from domain.phones import PHONE_PROBLEMS
from domain.registration_form import REGISTRATION_FORM
from domain.wording import PROBLEMS
from locales.catalogue import render, render_plain
from tests.chat import CONTEXT, NAMES, Chat

QUESTIONS = [question for part in REGISTRATION_FORM.parts for question in part.questions]
LOCALES = ("km", "en")
TYPED = ("occupation", "name_km", "name_latin", "born", "phone", "identity")


def test_names_of_questions_and_of_their_choices_are_unique() -> None:
    assert max(Counter(question.name for question in QUESTIONS).values()) == 1
    for question in QUESTIONS:
        names = Counter(choice.name for choice in question.choices)
        assert not names or max(names.values()) == 1, question.name


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_question_has_a_type_a_title_and_a_hint(question: Question) -> None:
    is_asked_about_the_person = question not in REGISTRATION_FORM.parts[0].questions
    assert question.type in {*ANSWER_TYPES, "review"}
    assert (question.title is not None) == (is_asked_about_the_person and question.name != "review")
    assert question.hint is not None or question.name == "language"


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_labels_of_choices_are_short(question: Question, locale: str) -> None:
    for choice in question.choices:
        assert 0 < len(render_plain(choice.label, locale, NAMES)) <= 40


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", TYPED)
def test_question_that_is_typed_shows_an_example(name: str, locale: str) -> None:
    label = next(question.label for question in QUESTIONS if question.name == name)
    assert re.search(r"\((ឧ\.|e\.g\.) .+\)", render(label, locale, NAMES))


@pytest.mark.parametrize("locale", LOCALES)
def test_question_for_a_place_stays_short_however_long_the_path(locale: str) -> None:
    chat = Chat(replace(CONTEXT, locale=locale))
    draft = Draft("abc234", 1, "home")
    for place in NAMES.gazetteer.children("12"):
        for commune in NAMES.gazetteer.children(place.code):
            at = replace(draft, partial={"place": commune.code})
            prompt = make_prompt(REGISTRATION_FORM, at, chat.context)
            assert len(chat.write(prompt.paragraphs)) <= 300
            assert sum(map(len, prompt.rows)) <= 100


def test_every_mistake_that_a_parser_finds_is_worded() -> None:
    found = NAME_PROBLEMS | PHONE_PROBLEMS | DATE_PROBLEMS | ID_PROBLEMS | WORDS_PROBLEMS
    assert found == PROBLEMS.keys()
