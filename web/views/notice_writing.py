"""Writing a notice: the form, its file, the check with samples, and audiences kept by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db import audiences, notice_files
from db.notices import StoredNotice
from domain.audiences import WrongAudience
from domain.campaigns import Occasion
from domain.notice_content import read_content
from domain.notices import Refused, Topic
from domain.staff import Right
from domain.texts import Text, message
from services import notice_writing
from services.notice_access import TO_READ, NoSuchNotice, get_scope
from services.notice_audiences import NameTaken, NotTheirs, is_known, keep_audience
from services.notice_samples import draw_samples, note_samples
from services.notice_trials import EXAMPLE
from services.notice_writing import Written
from web.audience_form import ALL, NONE, OTHER, Problems, Typed, write_audience
from web.notice_editor import describe_editor
from web.notice_files import LARGEST_PHOTO, MEGABYTE, WrongFile, read_file
from web.notice_form import ReadForm, read_form, write_form
from web.notice_page import FoundNotice, get_notice, may_edit
from web.notice_preview import Preview, preview
from web.notice_words import NOT_THEIRS, SAMPLED, word_left_out
from web.office import Office
from web.place_choices import NAMED, find_places, forget_named, list_unmeant
from web.templating import page
from web.visits import Visit, get_office, needs

LARGEST_FORM = (LARGEST_PHOTO + 1) * MEGABYTE
LONGEST_NAME = 80
NOT_SAVED = message("notices.wrong.not_saved")


@dataclass(frozen=True)
class Sample:
    """A notice as one of its recipients would see it, in `locale` and in the other language.

    An invented person has neither a number nor a language.
    """

    number: str | None
    locale: str | None
    previews: Mapping[str, Preview]


@dataclass(frozen=True)
class Checked:
    """How many would get a notice at a moment, and how it looks to some of them.

    Without a count it is few, and this visitor may not know how many, nor who.
    """

    count: int | None
    at: datetime
    samples: list[Sample]
    left_out: Sequence[Text] = ()


@dataclass(frozen=True)
class Edited:
    """What a press of a button came to: the form again, with what there is to say.

    `trouble` is why it is not saved.
    """

    typed: Typed
    problems: Problems
    said: Text | None = None
    checked: Checked | None = None
    trouble: Text | None = None


@needs(Right.WRITE_NOTICES)
async def show_form(request: Request, visit: Visit) -> Response:
    """Show a draft to be written."""
    found, office = await _get_draft(request, visit), get_office(request)
    typed = write_form(found.stored, found.audience, office.desk.time_zone)
    said = _word_copied(request.query_params.get("copied"), found.stored)
    return await _show(request, visit, found, Edited(typed, {}, said))


def _word_copied(copied: str | None, stored: StoredNotice) -> Text | None:
    """Say what a copy is, and above all whether it still belongs to an event day."""
    if copied is None:
        return None
    if stored.occasion is Occasion.INVITATION:
        return message("notices.done.copy_invitation")
    is_parted = copied == "plain" and stored.campaign_id is None
    return message("notices.done.copy_plain") if is_parted else message("notices.done.copy")


@needs(Right.WRITE_NOTICES)
async def send_form(request: Request, visit: Visit) -> Response:
    """Keep what was typed as far as it can be read, and say what is wrong with it."""
    found, office = await _get_draft(request, visit), get_office(request)
    form = await request.form()
    typed, done = Typed.of(form), str(form.get("do", ""))
    problems = await _take_file(office, visit, found, form)
    if done == "use_audience":
        typed = await _use_audience(office, visit, typed, problems)
    found = await _get_draft(request, visit)
    if done == "find_place":
        return await _show(request, visit, found, Edited(typed, problems))
    kind = read_content(found.stored.notice.content).file_kind
    read = read_form(typed, kind, office.clock(), office.desk.time_zone)
    unmeant = list_unmeant(office.desk.gazetteer, typed, get_scope(found.author))
    if not read.is_readable or unmeant:
        wrong = {**read.problems, **problems, **unmeant}
        return await _show(request, visit, found, Edited(typed, wrong, trouble=NOT_SAVED))
    typed = forget_named(typed)
    wrong = await _save(office, visit, found, typed, read.written)
    if wrong:
        wrong = {**read.problems, **wrong}
        return await _show(request, visit, found, Edited(typed, wrong, trouble=NOT_SAVED))
    found = await _get_draft(request, visit)
    edited = await _go_on(office, visit, found, done, typed, read, problems)
    return await _show(request, visit, found, edited)


@needs(Right.WRITE_NOTICES)
async def offer_places(request: Request, visit: Visit) -> Response:
    """Offer the places that may be meant while one is typed."""
    found, asked = await _get_draft(request, visit), request.query_params
    prefix = NONE if asked.get("prefix") == NONE else ALL
    name, scope = f"{prefix}place", get_scope(found.author)
    codes = find_places(get_office(request).desk.gazetteer, asked.get(prefix + NAMED, ""), scope)
    ticked = asked.getlist(name)
    return page(request, visit, "_notice_places.html", name=name, codes=codes, ticked=ticked)


@needs(*TO_READ)
async def show_file(request: Request, visit: Visit) -> Response:
    """Show the file that goes with a notice."""
    found, office = await get_notice(request, visit, to_read=True), get_office(request)
    async with office.database.read() as connection:
        file = await notice_files.find(connection, found.stored.id)
    if file is None:
        raise HTTPException(404)
    name = f'inline; filename="{file.filename}"'
    return Response(file.content, media_type=file.mime, headers={"Content-Disposition": name})


async def _go_on(
    office: Office,
    visit: Visit,
    found: FoundNotice,
    done: str,
    typed: Typed,
    read: ReadForm,
    problems: Problems,
) -> Edited:
    """Do what the pressed button says besides saving."""
    match done:
        case "check":
            checked = await _check(office, visit, found)
            return Edited(typed, {**read.problems, **problems}, None, checked)
        case "save_audience":
            problems = problems | await _keep_audience(office, visit, typed, read.written)
            return Edited(typed, problems, None if problems else message("notices.saved_audience"))
        case "use_audience":
            said = None if problems else message("notices.used_audience")
            return Edited(typed, problems, said)
    return Edited(typed, problems, None if problems else message("notices.saved_now"))


async def _take_file(office: Office, visit: Visit, found: FoundNotice, form: FormData) -> Problems:
    """Keep the file that was sent at once: a form that is shown again cannot hold it."""
    sent, notice_id = form.get("file"), found.stored.id
    try:
        if isinstance(sent, UploadFile) and sent.filename:
            file = read_file(await sent.read())
            await office.act(
                lambda uow: notice_writing.attach_file(
                    uow, visit.actor, notice_id, file.kind, file.filename, file.mime, file.content
                )
            )
        elif form.get("drop_file"):
            await office.act(lambda uow: notice_writing.detach_file(uow, visit.actor, notice_id))
    except WrongFile as wrong:
        return {"file": [wrong.words]}
    except (Refused, NoSuchNotice):
        raise HTTPException(404) from None
    return {}


async def _save(
    office: Office, visit: Visit, found: FoundNotice, typed: Typed, written: Written
) -> Problems:
    """Save a draft, or say beside which field it asks for more than its writer may."""
    try:
        await office.act(
            lambda uow: notice_writing.edit(uow, visit.actor, found.stored.id, written)
        )
    except WrongAudience:
        return {"audience": [message("notices.wrong.combined")]}
    except NotTheirs as refused:
        return _say_not_theirs(refused, typed)
    except (Refused, NoSuchNotice):
        raise HTTPException(404) from None
    return {}


def _say_not_theirs(refused: NotTheirs, typed: Typed) -> Problems:
    field, words = NOT_THEIRS[refused.field]
    ticked = [
        name
        for name in (ALL + OTHER, NONE + OTHER)
        if any(one.startswith(f"{refused.field}=") for one in typed.all(name))
    ]
    return {next(iter(ticked), field): [words]}


async def _use_audience(office: Office, visit: Visit, typed: Typed, problems: Problems) -> Typed:
    """Fill in an audience that was kept; nothing else that was typed changes."""
    chosen = typed.one("saved")
    async with office.database.read() as connection:
        saved = await audiences.find(connection, int(chosen)) if _is_id(chosen) else None
    if saved is None or not is_known(saved, visit.actor.staff):
        problems["saved"] = [message("notices.wrong.saved")]
        return typed
    return typed.replace((ALL, NONE), write_audience(saved.audience))


async def _keep_audience(office: Office, visit: Visit, typed: Typed, written: Written) -> Problems:
    name = " ".join(typed.one("audience_name").split())
    if not 0 < len(name) <= LONGEST_NAME:
        words = message("notices.wrong.audience_name", most=LONGEST_NAME)
        return {"audience_name": [words]}
    try:
        await office.act(lambda uow: keep_audience(uow, visit.actor, name, written.audience))
    except NameTaken:
        return {"audience_name": [message("notices.wrong.audience_known")]}
    except NotTheirs as refused:
        return _say_not_theirs(refused, typed)
    return {}


async def _check(office: Office, visit: Visit, found: FoundNotice) -> Checked:
    """Count and draw as the draft is stored now, and show nobody before that is written down."""
    now, stored, reader = office.clock(), found.stored, visit.actor.staff
    async with office.database.read() as connection:
        sampled = await draw_samples(connection, office.desk, stored, found.author, reader, now)
    await office.act(lambda uow: note_samples(uow, visit.actor, stored, sampled))
    content = read_content(stored.notice.content)
    if sampled.is_hidden:
        invented = Sample(None, None, preview(office.desk, content, stored.id, EXAMPLE))
        return Checked(None, now, [invented])
    samples = [
        Sample(
            facts.number,
            facts.locale or office.desk.default_locale,
            preview(office.desk, content, stored.id, facts),
        )
        for facts in sampled.facts
    ]
    return Checked(sampled.count, now, samples, word_left_out(sampled.reach))


async def _show(request: Request, visit: Visit, found: FoundNotice, edited: Edited) -> Response:
    office = get_office(request)
    values = await describe_editor(office, visit, found, edited.typed, edited.problems)
    status = 400 if edited.problems and edited.checked is None else 200
    return page(
        request,
        visit,
        "notice_edit.html",
        status,
        said=edited.said,
        trouble=edited.trouble,
        checked=edited.checked,
        is_unasked=found.stored.notice.topic is Topic.MY_APPLICATION,
        sampled=SAMPLED,
        per_week=office.desk.notices_per_week,
        **values,
    )


async def _get_draft(request: Request, visit: Visit) -> FoundNotice:
    found = await get_notice(request, visit)
    if not may_edit(found, visit.actor.staff):
        raise HTTPException(404)
    return found


def _is_id(given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) <= LONGEST_ID


LONGEST_ID = 12

routes = [
    Route("/notices/{notice}/edit", show_form),
    Route("/notices/{notice}/edit", send_form, methods=["POST"], max_body_size=LARGEST_FORM),
    Route("/notices/{notice}/places", offer_places),
    Route("/notices/{notice}/file", show_file),
]
