"""One-time links of staff: who has the secret may do what it is for; only its hash is stored."""

import hashlib
import secrets
from datetime import timedelta
from functools import partial
from typing import Any

from db import staff
from db.staff import Link, Purpose
from db.unit_of_work import UnitOfWork

SECRET_BYTES = 24


def hash_of(secret: str) -> str:
    """Return what is stored in place of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def draw_secret() -> str:
    """Draw a secret that nobody guesses."""
    return secrets.token_urlsafe(SECRET_BYTES)


def add_link(uow: UnitOfWork, purpose: Purpose, lasts: timedelta, **values: Any) -> str:
    """Store a link that can be used for a while, and give its secret."""
    secret = draw_secret()
    link = Link(hash_of(secret), purpose, uow.now, uow.now + lasts, **values)
    uow.write(partial(staff.add_link, link=link))
    return secret
