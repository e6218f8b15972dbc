"""Refusals: what the Bot API, and a chat client, answer when something cannot be done."""

from typing import Any


class Refusal(Exception):
    """A Bot API call that is refused, in Telegram's words."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_body(self) -> dict[str, Any]:
        """Return the JSON body with which the Bot API says it."""
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


class CannotDoThis(Exception):
    """A person tries what their Telegram app would not let them do."""


def bad_request(words: str) -> Refusal:
    """Build the 400 refusal that says these words."""
    return Refusal(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refusal:
    """Build the 403 refusal that says these words."""
    return Refusal(403, f"Forbidden: {words}")


def conflict(words: str) -> Refusal:
    """Build the 409 refusal that says these words."""
    return Refusal(409, f"Conflict: {words}")


def too_many_requests(seconds: int) -> Refusal:
    """Build the 429 refusal that asks to wait so many seconds."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
