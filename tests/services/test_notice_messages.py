"""A notice is one message for each recipient: in their language, with their values, harmless."""

import json
from dataclasses import replace
from functools import partial

import pytest

from db import notice_files
from db.audiences import RecipientFacts
from db.notice_files import Uploaded
from db.unit_of_work import UnitOfWork
from domain.notice_content import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    PLACEHOLDERS,
    ButtonKind,
    Content,
    FileKind,
    NoticeButton,
    PlaceOfMap,
    PollChoice,
    check_content,
)
from domain.outbox import Call, Lane
from domain.recipients import ReadyRecipient
from domain.staff import Role
from locales.catalogue import LOCALES
from services import notice_writing
from services.desk import Desk
from services.notice_messages import (
    Pressed,
    Stopping,
    list_values,
    prepare,
    write_buttons,
    write_notice,
)
from services.taps import decode_tap
from tests.services.counter import Counter, list_labels, read_parameters
from tests.services.newsroom import TEXT, WRITTEN, Newsroom

DARA = RecipientFacts(7, "en", "123456782", "សុខ", "ដារ៉ា", "SOK", "DARA", "02030105", "tailor")
FULL = replace(
    TEXT,
    place=PlaceOfMap(13.0957, 103.2022),
    buttons=(
        NoticeButton(ButtonKind.LINK, "https://example.org/", "អានបន្ថែម", "Read more"),
        NoticeButton(ButtonKind.APPLY),
        NoticeButton(ButtonKind.INTERESTED),
        NoticeButton(ButtonKind.RSVP, "12"),
    ),
    choices=(PollChoice("ព្រឹក", "Morning"), PollChoice("ល្ងាច", "Evening")),
)
TELEGRAMS_LIMIT, TELEGRAMS_CAPTION = 4096, 1024


def write(
    desk: Desk, content: Content, facts: RecipientFacts = DARA, locale: str = "en", **more: bool
) -> Call:
    return write_notice(content, 5, facts, locale, desk.names, more.get("specimen", False))


def test_everybody_reads_their_own_values_in_their_own_language(desk: Desk) -> None:
    said = " ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    content = Content(said, said)
    english, khmer = (read_parameters(write(desk, content, locale=one)) for one in ("en", "km"))
    assert english["text"] == "Dara Sok Dara 1234-5678-2 Battambang Battambang Tailor / dressmaker"
    assert khmer["text"].startswith("ដារ៉ា សុខ ដារ៉ា 1234-5678-2 ")
    assert english["link_preview_options"] == {"is_disabled": True}


def test_a_name_is_never_markup(desk: Desk) -> None:
    facts = replace(DARA, given_latin="<a href='tg://x'>&amp;")
    text = read_parameters(write(desk, replace(TEXT, text_en="Dear {given_name} <3"), facts))[
        "text"
    ]
    assert text == "Dear &lt;a href='tg://x'&gt;&amp;amp; &lt;3"


@pytest.mark.parametrize("specimen", [True, False])
def test_what_is_not_official_says_so(desk: Desk, specimen: bool) -> None:
    text = read_parameters(write(desk, TEXT, specimen=specimen))["text"]
    assert text.startswith("<b>SPECIMEN:</b>") is specimen


@pytest.mark.parametrize(
    ("kind", "limit"), [(None, TELEGRAMS_LIMIT), (FileKind.PHOTO, TELEGRAMS_CAPTION)]
)
def test_the_longest_notice_still_fits_a_message(
    desk: Desk, kind: FileKind | None, limit: int
) -> None:
    longest = LONGEST_CAPTION if kind else LONGEST_TEXT
    content = replace(TEXT, text_en="x" * longest, text_km="ក" * longest, file_kind=kind)
    assert check_content(content) == []
    for locale in LOCALES:
        parameters = read_parameters(write(desk, content, locale=locale, specimen=True))
        assert len(parameters["caption" if kind else "text"]) <= limit


def test_the_buttons_lead_where_they_say_and_one_switches_the_topic_off(desk: Desk) -> None:
    call = write(desk, FULL)
    assert list_labels(call) == [
        *("Morning", "Evening", "Read more", "📝 Register now", "I am interested"),
        *("✅ I am coming", "I cannot come", "📍 Show on the map", "🔕 Stop such messages"),
    ]
    rows = read_parameters(call)["reply_markup"]["inline_keyboard"]
    buttons = [button for row in rows for button in row]
    assert [one["url"] for one in buttons if "url" in one] == [
        "https://example.org/",
        "https://www.google.com/maps/search/?api=1&query=13.095700,103.202200",
    ]
    assert all(decode_tap(one["callback_data"]) for one in buttons if "callback_data" in one)
    assert call.lane is Lane.BULK


def test_short_choices_lie_two_in_a_row_before_and_after_one_is_pressed(desk: Desk) -> None:
    words = ("Morning", "Evening", "Whenever a colleague has time", "Never")
    content = replace(TEXT, choices=tuple(PollChoice("ព្រឹក", one) for one in words))
    pressed = Pressed(frozenset({"1"}))
    for call in (
        write(desk, content),
        write_buttons(content, 5, 7, 77, "en", desk.names, pressed),
    ):
        rows = read_parameters(call)["reply_markup"]["inline_keyboard"]
        assert [len(row) for row in rows[:3]] == [2, 1, 1]


def test_what_was_pressed_is_seen_and_the_rest_stays(desk: Desk) -> None:
    pressed = Pressed(frozenset({"2", "interested"}), Stopping.ASKED)
    call = write_buttons(FULL, 5, 7, 77, "en", desk.names, pressed)
    labels = list_labels(call)
    assert labels[:2] == ["Morning", "✓ Evening"]
    assert "✓ I am interested" in labels
    assert labels[-2:] == ["Yes, stop them", "No, keep them"]
    assert (call.method, call.lane) == ("editMessageReplyMarkup", Lane.REPLY)


def test_no_value_is_longer_than_was_counted_on(desk: Desk) -> None:
    provinces = desk.gazetteer.children(None)
    places = [one.code for province in provinces for one in desk.gazetteer.children(province.code)]
    occupations = [
        one.key for group in desk.occupations.groups() for one in desk.occupations.of_group(group)
    ]
    for locale in LOCALES:
        for place in places:
            values = list_values(replace(DARA, place=place), locale, desk.names)
            assert len(values["province"]) <= PLACEHOLDERS["province"]
            assert len(values["district"]) <= PLACEHOLDERS["district"]
        for occupation in occupations:
            values = list_values(replace(DARA, occupation=occupation), locale, desk.names)
            assert len(values["occupation"]) <= PLACEHOLDERS["occupation"]


async def test_a_file_is_uploaded_once_and_then_named(counter: Counter) -> None:
    newsroom = Newsroom(counter)
    author = await newsroom.hire(Role.BENEFIT_OWNER)
    await newsroom.register(1)
    notice_id = await newsroom.write(author)
    voice = (FileKind.VOICE, "notice.ogg", "audio/ogg", b"OggS")
    await newsroom.run(notice_writing.attach_file, author, notice_id, *voice)
    first = await write_to(counter, notice_id)
    assert (first.method, first.attachment) == ("sendVoice", f"notice:{notice_id}")
    assert "voice" not in read_parameters(first)
    uploaded = Uploaded(notice_id, b"OggS", "file-7")
    await counter.database.write(partial(notice_files.note_uploaded, uploaded=uploaded))
    second = await write_to(counter, notice_id)
    assert second.attachment is None
    assert read_parameters(second)["voice"] == "file-7"
    assert read_parameters(second)["caption"] == read_parameters(first)["caption"]


async def write_to(counter: Counter, notice_id: int) -> Call:
    async with counter.database.read() as connection:
        [(_, call)] = await prepare(connection, [ReadyRecipient(notice_id, 1, 1)], counter.desk)
    return call


async def test_whoever_has_nothing_to_be_said_to_is_left_out(counter: Counter) -> None:
    newsroom = Newsroom(counter)
    notice_id = await newsroom.write(await newsroom.hire(), WRITTEN)
    ready = [
        ReadyRecipient(notice_id, 1, 99),
        ReadyRecipient(99, 1, 1),
        ReadyRecipient(notice_id, 1),
    ]
    async with counter.database.read() as connection:
        assert await prepare(connection, ready, counter.desk) == []


async def test_a_call_can_be_stored_as_it_is(counter: Counter) -> None:
    async def work(uow: UnitOfWork) -> None:
        uow.send(write(counter.desk, FULL))

    await counter.run(work)
    assert json.loads(counter.sent[0].parameters)["chat_id"] == 7
