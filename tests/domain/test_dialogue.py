"""The registration dialogue, from /start to the declaration."""

import pytest

from domain.events import Answered, Started
from domain.facts import LanguageChosen, Submitted
from domain.registrations import Registration
from tests.chat import Chat

HAPPY_PATH = {
    "km": (
        *("ខ្មែរ", "យល់ព្រម", "លក់ដូរ និងម្ហូបអាហារ", "អាជីវករលក់នៅផ្សារ"),
        *("រកស៊ីខ្លួនឯង គ្មានជួលគេ", "៣-៥ ឆ្នាំ", "៤០០.០០០-៨០០.០០០ ៛"),
        *("ខេត្តបាត់ដំបង", "ក្រុងបាត់ដំបង", "សង្កាត់ស្វាយប៉ោ", "ភូមិកំពង់ក្របី"),
        *("ក្នុងភូមិដែលខ្ញុំរស់នៅ", "= សុខ ដារ៉ា", "SOK DARA", "ស្រី"),
        *("១៩៩០-១៩៩៩", "១៩៩០", "មេសា", "១៥", "📱 ផ្ញើលេខទូរស័ព្ទរបស់ខ្ញុំ", "= ១២៣៤៥៦៧៨៩"),
        *("បណ្តុះបណ្តាលជំនាញ", "✅ រួចរាល់", "រំលង", "មិនចង់ទទួល", "✅ ចុះឈ្មោះ"),
    ),
    "en": (
        *("English", "I agree", "Trade and food", "Market stall vendor"),
        *("For myself, hiring nobody", "3-5 years", "400,000-800,000 KHR"),
        *("Battambang Province", "Battambang City", "Svay Por Sangkat", "Kampong Krabei Village"),
        *("In my home village", "= សុខ ដារ៉ា", "SOK DARA", "Woman"),
        *("1990-1999", "1990", "April", "15", "📱 Send my phone number", "= 123456789"),
        *("Skills training", "✅ Done", "Skip them", "No, thank you", "✅ Register"),
    ),
}


def walk(chat: Chat, acts: tuple[str, ...]) -> None:
    for act in acts:
        if act.startswith("= "):
            chat.type(act.removeprefix("= "))
        else:
            chat.press(act)


def submitted(chat: Chat) -> Registration:
    [fact] = [fact for fact in chat.facts if isinstance(fact, Submitted)]
    return fact.registration


@pytest.mark.parametrize("locale", ["km", "en"])
def test_happy_path_takes_at_most_30_acts_three_of_them_typed(locale: str) -> None:
    chat = Chat()
    chat.do(Started())
    walk(chat, HAPPY_PATH[locale])
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
