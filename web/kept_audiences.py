"""Audiences kept under a name: filled into the form of a notice, and kept from it."""

from db import audiences
from domain.audiences import TooMuchAsked, WrongAudience
from domain.texts import message
from domain.whole_numbers import read_number
from services.notice_audiences import NameTaken, NotTheirs, is_known, keep_audience
from services.notice_writing import Written
from web.audience_form import ALL, NONE, OTHER, Problems, Typed, write_audience
from web.notice_words import NOT_THEIRS
from web.office import Office
from web.visits import Visit

LONGEST_NAME = 80


async def use_audience(office: Office, visit: Visit, typed: Typed, problems: Problems) -> Typed:
    """Fill in an audience that was kept; nothing else that was typed changes."""
    chosen = read_number(typed.one("saved"))
    async with office.database.read() as connection:
        saved = None if chosen is None else await audiences.find(connection, chosen)
    if saved is None or not is_known(saved, visit.actor.staff):
        problems["saved"] = [message("notices.wrong.saved")]
        return typed
    return typed.replace((ALL, NONE), write_audience(saved.audience))


async def keep_named(office: Office, visit: Visit, typed: Typed, written: Written) -> Problems:
    """Keep whom a notice is for under the name that was typed, or say what is wrong with it."""
    name = " ".join(typed.one("audience_name").split())
    if not 0 < len(name) <= LONGEST_NAME:
        words = message("notices.wrong.audience_name", most=LONGEST_NAME)
        return {"audience_name": [words]}
    try:
        await office.act(lambda uow: keep_audience(uow, visit.actor, name, written.audience))
    except NameTaken:
        return {"audience_name": [message("notices.wrong.audience_known")]}
    except NotTheirs as refused:
        return say_not_theirs(refused, typed)
    except WrongAudience as wrong:
        return say_wrong(wrong)
    return {}


def say_wrong(wrong: WrongAudience) -> Problems:
    """Say what is wrong with an audience as a whole."""
    is_too_much = isinstance(wrong, TooMuchAsked)
    too_much, combined = message("notices.wrong.audience"), message("notices.wrong.combined")
    return {"audience": [too_much if is_too_much else combined]}


def say_not_theirs(refused: NotTheirs, typed: Typed) -> Problems:
    """Say beside which field somebody asks for more than they may."""
    field, words = NOT_THEIRS[refused.field]
    ticked = [
        name
        for name in (ALL + OTHER, NONE + OTHER)
        if any(one.startswith(f"{refused.field}=") for one in typed.all(name))
    ]
    return {next(iter(ticked), field): [words]}
