"""What can go wrong with the database, told apart by whose fault it is."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

_VALUES_AT_FAULT = (DataError, IntegrityError, NotSupportedError, ProgrammingError)

_SQLITE_VALUES_AT_FAULT = (
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.NotSupportedError,
    sqlite3.ProgrammingError,
)

_POSTGRES_AT_FAULT = {"08", "25", "28", "3D", "40", "53", "55", "57", "58", "XX"}
"""Classes of SQLSTATE: connection, read-only, log-in, no database, rolled back, full, locked..."""

_QUERY_CANCELED = "57014"


class DatabaseUnavailable(Exception):
    """The database is locked, full or away: nothing was stored, ask again later."""


class TookTooLong(DatabaseUnavailable):
    """A question was ended because it took too long: it asks for too much at once."""


class FlushRefused(Exception):
    """The database refuses these values: the fault is in what was to be stored."""


class AlreadyOwned(Exception):
    """Another process of this program has the database file open for writing."""


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn an error of the driver into the one that names its cause."""
    try:
        yield
    except DBAPIError as error:
        if _was_ended(error):
            raise TookTooLong(_without_values(error)) from None
        if _is_database_at_fault(error):
            raise DatabaseUnavailable(_without_values(error)) from None
        raise FlushRefused(_without_values(error)) from None
    except sqlite3.Error as error:
        if _was_ended(error):
            raise TookTooLong(_without_values(error)) from None
        if isinstance(error, _SQLITE_VALUES_AT_FAULT):
            raise FlushRefused(_without_values(error)) from None
        raise DatabaseUnavailable(_without_values(error)) from None
    except (PoolTimeout, OSError) as error:
        raise DatabaseUnavailable(_without_values(error)) from None
    except (SQLAlchemyError, ValueError, OverflowError) as error:
        raise FlushRefused(_without_values(error)) from None


def _is_database_at_fault(error: DBAPIError) -> bool:
    """Look at the SQLSTATE where there is one: SQLAlchemy does not sort asyncpg's errors."""
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return state[:2] in _POSTGRES_AT_FAULT
    return not isinstance(error, _VALUES_AT_FAULT)


def _was_ended(error: DBAPIError | sqlite3.Error) -> bool:
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state == _QUERY_CANCELED or _without_values(error) == "SQLITE_INTERRUPT"


def _without_values(error: Exception) -> str:
    """Name an error without the values in it, which may be somebody's."""
    cause = getattr(error, "orig", None) or error
    return getattr(cause, "sqlite_errorname", None) or type(cause.__cause__ or cause).__name__
