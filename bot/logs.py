"""The log: one line an event, without anybody's words and without the token."""

import logging
import re
import sys
import warnings
from typing import Any, Literal

import structlog

TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")
HIDDEN = "<token>"

LIBRARIES = (
    "httpx",
    "httpcore",
    "telegram",
    "aiohttp",
    "uvicorn",
    "alembic",
    "aiosqlite",
    "asyncio",
)


class Redaction(logging.Filter):
    """Takes the token, and every traceback, out of what libraries log.

    Libraries quote what they were given; where an error of theirs matters, the program itself
    names it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean a record; every record stays."""
        text = record.getMessage() if record.levelno < logging.CRITICAL else "critical error"
        record.msg, record.args = TOKEN.sub(HIDDEN, text), ()
        record.exc_info = record.exc_text = None
        return True


def _redact(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    return {
        key: TOKEN.sub(HIDDEN, value) if isinstance(value, str) else value
        for key, value in event.items()
    }


def set_up_logs(style: Literal["console", "json"]) -> None:
    """Send all logs to standard error, in one style."""
    last = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _redact,
    ]
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Redaction())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[_drop_record, last], foreign_pre_chain=shared
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", module="telegram")


def _drop_record(logger: Any, name: str, event: Any) -> Any:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, name, event)
