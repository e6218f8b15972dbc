"""Which messages the code says: every literal id given to `message` or `Text`, or to `t` in a page.

Babel's own extraction loses a call inside another call's argument and joins the two ids of a
conditional expression, so the syntax trees are read instead; Babel writes the template.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import write_po
from jinja2 import Environment, nodes

SOURCES = ("domain", "services", "handlers", "bot", "web", "documents")
PAGES = "web/templates"

_HEADER = """\
# Messages of the onboarding bot; made by `python -m locales extract`.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@dataclass(frozen=True)
class Use:
    """A place in the code that says a message.

    `id` is None where it is worked out at run time, `values` where its names are.
    """

    id: str | None
    values: frozenset[str] | None
    path: str
    line: int


def list_uses(root: Path) -> list[Use]:
    """List all uses of messages in code and pages under a root, in the order of files and lines."""
    modules = [use for path in _list_modules(root) for use in _list_uses_in(path, root)]
    pages = sorted((root / PAGES).rglob("*.html"))
    return modules + [use for path in pages for use in _list_uses_in_page(path, root)]


def make_template(uses: Iterable[Use]) -> bytes:
    """Write the gettext template: the ids in order, each with the files that use it."""
    catalog = Catalog()
    for use in uses:
        if use.id is not None:
            catalog.add(use.id, locations=[(use.path, use.line)])
    written = BytesIO(_HEADER.encode())
    written.seek(0, 2)
    write_po(written, catalog, omit_header=True, include_lineno=False, sort_output=True, width=0)
    return written.getvalue().rstrip() + b"\n"


def _list_modules(root: Path) -> list[Path]:
    return sorted(path for source in SOURCES for path in (root / source).rglob("*.py"))


def _list_uses_in(path: Path, root: Path) -> Iterator[Use]:
    name = path.relative_to(root).as_posix()
    calls = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        match call.func:
            case ast.Name("message"):
                yield from _read_message(call, name)
            case ast.Name("Text"):
                yield from _read_text(call, name)


def _read_message(call: ast.Call, path: str) -> Iterator[Use]:
    keywords = [keyword.arg for keyword in call.keywords]
    names = frozenset(name for name in keywords if name is not None)
    values = None if None in keywords else names
    for text_id in _read_ids(call.args[0]) if call.args else [None]:
        yield Use(text_id, values, path, call.lineno)


def _read_text(call: ast.Call, path: str) -> Iterator[Use]:
    """Read a Text made directly; one with a computed id repeats another text's."""
    for text_id in _read_ids(call.args[0]) if call.args else []:
        if text_id is not None:
            yield Use(text_id, None, path, call.lineno)


def _read_ids(node: ast.expr) -> list[str | None]:
    match node:
        case ast.Constant(str(text_id)):
            return [text_id]
        case ast.IfExp(_, one, other):
            return [*_read_ids(one), *_read_ids(other)]
        case _:
            return [None]


def _list_uses_in_page(path: Path, root: Path) -> Iterator[Use]:
    name = path.relative_to(root).as_posix()
    environment = Environment()  # noqa: S701  pages are only parsed here
    page = environment.parse(path.read_text("utf-8"), filename=name)
    for call in page.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            yield from _read_page_call(call, name)


def _read_page_call(call: nodes.Call, path: str) -> Iterator[Use]:
    names = frozenset(keyword.key for keyword in call.kwargs)
    values = None if call.dyn_kwargs else names
    for text_id in _read_page_ids(call.args[0]) if call.args else [None]:
        yield Use(text_id, values, path, call.lineno)


def _read_page_ids(node: nodes.Expr | None) -> list[str | None]:
    match node:
        case nodes.Const(value=str(text_id)):
            return [text_id]
        case nodes.CondExpr(expr1=one, expr2=other):
            return [*_read_page_ids(one), *_read_page_ids(other)]
        case _:
            return [None]
