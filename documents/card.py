"""The card: a certificate of registration as a picture or a PDF, in Khmer and English at once."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import segno
import typst

from domain.certificates import CATEGORY_NAMES, Certificate
from domain.numbers import format_number
from domain.texts import Text, message
from locales.catalogue import LOCALES, Names, render_plain
from locales.formats import format_date

PIXELS_PER_INCH = 300  # 1748 by 1240 pixels

_DIRECTORY = Path(__file__).parent
_TEMPLATE = _DIRECTORY / "templates" / "card.typ"
_STANDARDS: "typst.PDFStandards" = ["a-2a", "ua-1"]  # to be kept, and to be read aloud
_OWN_WORDS = "other"

_InBoth: TypeAlias = dict[str, str]


def draw_card(
    certificate: Certificate, token_url: str, names: Names, *, as_pdf: bool = False
) -> bytes:
    """Draw a certificate on A6, as PNG or PDF; the QR code opens the address given.

    The same certificate gives the same bytes. A picture takes some 60 ms of work and a PDF 25, most
    of it without the GIL: call it in a thread.

    Raises:
        typst.TypstError: a name has letters that are neither Khmer nor Latin (of a PDF only).
    """
    card = _describe(certificate, token_url, names)
    return typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=_load_fonts(),
        format="pdf" if as_pdf else "png",
        ppi=PIXELS_PER_INCH,
        sys_inputs={"card": json.dumps(card)},
        pdf_standards=_STANDARDS,
        timestamp=datetime.combine(certificate.issued_on, time(), UTC),
    )


@cache
def _load_fonts() -> typst.Fonts:
    """Load our fonts alone: one of the machine could draw Khmer wrongly, and nobody would see."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_DIRECTORY / "fonts"],
    )


def _describe(certificate: Certificate, token_url: str, names: Names) -> Mapping[str, Any]:
    """Gather all that the template prints; it reads it as data, so a name cannot be markup."""
    return {
        "title": _word(message("card.title"), names),
        "name": {
            "km": [certificate.family_km, certificate.given_km],
            "en": [certificate.family_latin.upper(), certificate.given_latin.upper()],
        },
        "fields": _list_fields(certificate, names),
        "number": {
            "label": _word(message("card.number"), names),
            "value": format_number(certificate.number),
        },
        "qr": _draw_qr(token_url),
        "check": _word(message("card.check"), names),
        "specimen": _describe_specimen(names) if certificate.specimen else None,
    }


def _list_fields(certificate: Certificate, names: Names) -> list[dict[str, _InBoth]]:
    gazetteer, occupations = names.gazetteer, names.occupations
    fields = [(message("card.category"), _word(CATEGORY_NAMES[certificate.category], names))]
    if certificate.occupation != _OWN_WORDS:
        occupation = {each: occupations.name(certificate.occupation, each) for each in LOCALES}
        fields.append((message("card.occupation"), occupation))
    place = {each: gazetteer.describe(certificate.place, each) for each in LOCALES}
    fields.append((message("card.place"), place))
    issued_on = {each: format_date(certificate.issued_on, each) for each in LOCALES}
    fields.append((message("card.issued_on"), issued_on))
    return [{"label": _word(label, names), "value": value} for label, value in fields]


def _describe_specimen(names: Names) -> dict[str, _InBoth]:
    return {
        "mark": _word(message("card.specimen"), names),
        "note": _word(message("card.not_official"), names),
    }


def _word(text: Text, names: Names) -> _InBoth:
    return {locale: render_plain(text, locale, names) for locale in LOCALES}


def _draw_qr(address: str) -> str:
    return segno.make_qr(address, error="m").svg_inline(border=4, light="#fff", omitsize=True)
