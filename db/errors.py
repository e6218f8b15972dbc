"""What can go wrong with the database, told apart by whose fault it is."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class DatabaseUnavailable(Exception):
    """The database is locked, full or away: nothing was stored, ask again later."""


class FlushRefused(Exception):
    """The database refuses these values: the fault is in what was to be stored."""


class AlreadyOwned(Exception):
    """Another process of this program has the database file open for writing."""


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn an error of the driver into the one that names its cause."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
        raise DatabaseUnavailable(_without_values(error)) from None
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable(_without_values(error)) from None
        raise FlushRefused(_without_values(error)) from None
    except (SQLAlchemyError, UnicodeEncodeError, OverflowError) as error:
        raise FlushRefused(type(error).__name__) from None


def _without_values(error: Exception) -> str:
    """Name an error without the values in it, which may be somebody's."""
    cause = getattr(error, "orig", None) or error
    return type(cause).__name__
