"""Whether a certificate of registration holds: for anyone who asks, by its number and code."""

import re
from dataclasses import dataclass

from db import certificates
from db.certificates import IssuedCertificate
from db.errors import told_apart
from db.unit_of_work import UnitOfWork
from domain.certificates import CATEGORY_NAMES, make_claim
from domain.khmer import clean, to_latin_digits
from domain.numbers import ApplicationNumber, format_number, parse_number
from domain.texts import Code, Text, message
from services.chats import say_with_menu
from services.desk import Desk, Person

LINK = "v_"
"""What the argument of a card's link begins with."""

_ASKED = re.compile(r"(?:.*v_)?([0-9][0-9 -]{7,14})(?:[\s_]+([a-z2-7]{8}))?", re.IGNORECASE)


@dataclass(frozen=True)
class AskedCard:
    """The number of a card, and the code on it if that was given."""

    number: ApplicationNumber
    code: str | None = None


async def verify(uow: UnitOfWork, desk: Desk, person: Person, text: str) -> None:
    """Tell whether a card is valid, and what is on it only to somebody who knows its code."""
    asked = read_asked(text)
    if asked is None:
        explain(uow, desk, person)
        return
    with told_apart():
        issued = await certificates.find_latest(uow.connection, asked.number)
    say_with_menu(uow, desk, person.chat_id, *_word_card(asked, issued))


def explain(uow: UnitOfWork, desk: Desk, person: Person) -> None:
    """Say what can be sent to be checked, and how."""
    how = message("verify.how"), message("verify.how_notice")
    say_with_menu(uow, desk, person.chat_id, *how)


def read_asked(text: str) -> AskedCard | None:
    """Read a number with or without a code, typed or from a card's link."""
    found = _ASKED.fullmatch(to_latin_digits(clean(text)))
    number = parse_number(found[1]) if found else None
    if found is None or not isinstance(number, str):
        return None
    return AskedCard(number, found[2].lower() if found[2] else None)


def _word_card(asked: AskedCard, issued: IssuedCertificate | None) -> list[Text]:
    number = Code(format_number(asked.number))
    if issued is None or asked.code not in (None, issued.code):
        return [message("verify.unknown", number=number)]
    if issued.revoked_at is not None:
        return [message("verify.revoked", number=number)]
    words = [message("verify.valid", number=number)]
    if asked.code is not None:
        words.append(_word_details(issued))
    if issued.certificate.specimen:
        words.append(message("verify.specimen"))
    return words


def _word_details(issued: IssuedCertificate) -> Text:
    claim = make_claim(issued.certificate, key_id="")
    return message(
        "verify.details",
        initials=Code(claim.initials),
        category=CATEGORY_NAMES[claim.category],
        issued_on=claim.issued_on,
    )
