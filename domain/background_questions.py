"""The optional part of the form: sensitive or private things, each of which may be skipped."""

from domain.form import Answers, Choice, Question
from domain.texts import message


def _tells_more(answers: Answers) -> bool:
    return answers.get("background") == "yes"


BACKGROUND_QUESTIONS = (
    Question(
        "schooling",
        "select_one",
        message("ask.schooling"),
        title=message("title.schooling"),
        hint=message("hint.optional"),
        choices=(
            Choice("none", message("schooling.none")),
            Choice("primary", message("schooling.primary")),
            Choice("lower_secondary", message("schooling.lower_secondary")),
            Choice("upper_secondary", message("schooling.upper_secondary")),
            Choice("vocational", message("schooling.vocational")),
            Choice("university", message("schooling.university")),
        ),
        columns=2,
        required=False,
        relevant=_tells_more,
    ),
    Question(
        "health",
        "select_one",
        message("ask.health"),
        title=message("title.health"),
        hint=message("hint.optional"),
        choices=(
            Choice("good", message("health.good")),
            Choice("sometimes_ill", message("health.sometimes_ill")),
            Choice("long_illness", message("health.long_illness")),
        ),
        required=False,
        relevant=_tells_more,
    ),
    Question(
        "disability",
        "select_one",
        message("ask.disability"),
        title=message("title.disability"),
        hint=message("hint.optional"),
        choices=(
            Choice("none", message("disability.none")),
            Choice("seeing", message("disability.seeing")),
            Choice("hearing", message("disability.hearing")),
            Choice("moving", message("disability.moving")),
            Choice("other", message("disability.other")),
        ),
        required=False,
        relevant=_tells_more,
    ),
    Question(
        "household",
        "select_one",
        message("ask.household"),
        title=message("title.household"),
        hint=message("hint.optional"),
        choices=(
            Choice("1", message("household.1")),
            Choice("2_3", message("household.2_3")),
            Choice("4_5", message("household.4_5")),
            Choice("6_8", message("household.6_8")),
            Choice("over_8", message("household.over_8")),
        ),
        columns=2,
        required=False,
        relevant=_tells_more,
    ),
    Question(
        "association",
        "select_one",
        message("ask.association"),
        title=message("title.association"),
        hint=message("hint.optional"),
        choices=(
            Choice("none", message("association.none")),
            Choice("association", message("association.association")),
            Choice("union", message("association.union")),
            Choice("cooperative", message("association.cooperative")),
            Choice("savings_group", message("association.savings_group")),
        ),
        required=False,
        relevant=_tells_more,
    ),
    Question(
        "photo",
        "photo",
        message("ask.photo"),
        title=message("title.photo"),
        hint=message("hint.photo"),
        required=False,
        relevant=_tells_more,
    ),
)
