"""The poster: its code leads to the registration, and everything stays on one page."""

import io
import re
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, ImageChops

from db.reference import load_gazetteer, load_occupations
from documents.poster import (
    PAPERS,
    Paper,
    Poster,
    Unprintable,
    draw_poster,
    find_unprintable,
)
from locales.catalogue import Names
from tests.event_plan import PLAN, WHOLE, make_plan

NAMES = Names(load_gazetteer(), load_occupations())
ADDRESS = "https://t.me/OfficeTestBot?start=btb-2026_market"
POSTER = Poster(PLAN, ADDRESS, specimen=True, label="market")
LONGEST = make_plan(
    name_km="ថ្ងៃចុះឈ្មោះអ្នកសេដ្ឋកិច្ចក្រៅប្រព័ន្ធ" * 2,
    name_en="W" * 89,
    venue_km="សាលាខេត្តបាត់ដំបងសាលាខេត្តបាត់ដំបង" * 3,
    venue_en="Hall " * 24,
    place="0203",
    ends_at=WHOLE.ends_at,
    partner="សមាគមអ្នកសេដ្ឋកិច្ចក្រៅប្រព័ន្ធកម្ពុជា" * 2,
)


def draw(poster: Poster, paper: Paper = "a3") -> Image.Image:
    drawn = draw_poster(poster, NAMES, paper, as_pdf=False)
    return Image.open(io.BytesIO(drawn)).convert("RGB")


def draw_pdf(poster: Poster, paper: Paper = "a3") -> bytes:
    return draw_poster(poster, NAMES, paper)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("specimen", [True, False])
def test_the_code_is_read_back(paper: Paper, specimen: bool) -> None:
    [code] = zxingcpp.read_barcodes(draw(replace(POSTER, specimen=specimen), paper))
    assert code.text == ADDRESS


@pytest.mark.parametrize("paper", PAPERS)
def test_the_longest_words_stay_on_one_page(paper: Paper) -> None:
    pdf = draw_pdf(replace(POSTER, plan=LONGEST), paper)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    [code] = zxingcpp.read_barcodes(draw(replace(POSTER, plan=LONGEST), paper))
    assert code.text == ADDRESS


@pytest.mark.parametrize(("paper", "size"), [("a3", (1123, 1587)), ("a4", (794, 1122))])
def test_it_has_the_size_of_its_paper(paper: Paper, size: tuple[int, int]) -> None:
    assert draw(POSTER, paper).size == size


def test_a_specimen_can_be_told_from_an_official_one() -> None:
    official = draw(replace(POSTER, specimen=False))
    assert ImageChops.difference(draw(POSTER), official).getbbox() is not None


def test_it_is_made_to_be_read_aloud() -> None:
    pdf = draw_pdf(POSTER)
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf or b"pdfuaid" in pdf


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("ថ្ងៃចុះឈ្មោះ ២០២៦ (ជំហានទី១) «ផ្សារ»", ()),
        ("Registration day – “Phsar” & É, 100% #1 @ 8:00 \\ _x_ *y* $z$", ()),
        ("ថ្ងៃ 🎉 ① ថ្ងៃ 🎉", ("🎉", "①")),
        ("Day วน", ("ว", "น")),
        ("", ()),
    ],
)
def test_characters_that_no_font_has_are_found(text: str, missing: tuple[str, ...]) -> None:
    assert find_unprintable(text) == missing


def test_a_poster_with_a_picture_in_its_name_is_not_drawn() -> None:
    with pytest.raises(Unprintable):
        draw_pdf(replace(POSTER, plan=make_plan(name_en="Day 🎉")))
