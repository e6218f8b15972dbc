"""What became of a call."""

import json

import aiohttp
import pytest

from bot.outcomes import Kind, read_answer, read_failure


def refusal(code: int, description: str, **parameters: int) -> tuple[int, bytes]:
    answer = {
        "ok": False,
        "error_code": code,
        "description": description,
        "parameters": parameters,
    }
    return code, json.dumps(answer).encode()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((200, b'{"ok":true,"result":{}}'), Kind.DELIVERED),
        ((200, b'{"result": {}, "ok": true}'), Kind.DELIVERED),
        ((200, b"<html>"), Kind.AMBIGUOUS),
        (refusal(429, "Too Many Requests: retry after 7", retry_after=7), Kind.LIMITED),
        (refusal(403, "Forbidden: bot was blocked by the user"), Kind.UNREACHABLE),
        (refusal(403, "Forbidden: user is deactivated"), Kind.UNREACHABLE),
        (refusal(400, "Bad Request: chat not found"), Kind.UNREACHABLE),
        (refusal(400, "Bad Request: message is not modified: same content"), Kind.POINTLESS),
        (refusal(400, "Bad Request: message to edit not found"), Kind.POINTLESS),
        (refusal(400, "Bad Request: message is too long"), Kind.REJECTED),
        (refusal(400, "Bad Request: group migrated", migrate_to_chat_id=-100), Kind.MOVED),
        (refusal(401, "Unauthorized"), Kind.UNAUTHORIZED),
        (refusal(404, "Not Found"), Kind.UNAUTHORIZED),
        (refusal(500, "Internal Server Error"), Kind.AMBIGUOUS),
        ((502, b"Bad Gateway"), Kind.AMBIGUOUS),
        ((403, b"<html>a proxy's page</html>"), Kind.AMBIGUOUS),
        ((404, b"<html>a proxy's page</html>"), Kind.AMBIGUOUS),
        ((504, b"[]"), Kind.AMBIGUOUS),
    ],
)
def test_an_answer_says_what_became_of_the_call(answer: tuple[int, bytes], kind: Kind) -> None:
    assert read_answer(*answer).kind is kind


def test_a_limit_tells_its_seconds() -> None:
    outcome = read_answer(*refusal(429, "Too Many Requests: retry after 7", retry_after=7))
    assert outcome.retry_after_seconds == 7


def test_a_reason_never_quotes_a_message() -> None:
    outcome = read_answer(
        *refusal(400, 'Bad Request: can\'t parse entities: unsupported tag "sok dara" at 3')
    )
    assert "sok dara" not in outcome.reason
    assert "parse entities" in outcome.reason


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiohttp.ServerDisconnectedError(), Kind.AMBIGUOUS),
        (aiohttp.SocketTimeoutError(), Kind.AMBIGUOUS),
        (aiohttp.ConnectionTimeoutError(), Kind.NOT_DELIVERED),
        (TimeoutError(), Kind.AMBIGUOUS),
        (ConnectionResetError(), Kind.AMBIGUOUS),
    ],
)
def test_a_call_without_an_answer_is_safe_to_repeat_only_if_it_never_left(
    error: Exception, kind: Kind
) -> None:
    assert read_failure(error).kind is kind
