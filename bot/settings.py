"""Typed settings from the environment and .env; a clear error names the variable."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

OFFICIAL_API_URL = "https://api.telegram.org"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
HOURS = r"{0}(,{0})*".format(r" *(?:[01]?\d|2[0-3]) *")
TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")


class Instance(StrEnum):
    """Whose installation this is; only the ministry's own is official."""

    DEMO = "demo"
    PILOT = "pilot"
    OFFICIAL = "official"


class WrongSettings(Exception):
    """A setting that cannot be; the message names the variable and what to do."""


class Settings(BaseSettings):
    """Everything that can be set; .env.example explains each in a sentence."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    telegram_token: SecretStr | None = None
    telegram_api_url: str = OFFICIAL_API_URL
    database_url: str = "sqlite+aiosqlite:///data/onboarding.db"
    data_dir: Path = Path("data")
    web_host: str = "127.0.0.1"
    web_port: int = Field(8080, ge=0, le=65535)
    web_url: str | None = None
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    default_locale: Literal["km", "en"] = "km"
    instance: Instance = Instance.DEMO
    minimum_age: int = Field(15, ge=0, le=99)
    answer_within_working_days: int = Field(1, ge=1, le=60)
    digest_hours: str = "8,16"
    session_idle_minutes: int = Field(30, ge=1, le=720)
    sends_per_second: int = Field(28, ge=0, le=1000)
    notice_cancel_minutes: int = Field(10, ge=0, le=1440)
    notices_per_week: int = Field(3, ge=1, le=100)
    paid_broadcast: bool = False
    paid_sends_per_second: int = Field(1000, ge=1, le=1000)
    simulator_port: int = Field(8081, ge=0, le=65535)
    demo_people: int = Field(300, ge=0, le=100_000)
    log_format: Literal["console", "json"] = "console"

    @field_validator("telegram_token")
    @classmethod
    def check_token(cls, token: SecretStr | None) -> SecretStr | None:
        """Refuse what BotFather cannot have given."""
        if token is not None and not TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("is not a bot token; copy it from @BotFather as it is")
        return token

    @field_validator("telegram_api_url", "web_url", "webhook_url")
    @classmethod
    def check_url(cls, url: str | None) -> str | None:
        """Allow https to anywhere, http to this machine only."""
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
            return url.rstrip("/")
        raise ValueError("must begin with https:// (http:// only toward this machine)")

    @field_validator("digest_hours")
    @classmethod
    def check_hours(cls, hours: str) -> str:
        """Ask for hours of the day, with commas between them."""
        if re.fullmatch(HOURS, hours):
            return hours
        raise ValueError("must be hours from 0 to 23 with commas between them, such as 8,13")

    @field_validator("webhook_secret")
    @classmethod
    def check_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        """Ask for a secret that nobody guesses, in Telegram's alphabet."""
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{32,256}", secret.get_secret_value()):
            raise ValueError("must be 32 to 256 of the characters A-Z a-z 0-9 _ -")
        return secret

    @field_validator("database_url")
    @classmethod
    def check_database(cls, url: str) -> str:
        """Allow the two databases that every test runs on."""
        if url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            return url
        raise ValueError("must begin with sqlite+aiosqlite:/// or postgresql+asyncpg://")

    @model_validator(mode="after")
    def check_webhook(self) -> "Settings":
        """Ask for the secret that proves a webhook's caller to be Telegram."""
        if self.webhook_url and not self.webhook_secret:
            raise ValueError("WEBHOOK_SECRET is needed with WEBHOOK_URL")
        return self

    @property
    def specimen(self) -> bool:
        """Whether everything must be marked as a specimen."""
        return self.instance is not Instance.OFFICIAL

    @property
    def pages_url(self) -> str:
        """Where browsers find the pages, without a slash at its end."""
        return self.web_url or f"http://127.0.0.1:{self.web_port}"

    @property
    def bulk_per_second(self) -> int:
        """How many notices to many are sent a second."""
        return self.paid_sends_per_second if self.paid_broadcast else self.sends_per_second

    @property
    def hours_of_digest(self) -> tuple[int, ...]:
        """The local hours at which officers are told what waits."""
        return tuple(sorted(int(hour) for hour in self.digest_hours.split(",")))


def load_settings() -> Settings:
    """Load the settings.

    Raises:
        WrongSettings: with one line that names the variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        variable = ".".join(str(step) for step in first["loc"]).upper()
        problem = first["msg"].removeprefix("Value error, ")
        raise WrongSettings(f"{variable} {problem}".strip() + " (see .env.example)") from None
