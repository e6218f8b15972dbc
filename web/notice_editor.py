"""What the form of a notice offers: placeholders, values to choose from, kept audiences."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from db import audiences, campaigns, notice_files, staff
from db.audiences import SavedAudience
from domain.audiences import Field, Filter, WrongAudience
from domain.campaigns import JOINT, Campaign
from domain.notice_content import (
    LONGEST_CAPTION,
    LONGEST_TEXT,
    PLACEHOLDERS,
    find_day,
    read_content,
)
from domain.staff import Scope, Staff
from domain.texts import Code, PlaceName, Text, message
from locales.catalogue import render_plain
from services.notice_access import get_scope
from services.notice_audiences import is_known, list_named_days
from services.notice_writing import LONGEST_TITLE
from web.audience_form import ALL, NONE, OTHER, Problems, Typed, read_audience
from web.audience_words import FIELDS, Choices, describe_filter, describe_within, list_choices
from web.earlier_notices import list_earlier, name_earlier
from web.notice_files import LARGEST_PHOTO, LARGEST_VOICE
from web.notice_form import list_links, list_problems
from web.notice_page import FoundNotice, find_returned
from web.notice_words import PLACEHOLDER_WORDS, TOPICS
from web.office import Office
from web.place_choices import NAMED, find_places
from web.staff_form import list_reached
from web.visits import Visit

LONGEST_POLL = 500
MOST_SOURCES = 40
_BUTTONS = ("apply", "interested", "rsvp", "link_url", "poll_km", "poll_en")


async def describe_editor(
    office: Office, visit: Visit, found: FoundNotice, typed: Typed, problems: Problems
) -> dict[str, Any]:
    """Gather what the form of a notice shows."""
    scope = get_scope(found.author)
    async with office.database.read() as connection:
        days = list_offered(
            await campaigns.list_within(connection, scope), visit.actor.staff, found
        )
        saved = await audiences.list_saved(connection)
        names = await staff.names_of(connection, {one.created_by for one in saved})
        attached = await notice_files.find(connection, found.stored.id)
        returned = await find_returned(connection, found.stored.id)
        sources = await audiences.count_sources(connection, scope, MOST_SOURCES)
        earlier = await list_earlier(connection, visit.actor.staff)
    known = [one for one in saved if is_known(one, visit.actor.staff)]
    offered = [one for one in saved if one in known or str(one.id) in found.audience.combines]
    desk, named = office.desk, name_campaigns(days, visit.locale)
    more = {
        **name_earlier(earlier, visit.locale, desk.names, desk.time_zone),
        Field.SOURCE: name_sources(sources, named),
    }
    choices = list_choices(desk, named, name_audiences(offered), more)
    described = describe_within(read_audience(typed, {}), choices, scope)
    stored = describe_within(found.audience, choices, scope)
    has_file = read_content(found.stored.notice.content).file_kind is not None
    return {
        "id": found.stored.id,
        "typed": typed,
        "problems": problems,
        "listed": list_problems(problems),
        "described": described,
        "stored": stored,
        "attached": attached,
        "returned": returned,
        "most": LONGEST_CAPTION if has_file else LONGEST_TEXT,
        "most_with_file": LONGEST_CAPTION,
        "most_poll": LONGEST_POLL,
        "most_title": LONGEST_TITLE,
        "audiences": [(str(one.id), _name_kept(one, visit, names)) for one in known],
        "campaigns": [(str(one.id), one.plan.names[visit.locale]) for one in days],
        "links": list_links(typed),
        "has_buttons": any(any(typed.all(name)) for name in _BUTTONS),
        "has_exclusions": _is_open(typed, NONE),
        "is_open": lambda prefix, names: any(typed.one(prefix + name) for name in names),
        "count_chosen": partial(_count_chosen, typed),
        **_list_values(office, visit, typed, scope, choices),
        **WORDS,
    }


WORDS: Mapping[str, Any] = {
    "topics": TOPICS,
    "placeholders": {name: PLACEHOLDER_WORDS[name] for name in PLACEHOLDERS},
    "field_names": FIELDS,
    "largest_photo": LARGEST_PHOTO,
    "largest_voice": LARGEST_VOICE,
}


def list_offered(days: list[Campaign], visitor: Staff, found: FoundNotice) -> list[Campaign]:
    """List those of the author's event days that a visitor may see, or that the notice has."""
    within = get_scope(visitor)
    asked = {code for _, code in list_named_days(found.audience)}
    invited = find_day(read_content(found.stored.notice.content))
    return [
        one
        for one in days
        if within.covers(one.plan.place) or one.plan.code in asked or one.id == invited
    ]


def name_campaigns(days: list[Campaign], locale: str) -> Mapping[str, Text]:
    """Name event days by their codes."""
    return {
        one.plan.code: message("notices.named", name=one.plan.names[locale], on=one.plan.held_on)
        for one in days
    }


def name_sources(
    sources: Iterable[tuple[str, int]], days: Mapping[str, Text]
) -> Mapping[str, Text]:
    """Name sources by what is known of them: the event day of a code, and how many came by it."""
    return {source: _name_source(source, count, days) for source, count in sources}


def _name_source(source: str, count: int, days: Mapping[str, Text]) -> Text:
    day = days.get(source.partition(JOINT)[0])
    if day is None:
        return message("notices.source", source=Code(source), count=count)
    return message("notices.source_of_day", source=Code(source), day=day, count=count)


def name_audiences(saved: Iterable[SavedAudience]) -> Mapping[str, Text]:
    """Name the kept audiences that can be combined, by their ids."""
    return {
        str(one.id): message("notices.audience_called", name=one.name)
        for one in saved
        if not one.audience.combines
    }


def _name_kept(one: SavedAudience, visit: Visit, names: Mapping[int, str]) -> str:
    """Name a kept audience, and whose it is if not one's own: names may be the same."""
    if one.created_by == visit.actor.staff.id:
        return one.name
    return f"{one.name} · {names.get(one.created_by, '…')}"


def _list_values(
    office: Office, visit: Visit, typed: Typed, scope: Scope, choices: Choices
) -> dict[str, Any]:
    desk, locale = office.desk, visit.locale

    def say(words: Text) -> str:
        return render_plain(words, locale, desk.names)

    def word_value(name: str, value: str) -> str:
        field = name.removeprefix(ALL).removeprefix(NONE)
        if field == Field.PLACE:
            return say(message("notices.place_named", place=PlaceName(value)))
        return value if field == OTHER else say(_word_other(f"{field}={value}", choices))

    reached = list_reached(desk.gazetteer, scope)
    districts = {one.code for _, listed in reached for one in listed}
    whole = [province for province, _ in reached if scope.covers(province.code)]
    return {
        "provinces": reached,
        "whole_provinces": whole,
        "districts_of": lambda codes: [one for one in codes if one in districts],
        "known_places": districts | {one.code for one in whole},
        "word_value": word_value,
        "found_places": {
            prefix: find_places(desk.gazetteer, typed.one(prefix + NAMED), scope)
            for prefix in (ALL, NONE)
        },
        "groups": [
            (one, desk.occupations.group_name(one, locale)) for one in desk.occupations.groups()
        ],
        "occupations": [
            (one.key, desk.occupations.name(one.key, locale))
            for group in desk.occupations.groups()
            for one in desk.occupations.of_group(group)
        ],
        "choices": {
            field: [(value, say(words)) for value, words in values.items()]
            for field, values in choices.items()
        },
        "others": {
            prefix: [(one, say(_word_other(one, choices))) for one in typed.all(prefix + OTHER)]
            for prefix in (ALL, NONE)
        },
    }


def _word_other(ticked: str, choices: Choices) -> Text:
    name, _, value = ticked.partition("=")
    try:
        return describe_filter(Filter(name, (value,)), choices)
    except WrongAudience:
        return message("notices.wrong.filter")


def _count_chosen(typed: Typed, prefix: str, names: Iterable[str]) -> int:
    """Count what is ticked or written in some fields; the name "" stands for all of them."""
    wanted = {prefix + name for name in names}
    return sum(
        len([value for value in values if value])
        for name, values in typed.values.items()
        if name in wanted or (prefix in wanted and name.startswith(prefix))
    )


def _is_open(typed: Typed, prefix: str) -> bool:
    return any(name.startswith(prefix) and any(values) for name, values in typed.values.items())
