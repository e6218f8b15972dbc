"""What a chat was asked outside of the form, and is awaited to send next, for a short while."""

from dataclasses import replace
from datetime import timedelta

from db.claims import Claim
from db.unit_of_work import UnitOfWork

YEAR, NAME, AGREEMENT, TEXT = "year", "name", "agreement", "text"
"""A year of birth, a given name, a consent to a claim, or a text that is to be checked."""

TYPED = YEAR, NAME, TEXT

TIME_TO_ANSWER = timedelta(minutes=15)
KEPT_FOR = timedelta(days=1)
"""For so long are tries counted together."""


def find_claim(uow: UnitOfWork, chat_id: int) -> Claim | None:
    """Find what a chat claims; after a day it and its tries count no more."""
    claim = uow.find_claim(chat_id)
    is_over = claim is not None and uow.now - claim.offered_at >= KEPT_FOR
    return None if is_over else claim


def renew_claim(uow: UnitOfWork, chat_id: int, phone: str | None) -> Claim:
    """Make the claim of a chat by a number; tries are remembered."""
    known = find_claim(uow, chat_id)
    return Claim(chat_id, uow.now, phone, tries=known.tries if known else 0)


def find_awaited(uow: UnitOfWork, chat_id: int) -> str | None:
    """Find what is awaited of a chat now."""
    claim = find_claim(uow, chat_id)
    if claim is None or claim.asked_at is None or uow.now - claim.asked_at > TIME_TO_ANSWER:
        return None
    return claim.awaits


def await_text(uow: UnitOfWork, chat_id: int) -> None:
    """Await the text that somebody wants to have checked."""
    known = find_claim(uow, chat_id) or Claim(chat_id, uow.now)
    uow.save_claim(replace(known, awaits=TEXT, asked_at=uow.now))


def stop_awaiting(uow: UnitOfWork, chat_id: int, *whats: str) -> None:
    """Await nothing of a chat any more, or nothing of these; its tries are remembered."""
    claim = find_claim(uow, chat_id)
    if claim is not None and claim.awaits is not None and (not whats or claim.awaits in whats):
        uow.save_claim(replace(claim, awaits=None, asked_at=None))
