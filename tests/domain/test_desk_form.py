"""The form on one page understands and says what the dialogue does."""

from dataclasses import replace

import pytest

from domain.desk_form import Entry, Filled, fill, list_desk_questions
from domain.registration_form import REGISTRATION_FORM
from domain.submission import complete
from tests.chat import CONTEXT

SEVERAL = "អូរតាគាំ"
DESK = replace(CONTEXT, locale="km", registered_before=True)


def choose(*names: str) -> Entry:
    return Entry(chosen=names)


ENTRIES = {
    "language": choose("km"),
    "who_agrees": choose("present"),
    "consent_other": choose("yes"),
    "occupation": choose("o.street_food_vendor"),
    "category": choose("self_employed"),
    "since": choose("3_5"),
    "income": choose("unsaid"),
    "home": Entry("កំពង់ក្របី", ("p.02031002",), "កំពង់ក្របី"),
    "name_km": Entry("សុខ ដារ៉ា"),
    "name_latin": Entry("SOK DARA"),
    "sex": choose("female"),
    "born": Entry("1990"),
    "identity": Entry("123456789"),
    "support": choose("nssf", "skills", "gold"),
}


def fill_in(**changed: Entry) -> Filled:
    entries = {**ENTRIES, **changed}
    return fill(REGISTRATION_FORM, entries, DESK, "desk:1", "btb-2026", "02")


def list_words(filled: Filled, name: str) -> list[str]:
    return [text.id for text in filled.troubles[name].words]


def test_a_page_becomes_a_registration_with_the_consent_of_who_is_present() -> None:
    filled = fill_in()
    registration = complete(filled.draft, DESK)
    assert not filled.troubles
    assert registration.source == "btb-2026"
    assert (registration.worker.home, registration.worker.phone) == ("02031002", "")
    assert [(one.purpose, one.given_by) for one in registration.consents] == [
        ("registration", "present")
    ]
    assert registration.support == ("skills", "nssf")
    assert not registration.wants_notices


def test_an_empty_page_says_what_each_question_needs() -> None:
    filled = fill(REGISTRATION_FORM, {}, DESK, "desk:1", "btb-2026")
    asked = {one.name for one in list_desk_questions(REGISTRATION_FORM)}
    assert filled.troubles.keys() == asked - {"workers", "workplace", "phone", "support"}


@pytest.mark.parametrize("typed", ["កំពង់ក្របី", "ភូមិកំពង់ក្របី", "kampong krabei"])
def test_a_place_that_can_only_be_meant_is_taken_at_once(typed: str) -> None:
    filled = fill_in(home=Entry(typed), workplace=Entry(typed))
    assert not filled.troubles
    assert filled.draft.answers["home"] == "02031002"
    assert filled.draft.answers["workplace"] == {"kind": "place", "place": "02031002"}


def test_a_place_that_only_sounds_like_what_was_typed_is_asked_about() -> None:
    [offer] = fill_in(home=Entry("Kampong Krabey")).troubles["home"].offers
    assert offer.choice == "p.02031002"


@pytest.mark.parametrize("locale", ["km", "en"])
def test_a_place_written_out_as_the_page_proposes_it_is_taken(locale: str) -> None:
    desk = replace(DESK, locale=locale)
    for code in ("02031002", "17100101"):
        entries = {**ENTRIES, "home": Entry(desk.gazetteer.describe(code, locale))}
        filled = fill(REGISTRATION_FORM, entries, desk, "desk:1", "btb-2026", "02")
        assert filled.draft.answers["home"] == code


def test_one_of_several_places_is_offered_and_then_chosen() -> None:
    offers = fill_in(home=Entry(SEVERAL)).troubles["home"].offers
    assert len(offers) > 1
    village = next(one.choice for one in offers if len(one.choice) == len("p.02031002"))
    filled = fill_in(home=Entry(SEVERAL, (village,), SEVERAL))
    assert not filled.troubles
    assert f"p.{filled.draft.answers['home']}" == village


def test_a_commune_that_can_only_be_meant_leads_to_its_villages() -> None:
    offers = fill_in(home=Entry("Svay Por commune")).troubles["home"].offers
    assert {one.choice[:8] for one in offers} == {"p.020310"}
    assert {len(one.choice) for one in offers} == {len("p.02031002")}


def test_a_choice_that_was_offered_for_other_words_counts_no_more() -> None:
    assert "home" in fill_in(home=Entry("ស្វាយប៉ោ", ("p.02031002",), "កំពង់ក្របី")).troubles


def test_a_district_leads_to_what_lies_in_it() -> None:
    filled = fill_in(workplace=Entry("Battambang", ("p.0203",), "Battambang"))
    assert {one.choice[:6] for one in filled.troubles["workplace"].offers} == {"p.0203"}


@pytest.mark.parametrize("choice", ["p.99", "p.", "o.02", "../x", "p.02031002'"])
def test_an_invented_place_counts_for_nothing(choice: str) -> None:
    assert "home" in fill_in(home=Entry("x1", (choice,), "x1")).troubles


def test_a_year_is_enough_and_a_buddhist_one_is_asked_about() -> None:
    assert fill_in().draft.answers["born"] == "1990"
    filled = fill_in(born=Entry("2530"))
    assert [one.choice for one in filled.troubles["born"].offers] == ["date.1987", "date.1986"]
    chosen = fill_in(born=Entry("2530", ("date.1987",), "2530"))
    assert chosen.draft.answers["born"] == "1987"


def test_who_is_too_young_is_not_registered() -> None:
    assert list_words(fill_in(born=Entry("2020")), "born") == ["birth.too_young"]
    assert "born" in fill_in(born=Entry("2020", ("stop",), "2020")).troubles


def test_a_single_name_is_not_enough() -> None:
    assert list_words(fill_in(name_km=Entry("សុខ")), "name_km") == ["name.ask_given_km"]


def test_without_agreement_there_is_no_registration() -> None:
    for entry in (choose("no"), Entry()):
        assert list_words(fill_in(consent_other=entry), "consent_other") == ["desk.consent_needed"]


def test_whoever_hires_says_how_many() -> None:
    hires = choose("micro_enterprise")
    assert list_words(fill_in(category=hires), "workers") == ["desk.answer_needed"]
    assert not fill_in(category=hires, workers=choose("1")).troubles


def test_without_a_card_the_reason_is_taken() -> None:
    filled = fill_in(identity=choose("lost"))
    assert filled.draft.answers["identity"] == {"reason": "lost"}
    assert list_words(fill_in(identity=Entry("12")), "identity") == ["problem.id.length"]


def test_an_occupation_may_be_in_own_words() -> None:
    filled = fill_in(occupation=Entry("លក់ផ្កា", ("o.other",)))
    assert filled.draft.answers["work"][0]["occupation"] == {"key": "other", "words": "លក់ផ្កា"}


def test_somebody_elses_phone_may_be_given() -> None:
    filled = fill_in(phone=Entry("012 345 678"))
    assert filled.draft.answers["phone"] == {"number": "+85512345678", "is": "typed"}
    assert "phone" in fill_in(phone=Entry("12")).troubles
