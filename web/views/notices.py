"""Notices: the list, one of them with all that can be done with it, and its acts."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import audiences, campaigns, notices, recipients, staff
from db.notices import StoredNotice
from db.unit_of_work import UnitOfWork
from domain.notice_content import read_content
from domain.notice_outlook import Outlook
from domain.notices import Act, Notice, Refused, Status
from domain.recipients import OPEN
from domain.recipients import Status as RecipientStatus
from domain.staff import Right, Scope, Staff
from domain.texts import Text, message
from domain.whole_numbers import read_number
from services import notice_trials
from services import notice_writing as writing
from services import notices as acts
from services.desk import Actor, Desk
from services.notice_access import (
    EITHER,
    TO_READ,
    NoSuchNotice,
    get_places,
    get_scope,
    is_disposable,
    may_do,
)
from web.audience_words import Choices, Described, describe_within, list_choices
from web.csv_files import download_csv
from web.earlier_notices import name_earlier
from web.notice_badges import look_at_all, word_badge
from web.notice_editor import name_audiences, name_campaigns
from web.notice_page import get_audience, get_notice, is_read, read_version
from web.notice_standing import DONE, LONGEST_NOTE, TAKEN_BACK, THROWN_AWAY, show_notice
from web.notice_tables import RESULTS_HEAD, list_results, write_head
from web.notice_titles import name_notice, name_notices
from web.notice_words import BADGES, GROUPS, REFUSALS, TOPICS, say_why_closed
from web.templating import page
from web.views import notice_recipients, notice_resending, notice_writing
from web.visits import Endpoint, Visit, get_office, is_allowed, needs

LISTED_AT_FIRST = 50
MOST_LISTED = 500
"""Recipients are counted for every notice that is listed, so older ones are shown on request."""


@dataclass(frozen=True)
class Row:
    """A notice in the list; `open_until` is how long newcomers get what everybody else has got."""

    notice: Notice
    title: str
    author: str
    at: datetime
    described: Described
    total: int
    settled: int
    sent: int
    badge: Text
    open_until: datetime | None

    @property
    def id(self) -> int:
        """The notice's id."""
        return self.notice.id


@needs(*TO_READ)
async def show_list(request: Request, visit: Visit) -> Response:
    """Show the latest notices that reach no further than the visitor's places."""
    office, most = get_office(request), _read_most(request)
    async with office.database.read() as connection:
        found = await notices.list_recent(connection, most)
        people = {one.id: one for one in await staff.list_all(connection)}
        listed = [one for one in found if not one.is_thrown_away]
        seen = [one for one in listed if _is_seen(one, people, visit.actor.staff)]
        counts = await office.tallies.count(connection, seen)
        days = await campaigns.list_within(connection, get_scope(visit.actor.staff))
        kept = await audiences.list_saved(connection)
        titles = await name_notices(connection, seen, visit.locale, office.desk.names)
        outlooks = await look_at_all(
            connection, seen, counts, office.clock(), office.desk.time_zone
        )
    desk, named = office.desk, name_campaigns(days, visit.locale)
    more = name_earlier(seen, visit.locale, desk.names, desk.time_zone)
    choices = list_choices(desk, named, name_audiences(kept), more)
    rows = [
        _make_row(
            one,
            titles[one.id],
            people[one.notice.author],
            choices,
            counts.get(one.id, {}),
            outlooks[one.id],
        )
        for one in seen
    ]
    return page(
        request,
        visit,
        "notices.html",
        groups=[
            (heading, [row for row in rows if row.notice.status in statuses])
            for heading, statuses in GROUPS
        ],
        is_any=bool(rows),
        said=DONE.get(THROWN_AWAY) if request.query_params.get("done") == THROWN_AWAY else None,
        more=min(2 * most, MOST_LISTED) if len(found) == most < MOST_LISTED else None,
        may_write=is_allowed(visit.actor.staff, Right.WRITE_NOTICES),
        badges=BADGES,
        topics=TOPICS,
    )


@needs(Right.WRITE_NOTICES)
async def begin(request: Request, visit: Visit) -> Response:
    """Begin a new draft."""
    notice_id = await get_office(request).act(lambda uow: writing.begin(uow, visit.actor))
    return RedirectResponse(f"/notices/{notice_id}/edit", 303)


@needs(*TO_READ)
async def show_one(request: Request, visit: Visit) -> Response:
    """Show what a notice says, to whom, and how it stands."""
    found = await get_notice(request, visit, to_read=True)
    done, status = request.query_params.get("done", ""), found.stored.notice.status
    is_closed = done == Act.EDIT and status is not Status.DRAFT
    closed = say_why_closed(status) if is_closed else None
    return await show_notice(request, visit, found, said=DONE.get(done), closed=closed)


@needs(*TO_READ)
async def download_results(request: Request, visit: Visit) -> Response:
    """Hand over how many got a notice, and its answers by province, as a file."""
    found, office = await get_notice(request, visit, to_read=True), get_office(request)
    async with office.database.read() as connection:
        counts = (await recipients.count_of(connection, [found.stored.id])).get(found.stored.id, {})
        answers = await recipients.count_answers(connection, found.stored.id)
    names, content = office.desk.names, read_content(found.stored.notice.content)
    head = write_head(RESULTS_HEAD, visit.locale, names)
    rows = list_results(counts, answers, content, visit.locale, names)
    return download_csv(f"notice-{found.stored.id}-results.csv", head, rows)


@needs(*EITHER)
async def ask_to_stop(request: Request, visit: Visit) -> Response:
    """Ask whether a notice is really to be stopped."""
    found, office = await get_notice(request, visit), get_office(request)
    if not may_do(found.stored, found.author, visit.actor.staff, Act.STOP):
        raise HTTPException(404)
    async with office.database.read() as connection:
        counts = (await recipients.count_of(connection, [found.stored.id])).get(found.stored.id, {})
        title = await name_notice(connection, found.stored, visit.locale, office.desk.names)
    waiting = sum(counts.get(status, 0) for status in OPEN)
    words = [message("notices.stop_left", count=waiting)] if waiting else []
    address = f"/notices/{found.stored.id}"
    if is_disposable(found.stored, visit.actor.staff):
        question, button = message("notices.throw_away_question"), message("notices.throw_away")
        words = [message("notices.throw_away_words")]
    else:
        question, button = message("notices.stop_question"), message("notices.stop_yes")
        words = [*words, message("notices.stop_words")]
    return page(
        request,
        visit,
        "notice_confirm.html",
        question=question,
        title=title,
        words=words,
        action=f"{address}/stop",
        values={},
        button=button,
        back=address,
    )


@needs(Right.WRITE_NOTICES)
async def copy(request: Request, visit: Visit) -> Response:
    """Begin a draft with what another notice says."""
    found, office = await get_notice(request, visit), get_office(request)
    copied = await office.act(lambda uow: writing.copy(uow, visit.actor, found.stored.id))
    async with office.database.read() as connection:
        made = await notices.find(connection, copied)
    is_parted = made is not None and made.campaign_id != found.stored.campaign_id
    return RedirectResponse(f"/notices/{copied}/edit?copied={'plain' if is_parted else 1}", 303)


Work: TypeAlias = Callable[[UnitOfWork, Desk, Actor, int], Awaitable[Any]]
"""An act with all that it needs to know besides who acts on what."""


Read: TypeAlias = Callable[[FormData, bool], Work | None]
"""Reads a form, knowing whether its sender wrote the notice; None is a form not filled in."""


def _make_act(act: str, read: Read) -> Endpoint:
    @needs(*EITHER)
    async def carry_out(request: Request, visit: Visit) -> Response:
        """Do it and show the notice again, or show what stands in the way."""
        found, office = await get_notice(request, visit), get_office(request)
        is_own = found.author.id == visit.actor.staff.id
        work = read(await request.form(), is_own)
        if work is None:
            words = message("notices.return_needs_note")
            return await show_notice(request, visit, found, words)
        try:
            await office.act(lambda uow: work(uow, office.desk, visit.actor, found.stored.id))
        except Refused as refused:
            again = await get_notice(request, visit)
            return await show_notice(request, visit, again, REFUSALS[refused.refusal])
        except NoSuchNotice:
            raise HTTPException(404) from None
        except notice_trials.NoChat:
            no_chat = message("notices.test_no_chat")
            return await show_notice(request, visit, found, no_chat)
        if act == Act.STOP and is_disposable(found.stored, visit.actor.staff):
            return RedirectResponse(f"/notices?done={THROWN_AWAY}", 303)
        done = TAKEN_BACK if act == Act.RETURN and is_own else act
        return RedirectResponse(f"/notices/{found.stored.id}?done={done}", 303)

    return carry_out


def _read_most(request: Request) -> int:
    most = read_number(request.query_params.get("most", "")) or LISTED_AT_FIRST
    return min(max(most, LISTED_AT_FIRST), MOST_LISTED)


def _is_seen(stored: StoredNotice, people: Mapping[int, Staff], visitor: Staff) -> bool:
    author = people.get(stored.notice.author)
    return author is not None and is_read(stored, author, visitor)


def _make_row(
    stored: StoredNotice,
    title: str,
    author: Staff,
    choices: Choices,
    counts: Mapping[RecipientStatus, int],
    outlook: Outlook,
) -> Row:
    within = Scope(get_places(stored, author))
    described = describe_within(get_audience(stored), choices, within)
    total = sum(counts.values())
    return Row(
        notice=stored.notice,
        title=title,
        author=author.name,
        at=stored.started_at or stored.created_at,
        described=described,
        total=total,
        settled=total - sum(counts.get(status, 0) for status in OPEN),
        sent=counts.get(RecipientStatus.SENT, 0),
        badge=word_badge(stored.notice, outlook),
        open_until=outlook.open_until,
    )


def _return(form: FormData, is_own: bool) -> Work | None:
    """Read why a notice goes back; who takes their own back need not say it."""
    note = str(form.get("note", "")).strip()[:LONGEST_NOTE]
    return partial(acts.return_to_author, note=note) if note or is_own else None


def _read_version(form: FormData) -> int:
    return read_version(str(form.get("version", "")))


ACTS: Mapping[str, Read] = {
    "test": lambda _, __: notice_trials.send_test,
    Act.SUBMIT: lambda form, _: partial(acts.submit, version=_read_version(form)),
    Act.RETURN: _return,
    Act.APPROVE: lambda form, _: partial(acts.approve, version=_read_version(form)),
    Act.PAUSE: lambda _, __: acts.pause,
    Act.RESUME: lambda _, __: acts.resume,
    Act.STOP: lambda _, __: acts.stop,
}
"""How the forms are read, by the names of their acts, which end their addresses."""

routes = [
    Route("/notices", show_list),
    Route("/notices", begin, methods=["POST"]),
    *notice_writing.routes,
    *notice_recipients.routes,
    *notice_resending.routes,
    Route("/notices/{notice}", show_one),
    Route("/notices/{notice}/results.csv", download_results),
    Route("/notices/{notice}/stop", ask_to_stop),
    Route("/notices/{notice}/copy", copy, methods=["POST"]),
    *(
        Route(f"/notices/{{notice}}/{act}", _make_act(act, read), methods=["POST"])
        for act, read in ACTS.items()
    ),
]
