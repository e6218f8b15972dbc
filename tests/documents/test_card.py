"""The card is drawn in our fonts, within its margins, with a code that can be read back."""

import io
import re
import zlib
from dataclasses import replace
from datetime import date

import pytest
import typst
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image, ImageChops

from db.reference import load_gazetteer, load_occupations
from documents.card import draw_card
from documents.checking import check_token
from documents.signatures import SigningKey, sign
from domain.certificates import CATEGORY_NAMES, Certificate, make_claim
from domain.numbers import draw_number
from locales.catalogue import Names
from locales.formats import format_date

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
NAMES = Names(load_gazetteer(), load_occupations())
CERTIFICATE = Certificate(
    number=draw_number(12345678),
    family_km="សុខ",
    given_km="ដារ៉ា",
    family_latin="SOK",
    given_latin="DARA",
    category="self_employed",
    occupation="street_food_vendor",
    place="0203",
    issued_on=date(2026, 3, 4),
    specimen=True,
)
DISTRICTS = [
    district.code
    for province in NAMES.gazetteer.children(None)
    for district in NAMES.gazetteer.children(province.code)
]
KHMER = "".join(map(chr, range(0x1780, 0x17D4))) + "\u17dd"
COENGS = "".join(f"ក្{chr(letter)}" for letter in range(0x1780, 0x17A3))

_CARD_MM = (148, 105)
_BELOW_TITLE_MM = 25.0
_MAIN_MM = (13.0, 94.0)
_CODE_MM = (99.0, 139.0)
_NOTE_MM = 90.0


def draw(certificate: Certificate) -> Image.Image:
    drawn = draw_card(certificate, make_address(certificate), NAMES)
    return Image.open(io.BytesIO(drawn)).convert("RGB")


def draw_pdf(certificate: Certificate) -> bytes:
    return draw_card(certificate, make_address(certificate), NAMES, as_pdf=True)


def make_address(certificate: Certificate) -> str:
    token = sign(KEY, make_claim(certificate, KEY.public.id))
    return f"https://register.example.org/v/{token}"


def longest(locale: str) -> Certificate:
    """Make a certificate in which all is as long as it can be in a language."""
    occupations = [
        occupation.key
        for group in NAMES.occupations.groups()
        for occupation in NAMES.occupations.of_group(group)
    ]
    return replace(
        CERTIFICATE,
        family_km="ព្រះសិរីមង្គលវិសេសភក្ដីច័ន្ទ",  # longer than the 27 code points of known names
        given_km="សុវណ្ណរិទ្ធិពិសិដ្ឋឧត្តមវង្ស",
        family_latin="W" * 60,
        given_latin="M" * 60,
        category="micro_employee",
        occupation=max(occupations, key=lambda key: len(NAMES.occupations.name(key, locale))),
        place=max(DISTRICTS, key=lambda code: len(NAMES.gazetteer.describe(code, locale))),
        issued_on=max(
            (date(2026, month, 28) for month in range(1, 13)),
            key=lambda day: len(format_date(day, locale)),
        ),
    )


def is_blank(picture: Image.Image, box_mm: tuple[float, float, float, float]) -> bool:
    """Tell whether nothing darker than the specimen's mark is in a part of the card."""
    return not any(cut(picture, box_mm).convert("L").histogram()[:190])


def cut(picture: Image.Image, box_mm: tuple[float, float, float, float]) -> Image.Image:
    scale = picture.width / _CARD_MM[0]
    left, top, right, bottom = (round(edge * scale) for edge in box_mm)
    return picture.crop((left, top, right, bottom))


def unpack(pdf: bytes) -> bytes:
    """Return a PDF with its compressed streams beside it in the clear."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    clear = [zlib.decompressobj().decompress(each) for each in streams if each[:1] == b"x"]
    return b"\n".join([pdf, *clear])


@pytest.mark.parametrize("specimen", [True, False])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_the_code_is_read_back_and_its_signature_holds(specimen: bool, scale: float) -> None:
    certificate = replace(CERTIFICATE, specimen=specimen)
    picture = draw(certificate)
    small = picture.resize((round(picture.width * scale), round(picture.height * scale)))
    (code,) = zxingcpp.read_barcodes(small)
    assert code.text == make_address(certificate)
    assert check_token(code.text, [KEY.public]) == make_claim(certificate, KEY.public.id)


def test_the_code_survives_a_messenger() -> None:
    sent = io.BytesIO()
    draw(CERTIFICATE).resize((1280, 908)).save(sent, "JPEG", quality=60)
    (code,) = zxingcpp.read_barcodes(Image.open(sent))
    assert code.text == make_address(CERTIFICATE)


def test_the_same_certificate_gives_the_same_bytes() -> None:
    assert draw_pdf(CERTIFICATE) == draw_pdf(CERTIFICATE)
    assert draw(CERTIFICATE).tobytes() == draw(CERTIFICATE).tobytes()


def test_a_pdf_has_our_fonts_and_no_other() -> None:
    fonts = re.findall(
        rb"/(?:BaseFont|FontName)\s*/(?:[A-Z]{6}\+)?([\w-]+)", unpack(draw_pdf(CERTIFICATE))
    )
    assert {font.decode() for font in fonts} == {
        "NotoSans-Bold",
        "NotoSans-Regular",
        "NotoSansKhmer-Bold",
        "NotoSansKhmer-Regular",
    }


@pytest.mark.parametrize("start", range(0, len(KHMER), 22))
def test_every_khmer_letter_has_a_glyph(start: int) -> None:
    letters = "".join(f"ក{letter}" for letter in KHMER[start : start + 22])
    assert draw_pdf(replace(CERTIFICATE, given_km=letters, family_km=letters))


def test_every_rare_coeng_has_a_glyph() -> None:
    assert draw_pdf(replace(CERTIFICATE, family_km=COENGS[:54], given_km=COENGS[54:]))


def test_every_place_and_occupation_has_its_glyphs() -> None:
    words = {
        locale: "".join(
            [
                *(NAMES.gazetteer.describe(code, locale) for code in DISTRICTS),
                *(
                    NAMES.occupations.name(occupation.key, locale)
                    for group in NAMES.occupations.groups()
                    for occupation in NAMES.occupations.of_group(group)
                ),
            ]
        )
        for locale in ("km", "en")
    }
    letters = ["".join(sorted(set(each))) for each in words.values()]
    drawn = replace(CERTIFICATE, family_km=letters[0], given_latin=letters[1])
    assert draw_pdf(drawn)


def test_a_letter_without_a_glyph_would_be_noticed() -> None:
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        draw_pdf(replace(CERTIFICATE, given_km="ដារ៉ា中"))


@pytest.mark.parametrize("locale", ["km", "en"])
def test_the_longest_words_stay_in_their_places(locale: str) -> None:
    picture = draw(replace(longest(locale), specimen=False))
    width, height = _CARD_MM
    main_end, code_start = _MAIN_MM[1], _CODE_MM[0]
    assert is_blank(picture, (main_end + 0.3, _BELOW_TITLE_MM, code_start - 0.3, height))
    assert is_blank(picture, (_MAIN_MM[0], _NOTE_MM, main_end, height))
    assert is_blank(picture, (_CODE_MM[1] + 0.5, 0, width, height))
    assert not is_blank(picture, (_MAIN_MM[0], _BELOW_TITLE_MM, main_end, _NOTE_MM))


def test_every_category_is_told_apart() -> None:
    cards = [draw(replace(CERTIFICATE, category=category)) for category in CATEGORY_NAMES]
    row = (_MAIN_MM[0], 46.0, _MAIN_MM[1], 55.0)
    assert len({cut(card, row).tobytes() for card in cards}) == len(CATEGORY_NAMES)


def test_an_occupation_in_own_words_is_left_out() -> None:
    with_it = draw(replace(CERTIFICATE, specimen=False))
    without = draw(replace(CERTIFICATE, specimen=False, occupation="other"))
    last_row = (_MAIN_MM[0], 76.0, _MAIN_MM[1], _NOTE_MM)
    assert not is_blank(with_it, last_row)
    assert is_blank(without, last_row)


@pytest.mark.parametrize("name", ["#panic(1)", "*bold* _i_ $x$", '"] #image("/etc/hosts")', "\\"])
def test_a_name_cannot_be_markup(name: str) -> None:
    assert draw_pdf(replace(CERTIFICATE, given_latin=name, family_km=name))


def test_only_what_is_not_official_is_marked() -> None:
    """The mark crosses the card, where an official one is white."""
    marked, plain = (draw(replace(CERTIFICATE, specimen=each)) for each in (True, False))
    box = ImageChops.difference(marked, plain).getbbox()
    assert box is not None
    scale = marked.width / _CARD_MM[0]
    assert box[2] - box[0] > 60 * scale
    assert box[3] - box[1] > 50 * scale
