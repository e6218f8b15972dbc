"""A workbook that would fill the memory is refused after a look at its first pieces."""

import io
import time
import tracemalloc
from collections.abc import Callable
from random import Random

import pytest

from documents.register_files import Unclosed, open_register
from documents.unreadable import Unreadable
from documents.workbooks import DEEPEST, LONGEST_ROW, MOST_ELEMENTS
from domain.import_cells import LONGEST_WRITTEN
from tests.services.books import SHEET, TYPES, add_strings, rewrite, write_cells

MB = 1_000_000
PEOPLE = [["family_km", "given_km"], ["សុខ", "ដារ៉ា"]]
BOOK = write_cells(PEOPLE)
STYLES, WORKBOOK = "xl/styles.xml", "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
WORDS = Random(1).randbytes(4 * MB).hex()


def read_lines(book: bytes) -> list[list[str]]:
    opened = open_register(io.BytesIO(book), "list.xlsx")
    lines = [list(cells) for _, cells in opened.lines if not isinstance(cells, Unclosed)]
    return [list(opened.heading), *lines]


def find_refusal(book: bytes) -> tuple[str, float]:
    """Read a workbook until it is refused, and tell why and how many MB that took at most."""
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable) as refused:
            read_lines(book)
        return refused.value.reason, tracemalloc.get_traced_memory()[1] / MB
    finally:
        tracemalloc.stop()


def measure(book: bytes) -> tuple[list[list[str]], float]:
    """Read a workbook, and tell how many MB that took at most."""
    tracemalloc.start()
    try:
        return read_lines(book), tracemalloc.get_traced_memory()[1] / MB
    finally:
        tracemalloc.stop()


def replace(part: str, old: str, new: str) -> bytes:
    """Write something else in one part of an honest workbook."""
    return rewrite(BOOK, part, lambda written: written.replace(old, new))


def add_rows(rows: str) -> bytes:
    return replace(SHEET, "</sheetData>", f"{rows}</sheetData>")


def write_cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


MANY = 3 * MOST_ELEMENTS
UNREADABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "row without end": (lambda: add_rows(f"<row>{'<c/>' * MANY}</row>"), "row"),
    "row with rows in it": (lambda: add_rows(f"<row>{'<row></row>' * MANY}</row>"), "row"),
    "row with rows of others": (
        lambda: add_rows(f"<row>{'<e:row/>' * MANY}</row>".replace("<row", '<row xmlns:e="e"')),
        "row",
    ),
    "huge cell": (lambda: add_rows(f"<row>{write_cell(WORDS)}</row>"), "row"),
    "huge attribute": (lambda: add_rows(f'<row a="{WORDS}"></row>'), "row"),
    "deep cell": (lambda: add_rows("<row>" + "<c>" * (DEEPEST + 1)), "row"),
    "huge shared string": (lambda: add_strings(BOOK, f"<si><t>{WORDS}</t></si>"), "row"),
    "shared string in pieces": (lambda: add_strings(BOOK, f"<si>{'<r/>' * MANY}</si>"), "row"),
    "shared strings beside each other": (lambda: add_strings(BOOK, "<t/>" * MANY), "row"),
    "styles": (lambda: replace(STYLES, "</cellXfs>", "<xf/>" * MANY), "strings"),
    "declared words": (
        lambda: rewrite(BOOK, SHEET, lambda sheet: f'<!DOCTYPE w [<!ENTITY a "{WORDS}">]>{sheet}'),
        "doctype",
    ),
    "declared words in the styles": (
        lambda: rewrite(BOOK, STYLES, lambda styles: f"<!DOCTYPE styleSheet>{styles}"),
        "doctype",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_not_made_of_small_pieces_is_refused_before_it_fills_the_memory(name: str) -> None:
    make, reason = UNREADABLE[name]
    said, peak = find_refusal(make())
    assert said == reason
    assert peak < 15


def test_no_encoding_hides_where_a_row_ends() -> None:
    cells = "<c/>" * MANY
    sheet = f"<worksheet {MAIN}><sheetData><row>{cells}</row></sheetData></worksheet>"
    written = f'<?xml version="1.0" encoding="utf-16"?>{sheet}'.encode("utf-16")
    said, peak = find_refusal(rewrite(BOOK, SHEET, lambda _: written))
    assert said == "row"
    assert peak < 15


def test_a_sheet_is_read_as_nothing_but_a_sheet() -> None:
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
    main, sheet, strings = map(sheet_type.format, ("sheet.main", "worksheet", "sharedStrings"))
    assert find_refusal(replace(TYPES, sheet, strings))[0] == "damaged"
    twice = rewrite(BOOK, TYPES, lambda types: types.replace(main, "x").replace(sheet, main))
    assert find_refusal(twice)[0] == "damaged"


def test_a_chart_is_left_out_whatever_it_leads_to() -> None:
    chart = replace(RELATIONS, "relationships/worksheet", "relationships/chartsheet")
    assert find_refusal(chart)[0] == "damaged"


def test_only_the_first_of_countless_sheets_is_opened() -> None:
    main = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheets = '<sheet name="a" sheetId="1" state="visible" r:id="rId1"/>' * (MOST_ELEMENTS // 2)
    book = replace(WORKBOOK, "<sheets>", f'<sheets xmlns:r="{main}">{sheets}')
    began = time.process_time()
    assert read_lines(book) == PEOPLE
    assert time.process_time() - began < 5


def test_what_grows_beyond_all_measure_is_refused_in_whatever_parts_it_comes() -> None:
    book = BOOK
    for number in range(3):
        book = rewrite(book, f"xl/media/{number}.xml", lambda _: " " * 9 * MB)
    said, peak = find_refusal(book)
    assert said == "bomb"
    assert peak < 15


def test_a_wide_format_pictures_and_remarks_do_no_harm() -> None:
    formatted = f'<row r="3">{"<c/>" * 16_384}</row>'
    book = rewrite(
        add_rows(formatted), "xl/media/image1.png", lambda _: "\x89PNG" + WORDS[:100_000]
    )
    assert read_lines(rewrite(book, "customXml/item1.xml", lambda _: "<!-- a -->")) == PEOPLE


MARKED = '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"><svg/>'
UNUSED: dict[str, tuple[str, Callable[[], str]]] = {
    "formulas": ("xl/calcChain.xml", lambda: f"<calcChain {MAIN}>{'<c/>' * MANY}</calcChain>"),
    "pictures": ("xl/drawings/drawing1.xml", lambda: f"<wsDr>{'<pic/>' * MANY}</wsDr>"),
    "drawn picture": ("xl/media/image1.svg", lambda: MARKED),
    "pivot table": ("xl/pivotCache/pivotCacheRecords1.xml", lambda: f"<r>{WORDS * 3}</r>"),
    "links": ("xl/worksheets/_rels/sheet1.xml.rels", lambda: f"<R>{'<R/>' * MANY}</R>"),
    "other sheet": ("xl/worksheets/sheet2.xml", lambda: MARKED),
}


@pytest.mark.parametrize("name", UNUSED)
def test_a_part_that_nobody_reads_may_be_as_it_likes(name: str) -> None:
    part, write = UNUSED[name]
    assert read_lines(rewrite(BOOK, part, lambda _: write())) == PEOPLE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_links_behind_the_rows_are_left_unread_however_many(encoding: str) -> None:
    links = "".join(f'<hyperlink ref="B{at}" display="{at:030}"/>' for at in range(65_530))
    rows = "".join(f"<row>{write_cell(f'{at}')}{write_cell('a')}</row>" for at in range(2_000))
    behind = f"</sheetData><hyperlinks>{links}</hyperlinks>"

    def change(sheet: str) -> bytes:
        sheet = sheet[sheet.index("<worksheet") :].replace("</sheetData>", f"{rows}{behind}")
        return f'<?xml version="1.0" encoding="{encoding}"?>{sheet}'.encode(encoding)

    read, peak = measure(rewrite(BOOK, SHEET, change))
    assert read == [*PEOPLE, *([f"{at}", "a"] for at in range(2_000))]
    assert peak < 40


def test_one_huge_thing_behind_the_rows_takes_no_memory() -> None:
    book = replace(SHEET, "</sheetData>", f'</sheetData><extLst a="{WORDS}"/>')
    read, peak = measure(book)
    assert read == PEOPLE
    assert peak < 15


def test_a_part_that_is_read_as_a_whole_may_take_only_so_much() -> None:
    assert find_refusal(add_strings(BOOK, f"<si><t>{WORDS * 3}</t></si>"))[0] == "strings"


def test_a_cell_is_read_no_further_than_is_needed_to_see_that_it_is_too_long() -> None:
    [*_, row] = read_lines(write_cells([*PEOPLE, ["a" * 30_000, "b"]]))
    assert [len(cell) for cell in row] == [LONGEST_WRITTEN + 1, 1]
    listed = b"family_km,given_km\n" + b"a" * 100_000 + b",b\n"
    [(_, cells)] = open_register(io.BytesIO(listed), "list.csv").lines
    assert isinstance(cells, list)
    assert [len(cell) for cell in cells] == [LONGEST_WRITTEN + 1, 1]


def test_many_rows_are_no_long_row() -> None:
    rows = "".join(f"<row>{write_cell('a' * 400) * 10}</row>" for _ in range(1_000))
    assert len(rows) > 2 * LONGEST_ROW
    assert len(read_lines(add_rows(rows))) == 1_002
