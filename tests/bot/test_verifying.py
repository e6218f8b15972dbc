"""Checking certificates at the command line."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings
from bot.verifying import KEY_FILE, CannotVerify, show_public_key, verify
from documents.keys import load_or_create_key
from documents.signatures import public_key_text, sign
from domain.certificates import Certificate, make_claim

CERTIFICATE = Certificate(
    number="123456786",
    family_km="សុខ",
    given_km="ដារ៉ា",
    family_latin="SOK",
    given_latin="DARA",
    category="self_employed",
    occupation="street_food_vendor",
    place="0203",
    issued_on=date(2026, 3, 4),
    specimen=True,
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(data_dir=tmp_path)


def make_token(settings: Settings) -> str:
    key = load_or_create_key(settings.data_dir / KEY_FILE)
    return sign(key, make_claim(CERTIFICATE, key.public.id))


def test_our_own_card_is_genuine_and_says_the_least(settings: Settings) -> None:
    genuine, lines = verify(settings, f"https://example.org/v/{make_token(settings)}", [])

    told = "\n".join(lines)
    assert genuine
    assert "1234-5678-6" in told
    assert "SPECIMEN" in told
    assert "DARA" not in told


def test_a_tampered_card_is_not_genuine(settings: Settings) -> None:
    claim, _, signature = make_token(settings).partition(".")
    changed = claim[:-3] + ("AAA" if claim[-3:] != "AAA" else "BBB")
    genuine, lines = verify(settings, f"{changed}.{signature}", [])

    assert not genuine
    assert lines[0].startswith("not genuine")


def test_a_bank_checks_with_the_public_key_alone(settings: Settings, tmp_path: Path) -> None:
    token = make_token(settings)
    public = show_public_key(settings)
    elsewhere = Settings(data_dir=tmp_path / "bank")

    assert verify(elsewhere, token, [public])[0]
    other = load_or_create_key(tmp_path / "other.key").public
    assert not verify(elsewhere, token, [public_key_text(other)])[0]


def test_without_a_key_the_command_says_what_is_needed(settings: Settings) -> None:
    with pytest.raises(CannotVerify, match="--key"):
        verify(settings, "token", [])
    with pytest.raises(CannotVerify, match="--key"):
        verify(settings, "token", ["no key at all"])


def test_the_command_tells_scripts_by_its_exit_status(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    token = make_token(settings)

    assert CliRunner().invoke(app, ["verify", token]).exit_code == 0
    assert CliRunner().invoke(app, ["verify", token[:-4] + "AAAA"]).exit_code == 1
    assert CliRunner().invoke(app, ["public-key"]).exit_code == 0
