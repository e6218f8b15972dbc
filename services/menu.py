"""The keys below the chat outside a form, and what each of them asks for."""

from domain.replies import Key, Keys
from domain.texts import Text, message

REGISTER = message("menu.register")
REGISTER_OTHER = message("menu.register_other")
STATUS = message("menu.status")
LANGUAGE = message("menu.language")
NOTICES_OFF = message("menu.notices_off")
NOTICES_ON = message("menu.notices_on")
HELP = message("menu.help")

COMMAND_OF_KEY: tuple[tuple[Text, str], ...] = (
    (REGISTER, "start"),
    (REGISTER_OTHER, "start"),
    (STATUS, "status"),
    (LANGUAGE, "language"),
    (NOTICES_OFF, "notices"),
    (NOTICES_ON, "resume"),
    (HELP, "help"),
)


def make_menu(registered: bool, wants_notices: bool) -> Keys:
    """Make the menu for somebody who is not in a form."""
    first = Key(REGISTER_OTHER) if registered else Key(REGISTER)
    notices = Key(NOTICES_OFF) if wants_notices else Key(NOTICES_ON)
    rows: list[tuple[Key, ...]] = [(first, Key(STATUS)), (Key(LANGUAGE), Key(HELP))]
    if registered:
        rows.append((notices,))
    return Keys(tuple(rows))
