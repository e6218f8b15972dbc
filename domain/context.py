"""What the dialogue may know besides the draft."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.occupations import Occupations
from domain.places import Gazetteer


@dataclass(frozen=True)
class Context:
    """The moment, the person's Telegram profile, and the installation's settings.

    `helper_phone` (E.164) is the proven number of the chat's owner, offered when they register
    somebody else. `new_tag` is used only when a draft begins. `question_message_id` is the message
    with the open question's inline buttons, where it is known.
    """

    now: datetime
    today: date
    gazetteer: Gazetteer
    occupations: Occupations
    locale: str | None
    first_name: str = ""
    last_name: str = ""
    specimen: bool = True
    minimum_age: int = 15
    registered_before: bool = False
    helper_phone: str | None = None
    new_tag: str = ""
    question_message_id: int | None = None
