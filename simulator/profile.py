"""What the bot says about itself: names, descriptions, commands and menu button."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import bad_request

COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")
COMMANDS = 100
LIMITS = {"name": 64, "description": 512, "short_description": 120}

Command = dict[str, str]


@dataclass(slots=True)
class Profile:
    """The bot's texts by language ("" is for everybody else) and its commands by scope."""

    texts: dict[str, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in LIMITS})
    commands: dict[str, list[Command]] = field(default_factory=dict)
    menu_buttons: dict[str, Any] = field(default_factory=dict)

    def set_text(self, kind: str, text: str, language: str) -> None:
        """Set or, when empty, remove a text of one language."""
        check_language(language)
        if len(text) > LIMITS[kind]:
            raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
        if text:
            self.texts[kind][language] = text
        else:
            self.texts[kind].pop(language, None)

    def get_text(self, kind: str, language: str) -> str:
        """Return a text in a language, or the one for everybody."""
        texts = self.texts[kind]
        return texts.get(language) or texts.get("", "")

    def set_commands(self, commands: list[Command], scope: dict[str, Any], language: str) -> None:
        """Set the commands of one scope and language; an empty list removes them."""
        check_language(language)
        _check_commands(commands)
        self.commands[_command_key(scope, language)] = commands

    def get_commands(self, scope: dict[str, Any], language: str) -> list[Command]:
        """Return exactly the commands set for this scope and language."""
        check_language(language)
        return self.commands.get(_command_key(scope, language), [])

    def list_shown_commands(self) -> dict[str, list[Command]]:
        """Return, by language, the commands that a private chat shows."""
        shown: dict[str, list[Command]] = {}
        for scope in ("default", "all_private_chats"):
            for key, commands in self.commands.items():
                known_scope, language = json.loads(key)
                if known_scope == {"type": scope} and commands:
                    shown[language] = commands
        return shown

    def dump(self) -> dict[str, Any]:
        """Return everything as JSON-like data."""
        state = {"texts": self.texts, "commands": self.commands, "menu_buttons": self.menu_buttons}
        copy: dict[str, Any] = json.loads(json.dumps(state))
        return copy

    @classmethod
    def load(cls, state: dict[str, Any]) -> "Profile":
        """Rebuild a profile from what `dump` returned."""
        return cls(**state)


def check_language(language: str) -> None:
    """Refuse what is not a two-letter language code or empty."""
    if language and not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")


def _command_key(scope: dict[str, Any], language: str) -> str:
    return json.dumps([scope or {"type": "default"}, language], sort_keys=True)


def _check_commands(commands: object) -> None:
    if not isinstance(commands, list) or len(commands) > COMMANDS:
        raise bad_request("expected an Array of at most 100 BotCommand")
    for command in commands:
        if not isinstance(command, dict) or command.keys() != {"command", "description"}:
            raise bad_request("expected an Object as BotCommand")
        if not COMMAND_NAME.fullmatch(str(command["command"]).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command["description"])) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
