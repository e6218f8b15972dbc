"""The poster of an event day: Khmer first, with a code that leads to the registration."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import segno
import typst

from domain.campaigns import Plan
from domain.texts import PlaceName, Text, message
from locales.catalogue import LOCALES, Names, render_plain

Paper: TypeAlias = Literal["a3", "a4"]
PAPERS: tuple[Paper, ...] = ("a3", "a4")
PIXELS_PER_INCH = 96

_DIRECTORY = Path(__file__).parent
_TEMPLATE = _DIRECTORY / "templates" / "poster.typ"
_STANDARDS: "typst.PDFStandards" = ["a-2a", "ua-1"]


_PROBE = b"""#set document(title: "probe")
#set text(font: ("Noto Sans Khmer", "Noto Sans"), fallback: false)
#sys.inputs.text #strong(sys.inputs.text)"""
_UNPRINTABLE = re.compile(r'the text `"(.+?)"` could not be displayed')


class Unprintable(Exception):
    """A poster whose words have characters that our fonts lack."""


@dataclass(frozen=True)
class Poster:
    """What a poster shows; `address` is the link of its code, `label` who hands it out."""

    plan: Plan
    address: str
    specimen: bool
    label: str = ""


def draw_poster(poster: Poster, names: Names, paper: Paper = "a3", *, as_pdf: bool = True) -> bytes:
    """Draw a poster as PDF, or as PNG to look at; call it in a thread.

    Raises:
        Unprintable: a name has characters that our fonts lack (of a PDF only).
    """
    try:
        return typst.compile(
            _TEMPLATE,
            root=_TEMPLATE.parent,
            font_paths=_load_fonts(),
            format="pdf" if as_pdf else "png",
            ppi=PIXELS_PER_INCH,
            sys_inputs={"poster": json.dumps(_describe(poster, names)), "paper": paper},
            pdf_standards=_STANDARDS,
            timestamp=poster.plan.starts_at,
        )
    except typst.TypstError as error:
        raise Unprintable(poster.plan.code) from error


def find_unprintable(text: str) -> tuple[str, ...]:
    """Find the characters of a text that our fonts lack, by printing it; call it in a thread."""
    try:
        typst.compile(
            _PROBE,
            font_paths=_load_fonts(),
            format="pdf",
            sys_inputs={"text": text},
            pdf_standards=_STANDARDS,
        )
    except typst.TypstError as error:
        named = "".join(_UNPRINTABLE.findall(error.diagnostic))
        return tuple(dict.fromkeys(one for one in text if one in named)) or tuple(text)
    return ()


@cache
def _load_fonts() -> typst.Fonts:
    """Load our fonts alone: one of the machine could draw Khmer wrongly, and nobody would see."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_DIRECTORY / "fonts"],
    )


def _describe(poster: Poster, names: Names) -> Mapping[str, Any]:
    plan = poster.plan
    return {
        "title": _word(message("poster.title"), names),
        "name": plan.names,
        "when": _word(message("poster.when", at=plan.hours), names),
        "venue": plan.venues,
        "place": _word(message("poster.place", place=PlaceName(plan.place)), names),
        "scan": _word(message("poster.scan"), names),
        "free": _word(message("poster.free"), names),
        "without_phone": _word(message("poster.without_phone"), names),
        "partner": _describe_partner(plan, names),
        "address": poster.address.removeprefix("https://"),
        "label": poster.label,
        "qr": segno.make_qr(poster.address, error="q").svg_inline(
            border=4, light="#fff", omitsize=True
        ),
        "specimen": _describe_specimen(names) if poster.specimen else None,
    }


def _describe_partner(plan: Plan, names: Names) -> Mapping[str, str] | None:
    return _word(message("poster.with", partner=plan.partner), names) if plan.partner else None


def _describe_specimen(names: Names) -> Mapping[str, Any]:
    return {
        "mark": _word(message("card.specimen"), names),
        "note": _word(message("poster.not_official"), names),
    }


def _word(text: Text, names: Names) -> dict[str, str]:
    return {locale: render_plain(text, locale, names) for locale in LOCALES}
