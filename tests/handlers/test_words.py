"""Typed words that mean a command."""

import pytest

from domain.wording import TYPED_COMMANDS
from handlers.chats import COMMANDS
from handlers.words import find_command
from locales.catalogue import LOCALES, load_catalogue
from services.menu import COMMAND_OF_KEY


@pytest.mark.parametrize("locale", LOCALES)
def test_every_key_and_every_word_of_help_means_its_command(locale: str) -> None:
    catalogue = load_catalogue(locale)
    for label, command in COMMAND_OF_KEY:
        assert find_command(catalogue[label.id]) == command
    for command, word in TYPED_COMMANDS.items():
        assert find_command(catalogue[word.id].upper()) == command


@pytest.mark.parametrize("locale", LOCALES)
def test_the_back_key_of_the_keyboard_goes_back(locale: str) -> None:
    assert find_command(load_catalogue(locale)["button.back"]) == "back"


def test_every_word_leads_to_a_command_that_exists() -> None:
    assert {command for _, command in COMMAND_OF_KEY} | set(TYPED_COMMANDS) <= set(COMMANDS)


@pytest.mark.parametrize("text", ["លក់បន្លែ", "", "🌽", "Sok Dara", "back" * 100])
def test_other_words_mean_no_command(text: str) -> None:
    assert find_command(text) is None
