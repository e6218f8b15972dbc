"""Certificates of registration, and the little that a check of one shows (docs/card.md)."""

import re
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from domain.numbers import is_valid
from domain.registrations import Registration
from domain.texts import Text, message

CLAIM_VERSION = "KHIE1"
CATEGORY_NAMES: Mapping[str, Text] = {
    "self_employed": message("certificate.self_employed"),
    "micro_enterprise": message("certificate.micro_enterprise"),
    "micro_employee": message("certificate.micro_employee"),
    "casual_worker": message("certificate.casual_worker"),
}
"""The categories of the platform in its own words, which offices and banks know."""

_MARKS = {True: "specimen", False: "official"}
_DISTRICT_DIGITS = 4
_CODE_BYTES = 5  # eight characters of base 32
_CLAIM = re.compile(
    rf"{CLAIM_VERSION};(?P<key_id>[0-9a-f]{{8}});(?P<number>[0-9]{{9}});(?P<initials>[A-Z]{{1,2}});"
    rf"(?P<category>{'|'.join(CATEGORY_NAMES)});(?P<issued_on>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}});"
    r"(?P<mark>specimen|official)"
)


@dataclass(frozen=True)
class Certificate:
    """What a certificate of registration says.

    `occupation` is a key of the occupations, `place` the code of a district; `specimen` marks
    what an installation issues that is not the ministry's.
    """

    number: str
    family_km: str
    given_km: str
    family_latin: str
    given_latin: str
    category: str
    occupation: str
    place: str
    issued_on: date
    specimen: bool


@dataclass(frozen=True)
class Claim:
    """The least that a check shows, and the id of the key that signs it."""

    number: str
    initials: str
    category: str
    issued_on: date
    specimen: bool
    key_id: str


def certify(
    number: str, registration: Registration, issued_on: date, *, specimen: bool
) -> Certificate:
    """Write the certificate of a registration."""
    worker, activity = registration.worker, registration.activities[0]
    return Certificate(
        number=number,
        family_km=worker.family_km,
        given_km=worker.given_km,
        family_latin=worker.family_latin,
        given_latin=worker.given_latin,
        category=activity.category,
        occupation=activity.occupation,
        place=worker.home[:_DISTRICT_DIGITS],
        issued_on=issued_on,
        specimen=specimen,
    )


def make_claim(certificate: Certificate, key_id: str) -> Claim:
    """Take from a certificate what is signed."""
    return Claim(
        number=certificate.number,
        initials=_first_letter(certificate.family_latin) + _first_letter(certificate.given_latin),
        category=certificate.category,
        issued_on=certificate.issued_on,
        specimen=certificate.specimen,
        key_id=key_id,
    )


def write_claim(claim: Claim) -> bytes:
    """Write a claim in the one form that can be signed.

    Raises:
        ValueError: it is no claim that `read_claim` would give back.
    """
    fields = (
        CLAIM_VERSION,
        claim.key_id,
        claim.number,
        claim.initials,
        claim.category,
        claim.issued_on.isoformat(),
        _MARKS[claim.specimen],
    )
    written = ";".join(fields).encode()
    if read_claim(written) != claim:
        raise ValueError("a claim has a field that cannot be signed")
    return written


def read_claim(written: bytes) -> Claim | None:
    """Read a claim; whatever is not written exactly as `write_claim` does is none."""
    found = _CLAIM.fullmatch(written.decode("ascii", "replace"))
    if found is None or not is_valid(found["number"]):
        return None
    issued_on = _find_date(found["issued_on"])
    if issued_on is None:
        return None
    return Claim(
        number=found["number"],
        initials=found["initials"],
        category=found["category"],
        issued_on=issued_on,
        specimen=found["mark"] == _MARKS[True],
        key_id=found["key_id"],
    )


def short_code(signature: bytes) -> str:
    """Return eight letters and digits that only who has seen the certificate can know."""
    return b32encode(sha256(signature).digest()[:_CODE_BYTES]).decode().lower()


def _first_letter(name: str) -> str:
    return next((char for char in name.upper() if "A" <= char <= "Z"), "")


def _find_date(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
