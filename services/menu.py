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

COMMAND_OF_KEY: dict[str, str] = {
    REGISTER.id: "start",
    REGISTER_OTHER.id: "start",
    STATUS.id: "status",
    LANGUAGE.id: "language",
    NOTICES_OFF.id: "stop",
    NOTICES_ON.id: "notices",
    HELP.id: "help",
}


def make_menu(registered: bool, wants_notices: bool) -> Keys:
    """Make the menu for somebody who is not in a form."""
    first = Key(REGISTER_OTHER) if registered else Key(REGISTER)
    notices = Key(NOTICES_OFF) if wants_notices else Key(NOTICES_ON)
    rows: list[tuple[Key, ...]] = [(first, Key(STATUS)), (Key(LANGUAGE), Key(HELP))]
    if registered:
        rows.append((notices,))
    return Keys(tuple(rows))


def keys() -> tuple[Text, ...]:
    """List the labels of all keys that the menu can have."""
    return (REGISTER, REGISTER_OTHER, STATUS, LANGUAGE, NOTICES_OFF, NOTICES_ON, HELP)
