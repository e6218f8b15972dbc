"""A chat that we can write to."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Contact:
    """A private chat: the language it reads, whether it can be reached and wants notices."""

    chat_id: int
    created_at: datetime
    active_at: datetime
    locale: str | None = None
    reachable: bool = True
    wants_notices: bool = False
