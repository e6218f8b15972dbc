"""Who may have a notice: as far as anybody knows, it has reached their chat."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, literal_column, or_

from db.tables import recipients

_MAY_HAVE_IT: Sequence[ColumnElement[str]] = [
    literal_column(f"'{one}'") for one in ("sent", "uncertain", "sending", "queued")
]
"""Written out, not as parameters, so that SQLite chooses indexes by them."""


def was_settled(ledger: Any = recipients) -> ColumnElement[bool]:
    """Hold of who is queued or being sent to again: they may have got it the time before."""
    settled: ColumnElement[bool] = ledger.c.settled_at.is_not(None)
    return settled


def may_have_it(ledger: Any = recipients) -> ColumnElement[bool]:
    """Hold of who was sent to or is being sent to; of who is queued, if they may have got it."""
    status = ledger.c.status
    is_new = status == literal_column("'queued'")
    return and_(status.in_(_MAY_HAVE_IT), or_(~is_new, was_settled(ledger)))
