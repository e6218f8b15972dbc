"""The types of questions by their names."""

from collections.abc import Mapping

from domain.answers.birth_date import BIRTH_DATE
from domain.answers.identity import IDENTITY
from domain.answers.name import NAME_KM, NAME_LATIN
from domain.answers.occupation import OCCUPATION
from domain.answers.phone import OWN_PHONE, PHONE
from domain.answers.photo import PHOTO
from domain.answers.place import PLACE
from domain.answers.select_multiple import SELECT_MULTIPLE
from domain.answers.select_one import CONSENT, LANGUAGE, SELECT_ONE
from domain.answers.types import AnswerType
from domain.answers.workplace import WORKPLACE
from domain.form import Answers
from domain.route import Step, get_answer
from domain.texts import Text, message

ANSWER_TYPES: Mapping[str, AnswerType] = {
    "birth_date": BIRTH_DATE,
    "consent": CONSENT,
    "identity": IDENTITY,
    "language": LANGUAGE,
    "name_km": NAME_KM,
    "name_latin": NAME_LATIN,
    "occupation": OCCUPATION,
    "own_phone": OWN_PHONE,
    "phone": PHONE,
    "photo": PHOTO,
    "place": PLACE,
    "select_multiple": SELECT_MULTIPLE,
    "select_one": SELECT_ONE,
    "workplace": WORKPLACE,
}


def show_answer(step: Step, answers: Answers) -> Text:
    """Write the answer of a step that has one."""
    value = get_answer(step, answers)
    if value is None:
        return message("answer.skipped")
    return ANSWER_TYPES[step.question.type].show(step.question, value)
