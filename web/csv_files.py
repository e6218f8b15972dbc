"""Files to keep, and tables among them."""

from collections.abc import Iterable, Sequence

from starlette.responses import Response

from documents.tables import BYTE_ORDER_MARK, write_rows


def download(content: bytes, filename: str, media_type: str) -> Response:
    """Hand a file over to be kept."""
    disposition = f'attachment; filename="{filename}"'
    return Response(content, 200, {"Content-Disposition": disposition}, media_type)


def download_csv(filename: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Hand a table over."""
    content = BYTE_ORDER_MARK + write_rows([head]) + write_rows(rows)
    return download(content.encode(), filename, "text/csv; charset=utf-8")
