"""The registration form, version 1: every question in its order.

Work first, identity late, sensitive things last and optional. A new question is one entry here.
"""

from domain.background_questions import BACKGROUND_QUESTIONS
from domain.form import Answers, Choice, Form, Part, Purpose, Question
from domain.texts import Text, message

CONSENT_VERSION = 1
MOST_ACTIVITIES = 5

_YES = ("បាទ", "ចាស", "ចា៎", "យល់ព្រម", "yes", "ok")
_NO = ("ទេ", "មិនយល់ព្រម", "no")


def _is_for_another(answers: Answers) -> bool:
    return answers.get("for_whom") == "other"


def _is_for_oneself(answers: Answers) -> bool:
    return not _is_for_another(answers)


def _has_registered_before(answers: Answers) -> bool:
    return bool(answers.get("registered_before"))


def _hires(answers: Answers) -> bool:
    return answers.get("category") == "micro_enterprise"


def _yes_or_no(
    yes: Text, no: Text, shown_yes: Text | None = None, shown_no: Text | None = None
) -> tuple[Choice, ...]:
    return Choice("yes", yes, _YES, shown_yes), Choice("no", no, _NO, shown_no)


START = Part(
    "start",
    (
        Question(
            "language",
            "language",
            message("ask.language"),
            choices=(
                Choice("km", message("language.km"), ("ខ្មែរ", "khmer")),
                Choice("en", message("language.en"), ("english",)),
            ),
            columns=2,
        ),
        Question(
            "for_whom",
            "select_one",
            message("ask.for_whom"),
            hint=message("hint.for_whom"),
            choices=(
                Choice("other", message("for_whom.other")),
                Choice("self", message("for_whom.self")),
            ),
            relevant=_has_registered_before,
            resets=("who_agrees", "consent", "consent_other", "background", "notices"),
        ),
        Question(
            "who_agrees",
            "select_one",
            message("ask.who_agrees"),
            hint=message("hint.who_agrees"),
            choices=(
                Choice("present", message("who_agrees.present")),
                Choice("guardian", message("who_agrees.guardian")),
            ),
            relevant=_is_for_another,
            resets=("consent_other", "background", "notices"),
        ),
        Question(
            "consent",
            "consent",
            message("ask.consent"),
            hint=message("hint.consent"),
            choices=_yes_or_no(message("consent.yes"), message("consent.no")),
            relevant=_is_for_oneself,
            purpose=Purpose("registration", CONSENT_VERSION),
        ),
        Question(
            "consent_other",
            "consent",
            message("ask.consent_other"),
            hint=message("hint.consent"),
            choices=_yes_or_no(message("consent.yes"), message("consent.no")),
            relevant=_is_for_another,
            purpose=Purpose("registration", CONSENT_VERSION),
        ),
    ),
)

WORK = Part(
    "work",
    (
        Question(
            "occupation",
            "occupation",
            message("ask.occupation"),
            title=message("title.occupation"),
            hint=message("hint.occupation"),
        ),
        Question(
            "category",
            "select_one",
            message("ask.category"),
            title=message("title.category"),
            hint=message("hint.category"),
            choices=(
                Choice("self_employed", message("category.self_employed")),
                Choice("micro_enterprise", message("category.micro_enterprise")),
                Choice("micro_employee", message("category.micro_employee")),
                Choice("casual_worker", message("category.casual_worker")),
            ),
        ),
        Question(
            "workers",
            "select_one",
            message("ask.workers"),
            title=message("title.workers"),
            hint=message("hint.workers"),
            choices=(
                Choice("1", message("workers.1")),
                Choice("2_4", message("workers.2_4")),
                Choice("5_9", message("workers.5_9")),
                Choice("over_9", message("workers.over_9")),
            ),
            columns=2,
            relevant=_hires,
        ),
        Question(
            "since",
            "select_one",
            message("ask.since"),
            title=message("title.since"),
            hint=message("hint.since"),
            choices=(
                Choice("this_year", message("since.this_year")),
                Choice("1_2", message("since.1_2")),
                Choice("3_5", message("since.3_5")),
                Choice("6_10", message("since.6_10")),
                Choice("over_10", message("since.over_10")),
            ),
            columns=2,
        ),
        Question(
            "income",
            "select_one",
            message("ask.income"),
            title=message("title.income"),
            hint=message("hint.income"),
            choices=(
                Choice("under_400k", message("income.under_400k")),
                Choice("400k_800k", message("income.400k_800k")),
                Choice("800k_1200k", message("income.800k_1200k")),
                Choice("1200k_2m", message("income.1200k_2m")),
                Choice("2m_4m", message("income.2m_4m")),
                Choice("4m_20800k", message("income.4m_20800k")),
                Choice("over_20800k", message("income.over_20800k")),
                Choice("unsaid", message("choice.unsaid")),
            ),
            columns=2,
        ),
    ),
    title=message("part.work"),
    repeats=MOST_ACTIVITIES,
)

HOME = Part(
    "home",
    (
        Question(
            "home",
            "place",
            message("ask.home"),
            title=message("title.home"),
            hint=message("hint.home"),
        ),
        Question(
            "workplace",
            "workplace",
            message("ask.workplace"),
            title=message("title.workplace"),
            hint=message("hint.workplace"),
        ),
    ),
    title=message("part.home"),
)

YOU = Part(
    "you",
    (
        Question(
            "name_km",
            "name_km",
            message("ask.name_km"),
            title=message("title.name_km"),
            hint=message("hint.name_km"),
        ),
        Question(
            "name_latin",
            "name_latin",
            message("ask.name_latin"),
            title=message("title.name_latin"),
            hint=message("hint.name_latin"),
        ),
        Question(
            "sex",
            "select_one",
            message("ask.sex"),
            title=message("title.sex"),
            hint=message("hint.sex"),
            choices=(
                Choice("female", message("sex.female"), ("ស្រី", "female", "woman", "f")),
                Choice("male", message("sex.male"), ("ប្រុស", "male", "man", "m")),
            ),
            columns=2,
        ),
        Question(
            "born",
            "birth_date",
            message("ask.born"),
            title=message("title.born"),
            hint=message("hint.born"),
        ),
        Question(
            "own_phone",
            "own_phone",
            message("ask.own_phone"),
            title=message("title.phone"),
            hint=message("hint.own_phone"),
            relevant=_is_for_oneself,
        ),
        Question(
            "phone",
            "phone",
            message("ask.phone"),
            title=message("title.phone"),
            hint=message("hint.phone"),
            relevant=_is_for_another,
        ),
        Question(
            "identity",
            "identity",
            message("ask.identity"),
            title=message("title.identity"),
            hint=message("hint.identity"),
            choices=(
                Choice("expired", message("no_card.expired")),
                Choice("kept_by_lender", message("no_card.kept_by_lender")),
                Choice("lost", message("no_card.lost")),
                Choice("never_had", message("no_card.never_had")),
            ),
        ),
    ),
    title=message("part.you"),
)

WISHES = Part(
    "wishes",
    (
        Question(
            "support",
            "select_multiple",
            message("ask.support"),
            title=message("title.support"),
            hint=message("hint.support"),
            choices=(
                Choice("taxation", message("support.taxation")),
                Choice("skills", message("support.skills")),
                Choice("finance", message("support.finance")),
                Choice("social_protection", message("support.social_protection")),
                Choice("nssf", message("support.nssf")),
                Choice("hygiene", message("support.hygiene")),
            ),
        ),
        Question(
            "background",
            "select_one",
            message("ask.background"),
            title=message("title.background"),
            hint=message("hint.background"),
            choices=_yes_or_no(
                message("background.yes"),
                message("background.no"),
                message("background.shown_yes"),
                message("background.shown_no"),
            ),
            purpose=Purpose("sensitive", CONSENT_VERSION),
        ),
        *BACKGROUND_QUESTIONS,
        Question(
            "notices",
            "select_one",
            message("ask.notices"),
            title=message("title.notices"),
            hint=message("hint.notices"),
            choices=_yes_or_no(
                message("notices.yes"),
                message("notices.no"),
                message("notices.shown_yes"),
                message("notices.shown_no"),
            ),
            purpose=Purpose("notices", CONSENT_VERSION),
        ),
    ),
    title=message("part.wishes"),
)

SEND = Part(
    "send",
    (Question("review", "review", message("ask.review"), hint=message("hint.review")),),
    title=message("part.send"),
)

REGISTRATION_FORM = Form(1, (START, WORK, HOME, YOU, WISHES, SEND))
