"""Writing a notice: the form, its file, and the check with samples."""

from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import notice_files
from db.notices import StoredNotice
from domain.audiences import WrongAudience
from domain.campaigns import Occasion
from domain.notice_content import read_content
from domain.notices import UNASKED, Act, Refusal, Refused, Status
from domain.staff import Right
from domain.texts import Text, message
from services import notice_writing
from services.notice_access import TO_READ, NoSuchNotice, get_scope
from services.notice_audiences import NotTheirs
from services.notice_writing import Written
from web.audience_form import ALL, NONE, Problems, Typed
from web.audience_words import Described
from web.kept_audiences import keep_named, say_not_theirs, say_wrong, use_audience
from web.notice_checked import Checked, check_notice
from web.notice_differing import list_differing
from web.notice_editor import describe_editor
from web.notice_files import LARGEST_PHOTO, MEGABYTE, WrongFile, read_file
from web.notice_form import ReadForm, read_form, write_form
from web.notice_page import (
    FoundNotice,
    find_last_writer,
    get_notice,
    may_edit,
    may_write_for,
    read_version,
)
from web.notice_words import SAMPLED, say_why_closed
from web.office import Office
from web.place_choices import NAMED, find_places, forget_named, list_unmeant
from web.templating import page
from web.visits import Visit, get_office, needs

LARGEST_FORM = (LARGEST_PHOTO + 1) * MEGABYTE
NOT_SAVED = message("notices.wrong.not_saved")


@dataclass(frozen=True)
class Edited:
    """What a press of a button came to: the form again, with what there is to say.

    `trouble` is why it is not saved; `written` what it says, if the stored one is to be shown
    beside it because somebody else changed that meanwhile.
    """

    typed: Typed
    problems: Problems
    said: Text | None = None
    checked: Checked | None = None
    trouble: Text | None = None
    written: Written | None = None
    is_saved: bool = True


@needs(Right.WRITE_NOTICES)
async def show_form(request: Request, visit: Visit) -> Response:
    """Show a draft to be written; what is no draft any more is shown with why."""
    found, office = await _get_written(request, visit), get_office(request)
    if not may_edit(found, visit.actor.staff):
        return RedirectResponse(f"/notices/{found.stored.id}?done={Act.EDIT}", 303)
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
    found, form = await _get_written(request, visit), await request.form()
    try:
        return await _take_form(request, visit, found, form)
    except Refused as refused:
        again = await _get_written(request, visit)
        edited = await _explain_refusal(get_office(request), again, form, refused.refusal)
        return await _show(request, visit, again, edited)


async def _take_form(
    request: Request, visit: Visit, found: FoundNotice, form: FormData
) -> Response:
    office, typed, done = get_office(request), Typed.of(form), str(form.get("do", ""))
    typed = _check_version(office, found, typed)
    problems, typed = await _take_file(office, visit, found, form, typed)
    if done == "use_audience":
        typed = await use_audience(office, visit, typed, problems)
    found = await _get_written(request, visit)
    if done == "find_place":
        return await _show(request, visit, found, Edited(typed, problems, is_saved=False))
    read = _read(office, found, typed)
    unmeant = list_unmeant(office.desk.gazetteer, typed, get_scope(found.author))
    if not read.is_readable or unmeant:
        wrong = {**read.problems, **problems, **unmeant}
        return await _show(request, visit, found, Edited(typed, wrong, trouble=NOT_SAVED))
    typed = forget_named(typed)
    wrong = await _save(office, visit, found, typed, read.written)
    if wrong:
        wrong = {**read.problems, **wrong}
        return await _show(request, visit, found, Edited(typed, wrong, trouble=NOT_SAVED))
    typed = _see_version(typed, read_version(typed.one("version")) + 1)
    found = await _get_written(request, visit)
    edited = await _go_on(office, visit, found, done, typed, read, problems)
    return await _show(request, visit, found, edited)


@needs(Right.WRITE_NOTICES)
async def offer_places(request: Request, visit: Visit) -> Response:
    """Offer the places that may be meant while one is typed."""
    found, asked = await _get_written(request, visit), request.query_params
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
            checked = await check_notice(office, visit, found)
            return Edited(typed, {**read.problems, **problems}, None, checked)
        case "save_audience":
            problems = problems | await keep_named(office, visit, typed, read.written)
            return Edited(typed, problems, None if problems else message("notices.saved_audience"))
        case "use_audience":
            said = None if problems else message("notices.used_audience")
            return Edited(typed, problems, said)
    return Edited(typed, problems, None if problems else message("notices.saved_now"))


def _check_version(office: Office, found: FoundNotice, typed: Typed) -> Typed:
    """Let only the version be written that was read, unless what is stored is the same.

    Raises:
        Refused: somebody has changed it meanwhile, or it is no draft any more.
    """
    stored = found.stored
    if stored.notice.status is not Status.DRAFT:
        raise Refused(Act.EDIT, Refusal.WRONG_STATUS)
    if read_version(typed.one("version")) == stored.notice.version:
        return typed
    written = _read(office, found, typed).written
    if list_differing(written, stored, found.audience, Described((), ()), {}):
        raise Refused(Act.EDIT, Refusal.CHANGED)
    return _see_version(typed, stored.notice.version)


def _see_version(typed: Typed, version: int) -> Typed:
    return typed.replace(("version",), {"version": (str(version),)})


def _read(office: Office, found: FoundNotice, typed: Typed) -> ReadForm:
    kind = read_content(found.stored.notice.content).file_kind
    return read_form(typed, kind, office.clock(), office.desk.time_zone)


async def _explain_refusal(
    office: Office, found: FoundNotice, form: FormData, refusal: Refusal
) -> Edited:
    """Say why nothing was saved, and lose nothing of what was typed."""
    typed, sent = Typed.of(form), form.get("file")
    problems: Problems = {}
    if isinstance(sent, UploadFile) and sent.filename:
        problems["file"] = [message("notices.wrong.file_again")]
    if refusal is not Refusal.CHANGED:
        why = message("notices.wrong.closed", why=say_why_closed(found.stored.notice.status))
        return Edited(typed, problems, trouble=why)
    async with office.database.read() as connection:
        name = await find_last_writer(connection, found.stored.id)
    why = (
        message("notices.wrong.changed_by", name=name) if name else message("notices.wrong.changed")
    )
    written = _read(office, found, typed).written
    typed = _see_version(typed, found.stored.notice.version)
    return Edited(typed, problems, trouble=why, written=written)


async def _take_file(
    office: Office, visit: Visit, found: FoundNotice, form: FormData, typed: Typed
) -> tuple[Problems, Typed]:
    """Keep the file that was sent at once: a form that is shown again cannot hold it."""
    sent, notice_id = form.get("file"), found.stored.id
    version = read_version(typed.one("version"))
    try:
        if isinstance(sent, UploadFile) and sent.filename:
            file = read_file(await sent.read())
            await office.act(
                lambda uow: notice_writing.attach_file(
                    uow,
                    visit.actor,
                    notice_id,
                    file.kind,
                    file.filename,
                    file.mime,
                    file.content,
                    version,
                )
            )
        elif form.get("drop_file"):
            await office.act(
                lambda uow: notice_writing.detach_file(uow, visit.actor, notice_id, version)
            )
        else:
            return {}, typed
    except WrongFile as wrong:
        return {"file": [wrong.words]}, typed
    except NoSuchNotice:
        raise HTTPException(404) from None
    return {}, _see_version(typed, version + 1)


async def _save(
    office: Office, visit: Visit, found: FoundNotice, typed: Typed, written: Written
) -> Problems:
    """Save a draft, or say beside which field it asks for more than its writer may."""
    version = read_version(typed.one("version"))
    try:
        await office.act(
            lambda uow: notice_writing.edit(uow, visit.actor, found.stored.id, written, version)
        )
    except WrongAudience as wrong:
        return say_wrong(wrong)
    except NotTheirs as refused:
        return say_not_theirs(refused, typed)
    except NoSuchNotice:
        raise HTTPException(404) from None
    return {}


async def _show(request: Request, visit: Visit, found: FoundNotice, edited: Edited) -> Response:
    office = get_office(request)
    values = await describe_editor(office, visit, found, edited.typed, edited.problems)
    differing = []
    if edited.written is not None:
        stored, days = values["stored"], dict(values["campaigns"])
        differing = list_differing(edited.written, found.stored, found.audience, stored, days)
    return page(
        request,
        visit,
        "notice_edit.html",
        _tell_status(edited),
        said=edited.said,
        trouble=edited.trouble,
        differing=differing,
        is_saved=edited.is_saved and edited.trouble is None,
        checked=edited.checked,
        is_unasked=found.stored.notice.topic in UNASKED,
        sampled=SAMPLED,
        per_week=office.desk.notices_per_week,
        **values,
    )


def _tell_status(edited: Edited) -> int:
    if edited.problems and edited.checked is None:
        return 400
    return 409 if edited.trouble else 200


async def _get_written(request: Request, visit: Visit) -> FoundNotice:
    """Return a notice that the visitor might change, were it a draft."""
    found = await get_notice(request, visit)
    if not may_write_for(found, visit.actor.staff):
        raise HTTPException(404)
    return found


routes = [
    Route("/notices/{notice}/edit", show_form),
    Route("/notices/{notice}/edit", send_form, methods=["POST"], max_body_size=LARGEST_FORM),
    Route("/notices/{notice}/places", offer_places),
    Route("/notices/{notice}/file", show_file),
]
