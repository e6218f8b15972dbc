"""Issued certificates: what each says, its token, and whether it still holds."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.applications import id_of
from db.tables import certificates
from domain.certificates import Certificate


@dataclass(frozen=True)
class IssuedCertificate:
    """A certificate with its short code and its signed token."""

    certificate: Certificate
    code: str
    token: str
    issued_at: datetime
    revoked_at: datetime | None = None


async def add(connection: AsyncConnection, issued: IssuedCertificate) -> None:
    """Store a certificate that is issued now."""
    application_id = id_of(issued.certificate.number)
    await connection.execute(
        insert(certificates).values(application_id=application_id, **to_row(issued))
    )


def to_row(issued: IssuedCertificate) -> dict[str, Any]:
    """Write a certificate as a row of its table, but for the application's id."""
    certificate = issued.certificate
    return {
        "number": certificate.number,
        "code": issued.code,
        "token": issued.token,
        "details": {**asdict(certificate), "issued_on": certificate.issued_on.isoformat()},
        "issued_at": issued.issued_at,
        "revoked_at": issued.revoked_at,
    }


async def revoke(connection: AsyncConnection, number: str, at: datetime) -> None:
    """Let the certificate of an application hold no longer, if it has one."""
    await connection.execute(
        update(certificates)
        .where(certificates.c.number == number, certificates.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )


async def find_latest(connection: AsyncConnection, number: str) -> IssuedCertificate | None:
    """Find the last certificate of a number, also one that holds no longer."""
    rows = await connection.execute(
        select(certificates)
        .where(certificates.c.number == number)
        .order_by(certificates.c.id.desc())
        .limit(1)
    )
    row = rows.mappings().one_or_none()
    return _read(row) if row else None


def _read(row: RowMapping) -> IssuedCertificate:
    details = {**row["details"], "issued_on": date.fromisoformat(row["details"]["issued_on"])}
    return IssuedCertificate(
        Certificate(**details), row["code"], row["token"], row["issued_at"], row["revoked_at"]
    )
