"""The registration dialogue, from /start to the declaration."""

import pytest

from domain.events import Answered, Started
from domain.facts import LanguageChosen, Submitted
from domain.registrations import Registration
from tests.chat import HAPPY_PATH, Chat


def submitted(chat: Chat) -> Registration:
    [fact] = [fact for fact in chat.facts if isinstance(fact, Submitted)]
    return fact.registration


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
