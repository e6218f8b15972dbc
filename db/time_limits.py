"""An end to statements of SQLite that take too long; PostgreSQL has a setting for it."""

import time
from typing import Any

from sqlalchemy import Engine, event

_STEPS = 10_000
"""How often SQLite looks at the time: so many of its steps take some milliseconds."""

_UNTIL = "until"


def limit_statements(engine: Engine, seconds: float) -> None:
    """Interrupt every statement of an engine's connections that takes longer than this."""

    @event.listens_for(engine, "connect")
    def watch(connection: Any, record: Any) -> None:
        def is_over() -> bool:
            return bool(time.monotonic() > record.info.get(_UNTIL, float("inf")))

        connection.run_async(lambda driver: driver.set_progress_handler(is_over, _STEPS))

    @event.listens_for(engine, "before_cursor_execute")
    def begin(connection: Any, *_: Any) -> None:
        connection.info[_UNTIL] = time.monotonic() + seconds

    @event.listens_for(engine, "after_cursor_execute")
    def end(connection: Any, *_: Any) -> None:
        connection.info.pop(_UNTIL, None)
