"""The bot's own catalogues are complete."""

from locales.catalogue import DIRECTORY
from locales.checks import check_catalogues


def test_every_message_is_said_in_every_language_and_can_be_sent() -> None:
    assert check_catalogues(DIRECTORY.parent) == []
