"""What the program forgets by itself."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from db import chat_questions, claims, outbox, staff, updates
from db.database import Database

UPDATES_KEPT = timedelta(days=3)
"""Telegram repeats an update for a day at most."""

DEAD_LETTERS_KEPT = timedelta(days=30)
FAILED_CALLS_KEPT = timedelta(days=30)
UNPLACED_QUESTIONS_KEPT = timedelta(days=1)
CLOSED_QUESTIONS_KEPT = timedelta(days=30)
"""Of people who never registered."""

CLAIMS_KEPT = timedelta(days=2)
"""Longer than a claim stays closed after wrong answers."""

SIGN_IN_KEPT = timedelta(days=1)
"""Links since they expired and sessions since they began; both are of no use by then."""


async def forget_old(database: Database, now: datetime) -> None:
    """Forget what nobody needs any more."""

    async def forget(connection: AsyncConnection) -> None:
        await updates.forget_received_before(connection, now - UPDATES_KEPT)
        await updates.forget_dead_letters_before(connection, now - DEAD_LETTERS_KEPT)
        await outbox.forget_failed_before(connection, now - FAILED_CALLS_KEPT)
        await chat_questions.forget_unplaced_before(connection, now - UNPLACED_QUESTIONS_KEPT)
        await chat_questions.forget_closed_of_strangers(connection, now - CLOSED_QUESTIONS_KEPT)
        await claims.forget_offered_before(connection, now - CLAIMS_KEPT)
        await staff.forget_old(connection, now - SIGN_IN_KEPT, now - SIGN_IN_KEPT)

    await database.write(forget)
    await database.fold_log()
