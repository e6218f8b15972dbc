"""Draws the QR code by which somebody is checked in, when it is sent: nothing drawn is kept."""

import asyncio
from collections.abc import Callable

from bot.attachments import Attach, Attachment
from documents.check_in import Ticket, draw_code, write_link
from services.desk import Desk


def make_entry_attach(desk: Desk, bot_name: Callable[[], str]) -> Attach:
    """Make the function that draws what `entry:<event day>:<application number>:png` names."""

    async def attach(reference: str) -> Attachment:
        if desk.signing_key is None:
            raise LookupError(reference)
        _, campaign_id, number, _ = reference.split(":")
        link = write_link(desk.signing_key, Ticket(int(campaign_id), number))
        address = f"https://t.me/{bot_name()}?start={link}"
        drawn = await asyncio.to_thread(draw_code, address)
        return Attachment("photo", f"check-in-{number}.png", "image/png", drawn)

    return attach
