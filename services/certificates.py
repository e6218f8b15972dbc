"""Issuing the certificate of registration, sending its card, and revoking it."""

from functools import partial

from db import certificates
from db.certificates import IssuedCertificate
from db.unit_of_work import UnitOfWork
from documents.card import draw_card
from documents.signatures import SigningKey, read_signature, sign
from domain.cases import Case
from domain.certificates import Certificate, certify, make_claim, short_code
from domain.numbers import format_number
from domain.registrations import Registration
from domain.texts import Code, Text, message
from services.chats import get_locale
from services.desk import Desk
from services.letters import find_reachable_chat
from services.messages import write_file


def issue_card(uow: UnitOfWork, desk: Desk, case: Case, registration: Registration) -> bool:
    """Issue a certificate in the place of any former one, and send its card.

    False if this desk has no key to sign with.
    """
    if desk.signing_key is None:
        return False
    certificate = describe(uow, desk, case.number, registration)
    revoke_card(uow, case.number)
    issued = _sign(uow, desk.signing_key, certificate)
    uow.write(partial(certificates.add, issued=issued))
    chat_id = find_reachable_chat(uow, case)
    if chat_id is not None:
        _send_card(uow, desk, case.number, chat_id)
    return True


def revoke_card(uow: UnitOfWork, number: str) -> None:
    """Let the certificate of an application hold no longer, if it has one."""
    uow.write(partial(certificates.revoke, number=number, at=uow.now))


def describe(uow: UnitOfWork, desk: Desk, number: str, registration: Registration) -> Certificate:
    """Say what a certificate issued now would say."""
    today = uow.now.astimezone(desk.time_zone).date()
    return certify(number, registration, today, specimen=desk.specimen)


def draw(desk: Desk, issued: IssuedCertificate, *, as_pdf: bool) -> bytes:
    """Draw the card of a certificate; its QR code opens the page that checks it."""
    address = f"{desk.web_url}/v/{issued.token}"
    return draw_card(issued.certificate, address, desk.names, as_pdf=as_pdf)


def _sign(uow: UnitOfWork, key: SigningKey, certificate: Certificate) -> IssuedCertificate:
    token = sign(key, make_claim(certificate, key.public.id))
    return IssuedCertificate(certificate, short_code(read_signature(token)), token, uow.now)


def _send_card(uow: UnitOfWork, desk: Desk, number: str, chat_id: int) -> None:
    caption = message("case.card", number=Code(format_number(number)))
    printable = message("case.card_for_print")
    locale = get_locale(uow, desk, chat_id)
    photo, document = _with_mark(desk, caption), _with_mark(desk, printable)
    reference = f"card:{number}"
    send = partial(write_file, chat_id=chat_id, locale=locale, names=desk.names)
    uow.send(send("sendPhoto", f"{reference}:png", photo))
    uow.send(send("sendDocument", f"{reference}:pdf", document))


def _with_mark(desk: Desk, caption: Text) -> tuple[Text, ...]:
    return (caption, message("case.card_specimen")) if desk.specimen else (caption,)
