"""An end to statements of SQLite that take too long; PostgreSQL has a setting for it."""

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

_STEPS = 10_000
"""How often SQLite looks at the time: so many of its steps take some milliseconds."""

_LIMIT = "limit"
_NEVER = float("inf")


@dataclass
class _Limit:
    """Until when the statement of one connection may run; it outlives the connection's record."""

    until: float = _NEVER


def limit_statements(engine: Engine, seconds: float) -> None:
    """Interrupt every statement of an engine's connections that takes longer than this."""

    @event.listens_for(engine, "connect")
    def watch(connection: Any, record: Any) -> None:
        limit = record.info[_LIMIT] = _Limit()

        def is_over() -> bool:
            return time.monotonic() > limit.until

        connection.run_async(lambda driver: driver.set_progress_handler(is_over, _STEPS))

    @event.listens_for(engine, "before_cursor_execute")
    def begin(connection: Any, *_: Any) -> None:
        connection.info[_LIMIT].until = time.monotonic() + seconds

    @event.listens_for(engine, "after_cursor_execute")
    def end(connection: Any, *_: Any) -> None:
        connection.info[_LIMIT].until = _NEVER

    @event.listens_for(engine, "handle_error")
    def end_failed(failure: Any) -> None:
        # What was only given up, by whoever asked, still runs and has to end in its time.
        if failure.connection is not None and isinstance(failure.original_exception, Exception):
            failure.connection.info[_LIMIT].until = _NEVER
