"""Turns templates into pages in the visitor's language; every value in them is escaped."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from domain.numbers import format_number as group_number
from domain.staff import Right
from domain.texts import Appointment, OccupationName, PlaceName, Text, Value, message
from locales.catalogue import Names, render_plain
from locales.formats import (
    format_appointment,
    format_date,
    format_datetime,
    format_number,
    format_percent,
    format_short_date,
    format_time,
)
from services.notice_access import TO_READ
from web.office import Office
from web.visits import Visit, choose_locale, get_office, is_allowed
from web.whole_numbers import keep_numbers_whole

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"

NAVIGATION: tuple[tuple[Text, str, *tuple[Right, ...]], ...] = (
    (message("nav.queue"), "/queue", Right.SEE_CASES),
    (message("nav.questions"), "/questions", Right.ANSWER_QUESTIONS),
    (message("nav.notices"), "/notices", *TO_READ),
    (message("nav.campaigns"), "/campaigns", Right.CHECK_IN, Right.SEE_RESULTS),
    (message("nav.overview"), "/", Right.SEE_COUNTS),
    (message("nav.staff"), "/staff", Right.MANAGE_STAFF),
    (message("nav.imports"), "/imports", Right.IMPORT),
    (message("nav.audit"), "/audit", Right.SEE_AUDIT),
)
"""The parts of the site in the order of the menu, each with the rights of which it asks for one."""


def page(
    request: Request, visit: Visit | None, template: str, status: int = 200, **values: Any
) -> HTMLResponse:
    """Show a template in the visitor's language."""
    office = get_office(request)
    locale = visit.locale if visit else choose_locale(request)
    context = {
        "locale": locale,
        "visit": visit,
        "path": request.url.path,
        "here": _tell_here(request),
        "navigation": _list_navigation(visit),
        "specimen": office.desk.specimen,
        "office": office,
        **values,
    }
    html = _environment().get_template(template).render(context)
    return HTMLResponse(keep_numbers_whole(html), status)


@cache
def find_version() -> str:
    """Return what changes whenever a static file does; it is part of their addresses."""
    digest = hashlib.sha256()
    for file in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(file.relative_to(STATIC).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        t=_translate, say=_say, static=_name_static, csrf_field=_write_csrf_field
    )
    environment.filters.update(
        amount=_amount,
        date=_date,
        day=_day,
        time=_time,
        moment=_moment,
        appointment=_appointment,
        number=group_number,
        percent=_percent,
        place=_place,
        short_place=_short_place,
        occupation=_occupation,
    )
    return environment


def _tell_here(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _list_navigation(visit: Visit | None) -> list[tuple[Text, str]]:
    if visit is None:
        return []
    staff = visit.actor.staff
    return [
        (name, path)
        for name, path, *rights in NAVIGATION
        if any(is_allowed(staff, right) for right in rights)
    ]


@pass_context
def _translate(context: Context, text_id: str, /, **values: Value) -> str:
    return _say(context, Text(text_id, values))


@pass_context
def _say(context: Context, text: Text) -> str:
    return render_plain(text, _locale(context), _names(context))


def _name_static(path: str) -> str:
    return f"/static/{find_version()}/{path}"


@pass_context
def _write_csrf_field(context: Context) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(context["visit"].csrf)


@pass_context
def _amount(context: Context, number: int) -> str:
    return format_number(number, _locale(context))


@pass_context
def _date(context: Context, day: date) -> str:
    return format_date(_in_house(context, day), _locale(context))


@pass_context
def _day(context: Context, day: date) -> str:
    return format_short_date(_in_house(context, day), _locale(context))


@pass_context
def _time(context: Context, at: datetime) -> str:
    return format_time(at, _locale(context))


@pass_context
def _moment(context: Context, at: datetime) -> str:
    return format_datetime(at, _locale(context))


@pass_context
def _appointment(context: Context, hours: Appointment) -> str:
    return format_appointment(hours.at, _locale(context), hours.until)


@pass_context
def _percent(context: Context, ratio: float) -> str:
    return format_percent(ratio, _locale(context))


@pass_context
def _place(context: Context, code: str) -> str:
    return _name(context, PlaceName(code))


@pass_context
def _short_place(context: Context, code: str) -> str:
    return _name(context, PlaceName(code, short=True))


@pass_context
def _occupation(context: Context, key: str) -> str:
    return _name(context, OccupationName(key))


def _name(context: Context, name: PlaceName | OccupationName) -> str:
    gazetteer, occupations = _names(context).gazetteer, _names(context).occupations
    locale = _locale(context)
    if isinstance(name, OccupationName):
        return occupations.name(name.key, locale) if occupations.find(name.key) else name.key
    if gazetteer.find(name.code) is None:
        return name.code
    return (gazetteer.short if name.short else gazetteer.describe)(name.code, locale)


def _in_house(context: Context, day: date) -> date:
    """Return the day on the house's calendar, of a moment too."""
    if isinstance(day, datetime):
        return day.astimezone(_office(context).desk.time_zone).date()
    return day


def _names(context: Context) -> Names:
    return _office(context).desk.names


def _office(context: Context | Mapping[str, Any]) -> Office:
    office: Office = context["office"]
    return office


def _locale(context: Context | Mapping[str, Any]) -> str:
    locale: str = context["locale"]
    return locale
