"""What a handler is given: the unit of work of its batch, and the desk."""

from telegram.ext import Application, CallbackContext, ExtBot

from db.unit_of_work import UnitOfWork
from services.desk import Desk
from services.notice_checking import CheckLimit


class Context(CallbackContext[ExtBot[None], dict[object, object], dict[object, object], "Shared"]):
    """python-telegram-bot's context, without its in-memory data."""

    @property
    def uow(self) -> UnitOfWork:
        """The open unit of work."""
        if self.bot_data.uow is None:
            raise RuntimeError("a handler runs only inside a batch")
        return self.bot_data.uow

    @property
    def desk(self) -> Desk:
        """The registration desk."""
        if self.bot_data.desk is None:
            raise RuntimeError("the application was not given its desk")
        return self.bot_data.desk

    @property
    def check_limit(self) -> CheckLimit:
        """How often each person may have texts checked."""
        return self.bot_data.check_limit


class Shared:
    """What all handlers share: nothing that may be lost."""

    def __init__(self) -> None:
        self.uow: UnitOfWork | None = None
        self.desk: Desk | None = None
        self.check_limit = CheckLimit()


BotApplication = Application[
    ExtBot[None], Context, dict[object, object], dict[object, object], Shared, None
]
