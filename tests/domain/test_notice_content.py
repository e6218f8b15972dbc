"""What a notice says: both languages, placeholders that exist, and buttons that lead somewhere."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.notice_content import (
    LONGEST_TEXT,
    PLACEHOLDERS,
    ButtonKind,
    Content,
    FileKind,
    NoticeButton,
    PlaceOfMap,
    PollChoice,
    check_content,
    count_longest,
    fill_in,
    is_safe_address,
    read_content,
    tidy_content,
    write_content,
)

PLAIN = Content("សូមអញ្ជើញមក {given_name}", "Please come, {given_name}")
IN_LINK = "notice.placeholder-in-link"
LINK = NoticeButton(ButtonKind.LINK, "https://example.org/a", "អានបន្ថែម", "Read more")
YES, NO = PollChoice("បាទ/ចាស", "Yes"), PollChoice("ទេ", "No")
FULL = replace(
    PLAIN,
    place=PlaceOfMap(13.1, 103.2),
    file_kind=FileKind.PHOTO,
    buttons=(LINK, NoticeButton(ButtonKind.APPLY), NoticeButton(ButtonKind.RSVP, "12")),
    choices=(YES, NO),
)


def list_codes(content: Content) -> list[tuple[str, str]]:
    return [(flaw.field, flaw.problem.code) for flaw in check_content(content)]


BESIDE_LINK = replace(
    PLAIN,
    text_km="ជូន {given_name}៖ សូមបើក https://example.org/a លេខ {number}។",
    text_en="Dear {given_name}, see https://example.org/a, {province}. Your number: {number}.",
)


@pytest.mark.parametrize("content", [PLAIN, FULL, BESIDE_LINK])
def test_what_is_whole_has_no_flaws(content: Content) -> None:
    assert list_codes(content) == []


@pytest.mark.parametrize(
    ("content", "field", "code"),
    [
        (replace(PLAIN, text_km=""), "text_km", "notice.empty"),
        (replace(PLAIN, text_en=""), "text_en", "notice.empty"),
        (replace(PLAIN, text_km="Come"), "text_km", "notice.other-language"),
        (replace(PLAIN, text_en="{given_name} ១២"), "text_en", "notice.other-language"),
        (replace(PLAIN, text_en="Dear {name}"), "text_en", "notice.unknown-placeholder"),
        (replace(PLAIN, text_en="Dear {given_name"), "text_en", "notice.lone-brace"),
        (
            replace(PLAIN, text_en="Dear {given_name}{number}"),
            "text_en",
            "notice.touching-placeholders",
        ),
        *(
            (replace(PLAIN, text_en=f"Please look: {link}"), "text_en", IN_LINK)
            for link in (
                "https://evil.example/?n={number}&w={given_name}",
                "https://evil.example/?n=\u200b{number}",
                "evil.example?{number}",
                "t.me/evil_bot?start={number}",
                "http://10.0.0.1/{number}",
                "{number}.evil.example",
                "{number}@evil.example",
            )
        ),
        (replace(PLAIN, text_km="សូមបើក evil.example/{number}"), "text_km", IN_LINK),
        (
            replace(PLAIN, buttons=(replace(LINK, target="https://example.org/{number}"),)),
            "link_url",
            IN_LINK,
        ),
        (replace(PLAIN, text_en="x" * (LONGEST_TEXT + 1)), "text_en", "notice.too-long"),
        (replace(FULL, text_en="x" * 901), "text_en", "notice.too-long"),
        (replace(PLAIN, place=PlaceOfMap(91, 0)), "latitude", "notice.no-such-place"),
        (replace(PLAIN, place=PlaceOfMap(9, 999)), "longitude", "notice.no-such-place"),
        (replace(PLAIN, buttons=(LINK,) * 7), "buttons", "notice.too-many-buttons"),
        (
            replace(PLAIN, buttons=(replace(LINK, target="http://example.org"),)),
            "link_url",
            "notice.wrong-address",
        ),
        (
            replace(PLAIN, buttons=(replace(LINK, label_en=""),)),
            "link_en",
            "notice.label-needed",
        ),
        (
            replace(PLAIN, buttons=(NoticeButton(ButtonKind.RSVP, "x"),)),
            "buttons",
            "notice.no-such-campaign",
        ),
        (replace(PLAIN, choices=(YES,)), "choices", "notice.choices"),
        (
            replace(PLAIN, choices=(YES, replace(NO, label_en="Yes"))),
            "choices",
            "notice.same-choices",
        ),
        (
            replace(PLAIN, choices=(YES, replace(NO, label_km="ទ" * 41))),
            "choices",
            "notice.label-too-long",
        ),
    ],
)
def test_each_flaw_is_told_with_its_field(content: Content, field: str, code: str) -> None:
    assert list_codes(content) == [(field, code)]


def test_a_flaw_of_a_link_tells_which_one() -> None:
    content = replace(
        PLAIN, buttons=(LINK, NoticeButton(ButtonKind.APPLY), replace(LINK, target=""))
    )
    assert [flaw.number for flaw in check_content(content)] == [2]


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org@evil.test/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://exa mple.org/",
        "https://ехample.org/",
        "javascript:alert(1)",
        "https://[/",
        "https://example.org/" + "x" * 500,
        r"https://evil.test\.gov.kh/x",
        r"https://gov.kh/\evil.test",
        "https://xn--mst-tla.gov.kh/",
        "https://gov.xn--e1awd7f/",
        "https://0x7f.0x0.0x0.0x1/",
        "https://0x7f000001.1/",
        "https://[::1]/",
        "https://misti.gov.kh&evil.test/",
        "https://misti.gov.kh,evil.test/",
        "https://misti_gov.kh/",
        "https://user%40good.gov.kh.evil.test/",
        "https://misti.gov.kh:443@evil.test/",
        "https://misti.gov.kh:8443/",
        "https://-misti.gov.kh/",
        "https://localhost./",
        "https://misti.gov.kh./",
        "https:///evil.test/",
    ],
)
def test_an_address_that_hides_where_it_leads_is_refused(address: str) -> None:
    assert not is_safe_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://misti.gov.kh",
        "https://www.misti.gov.kh/a/b?c=d&e=1#f",
        "https://t.me/SomeBot?start=x",
        "https://4g.my-site.example/",
        "https://MISTI.gov.kh/",
    ],
)
def test_a_plain_address_is_taken(address: str) -> None:
    assert is_safe_address(address)


@pytest.mark.parametrize("content", [Content(), PLAIN, FULL])
def test_a_content_reads_as_it_was_written(content: Content) -> None:
    assert read_content(json.loads(json.dumps(write_content(content)))) == content


def test_what_nobody_sees_is_dropped_and_lines_stay() -> None:
    typed = replace(
        PLAIN,
        text_en=" Come\u200b  here \r\n\r\n\r\n\r\nnow\t",
        buttons=(replace(LINK, label_en=" Read\u202e "),),
    )
    tidy = tidy_content(typed)
    assert tidy.text_en == "Come here\n\nnow"
    assert tidy.buttons[0].label_en == "Read"


@given(
    st.text(alphabet="{}ab_given name") | st.sampled_from([f"{{{name}}}" for name in PLACEHOLDERS])
)
def test_filling_in_never_makes_more_than_was_counted(text: str) -> None:
    values = {name: "ក" * length for name, length in PLACEHOLDERS.items()}
    assert len(fill_in(text, values)) <= count_longest(text)


def test_a_value_that_looks_like_a_placeholder_stays_a_value() -> None:
    assert fill_in("{given_name}", {"given_name": "{number}", "number": "1"}) == "{number}"
