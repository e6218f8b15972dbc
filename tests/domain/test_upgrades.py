"""A draft of an older form goes on in the newer one, and only what is new is asked."""

from dataclasses import replace

import pytest

from domain.drafts import Draft
from domain.events import Answered, ChoiceMade, Started
from domain.facts import Submitted
from domain.form import Choice, Form, Part, Question
from domain.registration_form import REGISTRATION_FORM
from domain.texts import Text
from domain.upgrades import upgrade
from tests.chat import CONTEXT, HAPPY_PATH, Chat

LABEL = Text("title.association")
NEW = Question(
    "market_fee",
    "select_one",
    LABEL,
    title=LABEL,
    choices=(Choice("paid", Text("notices.yes")), Choice("not_paid", Text("notices.no"))),
)
EN = HAPPY_PATH["en"]


def rename_self_employed(draft: Draft) -> Draft:
    jobs = [
        {**job, "category": "own_account"} if job.get("category") == "self_employed" else job
        for job in draft.answers.get("work", [])
    ]
    return replace(draft, answers={**draft.answers, "work": jobs})


def make_second_version() -> Form:
    start, work, home, *others = REGISTRATION_FORM.parts
    category = next(question for question in work.questions if question.name == "category")
    own_account = replace(category.choices[0], name="own_account")
    renamed = replace(category, choices=(own_account, *category.choices[1:]))
    questions = tuple(renamed if one == category else one for one in work.questions)
    return Form(
        2,
        (
            start,
            replace(work, questions=questions),
            Part("home", (*home.questions, NEW), home.title),
            *others,
        ),
        upgrades={1: rename_self_employed},
    )


def chat_after(answered: int) -> Chat:
    chat = Chat(CONTEXT)
    chat.do(Started())
    chat.walk(EN[:answered])
    chat.form = make_second_version()
    return chat


def test_answers_stay_and_only_the_new_question_is_asked_before_the_review() -> None:
    chat = chat_after(len(EN) - 1)
    chat.press("✅ Register")
    assert not any(isinstance(fact, Submitted) for fact in chat.facts)
    assert "new question" in chat.screen[-1].text
    chat.press("Yes, please")
    chat.press("✅ Register")
    [submitted] = [fact for fact in chat.facts if isinstance(fact, Submitted)]
    assert submitted.registration.activities[0].category == "own_account"


def test_open_question_of_the_older_form_is_answered_as_it_stands() -> None:
    chat = chat_after(13)
    chat.type("SOK DARA")
    assert chat.draft is not None
    assert chat.draft.form_version == 2
    assert "name_latin" in chat.draft.answers
    assert chat.draft.question == "market_fee"


@pytest.mark.parametrize("event", [Answered("x"), ChoiceMade("abc234", "gone", "yes", 3)])
def test_question_that_is_gone_gives_way_to_the_next_without_answer(
    event: Answered | ChoiceMade,
) -> None:
    chat = chat_after(13)
    assert chat.draft is not None
    stored = upgrade(chat.form, replace(chat.draft, question="gone"))
    chat.store(stored)
    chat.do(event)
    assert chat.draft.question == "market_fee"
    assert "Yes, please" in chat.labels()


def test_draft_of_this_version_is_left_as_it_is() -> None:
    draft = Draft("abc234", 1, "consent")
    assert upgrade(REGISTRATION_FORM, draft) is draft


def test_every_older_version_has_its_step() -> None:
    assert set(range(1, REGISTRATION_FORM.version)) == REGISTRATION_FORM.upgrades.keys()
