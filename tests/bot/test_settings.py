"""A wrong setting is named in one line."""

from pathlib import Path

import pytest

from bot.settings import Instance, Settings, WrongSettings, load_settings

ROOT = Path(__file__).parents[2]
TOKEN = "7654321:" + "t" * 35


@pytest.fixture(autouse=True)
def _clean_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TELEGRAM_TOKEN", "not-a-token"),
        ("TELEGRAM_API_URL", "http://example.org"),
        ("WEB_URL", "http://example.org"),
        ("WEBHOOK_URL", "http://example.org"),
        ("WEBHOOK_SECRET", "short"),
        ("WEB_PORT", "abc"),
        ("WEB_PORT", "70000"),
        ("INSTANCE", "real"),
        ("DEFAULT_LOCALE", "fr"),
        ("DATABASE_URL", "mysql://x"),
        ("MINIMUM_AGE", "-1"),
        ("DIGEST_HOURS", "8,24"),
        ("DIGEST_HOURS", "8;13"),
        ("SESSION_IDLE_MINUTES", "0"),
        ("NOTICES_PER_WEEK", "0"),
        ("PAID_SENDS_PER_SECOND", "1001"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongSettings) as caught:
        load_settings()
    line = str(caught.value)
    assert line.startswith(variable)
    assert "\n" not in line


def test_a_wrong_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "secret-but-mistyped")
    with pytest.raises(WrongSettings) as caught:
        load_settings()
    assert "mistyped" not in str(caught.value)


def test_a_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "https://bot.example.org")
    with pytest.raises(WrongSettings, match="WEBHOOK_SECRET"):
        load_settings()


def test_http_is_allowed_toward_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081/")
    assert load_settings().telegram_api_url == "http://127.0.0.1:8081"


def test_the_token_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    assert TOKEN not in repr(load_settings())


def test_pages_are_on_this_machine_unless_told() -> None:
    assert Settings(web_port=9).pages_url == "http://127.0.0.1:9"
    assert Settings(web_url="https://office.example/").pages_url == "https://office.example"


def test_hours_of_the_digest_are_in_their_order() -> None:
    assert Settings(digest_hours="13, 08,0").hours_of_digest == (0, 8, 13)


def test_only_the_official_instance_is_no_specimen() -> None:
    assert [Settings(instance=one).specimen for one in Instance] == [True, True, False]


def test_the_example_names_every_setting_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    example = (ROOT / ".env.example").read_text()
    named = [line.split("=")[0] for line in example.splitlines() if "=" in line and line[0] != "#"]
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)
    for line in example.splitlines():
        if line and line[0] != "#":
            monkeypatch.setenv(*line.split("=", 1))
    assert load_settings() == Settings()
