"""Draws the card that a stored call names, when the call is made: nothing drawn is kept."""

import asyncio
from functools import partial

from bot.attachments import Attach, Attachment
from db import certificates
from db.database import Database
from services.certificates import draw
from services.desk import Desk

KINDS = {"png": ("photo", "image/png"), "pdf": ("document", "application/pdf")}


def make_attach(database: Database, desk: Desk) -> Attach:
    """Make the function that draws what `card:<application number>:<png or pdf>` names."""
    return partial(_attach_card, database, desk)


async def _attach_card(database: Database, desk: Desk, reference: str) -> Attachment:
    """Draw the number's latest card.

    Raises:
        LookupError: there is no such card, or it was revoked before it was sent.
    """
    _, number, kind = reference.split(":")
    field, mime = KINDS[kind]
    async with database.read() as connection:
        issued = await certificates.find_latest(connection, number)
    if issued is None or issued.revoked_at is not None:
        raise LookupError(reference)
    content = await asyncio.to_thread(draw, desk, issued, as_pdf=kind == "pdf")
    return Attachment(field, f"certificate-{number}.{kind}", mime, content)
