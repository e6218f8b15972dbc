"""What was done with an application, told to officers: the acts, by whom, and their notes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.audit import StoredEvent
from db.case_files import CaseFile
from domain.audit import ActorKind
from domain.checks import CHECKS
from domain.numbers import format_number
from domain.reasons import find_reason
from domain.texts import Code, PlaceName, Text, message
from web.case_words import PAST


@dataclass(frozen=True)
class Entry:
    """Something that was done, with what there is to say about it."""

    at: datetime
    words: Text
    who: Text
    details: tuple[Text, ...] = ()
    note: str | None = None


def list_history(file: CaseFile, titles: Mapping[str, Text]) -> list[Entry]:
    """List what was done, the latest first; `titles` name the items of the form."""
    names = {one.id: one.name for one in file.staff}
    notes = {(note.staff_id, note.at): note.body for note in file.notes}
    return [
        Entry(
            stored.at,
            PAST[stored.event.act],
            _word_actor(stored, names),
            tuple(_list_details(stored.event.details, titles, names)),
            notes.get((stored.event.actor_id, stored.at)),
        )
        for stored in reversed(file.events)
        if stored.event.act in PAST
    ]


def find_last_act(file: CaseFile) -> StoredEvent | None:
    """Find what was done last; looks do not count."""
    return next((one for one in reversed(file.events) if one.event.act in PAST), None)


def _word_actor(stored: StoredEvent, names: Mapping[int, str]) -> Text:
    match stored.event.actor_kind:
        case ActorKind.WORKER:
            return message("case.by_worker")
        case ActorKind.PROGRAM:
            return message("case.by_program")
        case ActorKind.STAFF:
            name = names.get(stored.event.actor_id or 0)
            return message("show.words", words=name) if name else message("case.by_staff")


def _list_details(
    details: Mapping[str, Any], titles: Mapping[str, Text], names: Mapping[int, str]
) -> Iterator[Text]:
    if item := titles.get(details.get("item", "")):
        yield message("case.detail.item", item=item)
    if reason := find_reason(details.get("reason", "")):
        yield message("case.detail.reason", reason=reason.label)
    for check in details.get("checked", ()):
        if check in CHECKS:
            yield message("case.detail.checked", check=CHECKS[check])
    if "to_staff" in details:
        yield message("case.detail.to_staff", name=names.get(details["to_staff"], "…"))
    if "to_office" in details:
        yield message("case.detail.to_office", office=PlaceName(details["to_office"]))
    if other := details.get("kept") or details.get("other"):
        yield message("case.detail.other", number=Code(format_number(other)))
    if details.get("told") is False:
        yield message("case.detail.not_told")
