"""Pages for everybody: is a certificate valid?

Numbers can be guessed, so a number alone tells nothing of its holder: only the signed token in
the QR code or the short code on the certificate shows what to compare.
"""

import hmac
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db import certificates
from db.certificates import IssuedCertificate
from documents.checking import check_token
from documents.signatures import NotGenuine
from domain.certificates import CATEGORY_NAMES, make_claim
from domain.numbers import parse_number
from domain.problems import Problem
from domain.texts import Text
from web.office import Office
from web.templating import page
from web.visits import get_office


class Verdict(StrEnum):
    """What a check says."""

    VALID = "valid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Holder:
    """The least that lets somebody compare a certificate with the register."""

    number: str
    initials: str
    category: Text
    issued_on: date


@dataclass(frozen=True)
class Finding:
    """The answer of the register; without a holder nothing is shown to compare.

    A certificate issued as a specimen stays one, whatever the house is now.
    """

    verdict: Verdict
    holder: Holder | None = None
    is_specimen: bool = False


UNKNOWN = Finding(Verdict.UNKNOWN)


async def check_by_token(request: Request) -> Response:
    """Say whether the certificate with this token is valid."""
    office, token = get_office(request), str(request.path_params["token"])
    return _show(request, await find_by_token(office, token))


async def check_by_number(request: Request) -> Response:
    """Say whether there is a valid certificate of a number, or ask for the number."""
    typed = request.query_params.get("number", "").strip()
    code = request.query_params.get("code", "").strip()
    if not typed:
        return page(request, None, "verify.html")
    return _show(request, await find_by_number(get_office(request), typed, code))


async def find_by_token(office: Office, token: str) -> Finding:
    """Find what the register says of a token; of one not signed here it knows nothing."""
    try:
        claim = check_token(token, office.public_keys)
    except NotGenuine:
        return UNKNOWN
    issued = await _find(office, claim.number)
    return _judge(issued, shown=True) if issued and issued.token == token else UNKNOWN


async def find_by_number(office: Office, typed: str, code: str = "") -> Finding:
    """Find what the register says of a number; the right short code shows what to compare."""
    number = parse_number(typed)
    issued = None if isinstance(number, Problem) else await _find(office, number)
    if issued is None:
        return UNKNOWN
    given = "".join(code.split()).replace("-", "").lower()
    if given and not hmac.compare_digest(given.encode(), issued.code.encode()):
        return UNKNOWN
    return _judge(issued, shown=bool(given))


async def _find(office: Office, number: str) -> IssuedCertificate | None:
    async with office.database.read() as connection:
        return await certificates.find_latest(connection, number)


def _judge(issued: IssuedCertificate, *, shown: bool) -> Finding:
    verdict = Verdict.VALID if issued.revoked_at is None else Verdict.REVOKED
    holder = _describe(issued) if shown else None
    return Finding(verdict, holder, issued.certificate.specimen)


def _describe(issued: IssuedCertificate) -> Holder:
    claim = make_claim(issued.certificate, "")
    return Holder(claim.number, claim.initials, CATEGORY_NAMES[claim.category], claim.issued_on)


def _show(request: Request, finding: Finding) -> Response:
    specimen = finding.is_specimen or get_office(request).desk.specimen
    return page(request, None, "verdict.html", finding=finding, specimen=specimen)


routes = [
    Route("/v/{token}", check_by_token),
    Route("/verify", check_by_number),
]
