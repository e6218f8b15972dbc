"""The desk of an event day: checking people in, and registering those who have no phone."""

import asyncio
from collections.abc import Iterable, Mapping

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import attendances
from db.attendances import Slip
from db.unit_of_work import UnitOfWork
from domain.campaigns import Campaign, is_today, start_of_event
from domain.desk_form import Entry, Filled, Trouble, fill, list_desk_questions
from domain.form import Question
from domain.khmer import clean
from domain.numbers import format_number, is_valid
from domain.staff import Right
from domain.texts import Text, message
from services.audit import note_staff
from services.check_in import REASONS, Admission, NotToday, Reason, admit, read_entry, undo
from services.desk_registration import TAG, draw_tag, make_context, register
from web.campaign_page import get_asked, may_open
from web.desk_words import ORDER, TITLES, WHO_AGREES, list_occupations
from web.templating import page
from web.visits import Visit, get_office, needs

LONGEST_TEXT = 500
LONGEST_TAG = 40
SHORTEST_SEARCH = 2
MOST_OFFERED = 6


@needs(Right.CHECK_IN)
async def open_desk(request: Request, visit: Visit) -> Response:
    """Show the field for a number or a scanned code."""
    campaign = await get_asked(request, visit, Right.CHECK_IN)
    return await _show_desk(request, visit, campaign)


@needs(Right.CHECK_IN)
async def check_in(request: Request, visit: Visit) -> Response:
    """Check somebody in and show it large, with the field ready for the next."""
    campaign = await get_asked(request, visit, Right.CHECK_IN)
    office = get_office(request)
    text = str((await request.form()).get("number", ""))[:LONGEST_TEXT]
    entry = read_entry(office.desk, text)
    if isinstance(entry, Text):
        return await _show_desk(request, visit, campaign, problem=entry, text=text)
    try:
        admission = await office.act(
            lambda uow: admit(uow, office.desk, visit.actor, campaign, entry)
        )
    except NotToday:
        return await _show_desk(request, visit, campaign, status=400)
    if isinstance(admission, Reason):
        return await _show_desk(request, visit, campaign, problem=REASONS[admission], text=text)
    return await _show_desk(request, visit, campaign, admission)


@needs(Right.CHECK_IN)
async def undo_check_in(request: Request, visit: Visit) -> Response:
    """Take back the last check-in, if it is not long ago."""
    campaign = await get_asked(request, visit, Right.CHECK_IN)
    number = str((await request.form()).get("number", ""))
    is_undone = is_valid(number) and await get_office(request).act(
        lambda uow: undo(uow, visit.actor, campaign, number)
    )
    note = message("desk.undone") if is_undone else message("desk.too_late")
    return await _show_desk(request, visit, campaign, note=note)


@needs(Right.CHECK_IN)
async def open_form(request: Request, visit: Visit) -> Response:
    """Offer the form on one page; of the last person only the village and language are kept."""
    campaign = await get_asked(request, visit, Right.CHECK_IN)
    entries = _keep_from_last(request, visit)
    return _show_form(request, visit, campaign, draw_tag(), entries, {})


@needs(Right.CHECK_IN)
async def find_places(request: Request, visit: Visit) -> Response:
    """Offer the places that may be meant while one is typed, those near the desk first."""
    campaign = await get_asked(request, visit, Right.CHECK_IN)
    given = request.query_params
    text = clean(given.get("home", "") or given.get("workplace", ""))[:LONGEST_TEXT]
    codes: list[str] = []
    if len(text) >= SHORTEST_SEARCH:
        search = get_office(request).desk.gazetteer.search
        for within in (campaign.plan.place, None):
            matches = await asyncio.to_thread(search, text, within=within, limit=MOST_OFFERED)
            codes += [place.code for place in matches.places]
    return page(request, visit, "_desk_places.html", codes=list(dict.fromkeys(codes)))


@needs(Right.CHECK_IN)
async def register_somebody(request: Request, visit: Visit) -> Response:
    """Register somebody and check them in, or show what cannot be taken yet."""
    campaign = await get_asked(request, visit, Right.CHECK_IN)
    office, form = get_office(request), await request.form()
    tag = str(form.get("tag", ""))[:LONGEST_TAG]
    if not tag.startswith(TAG):
        raise HTTPException(400)
    entries = _read_entries(form, list_desk_questions(office.desk.form))
    filled = _fill(request, visit, campaign, tag, entries)
    if filled.troubles:
        return _show_form(request, visit, campaign, tag, entries, filled.troubles, 400)
    context = make_context(office.desk, office.clock(), visit.locale)
    try:
        number = await office.act(
            lambda uow: register(uow, office.desk, visit.actor, campaign, filled.draft, context)
        )
    except NotToday:
        raise HTTPException(404) from None
    home, language = filled.draft.answers["home"], filled.draft.answers["language"]
    slip = f"/campaigns/{campaign.id}/desk/{number}"
    return RedirectResponse(f"{slip}?home={home}&language={language}", 303)


@needs(Right.CHECK_IN)
async def open_slip(request: Request, visit: Visit) -> Response:
    """Show the slip of somebody whom this desk has registered today, to be printed or copied."""
    campaign = await get_asked(request, visit, Right.CHECK_IN)
    number = str(request.path_params["number"])
    if not is_valid(number):
        raise HTTPException(404)
    slip = await _find_slip(request, visit, campaign, number)
    if slip is None:
        raise HTTPException(404)
    return page(
        request,
        visit,
        "desk_slip.html",
        campaign=campaign,
        slip=slip,
        home=request.query_params.get("home", ""),
        language=request.query_params.get("language", ""),
        bot=get_office(request).bot_name(),
    )


async def _find_slip(
    request: Request, visit: Visit, campaign: Campaign, number: str
) -> Slip | None:
    """Find a slip, and write down who looks at it."""
    office = get_office(request)
    if not is_today(campaign, office.clock(), office.desk.time_zone):
        return None
    since = start_of_event(campaign.plan, office.desk.time_zone)
    async with office.database.read() as connection:
        slip = await attendances.find_slip(connection, campaign.plan.code, number, since)

    async def note(uow: UnitOfWork) -> None:
        uow.record(note_staff("see_slip", number, visit.actor, {"campaign": campaign.id}))

    if slip is not None:
        await office.act(note)
    return slip


async def _show_desk(
    request: Request,
    visit: Visit,
    campaign: Campaign,
    admission: Admission | None = None,
    *,
    problem: Text | None = None,
    note: Text | None = None,
    text: str = "",
    status: int = 200,
) -> Response:
    office = get_office(request)
    async with office.database.read() as connection:
        came = await attendances.count_came(connection, campaign.id)
    return page(
        request,
        visit,
        "desk.html",
        400 if problem else status,
        campaign=campaign,
        admission=admission,
        problem=problem,
        note=note,
        text=text,
        came=came,
        may_open=may_open(visit, campaign),
        is_today=is_today(campaign, office.clock(), office.desk.time_zone),
        shown_number=format_number(admission.guest.number) if admission else "",
    )


def _show_form(
    request: Request,
    visit: Visit,
    campaign: Campaign,
    tag: str,
    entries: Mapping[str, Entry],
    troubles: Mapping[str, Trouble],
    status: int = 200,
) -> Response:
    office = get_office(request)
    questions = list_desk_questions(office.desk.form)
    return page(
        request,
        visit,
        "desk_register.html",
        status,
        campaign=campaign,
        tag=tag,
        questions={question.name: question for question in questions},
        titles=TITLES,
        who_agrees=WHO_AGREES,
        entries={question.name: entries.get(question.name, Entry()) for question in questions},
        troubles={name: troubles[name] for name in ORDER if name in troubles},
        occupations=list_occupations(office.desk.occupations, visit.locale),
        is_today=is_today(campaign, office.clock(), office.desk.time_zone),
    )


def _fill(
    request: Request, visit: Visit, campaign: Campaign, tag: str, entries: Mapping[str, Entry]
) -> Filled:
    office = get_office(request)
    context = make_context(office.desk, office.clock(), visit.locale)
    plan = campaign.plan
    return fill(office.desk.form, entries, context, tag, plan.code, plan.place)


def _keep_from_last(request: Request, visit: Visit) -> dict[str, Entry]:
    """Fill in the village of whoever was registered just before: neighbours come together."""
    office, home = get_office(request), request.query_params.get("home", "")
    entries = {"language": Entry(chosen=(request.query_params.get("language", "km"),))}
    if len(home) == 8 and office.desk.gazetteer.find(home) is not None:
        name = office.desk.gazetteer.describe(home, visit.locale)
        entries["home"] = Entry(name, (f"p.{home}",), name)
    return entries


def _read_entries(form: FormData, questions: Iterable[Question]) -> dict[str, Entry]:
    """Read what was typed and chosen at each question."""
    return {
        question.name: Entry(
            " ".join(str(form.get(question.name, "")).split())[:LONGEST_TEXT],
            tuple(str(one)[:LONGEST_TAG] for one in form.getlist(f"{question.name}.choice")),
            str(form.get(f"{question.name}.for", ""))[:LONGEST_TEXT],
        )
        for question in questions
    }


routes = [
    Route("/campaigns/{id}/desk", open_desk),
    Route("/campaigns/{id}/desk", check_in, methods=["POST"]),
    Route("/campaigns/{id}/desk/undo", undo_check_in, methods=["POST"]),
    Route("/campaigns/{id}/desk/register", open_form),
    Route("/campaigns/{id}/desk/register", register_somebody, methods=["POST"]),
    Route("/campaigns/{id}/desk/places", find_places),
    Route("/campaigns/{id}/desk/{number}", open_slip),
]
