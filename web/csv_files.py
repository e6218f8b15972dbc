"""Files to keep, and tables among them, of which no cell begins as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

BYTE_ORDER_MARK = "\ufeff"
"""It tells spreadsheets that what follows is UTF-8."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def download(content: bytes, filename: str, media_type: str) -> Response:
    """Hand a file over to be kept."""
    disposition = f'attachment; filename="{filename}"'
    return Response(content, 200, {"Content-Disposition": disposition}, media_type)


def download_csv(filename: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Hand a table over."""
    content = BYTE_ORDER_MARK + write_rows([head]) + write_rows(rows)
    return download(content.encode(), filename, "text/csv; charset=utf-8")


def write_rows(rows: Iterable[Sequence[object]]) -> str:
    """Write the lines of a table."""
    written = io.StringIO()
    csv.writer(written).writerows([_guard(cell) for cell in row] for row in rows)
    return written.getvalue()


def _guard(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
