"""What the outcome of a call means for a recipient of a notice."""

from datetime import datetime, timedelta

from bot.outcomes import Kind, Outcome, find_message_id
from domain.recipients import BLOCKED, LIMITED, Key, Settlement, Status

LONGEST_REST_SECONDS = 60.0
MOST_TRIES = 5
"""How often a file that cannot be made is tried."""

AGAIN = (Kind.LIMITED, Kind.NOT_DELIVERED, Kind.UNAUTHORIZED, Kind.MOVED)
"""The recipient has certainly got nothing, and may get it later."""


def read_settlement(
    key: Key, outcome: Outcome, answer: bytes, now: datetime, tries: int = 1
) -> Settlement:
    """Tell where a recipient stands after a call, the last of so many tries.

    A call that may have been carried out is never made again.
    """
    match outcome.kind:
        case Kind.DELIVERED:
            return Settlement(key, Status.SENT, message_id=find_message_id(answer))
        case Kind.AMBIGUOUS:
            return Settlement(key, Status.UNCERTAIN, outcome.reason)
        case Kind.UNREACHABLE:
            return Settlement(key, Status.FAILED, BLOCKED)
        case Kind.WITHDRAWN:
            return Settlement(key, Status.QUEUED)
        case kind if kind in AGAIN or (kind is Kind.UNATTACHED and tries < MOST_TRIES):
            until = now + timedelta(seconds=count_rest(outcome, tries))
            reason = LIMITED if kind is Kind.LIMITED else None
            return Settlement(
                key, Status.QUEUED, reason, not_before=until, moved_to=outcome.moved_to
            )
    return Settlement(key, Status.FAILED, outcome.reason)


def count_rest(outcome: Outcome, tries: int) -> float:
    """Count the seconds until a recipient may be tried again."""
    if outcome.kind in (Kind.LIMITED, Kind.MOVED):
        return outcome.retry_after_seconds
    return min(LONGEST_REST_SECONDS, 0.5 * 2.0 ** min(tries - 1, 10))
