"""Questions that people wrote to an office, and its answers."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from db import case_files, questions, staff
from db.questions import AskedQuestion
from db.unit_of_work import UnitOfWork
from domain.questions import QuestionStatus, quote
from domain.staff import Right
from domain.texts import Text, message
from services.audit import note_staff
from services.promises import make_promise
from services.questions import NoSuchQuestion, answer
from services.queue import note_list
from web.case_page import get_scope
from web.clocks import Clock, read_clock
from web.office import Office
from web.templating import page
from web.visits import Visit, get_id, get_office, needs

LONGEST_ANSWER = 1_000
LONGEST_QUOTE = 160


@dataclass(frozen=True)
class Waiting:
    """A question that waits, its first words, and by when it is to be answered."""

    question: AskedQuestion
    words: str
    clock: Clock


@needs(Right.ANSWER_QUESTIONS)
async def list_questions(request: Request, visit: Visit) -> Response:
    """Show the open questions of the visitor's places, the oldest first."""
    office = get_office(request)
    scope = get_scope(visit, Right.ANSWER_QUESTIONS)
    async with office.database.read() as connection:
        count = await questions.count_open(connection, scope)
        found = await questions.list_open(connection, scope)
    await office.act(lambda uow: note_list(uow, visit.actor, "list_questions", len(found)))
    return page(
        request,
        visit,
        "questions.html",
        count=count,
        waiting=[_make_waiting(office, one) for one in found],
        told=request.query_params.get("told"),
    )


@needs(Right.ANSWER_QUESTIONS)
async def open_question(request: Request, visit: Visit) -> Response:
    """Show everything written about a question."""
    return await _show(request, visit)


@needs(Right.ANSWER_QUESTIONS)
async def answer_question(request: Request, visit: Visit) -> Response:
    """Send an answer into the chat of who asked."""
    question = await _get(request, visit)
    office, text = get_office(request), str((await request.form()).get("text", "")).strip()
    if not 0 < len(text) <= LONGEST_ANSWER:
        words = message("questions.answer_length", most=LONGEST_ANSWER)
        return await _show(request, visit, words, 400, text)
    try:
        told = await office.act(
            lambda uow: answer(uow, office.desk, visit.actor, question.id, text)
        )
    except NoSuchQuestion:
        raise HTTPException(404) from None
    return RedirectResponse(f"/questions?told={int(told)}", 303)


async def _show(
    request: Request,
    visit: Visit,
    problem: Text | None = None,
    status: int = 200,
    text: str = "",
) -> Response:
    question, office = await _get(request, visit), get_office(request)
    name = None
    async with office.database.read() as connection:
        if question.number:
            name = await case_files.find_name(connection, question.number, get_scope(visit))
        authors = {one.staff_id for one in question.messages if one.staff_id is not None}
        names = await staff.names_of(connection, authors)

    async def note(uow: UnitOfWork) -> None:
        uow.record(note_staff("open_question", f"question:{question.id}", visit.actor))

    await office.act(note)
    return page(
        request,
        visit,
        "question.html",
        status,
        question=question,
        clock=_read_clock(office, question),
        is_open=question.status is QuestionStatus.OPEN,
        name=name,
        names=names,
        problem=problem,
        text=text,
        most=LONGEST_ANSWER,
    )


async def _get(request: Request, visit: Visit) -> AskedQuestion:
    """Read a question; one that is unknown, taken back or another office's is not here."""
    question_id = get_id(request)
    async with get_office(request).database.read() as connection:
        question = await questions.find(connection, question_id)
    scope = get_scope(visit, Right.ANSWER_QUESTIONS)
    if question is None or not scope.touches(question.office):
        raise HTTPException(404)
    if question.status not in (QuestionStatus.OPEN, QuestionStatus.ANSWERED):
        raise HTTPException(404)
    return question


def _make_waiting(office: Office, question: AskedQuestion) -> Waiting:
    first = question.messages[0].body if question.messages else ""
    return Waiting(question, quote(first, LONGEST_QUOTE), _read_clock(office, question))


def _read_clock(office: Office, question: AskedQuestion) -> Clock:
    due_at = make_promise(office.desk, question.asked_at).due_at
    return read_clock(due_at, office.clock(), office.desk.time_zone)


routes = [
    Route("/questions", list_questions),
    Route("/questions/{id}", open_question),
    Route("/questions/{id}", answer_question, methods=["POST"]),
]
