"""One item of a submitted registration is asked once more, and nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.drafts import Draft, read_draft, write_draft
from domain.events import (
    Answered,
    AskedAgain,
    Cancelled,
    ChoiceMade,
    EditRequested,
    Event,
    HelpRequested,
    PhotoSent,
    Skipped,
    Started,
    VoiceSent,
    WentBack,
)
from domain.facts import Revised, RevisionDropped, Submitted
from domain.form import Form
from domain.registration_form import REGISTRATION_FORM
from domain.replies import Buttons, NoKeys, Remove, Rewrite, Say
from domain.revisions import SentAnswers, begin_revision, list_items
from tests.chat import CONTEXT, HAPPY_PATH, OWN_NUMBER, Chat
from tests.domain.test_dialogue_properties import acts, check_draft, check_replies, press_any
from tests.domain.test_upgrades import make_second_version

EN = HAPPY_PATH["en"]
NUMBER = "123456789"
FOLLOW_UPS = {
    "category": {"workers"},
    "background": {"schooling", "health", "disability", "household", "association", "photo"},
}
HIRING = ("For myself, with hired help", "2-4 people")
TELLING_MORE = ("I agree and answer", *["Skip"] * 6)
REVISIONS: dict[str, tuple[tuple[str, ...], Any]] = {
    "occupation.0": (
        ("= zzyzx", "Keep my words: “zzyzx”"),
        {"key": "other", "words": "zzyzx"},
    ),
    "category.0": (("Casual or seasonal work",), "casual_worker"),
    "since.0": (("Since this year",), "this_year"),
    "income.0": (("Rather not say",), "unsaid"),
    "home": (("Battambang", "Battambang", "Svay Por", "Prek MohaTep"), "02031001"),
    "workplace": (
        ("In another place", "Battambang", "Battambang", "Svay Por", "Prek MohaTep"),
        {"kind": "place", "place": "02031001"},
    ),
    "name_km": (("= ចាន់ សុភា",), {"family": "ចាន់", "given": "សុភា"}),
    "name_latin": (("= CHAN SOPHEA",), {"family": "CHAN", "given": "SOPHEA"}),
    "sex": (("Man",), "male"),
    "born": (("1980-1989", "1985", "May", "3"), "1985-05-03"),
    "own_phone": (("📱 Send my phone number",), {"number": OWN_NUMBER, "is": "own"}),
    "identity": (("No valid card", "A lender keeps it"), {"reason": "kept_by_lender"}),
    "support": (("Taxation", "✅ Done"), ["taxation", "skills"]),
    "background": (TELLING_MORE, "yes"),
}


def submit(*path: str, form: Form = REGISTRATION_FORM) -> SentAnswers:
    chat = Chat(form=form)
    chat.do(Started("BTB25"))
    chat.walk(path or EN)
    [fact] = [fact for fact in chat.facts if isinstance(fact, Submitted)]
    sent = fact.registration
    return SentAnswers(NUMBER, form.version, fact.answers, sent.consents, sent.source)


def revise(item: str, sent: SentAnswers | None = None, **circumstances: Any) -> Chat:
    """Begin a revision in the chat of somebody who reads English."""
    form = circumstances.pop("form", REGISTRATION_FORM)
    chat = Chat(replace(CONTEXT, locale="en", new_tag="new234", **circumstances), form)
    turn = begin_revision(form, sent or SENT, item, chat.context)
    assert turn is not None
    chat.turn = turn
    chat.store(turn.draft)
    for reply in turn.replies:
        chat._show(reply)
    return chat


def revised(chat: Chat) -> Revised:
    [fact] = chat.facts
    assert isinstance(fact, Revised)
    assert chat.draft is None
    return fact


def name_items(sent: SentAnswers, form: Form = REGISTRATION_FORM) -> list[str]:
    return [item.name for item in list_items(form, sent)]


def differences(answers: Mapping[str, Any], others: Mapping[str, Any]) -> set[str]:
    """Name the questions whose answers differ; the happy path has one job."""
    one, other = ({**all_of, **all_of["work"][0], "work": 0} for all_of in (answers, others))
    return {name for name in one.keys() | other.keys() if one.get(name, "") != other.get(name, "")}


SENT = submit()
RICH = submit(*EN[:4], *HIRING, *EN[5:23], *TELLING_MORE, *EN[24:])


def test_items_are_what_the_review_lists_without_what_is_changed_elsewhere() -> None:
    assert name_items(SENT) == list(REVISIONS)
    [phone] = [item for item in list_items(REGISTRATION_FORM, SENT) if item.name == "own_phone"]
    chat = Chat(replace(CONTEXT, locale="en"))
    assert [chat.write((phone.title,)), chat.write((phone.answer,))] == ["Phone", "012 345 678"]


@pytest.mark.parametrize("item", REVISIONS)
def test_every_item_can_be_revised_and_only_it_and_its_follow_ups_change(item: str) -> None:
    path, answer = REVISIONS[item]
    chat = revise(item)
    chat.walk(path)
    fact = revised(chat)
    question = item.partition(".")[0]
    changed = differences(SENT.answers, fact.answers)
    assert (fact.number, fact.item) == (NUMBER, item)
    assert changed <= {question} | FOLLOW_UPS.get(question, set())
    assert {**fact.answers, **fact.answers["work"][0]}[question] == answer
    assert fact.registration.source == "BTB25"


@pytest.mark.parametrize("item", [item for item in REVISIONS if item != "own_phone"])
def test_answer_can_be_kept_as_it_is(item: str) -> None:
    chat = revise(item)
    chat.press(chat.labels()[0])
    assert revised(chat).answers == SENT.answers


def test_the_dialogue_leaves_the_last_word_to_others() -> None:
    chat = revise("sex")
    asked = chat.screen[-1]
    chat.press("Man")
    [closed] = chat.turn.replies
    assert isinstance(closed, Rewrite)
    assert asked.text.endswith("✓ Man")
    assert not asked.buttons


def test_key_for_the_phone_goes_when_the_number_has_come() -> None:
    chat = revise("own_phone")
    assert chat.labels() == ["📱 Send my phone number"]
    chat.press("📱 Send my phone number")
    [said] = chat.turn.replies
    assert isinstance(said, Say)
    assert said.keyboard == NoKeys()


def test_question_stands_under_the_number_of_the_application() -> None:
    chat = revise("home")
    assert chat.screen[-1].text.startswith("Correction of application 1234-5678-9\n")
    assert "Part" not in chat.screen[-1].text
    chat.press("Battambang")
    assert chat.screen[-1].text.startswith("Correction of application 1234-5678-9\n")


def test_new_answer_opens_the_question_that_depends_on_it() -> None:
    chat = revise("category.0")
    chat.walk(HIRING)
    assert differences(SENT.answers, revised(chat).answers) == {"category", "workers"}
    assert revised(chat).registration.activities[0].workers == "2_4"


def test_answer_that_depended_on_the_old_one_falls_with_it() -> None:
    chat = revise("category.0", RICH)
    chat.press("Casual or seasonal work")
    assert revised(chat).registration.activities[0].workers is None


def test_from_a_follow_up_one_goes_back_to_the_item_and_no_further() -> None:
    chat = revise("category.0")
    chat.press(HIRING[0])
    chat.press("⬅ Back")
    assert "⬅ Back" not in chat.labels()
    chat.press("✓ Keep: For myself, with hired help")
    chat.press("⬅ Back")
    chat.press("For myself, hiring nobody")
    assert revised(chat).answers == SENT.answers


def test_follow_ups_are_gone_through_one_by_one_both_ways() -> None:
    chat = revise("background")
    chat.walk(("I agree and answer", "Primary", "⬅ Back", "✓ Keep: Primary", "⬅ Back", "⬅ Back"))
    chat.walk(("✓ Keep: yes", *["Skip"] * 5))
    assert revised(chat).registration.background.schooling == "primary"
    assert [one.purpose for one in revised(chat).registration.consents] == [
        *("registration", "sensitive")
    ]


def test_consent_to_the_optional_part_is_taken_back_with_its_answers() -> None:
    assert len(RICH.consents) == 2
    chat = revise("background", RICH)
    chat.press("Skip")
    assert [one.purpose for one in revised(chat).registration.consents] == ["registration"]
    assert "schooling" not in revised(chat).answers


@pytest.mark.parametrize("event", [WentBack(), EditRequested("home")])
def test_there_is_nothing_before_the_item(event: Event) -> None:
    chat = revise("sex")
    before = chat.draft
    chat.do(event)
    assert chat.draft == before
    assert chat.labels() == ["✓ Keep: Woman", "Woman", "Man"]


def test_back_at_the_item_is_answered_kindly() -> None:
    chat = revise("sex")
    chat.do(WentBack())
    assert chat.screen[-1].text.startswith("This is the only question.")


def test_marked_choices_are_no_way_back() -> None:
    chat = revise("support")
    chat.press("Taxation")
    assert "⬅ Back" not in chat.labels()


def test_within_the_item_one_goes_back_step_by_step() -> None:
    chat = revise("born")
    chat.walk(("1980-1989", "⬅ Back"))
    assert chat.labels()[0] == "✓ Keep: 15 April 1990"


def test_cancelled_revision_leaves_what_was_sent() -> None:
    chat = revise("sex")
    chat.do(Cancelled())
    assert "The answers that you sent stay as they are." in chat.screen[-1].text
    chat.press("No, go on")
    chat.do(Cancelled())
    chat.press("Stop, change nothing")
    assert chat.draft is None
    assert chat.facts == [RevisionDropped(NUMBER, "sex")]
    assert not any("rase" in shown.text for shown in chat.screen)


def test_birth_date_of_a_child_does_not_erase_what_was_sent() -> None:
    chat = revise("born")
    chat.walk(("= 24/11/2012", "Stop, change nothing"))
    assert chat.draft is None
    assert chat.facts == [RevisionDropped(NUMBER, "born")]
    assert chat.screen[-1].text.startswith("Nothing was changed.")


@pytest.mark.parametrize(
    "event",
    [Started("OTHER"), AskedAgain("language"), AskedAgain("nudge"), HelpRequested(), Skipped()],
    ids=lambda event: type(event).__name__,
)
def test_question_is_put_again_whatever_is_asked_in_between(event: Event) -> None:
    chat = revise("sex")
    before = chat.draft
    chat.do(event)
    assert chat.draft == before
    assert chat.labels() == ["✓ Keep: Woman", "Woman", "Man"]


@pytest.mark.parametrize("event", [Answered("?"), VoiceSent("v"), PhotoSent("p")])
def test_odd_input_is_explained(event: Event) -> None:
    chat = revise("home")
    before = chat.draft
    chat.do(event)
    assert chat.draft == before
    assert any(isinstance(reply, Say) for reply in chat.turn.replies)


def test_message_with_the_identity_number_is_removed() -> None:
    chat = revise("identity")
    assert chat.labels()[0] == "✓ Keep: ••••••789"
    chat.type("987654321")
    assert chat.turn.replies[0] == Remove(chat.last_id)
    assert revised(chat).registration.worker.id_number == "987654321"


def test_one_of_several_jobs_is_revised() -> None:
    sent = submit(*EN[:25], "➕ Add", *EN[2:7], "✅ Register")
    assert {"income.0", "income.1"} <= set(name_items(sent))
    chat = revise("income.1", sent)
    chat.press("Rather not say")
    assert [job.income for job in revised(chat).registration.activities] == ["400k_800k", "unsaid"]


@pytest.mark.parametrize(
    "item", ["notices", "consent", "language", "for_whom", "review", "schooling", "sex.1", "income"]
)
def test_what_is_no_item_is_not_asked(item: str) -> None:
    assert begin_revision(REGISTRATION_FORM, SENT, item, CONTEXT) is None


def test_answers_of_an_older_form_are_upgraded_and_what_is_new_is_not_asked() -> None:
    newer = make_second_version()
    assert "market_fee" not in name_items(SENT, newer)
    chat = revise("sex", form=newer)
    chat.press("Man")
    assert revised(chat).registration.activities[0].category == "own_account"
    assert differences(SENT.answers, revised(chat).answers) == {"sex", "category"}


def test_newer_form_in_the_middle_of_a_revision_asks_nothing_new() -> None:
    chat = revise("category.0")
    chat.press(HIRING[0])
    chat.form = make_second_version()
    chat.press(HIRING[1])
    assert differences(SENT.answers, revised(chat).answers) == {"category", "workers"}


def without(name: str) -> Form:
    parts = (
        replace(part, questions=tuple(one for one in part.questions if one.name != name))
        for part in REGISTRATION_FORM.parts
    )
    return Form(2, tuple(parts), upgrades={1: lambda draft: draft})


@pytest.mark.parametrize("event", [Answered("x"), ChoiceMade("new234", "photo", "_skip", 3)])
def test_revision_of_a_question_that_is_gone_ends(event: Event) -> None:
    sent = submit(*EN[:23], *TELLING_MORE, *EN[24:])
    chat = revise("photo", sent)
    chat.form = without("photo")
    chat.do(event)
    assert chat.draft is None
    assert chat.facts == [RevisionDropped(NUMBER, "photo")]
    assert begin_revision(chat.form, sent, "photo", CONTEXT) is None


def test_follow_up_that_is_gone_gives_way_to_the_next() -> None:
    chat = revise("background")
    chat.walk(("I agree and answer", "Primary"))
    chat.form = without("health")
    chat.do(Answered("x"))
    assert "disability" in chat.screen[-1].text
    chat.walk(("Skip",) * 4)
    assert revised(chat).registration.background.schooling == "primary"


def test_older_drafts_still_read() -> None:
    values = write_draft(Draft("abc234", 1, "sex", {"language": "km"}))
    older = {key: one for key, one in values.items() if key not in {"revises", "item", "sent"}}
    assert read_draft(older) == Draft("abc234", 1, "sex", {"language": "km"})


@settings(max_examples=60, deadline=None)
@given(acts, st.sampled_from(["km", "en"]), st.sampled_from([SENT, RICH]), st.data())
def test_revision_never_asks_anything_but_the_item_and_its_follow_ups(
    events: list[int | Event], locale: str, sent: SentAnswers, data: st.DataObject
) -> None:
    item = data.draw(st.sampled_from(name_items(sent)))
    question = item.partition(".")[0]
    allowed = {question, *FOLLOW_UPS.get(question, set())}
    chat = revise(item, sent)
    chat.context = replace(chat.context, locale=locale)
    for event in events:
        if isinstance(event, int):
            press_any(chat, event)
        else:
            chat.do(event)
        check_replies(chat)
        assert list_asked(chat) <= allowed | {"cancel"}
        if chat.turn.draft is None:
            break
        assert chat.turn.draft.question in allowed
        check_draft(chat, chat.turn.draft)
    check_end(chat, sent, allowed)


def list_asked(chat: Chat) -> set[str]:
    keyboards = [getattr(reply, "keyboard", None) for reply in chat.turn.replies]
    rows = [row for one in keyboards if isinstance(one, Buttons) for row in one.rows]
    return {button.tap.question for row in rows for button in row if button.tap}


def check_end(chat: Chat, sent: SentAnswers, allowed: set[str]) -> None:
    assert len(chat.facts) == (chat.draft is None)
    for fact in chat.facts:
        assert isinstance(fact, Revised | RevisionDropped)
        if isinstance(fact, Revised):
            assert differences(sent.answers, fact.answers) <= allowed
