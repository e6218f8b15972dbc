"""The check of a certificate, open to everybody."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db import applications, certificates, contacts
from db.certificates import IssuedCertificate
from documents.signatures import SigningKey, read_signature, sign
from domain.certificates import Certificate, make_claim, short_code
from domain.numbers import format_number
from tests.samples import make_application, make_contact
from tests.web.visiting import House, rebuild

KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
NUMBER = make_application(7).number
CERTIFICATE = Certificate(
    number=NUMBER,
    family_km="សុខ",
    given_km="ដារ៉ា",
    family_latin="Sok",
    given_latin="Dara",
    category="self_employed",
    occupation="street_food_vendor",
    place="0203",
    issued_on=date(2026, 3, 4),
    specimen=True,
)
SHOWN = ("SD", "Self-employed person", "4 March 2026", "ថ្ងៃទី៤ ខែមីនា ឆ្នាំ២០២៦")
HIDDEN = ("Sok", "Dara", "សុខ", "vendor", "Battambang")


def make_token(key: SigningKey = KEY, **changed: object) -> str:
    certificate = replace(CERTIFICATE, **changed)  # type: ignore[arg-type]
    return sign(key, make_claim(certificate, key.public.id))


TOKEN = make_token()
CODE = short_code(read_signature(TOKEN))


async def issue(house: House, *, token: str = TOKEN, revoked: bool = False) -> House:
    """Issue the certificate, and give the site the key that checks it."""
    now = house.clock()
    issued = IssuedCertificate(
        CERTIFICATE, short_code(read_signature(token)), token, now, now if revoked else None
    )
    await house.write(partial(contacts.save, changed=[make_contact(7)]))
    await house.write(partial(applications.add, new=[make_application(7)]))
    await house.write(partial(certificates.add, issued=issued))
    return rebuild(house, desk=replace(house.desk, signing_key=KEY))


def check_shown(words: str, *, shown: bool) -> None:
    assert [one for one in SHOWN if (one in words) != shown] == []
    assert [one for one in HIDDEN if one in words] == []


async def test_the_qr_code_of_a_valid_certificate_shows_the_least(house: House) -> None:
    words = await (await issue(house)).open_browser().read(f"/v/{TOKEN}")
    assert "វិញ្ញាបនបត្រនេះត្រឹមត្រូវ" in words
    assert "This certificate is valid" in words
    assert format_number(NUMBER) in words
    check_shown(words, shown=True)


async def test_a_revoked_certificate_is_said_to_be_revoked(house: House) -> None:
    browser = (await issue(house, revoked=True)).open_browser()
    for address in (
        f"/v/{TOKEN}",
        f"/verify?number={NUMBER}",
        f"/verify?number={NUMBER}&code={CODE}",
    ):
        words = await browser.read(address)
        assert "This certificate was revoked" in words
        assert "is valid" not in words


async def test_a_number_alone_shows_nothing_of_its_holder(house: House) -> None:
    browser = (await issue(house)).open_browser()
    for typed in (NUMBER, format_number(NUMBER), f" {NUMBER} "):
        words = await browser.read("/verify", number=typed)
        assert "This certificate is valid" in words
        check_shown(words, shown=False)


async def test_the_short_code_shows_what_to_compare(house: House) -> None:
    browser = (await issue(house)).open_browser()
    for code in (CODE, CODE.upper(), f"{CODE[:4]} {CODE[4:]}", f"{CODE[:4]}-{CODE[4:]}"):
        check_shown(await browser.read("/verify", number=NUMBER, code=code), shown=True)


@pytest.mark.parametrize("code", ["00000000", "ក", CODE[:-1]])
async def test_a_wrong_short_code_proves_nothing(house: House, code: str) -> None:
    words = await (await issue(house)).open_browser().read("/verify", number=NUMBER, code=code)
    assert "We do not know this certificate" in words
    check_shown(words, shown=False)


@pytest.mark.parametrize(
    "token",
    [
        make_token(OTHER_KEY),
        make_token(category="casual_worker"),
        make_token(number=make_application(8).number),
        TOKEN[:-4] + "AAAA",
        TOKEN.partition(".")[0],
        "x",
        "ក.ខ",
        "<script>",
    ],
)
async def test_a_token_that_is_not_the_registers_own_is_unknown(house: House, token: str) -> None:
    """Also one that was signed by the right key, but that the register does not hold."""
    words = await (await issue(house)).open_browser().read(f"/v/{token}")
    assert "We do not know this certificate" in words
    check_shown(words, shown=False)


@pytest.mark.parametrize(
    "typed", ["123456789", "1", "abc", "<b>", "0" * 300, make_application(8).number]
)
async def test_a_number_of_no_certificate_is_unknown(house: House, typed: str) -> None:
    words = await (await issue(house)).open_browser().read("/verify", number=typed)
    assert "We do not know this certificate" in words


async def test_the_form_asks_for_the_number_in_both_languages(house: House) -> None:
    words = await house.open_browser().read("/verify")
    assert "លេខចុះឈ្មោះ" in words
    assert "Registration number" in words


@pytest.mark.parametrize("specimen", [True, False])
async def test_only_an_official_house_shows_no_specimen(house: House, specimen: bool) -> None:
    other = rebuild(house, desk=replace(house.desk, specimen=specimen))
    for path in ("/verify", "/verify?number=1", "/sign-in"):
        assert ("SPECIMEN" in (await other.open_browser().get(path)).text) == specimen


async def test_a_specimen_stays_one_when_the_house_has_become_official(house: House) -> None:
    issued = await issue(house)
    official = rebuild(issued, desk=replace(issued.desk, specimen=False)).open_browser()
    for address in (f"/v/{TOKEN}", f"/verify?number={NUMBER}"):
        words = await official.read(address)
        assert "This certificate is valid" in words
        assert "SPECIMEN" in words


async def test_over_https_the_cookie_and_the_address_are_bound_to_it(house: House) -> None:
    other = rebuild(house, desk=replace(house.desk, web_url="https://office.test"))
    answer = await other.open_browser().get("/sign-in")
    assert answer.headers["strict-transport-security"].startswith("max-age=")
