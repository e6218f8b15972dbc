"""A true notice is recognised however it was copied; anything that was changed is not ours."""

import time
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.khmer import to_khmer_digits, to_latin_digits
from domain.notice_content import fill_in
from domain.notice_copies import LONGEST_COPY, Values, drop_mark, is_copy, make_plain
from domain.numbers import draw_number, format_number

LINK = "https://misti-gov.kh/apply-5"
PLAIN = f"Dear {{given_name}}, register at {LINK}. It is free."
NOTICE = (
    "Dear {full_name}, your application {number} as {occupation} is ready.\n\n"
    "Bring “your card” to {district}, {province} on 5 May 2026, 8:00-11:30 (400 000 riel).\n"
    f"Call 012 345 678, write to office@misti-gov.kh or @misti_office, see {LINK} or nothing."
)
NUMBER = format_number(draw_number(1234))
PERSON = {
    "given_name": "DARA",
    "full_name": "SOK DARA",
    "number": NUMBER,
    "province": "Siem Reap",
    "district": "Angkor Chum",
    "occupation": "Tuk-tuk/taxi driver",
}
KHMER = (
    "សូមអញ្ជើញ {given_name} មកចូលរួមវគ្គបណ្តុះបណ្តាលនៅថ្ងៃទី៥ ខែឧសភា ម៉ោង ៨:០០ "
    "នៅខេត្ត{province}។\nទូរស័ព្ទ ០១២ ៣៤៥ ៦៧៨ ឬចូល https://misti-gov.kh/km"
)
KHMER_PERSON = {"given_name": "ដារ៉ា", "province": "សៀមរាប"}
FILLED, LINKED, IN_KHMER = (
    fill_in(NOTICE, PERSON),
    fill_in(PLAIN, PERSON),
    fill_in(KHMER, KHMER_PERSON),
)
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
MARK = "SPECIMEN: this is a trial"
LISTED: Values = {
    "province": frozenset({"Siem Reap", "សៀមរាប", "Kep"}),
    "district": frozenset({"Angkor", "Angkor Chum", "អង្គរជុំ"}),
    "occupation": frozenset({"Tuk-tuk/taxi driver", "Vendor"}),
}
NOTICES = (NOTICE, PLAIN, KHMER)


def is_ours(text: str) -> bool:
    shown = drop_mark(make_plain(text), [MARK])
    return any(is_copy(shown, notice, LISTED) for notice in NOTICES)


COPIES = [
    FILLED,
    LINKED,
    IN_KHMER,
    f"{MARK}\n\n{FILLED}",
    f"  {MARK} {LINKED}\u200b ",
    FILLED.replace("\n\n", "\n").replace("\n", " "),
    FILLED.replace(". ", ".\n").replace(", ", ",\r\n"),
    FILLED.replace(" ", "\u00a0"),
    FILLED.replace("“", '"').replace("”", '"'),
    FILLED.replace("8:00-11:30", to_khmer_digits("8:00-11:30")),
    FILLED.replace("012 345 678", to_khmer_digits("012 345 678")),
    FILLED.replace(NUMBER, NUMBER.replace("-", "")),
    FILLED.replace(NUMBER, to_khmer_digits(NUMBER)),
    FILLED.replace("SOK DARA", "Sok Dara"),
    FILLED.replace("SOK DARA", "O'NEIL MARIE-ANNE"),
    FILLED.replace("SOK DARA", "សុខ ដារ៉ា"),
    FILLED.replace("SOK DARA", "សុខ ដា\u200dរ៉ា"),
    FILLED.replace("Siem Reap", "សៀមរាប"),
    FILLED.replace("Angkor Chum", "Angkor"),
    FILLED.replace("Tuk-tuk/taxi driver", "Vendor"),
    FILLED.replace("Tuk-tuk/taxi driver ", ""),
    FILLED.replace("SOK DARA", ""),
    LINKED.replace("misti-gov", "MISTI-Gov").replace("https", "HTTPS"),
    LINKED.replace("DARA", "SREY MOM BOPHA"),
    IN_KHMER.replace("៥ ", "5 "),
    IN_KHMER.replace("០១២ ៣៤៥ ៦៧៨", "012 345 678"),
    IN_KHMER.replace("បណ្តាល", "\u200bបណ្តាល\u200b"),
    IN_KHMER.replace("។\n", "។ \ufeff"),
    IN_KHMER.replace("ដារ៉ា", "DARA"),
]


@pytest.mark.parametrize("text", COPIES)
def test_a_copy_is_recognised(text: str) -> None:
    assert is_ours(text)


FORGERIES = [
    "",
    "Dear Dara",
    "Dear DARA, ",
    # links
    LINKED.replace("misti-gov", "mistigov"),
    LINKED.replace("misti-gov.kh", "misti.gov.kh"),
    LINKED.replace("misti-gov.kh", "misti-gov.kh.evil.com"),
    LINKED.replace("misti-gov.kh", "misti-gov.kh@evil.com"),
    LINKED.replace("misti-gov.kh", "rnisti-gov.kh"),
    LINKED.replace("misti-gov.kh", "mist\u0456-gov.kh"),
    LINKED.replace("misti-gov.kh", "misti\u2010gov.kh"),
    LINKED.replace("misti-gov.kh", "míśti-gov.kh"),
    LINKED.replace("misti-gov.kh", "mis\u200bti-gov.kh"),
    LINKED.replace("misti-gov.kh", "misti-gov\u200b.\u200bkh"),
    LINKED.replace("misti-gov.kh", "misti-gov.com"),
    LINKED.replace("misti-gov.kh", "misti-gov.kh:8080"),
    LINKED.replace("misti-gov.kh", "misti- gov.kh"),
    LINKED.replace("https", "http"),
    LINKED.replace("https://", ""),
    LINKED.replace("apply-5", "Apply-5"),
    LINKED.replace("apply-5", "apply5"),
    LINKED.replace("apply-5", "apply-6"),
    LINKED.replace("apply-5", "apply-៥"),
    LINKED.replace("apply-5", "apply-5/x"),
    LINKED.replace("apply-5", "apply-5?to=evil"),
    LINKED.replace("apply-5. It", "apply-5.It"),
    LINKED.replace("apply-5.", "apply-5. Or https://evil-pay.com."),
    LINKED.replace("/apply", "//apply"),
    LINKED.replace("/apply", "\\apply"),
    # what stands for a name
    LINKED.replace("DARA", "Dara send five dollars to www.evil-pay.com/misti or you lose it"),
    LINKED.replace("DARA", "Dara, pay five dollars"),
    LINKED.replace("DARA", "DARA PAY MONEY"),
    LINKED.replace("DARA", "DARA SEND DOLLARS"),
    LINKED.replace("DARA", "DARA send it"),
    LINKED.replace("DARA", "DARA KINDLY GIVE IT BACK"),
    LINKED.replace("DARA", "evil.com"),
    LINKED.replace("DARA", "Dara:"),
    LINKED.replace("DARA", "DARA 012345678"),
    LINKED.replace("DARA", "DARA ០១២៣៤៥៦៧៨"),
    LINKED.replace("DARA", "@evil"),
    LINKED.replace("DARA", "DARA!"),
    LINKED.replace("DARA", "DARA 💰"),
    LINKED.replace("DARA", "X" * 21),
    IN_KHMER.replace("ដារ៉ា", "ដារ៉ាផ្ញើលុយ"),
    IN_KHMER.replace("ដារ៉ា", "ដារ៉ា ឱ្យប្រាក់"),
    IN_KHMER.replace("ដារ៉ា", "ដារ៉ា បង្គំ អញ្ជើញ មកទីនេះ"),
    FILLED.replace("SOK DARA", "SOK DARA CALL EVIL"),
    # what stands for other placeholders
    FILLED.replace("Siem Reap", "Pailin or send money"),
    FILLED.replace("Siem Reap", "siem reap"),
    FILLED.replace("Angkor Chum", "Angkor Chum or elsewhere"),
    FILLED.replace("Tuk-tuk/taxi driver", "evil.com/driver"),
    FILLED.replace(NUMBER, f"{NUMBER}-9"),
    FILLED.replace(NUMBER, f"{NUMBER}9"),
    FILLED.replace(NUMBER, "012 345 678"),
    FILLED.replace(NUMBER, "0000-1243-0"),
    FILLED.replace(NUMBER, ""),
    # amounts, days, phone numbers, addresses
    FILLED.replace("400 000", "4 000 000"),
    FILLED.replace("400 000", "400000"),
    FILLED.replace("400 000", "-400 000"),
    FILLED.replace("riel", "dollars"),
    FILLED.replace("5 May", "6 May"),
    FILLED.replace("5 May", "15 May"),
    FILLED.replace("8:00", "8.00"),
    FILLED.replace("8:00", "18:00"),
    FILLED.replace("012 345 678", "012 345 679"),
    FILLED.replace("012 345 678", "012 345 6 78"),
    FILLED.replace("012 345 678", "\u202e876 543 210\u202c"),
    FILLED.replace("012 345 678", "+855 12 345 678"),
    FILLED.replace("office@", "0ffice@"),
    FILLED.replace("office@misti-gov.kh", "office@mistigov.kh"),
    FILLED.replace("@misti_office", "@misti_0ffice"),
    FILLED.replace("@misti_office", "@mistioffice"),
    FILLED.replace("@misti_office", "@misti_office_"),
    IN_KHMER.replace("៦៧៨", "៦៧៩"),
    IN_KHMER.replace("ទី៥", "ទី៦"),
    IN_KHMER.replace("/km", "/kh"),
    # words
    f"{FILLED} Send 5 dollars to 012 345 678.",
    f"{LINKED} ☎️ $$$ 💰",
    f"{LINKED} {LINKED}",
    f"{LINKED}\n{MARK}",
    f"{MARK}",
    f"{MARK} Send money.\n{LINKED}",
    f"Send your code. {FILLED}",
    f"🎁 {LINKED}",
    FILLED.replace("ready", "ready if you pay"),
    FILLED.replace("ready", "read\u0443"),
    LINKED.replace("free", "not free"),
    LINKED.replace("free.", "free"),
    LINKED.upper(),
    LINKED.replace("It is free", "lt is free"),
    IN_KHMER.replace("អញ្ជើញ", "ផ្ញើលុយ"),
    IN_KHMER.replace("ឬចូល", "ហើយចូល"),
    KHMER,
    PLAIN,
]


@pytest.mark.parametrize("text", FORGERIES)
def test_what_was_changed_is_not_ours(text: str) -> None:
    assert not is_ours(text)


def test_the_forgeries_are_many_and_differ() -> None:
    assert len(set(FORGERIES)) == len(FORGERIES) >= 60


@given(st.data(), st.sampled_from([LINK, "012 345 678", "400 000", "office@misti-gov.kh"]))
def test_one_character_changed_in_a_link_or_number_is_not_ours(
    data: st.DataObject, exact: str
) -> None:
    at = data.draw(st.integers(0, len(exact) - 1))
    put = data.draw(st.characters(exclude_categories=["Cs", "Z", "Cc"]))
    end = at + data.draw(st.integers(0, 1))
    changed = exact[:at] + put + exact[end:]
    assume(look_of(changed) != look_of(exact))
    assert not is_ours(FILLED.replace(exact, changed))


def look_of(text: str) -> str:
    """Give a text as it looks to somebody who takes digits of either script for the same."""
    seen = unicodedata.normalize("NFC", "".join(char for char in text if char not in UNSEEN))
    return to_latin_digits(seen).casefold()


@given(st.integers(0, len(NUMBER) - 1), st.sampled_from("0123456789"))
def test_one_digit_changed_in_the_application_number_is_not_ours(at: int, digit: str) -> None:
    assume(NUMBER[at] not in ("-", digit))
    assert not is_ours(FILLED.replace(NUMBER, NUMBER[:at] + digit + NUMBER[at + 1 :]))


@given(st.text(alphabet="កខគ", min_size=1, max_size=20))
def test_whatever_name_is_filled_in_is_recognised_if_it_has_letters(name: str) -> None:
    assert is_ours(fill_in(PLAIN, {"given_name": name}))


def test_a_placeholder_says_the_same_wherever_it_occurs() -> None:
    notice = "Dear {given_name}, this is for {given_name} alone."
    shown = make_plain("Dear DARA, this is for DARA alone.")
    assert is_copy(shown, notice, LISTED)
    assert not is_copy(make_plain("Dear DARA, this is for BOPHA alone."), notice, LISTED)


@pytest.mark.parametrize(
    "notice",
    [
        "{given_name} of {province}",
        "Please register at https://misti-gov.kh/{number}",
        "Please register at https://{province}.misti-gov.kh",
        "Please write to our colleague @{given_name} today",
    ],
)
def test_a_notice_that_leaves_too_much_open_proves_nothing(notice: str) -> None:
    assert not is_copy(make_plain(fill_in(notice, PERSON)), notice, LISTED)


def test_what_is_longer_than_any_notice_is_no_copy() -> None:
    notice = "a" * (LONGEST_COPY + 1)
    assert not is_copy(make_plain(notice), notice, LISTED)


CHEAP_TO_WRITE = [
    "ក់\u200dសក",
    "a\u0301\u0323",
    "\u0301\u0323",
    "a.",
    "A ",
    "@",
    "\u200b",
    "៥ ",
    "1-",
]


def measure(text: str, notice: str) -> float:
    def once() -> float:
        began = time.process_time()
        assert not is_copy(make_plain(text), notice, LISTED)
        return time.process_time() - began

    return min(once() for _ in range(3))


@pytest.mark.parametrize("piece", CHEAP_TO_WRITE)
@pytest.mark.parametrize(
    "notice",
    [PLAIN, KHMER, "{full_name} {district} {province} {given_name} this is the end of it"],
)
def test_a_text_four_times_as_long_takes_no_longer_than_in_proportion(
    piece: str, notice: str
) -> None:
    short, long = ((piece * LONGEST_COPY)[:length] for length in (1000, 4000))
    assert measure(long, notice) < 8 * measure(short, notice) + 0.005
    assert measure(long, notice) < 0.05


def test_a_notice_made_to_take_long_takes_not_long() -> None:
    notice = "{given_name}A" * 40 + " and this is the end"
    assert measure("A" * 4000 + "b", notice) < 0.2
    assert measure("A " * 2000, "{given_name} {full_name} " * 20 + "and the end") < 0.2
