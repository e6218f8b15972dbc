"""The registration dialogue, from /start to the declaration."""

from dataclasses import replace
from datetime import date

import pytest

from domain.events import (
    Answered,
    AskedAgain,
    Cancelled,
    ChoiceMade,
    ContactShared,
    EditRequested,
    Event,
    HelpRequested,
    PhotoSent,
    PlaceShared,
    Skipped,
    SomethingElseSent,
    Started,
    VoiceSent,
)
from domain.facts import Declined, DraftErased, LanguageChosen, Submitted
from domain.registrations import Registration
from domain.replies import NoKeys, Remove, Rewrite, Say, Toast, Unbutton
from tests.chat import CONTEXT, HAPPY_PATH, OWN_NUMBER, Chat

EN = HAPPY_PATH["en"]
AT = {
    "consent": 1,
    "occupation": 2,
    "category": 4,
    "home": 7,
    "name_km": 12,
    "born": 15,
    "phone": 19,
    "identity": 20,
    "support": 21,
    "background": 23,
    "review": 25,
}


def chat_at(question: str, **circumstances: object) -> Chat:
    """Begin a chat in English and answer until this question."""
    chat = Chat(replace(CONTEXT, **circumstances))  # type: ignore[arg-type]  # any field of it
    chat.do(Started())
    chat.walk(EN[: AT[question]])
    return chat


def submitted(chat: Chat) -> Registration:
    [fact] = [fact for fact in chat.facts if isinstance(fact, Submitted)]
    return fact.registration


def toasts(chat: Chat) -> list[str]:
    return [reply.text.id for reply in chat.turn.replies if isinstance(reply, Toast)]


@pytest.mark.parametrize("locale", ["km", "en"])
def test_happy_path_takes_at_most_30_acts_three_of_them_typed(locale: str) -> None:
    chat = Chat()
    chat.do(Started())
    chat.walk(HAPPY_PATH[locale])
    typed = 1 + sum(isinstance(act, Answered) for act in chat.acts)
    print(f"{locale}: {len(chat.acts)} acts, {typed} of them typed, /start among them")  # noqa: T201  # the count is read by people
    assert len(chat.acts) <= 30
    assert typed <= 3
    assert chat.draft is None
    assert chat.facts[0] == LanguageChosen(locale)
    registration = submitted(chat)
    assert registration.worker.given_km == "ដារ៉ា"
    assert registration.worker.phone_is == "own"
    assert registration.activities[0].occupation == "market_vendor"
    assert [consent.purpose for consent in registration.consents] == ["registration"]
    assert registration.flags == frozenset()


def test_language_is_not_asked_of_somebody_who_has_chosen_it() -> None:
    chat = Chat(replace(CONTEXT, locale="en"))
    chat.do(Started())
    assert "I agree" in chat.labels()


def test_question_after_a_change_of_language_is_laid_out_for_the_new_one() -> None:
    chat = Chat()
    chat.do(Started())
    chat.walk(("ខ្មែរ", "យល់ព្រម", "⬅ ថយក្រោយ", "⬅ ថយក្រោយ", "English"))
    laid_out = [len(row) for row in chat.screen[-1].buttons]
    assert laid_out == [len(row) for row in chat_at("occupation").screen[-1].buttons]


def test_specimen_is_said_in_the_chat_unless_the_installation_is_official() -> None:
    def introduction(specimen: bool) -> str:
        chat = Chat(replace(CONTEXT, locale="en", specimen=specimen))
        chat.do(Started())
        return chat.screen[0].text

    assert "SPECIMEN" in introduction(specimen=True)
    assert "SPECIMEN" not in introduction(specimen=False)


def test_introduction_and_consent_are_two_messages_and_consent_stays_in_the_chat() -> None:
    chat = chat_at("consent")
    _, introduction, consent = chat.screen
    assert "voluntary and free" in introduction.text
    assert "250 million" in introduction.text
    chat.press("I agree")
    for fact in ("officers in charge", "Telegram, which is abroad", "✓ I agree"):
        assert fact in consent.text
    assert "about 10 minutes" in chat.screen[-1].text


def test_consent_is_recorded_with_its_version_and_moment() -> None:
    [consent] = chat_at("occupation").turn.draft.consents  # type: ignore[union-attr]  # a draft is open
    assert (consent.purpose, consent.version, consent.given_by) == ("registration", 1, "self")
    assert consent.given_at == CONTEXT.now.isoformat()


def test_who_does_not_agree_leaves_nothing() -> None:
    chat = chat_at("consent")
    chat.press("I do not agree")
    assert chat.draft is None
    assert chat.facts[-1] == Declined()


def test_source_of_the_link_is_kept() -> None:
    chat = Chat()
    chat.do(Started("BTB25"))
    chat.do(Started("OTHER"))
    chat.walk(EN)
    assert submitted(chat).source == "BTB25"


def test_second_start_keeps_the_answers_and_asks_the_open_question() -> None:
    chat = chat_at("home")
    before = chat.draft
    chat.do(Started())
    assert chat.draft == before
    assert "Welcome back" in chat.screen[-1].text
    assert "Battambang" in chat.labels()


def test_double_tap_changes_nothing() -> None:
    chat = chat_at("category")
    tap = chat.find_tap("For myself, hiring nobody")
    chat.do(tap)
    before = chat.draft
    chat.do(tap)
    assert toasts(chat) == ["stale.question"]
    assert chat.draft == before


@pytest.mark.parametrize(
    ("tap", "said"),
    [
        (ChoiceMade("zzz999", "category", "self_employed", 5), "stale.draft"),
        (ChoiceMade("abc234", "sex", "female", 5), "stale.question"),
        (ChoiceMade("abc234", "category", "emperor", 5), "stale.question"),
        (ChoiceMade("abc234", "cancel", "erase", 5), "stale.question"),
    ],
)
def test_tap_that_is_not_on_offer_is_answered_kindly_and_changes_nothing(
    tap: ChoiceMade, said: str
) -> None:
    chat = chat_at("category")
    before = chat.draft
    chat.do(tap)
    assert toasts(chat) == [said]
    assert chat.draft == before


def test_second_tap_on_the_declaration_finds_no_draft() -> None:
    chat = chat_at("review")
    tap = chat.find_tap("✅ Register")
    chat.do(tap)
    chat.do(tap)
    assert toasts(chat) == ["stale.no_draft"]
    assert submitted(chat)


def test_answer_is_shown_at_its_question_and_the_buttons_go() -> None:
    chat = chat_at("category")
    tap = chat.find_tap("For myself, hiring nobody")
    chat.do(tap)
    [rewritten, _] = chat.turn.replies
    assert isinstance(rewritten, Rewrite)
    assert rewritten.message_id == tap.message_id
    assert rewritten.keyboard is None
    assert chat.write(rewritten.paragraphs).endswith("✓ For myself, hiring nobody")


def test_typed_answer_is_shown_at_its_question_and_the_buttons_go() -> None:
    chat = chat_at("name_km")
    asked = chat.screen[-1]
    chat.type("សុខ ដារ៉ា")
    [rewritten, said] = chat.turn.replies
    assert isinstance(rewritten, Rewrite)
    assert rewritten.message_id == asked.id
    assert asked.text.endswith("✓ សុខ ដារ៉ា")
    assert not asked.buttons
    assert isinstance(said, Say)
    assert "✓" not in chat.screen[-1].text


def test_typed_answer_is_said_with_the_next_question_where_its_own_is_not_known() -> None:
    chat = chat_at("name_km")
    chat.knows_question = False
    chat.type("សុខ ដារ៉ា")
    [said] = chat.turn.replies
    assert isinstance(said, Say)
    assert chat.screen[-1].text.startswith("✓ សុខ ដារ៉ា")


def test_shared_contact_does_not_rewrite_a_message_of_an_earlier_question() -> None:
    chat = chat_at("phone")
    assert chat.question_id is not None
    chat.press("📱 Send my phone number")
    assert all(isinstance(reply, Say) for reply in chat.turn.replies)


def test_only_the_newest_question_has_buttons_through_search_help_and_cancel() -> None:
    chat = chat_at("home")
    for event in (Answered("svay pao"), HelpRequested(), Answered("x"), Started(), Cancelled()):
        chat.do(event)
        assert [shown.id for shown in chat.screen if shown.buttons] == [chat.last_id]
    chat.press("Erase everything")
    assert not any(shown.buttons for shown in chat.screen)


@pytest.mark.parametrize(
    "event",
    [
        Answered("what?", 9),
        Answered("ក" * 10_000, 9),
        Answered("", 9),
        VoiceSent("v"),
        PhotoSent("p"),
        PlaceShared(11.5, 104.9),
        ContactShared(OWN_NUMBER, own=True),
        SomethingElseSent("sticker"),
        Skipped(),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_does_not_answer_is_explained_and_the_question_put_again(event: Event) -> None:
    chat = chat_at("category")
    before, labels = chat.draft, chat.labels()
    asked = chat.screen[-1].id
    chat.do(event)
    assert chat.draft == before
    assert chat.labels() == labels
    [old, said] = chat.turn.replies
    assert old == Unbutton(asked)
    assert isinstance(said, Say)
    assert len(said.paragraphs) == 2


def test_hired_help_is_counted_only_where_somebody_hires() -> None:
    chat = chat_at("category")
    chat.press("For myself, with hired help")
    chat.press("2-4 people")
    chat.walk((*EN[5:25],))
    chat.press("✏️ Edit")
    chat.press("Way of working")
    chat.press("Casual or seasonal work")
    chat.press("✅ Register")
    [activity] = submitted(chat).activities
    assert (activity.category, activity.workers) == ("casual_worker", None)


def test_typed_occupation_is_kept_in_the_persons_own_words() -> None:
    chat = chat_at("occupation")
    chat.type("zzyzx")
    chat.press("Keep my words: “zzyzx”")
    chat.walk(EN[4:])
    [activity] = submitted(chat).activities
    assert (activity.occupation, activity.occupation_words) == ("other", "zzyzx")


def test_misspelt_village_is_found_with_its_path() -> None:
    chat = chat_at("home")
    chat.type("kampong krabey, svay pao")
    chat.press("Kampong Krabei Village, Svay Por Sangkat, Battambang City, Battambang Province")
    assert chat.draft is not None
    assert chat.draft.answers["home"] == "02031002"


def test_pin_is_taken_as_the_workplace_at_once() -> None:
    chat = chat_at("home")
    chat.walk(EN[7:11])
    chat.do(PlaceShared(13.0957, 103.2022))
    assert chat.draft is not None
    assert chat.draft.answers["workplace"] == {
        "kind": "pin",
        "latitude": 13.0957,
        "longitude": 103.2022,
    }


def test_own_contact_is_accepted_from_any_country() -> None:
    chat = chat_at("phone")
    chat.do(ContactShared("66812345678", own=True))
    assert isinstance(chat.turn.replies[0], Say)
    assert chat.turn.replies[0].keyboard == NoKeys()
    assert chat.draft is not None
    assert chat.draft.answers["own_phone"] == {"number": "+66812345678", "is": "own"}


@pytest.mark.parametrize("event", [Answered("012 345 678"), ContactShared(OWN_NUMBER, own=False)])
def test_phone_that_telegram_does_not_prove_is_not_accepted(event: Event) -> None:
    chat = chat_at("phone")
    before = chat.draft
    chat.do(event)
    assert chat.draft == before
    assert "📱 Send my phone number" in chat.labels()


def test_message_with_the_identity_number_is_removed_and_the_review_masks_it() -> None:
    chat = chat_at("identity")
    chat.type("១២៣ ៤៥៦ ៧៨៩")
    assert isinstance(chat.acts[-1], Answered)
    assert Remove(chat.acts[-1].message_id or 0) in chat.turn.replies
    chat.walk(EN[21:25])
    assert "123456" not in chat.screen[-1].text
    chat.press("✅ Register")
    assert submitted(chat).worker.id_number == "123456789"


@pytest.mark.parametrize(
    ("text", "removed"), [("១២៣៤៥៦", True), ("12345678X", True), ("១២៣៤៥", False), ("what?", False)]
)
def test_refused_message_is_removed_too_if_it_may_show_an_identity_number(
    text: str, removed: bool
) -> None:
    chat = chat_at("identity")
    chat.type(text)
    assert (Remove(chat.question_id - 1) in chat.turn.replies) is removed  # type: ignore[operator]  # it is asked
    assert "No valid card" in chat.labels()


def test_eight_digits_are_accepted_and_flagged() -> None:
    chat = chat_at("identity")
    chat.walk(("= 12345678", *EN[21:]))
    assert submitted(chat).flags == {"eight_digits"}


def test_missing_card_is_a_provisional_way_and_flagged() -> None:
    chat = chat_at("identity")
    chat.walk(("No valid card", "A lender keeps it", *EN[21:]))
    registration = submitted(chat)
    assert registration.worker.no_id_reason == "kept_by_lender"
    assert registration.flags == {"no_card"}


@pytest.mark.parametrize(
    ("today", "flags"), [(date(2026, 11, 23), {"minor"}), (date(2028, 11, 23), set())]
)
def test_minor_is_marked_for_a_guardian(today: date, flags: set[str]) -> None:
    chat = chat_at("born", today=today)
    chat.walk(("= 23/11/2010", *EN[19:]))
    assert submitted(chat).flags == flags


def test_too_young_person_can_correct_the_date_or_stop() -> None:
    chat = chat_at("born")
    chat.type("24/11/2011")
    assert "aged 15" in chat.screen[-1].text
    chat.press("Correct the date")
    chat.type("24/11/2012")
    chat.press("Stop and erase my answers")
    assert chat.draft is None
    assert chat.facts[-1] == DraftErased()


@pytest.mark.parametrize(
    ("acts", "born"),
    [
        (("1990-1999", "1990", "Not sure"), "1990"),
        (("1990-1999", "1990", "April", "Not sure"), "1990-04"),
        (("= 1990", "Not sure"), "1990"),
        (("= ខែមេសា ១៩៩០", "15"), "1990-04-15"),
        (("= 15/04/2533", "15 April 1990"), "1990-04-15"),
    ],
)
def test_birth_date_is_kept_as_precisely_as_it_is_known(acts: tuple[str, ...], born: str) -> None:
    chat = chat_at("born")
    chat.walk(acts)
    assert chat.draft is not None
    assert chat.draft.answers["born"] == born


def test_last_days_of_a_month_share_a_row_with_the_way_not_to_know() -> None:
    chat = chat_at("born")
    chat.walk(("1990-1999", "1990", "March"))
    *_, last, _ = [[chat.write_label(one.label) for one in row] for row in chat.screen[-1].buttons]
    assert last == ["29", "30", "31", "Not sure"]


def test_optional_part_has_a_consent_of_its_own_and_goes_when_it_is_taken_back() -> None:
    chat = chat_at("background")
    chat.walk(("I agree and answer", "Primary", "Good", "No", "4-5 people", "No"))
    chat.do(PhotoSent("photo-1"))
    chat.press("Yes, please")
    assert chat.draft is not None
    assert [one.purpose for one in chat.draft.consents] == ["registration", "sensitive", "notices"]
    assert chat.draft.answers["photo"] == "photo-1"
    chat.walk(("✏️ Edit", "More questions", "Skip"))
    assert [one.purpose for one in chat.draft.consents] == ["registration", "notices"]
    assert "photo" not in chat.draft.answers
    chat.press("✅ Register")
    assert submitted(chat).background.health is None
    assert submitted(chat).wants_notices


def test_every_answer_of_the_optional_part_can_be_skipped() -> None:
    chat = chat_at("background")
    chat.walk(("I agree and answer", *["Skip"] * 6, *EN[24:]))
    assert submitted(chat).background.photo is None


def test_review_says_answers_and_not_what_the_buttons_said() -> None:
    review = chat_at("review").screen[-1].text
    assert "More questions: not answered\nNotices: no" in review


def test_several_jobs_are_registered_and_one_can_be_taken_out() -> None:
    chat = chat_at("review")
    for _ in range(4):
        chat.walk(("➕ Add", *EN[2:7]))
    assert "➕ Add" not in chat.labels()
    chat.walk(("✏️ Edit", "❌ Remove job 2", "➕ Add", "⬅ Back", "✅ Register"))
    assert len(submitted(chat).activities) == 4


def test_edit_can_be_asked_for_by_name() -> None:
    chat = chat_at("review")
    chat.do(EditRequested("sex"))
    chat.walk(("Man", "✅ Register"))
    assert submitted(chat).worker.sex == "male"


def test_daughter_registers_her_mother_who_agrees_beside_her() -> None:
    chat = Chat(replace(CONTEXT, locale="en", registered_before=True, helper_phone=OWN_NUMBER))
    chat.do(Started())
    chat.walk(("Another person", "The person, who is here with me", *EN[1:13]))
    assert "SOK DARA" not in chat.labels()
    chat.walk(("= CHAN SOPHEA", *EN[14:19], "Use my number: 012 345 678", *EN[20:]))
    registration = submitted(chat)
    assert registration.for_whom == "other"
    assert (registration.worker.phone, registration.worker.phone_is) == (OWN_NUMBER, "helper")
    assert registration.consents[0].given_by == "present"


def test_change_of_who_is_registered_asks_for_consent_again() -> None:
    chat = Chat(replace(CONTEXT, locale="en", registered_before=True))
    chat.do(Started())
    chat.walk(("Myself", "I agree", "⬅ Back", "⬅ Back", "Another person"))
    chat.walk(("I am the person's guardian or carer", "I agree"))
    assert chat.draft is not None
    [consent] = chat.draft.consents
    assert consent.given_by == "guardian"


def test_contact_card_of_the_person_is_taken_as_their_typed_number() -> None:
    chat = Chat(replace(CONTEXT, locale="en", registered_before=True))
    chat.do(Started())
    chat.walk(("Another person", "The person, who is here with me", *EN[1:13]))
    chat.walk(("= CHAN SOPHEA", *EN[14:19]))
    chat.do(ContactShared("+85512999888", own=False))
    assert chat.draft is not None
    assert chat.draft.answers["phone"] == {"number": "+85512999888", "is": "typed"}


def test_outage_is_told_silently_and_the_open_question_asked() -> None:
    chat = chat_at("support")
    before = chat.draft
    chat.do(AskedAgain("outage"))
    [_, said] = chat.turn.replies
    assert isinstance(said, Say)
    assert said.silent
    assert chat.draft == before


def test_name_can_be_typed_where_the_profile_is_not_known_after_an_outage() -> None:
    chat = chat_at("name_km")
    chat.type("សុខ ដារ៉ា")
    chat.context = replace(chat.context, first_name="", last_name="")
    chat.do(AskedAgain("outage"))
    assert chat.labels() == ["⬅ Back"]
    assert "(e.g. SOK DARA)" in chat.screen[-1].text
    chat.type("SOK DARA")
    assert chat.labels() == ["Woman", "Man", "⬅ Back"]


def test_cancel_erases_only_after_a_second_word() -> None:
    chat = chat_at("home")
    chat.do(Cancelled())
    erase = chat.find_tap("Erase everything")
    chat.press("No, go on")
    chat.do(erase)
    assert toasts(chat) == ["stale.question"]
    chat.do(Cancelled())
    chat.press("Erase everything")
    assert chat.draft is None
    assert chat.facts[-1] == DraftErased()


def test_answer_given_after_cancel_takes_the_cancel_back() -> None:
    chat = chat_at("name_km")
    chat.do(Cancelled())
    erase = chat.find_tap("Erase everything")
    chat.type("សុខ ដារ៉ា")
    chat.do(erase)
    assert toasts(chat) == ["stale.question"]
    assert chat.draft is not None
    assert chat.draft.answers["name_km"] == {"family": "សុខ", "given": "ដារ៉ា"}


def test_longest_review_fits_one_message() -> None:
    chat = chat_at("occupation")
    long_words = "ល" * 60
    job = (f"= {long_words}", f"Keep my words: “{long_words}”", "For myself, with hired help")
    rest = ("10 or more", "Since this year", "Over 20.8 million")
    chat.walk((*job, *rest, *EN[7:12], f"= {long_words} {long_words}"))
    chat.walk((f"= {'S' * 60} {'D' * 60}", *EN[14:25]))
    for _ in range(4):
        chat.walk(("➕ Add", *job, *rest))
    assert len(chat.screen[-1].text) <= 4096
    chat.context = replace(chat.context, locale="km")
    chat.do(AskedAgain("language"))
    assert 1500 < len(chat.screen[-1].text) <= 4096
