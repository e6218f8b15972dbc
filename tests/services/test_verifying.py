"""Whether a certificate of registration holds, for anyone who asks."""

from functools import partial

import pytest

from db.certificates import IssuedCertificate
from domain.numbers import draw_number, format_number
from services import decisions
from services.verifying import AskedCard, read_asked, verify
from tests.conversation import Conversation
from tests.services.counter import Counter
from tests.services.office import NUMBER, Bureau, make_case_file

DARA, BANK = 7, 70
KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
VALID, REVOKED, UNKNOWN = "នៅប្រើបាន។", "លែងប្រើបាន", "មិនស្គាល់"


@pytest.fixture
async def issued(bureau: Bureau) -> IssuedCertificate:
    """The certificate of a worker, just issued."""
    officer = await bureau.hire()
    await bureau.receive(make_case_file(DARA))
    await bureau.take(officer)
    await bureau.act(decisions.approve, officer, NUMBER, frozenset({"photo"}))
    certificate = await bureau.find_certificate()
    assert certificate is not None
    return certificate


async def check(counter: Counter, text: str) -> str:
    counter.forget_sent()
    await counter.serve(BANK, partial(verify, text=text))
    [told] = counter.texts(BANK)
    return told


async def test_the_number_alone_says_no_more_than_that_it_is_valid(
    counter: Counter, issued: IssuedCertificate
) -> None:
    told = await check(counter, format_number(NUMBER))
    assert VALID in told
    assert "SD" not in told


async def test_with_the_code_the_least_is_shown(
    counter: Counter, issued: IssuedCertificate
) -> None:
    told = await check(counter, f"{NUMBER} {issued.code.upper()}")
    assert VALID in told
    assert "SD" in told
    assert "SPECIMEN" in told
    assert "ដារ៉ា" not in told
    assert "SOK" not in told


async def test_a_wrong_code_or_number_is_unknown(
    counter: Counter, issued: IssuedCertificate
) -> None:
    assert UNKNOWN in await check(counter, f"{NUMBER} aaaaaaaa")
    assert UNKNOWN in await check(counter, draw_number(4711))


async def test_a_revoked_certificate_is_said_to_be_so(
    counter: Counter, bureau: Bureau, issued: IssuedCertificate
) -> None:
    officer = await bureau.hire("another")
    await bureau.act(decisions.revoke, officer, NUMBER, "issued_in_error")
    told = await check(counter, f"{NUMBER} {issued.code}")
    assert REVOKED in told
    assert "SD" not in told


async def test_the_link_of_a_card_checks_it_and_begins_no_registration(
    counter: Counter, issued: IssuedCertificate
) -> None:
    bank = Conversation(counter, BANK)
    [told, *_] = await bank.act(f"/start v_{NUMBER}_{issued.code}")
    assert VALID in told
    assert "SD" in told
    assert await counter.find_draft(BANK) is None
    assert await counter.find_contact(BANK) is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (f"v_{NUMBER}_abcdefg2", AskedCard(NUMBER, "abcdefg2")),
        (f"https://t.me/some_bot?start=v_{NUMBER}_abcdefg2", AskedCard(NUMBER, "abcdefg2")),
        (f"  {format_number(NUMBER)}  ABCDEFG2 ", AskedCard(NUMBER, "abcdefg2")),
        (format_number(NUMBER), AskedCard(NUMBER)),
        (NUMBER.translate(KHMER_DIGITS), AskedCard(NUMBER)),
        ("", None),
        ("12345678", None),
        ("hello", None),
        ("123456789 short", None),
        (str(int(NUMBER) + 1).zfill(9), None),
    ],
)
def test_a_card_is_read_as_people_write_it(text: str, asked: AskedCard | None) -> None:
    assert read_asked(text) == asked
