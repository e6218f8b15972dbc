"""Invented people, with every answer that the form asks of them.

Nobody real can be meant: identity numbers begin with 999, phone numbers with 039, which no operator
in Cambodia has, and chats have ids above all that Telegram gives (it promises 52 bits).
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from domain.dates import BirthDate, age_on
from domain.demo.arrivals import Day
from domain.demo.homes import Homes
from domain.demo.livelihoods import Livelihood, draw_livelihood, invent_work
from domain.demo.names import FAMILY_NAMES, MENS_NAMES, WOMENS_NAMES, WrittenName
from domain.drafts import Consent, Draft
from domain.registration_form import CONSENT_VERSION, REGISTRATION_FORM

FIRST_CHAT = 2**52
_APART = 1000  # more than were registered by helpers after the last chat began
_DAYS_A_YEAR = 365.25
_MINIMUM_AGE, _MAJORITY, _SETTLED = 15, 18, 22
_TAG_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_SOURCES = ("poster-market", "poster-sangkat", "facebook", "bank-branch", "association")
_NO_CARD = ("expired", "kept_by_lender", "lost", "never_had")
_SUPPORT = {
    "taxation": 0.22, "skills": 0.30, "finance": 0.52, "social_protection": 0.45, "nssf": 0.50,
}  # fmt: skip
_BACKGROUND: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "schooling": (
        ("none", "primary", "lower_secondary", "upper_secondary", "vocational", "university"),
        (11, 38, 26, 16, 4, 5),
    ),
    "health": (("good", "sometimes_ill", "long_illness"), (62, 30, 8)),
    "disability": (("none", "seeing", "hearing", "moving", "other"), (92, 3, 1.5, 2.5, 1)),
    "household": (("1", "2_3", "4_5", "6_8", "over_8"), (4, 26, 45, 21, 4)),
    "association": (
        ("none", "association", "union", "cooperative", "savings_group"),
        (80, 9, 2, 2, 7),
    ),
}
_FOOD = {"street_food_vendor", "food_stall_owner", "food_processor", "restaurant_worker"}


@dataclass(frozen=True)
class Helper:
    """Somebody who has registered and may register a neighbour in the same chat."""

    chat_id: int
    phone: str
    home: str
    locale: str


@dataclass(frozen=True)
class Invented:
    """Somebody's filled form, the chat in which it is sent, and when."""

    draft: Draft
    chat_id: int
    submitted_at: datetime
    is_first_in_chat: bool


class Inventor:
    """Makes up people; the same ones for the same dice.

    With the last chat of others who were made up before, nobody gets their numbers.
    """

    def __init__(self, random: Random, homes: Homes, last_chat: int | None = None) -> None:
        self._random = random
        self._homes = homes
        self._serial = last_chat - FIRST_CHAT + _APART if last_chat else 0
        self._helpers: deque[Helper] = deque(maxlen=50)

    def invent(self, day: Day, submitted_at: datetime, today: date) -> Invented:
        """Make up somebody who sends the form on a day."""
        helper = self._find_helper()
        came_by_campaign = self._chance(day.campaign_share)
        home = self._draw_home(day, helper, came_by_campaign)
        answers = self._answer(home, helper, today)
        source = self._draw_source(day, came_by_campaign)
        return self._send(answers, source, submitted_at, helper)

    def register_again(self, answers: Mapping[str, Any], submitted_at: datetime) -> Invented:
        """Let somebody fill the form once more elsewhere, not quite with the same words."""
        again: dict[str, Any] = {
            **{key: one for key, one in answers.items() if key not in _OF_A_HELPER},
            "registered_before": False,
            "consent": "yes",
            "own_phone": {"number": self._next_phone(), "is": "own"},
        }
        if self._chance(0.4):
            again["name_latin"] = self._respell(again["name_latin"])
        if self._chance(0.3):
            again["born"] = again["born"][:4]
        if self._chance(0.4):
            again["identity"] = {"reason": "lost"}
        return self._send(again, None, submitted_at, None)

    def _send(
        self,
        answers: dict[str, Any],
        source: str | None,
        submitted_at: datetime,
        helper: Helper | None,
    ) -> Invented:
        self._serial += 1
        chat_id = helper.chat_id if helper else FIRST_CHAT + self._serial
        if helper is None:
            number, locale = answers["own_phone"]["number"], answers["language"]
            self._helpers.append(Helper(chat_id, number, answers["home"], locale))
        draft = Draft(
            tag="".join(self._random.choices(_TAG_LETTERS, k=6)),
            form_version=REGISTRATION_FORM.version,
            question="review",
            answers=answers,
            source=source,
            consents=self._list_consents(answers, submitted_at),
        )
        return Invented(draft, chat_id, submitted_at, is_first_in_chat=helper is None)

    def _answer(self, home: str, helper: Helper | None, today: date) -> dict[str, Any]:
        livelihood = draw_livelihood(self._random)
        is_woman = self._chance(livelihood.women)
        born = self._invent_birth(today)
        family = self._random.choice(FAMILY_NAMES)
        given = self._random.choice(WOMENS_NAMES if is_woman else MENS_NAMES)
        age = age_on(BirthDate.from_iso(born), today)
        return {
            **self._begin(helper, is_minor=age < _MAJORITY),
            "work": invent_work(self._random, livelihood, young=age < _SETTLED),
            "home": home,
            "workplace": self._invent_workplace(home),
            "name_km": {"family": family.khmer, "given": given.khmer},
            "name_latin": {"family": self._spell(family), "given": self._spell(given)},
            "sex": "female" if is_woman else "male",
            "born": born,
            **self._invent_phone(helper),
            "identity": self._invent_identity(is_minor=age < _MAJORITY),
            **self._wish(livelihood),
        }

    def _begin(self, helper: Helper | None, *, is_minor: bool) -> dict[str, Any]:
        if helper is None:
            locale = "en" if self._chance(0.04) else "km"
            return {"registered_before": False, "language": locale, "consent": "yes"}
        return {
            "registered_before": True,
            "language": helper.locale,
            "for_whom": "other",
            "who_agrees": "guardian" if is_minor else "present",
            "consent_other": "yes",
        }

    def _invent_birth(self, today: date) -> str:
        if self._chance(0.02):
            age = self._random.uniform(_MINIMUM_AGE, _MAJORITY)
        else:
            age = self._random.triangular(_MAJORITY, 66, 35)
        born = (today - timedelta(days=int(age * _DAYS_A_YEAR) + 1)).isoformat()
        [known] = self._random.choices((10, 7, 4), (70, 6, 24))
        is_old_enough = age_on(BirthDate.from_iso(born[:known]), today) >= _MINIMUM_AGE
        return born[:known] if is_old_enough else born

    def _invent_workplace(self, home: str) -> dict[str, Any]:
        if self._chance(0.62):
            return {"kind": "home"}
        if self._chance(0.9):
            return {"kind": "place", "place": self._homes.draw_in(self._random, home[:2])}
        latitude, longitude = self._random.uniform(11.0, 13.5), self._random.uniform(103.0, 105.5)
        return {"kind": "pin", "latitude": round(latitude, 6), "longitude": round(longitude, 6)}

    def _invent_phone(self, helper: Helper | None) -> dict[str, Any]:
        if helper is None:
            return {"own_phone": {"number": self._next_phone(), "is": "own"}}
        if self._chance(0.6):
            return {"phone": {"number": helper.phone, "is": "helper"}}
        return {"phone": {"number": self._next_phone(), "is": "typed"}}

    def _next_phone(self) -> str:
        return f"+85539{(self._serial * 7_654_321) % 10**7:07}"

    def _invent_identity(self, *, is_minor: bool) -> dict[str, Any]:
        if self._chance(0.5 if is_minor else 0.115):
            weights = (0, 0, 1, 6) if is_minor else (62, 14, 16, 8)
            return {"reason": self._random.choices(_NO_CARD, weights)[0]}
        number = f"999{(self._serial * 611_953) % 10**6:06}"
        return {"number": number[:8] if self._chance(0.015) else number}

    def _wish(self, livelihood: Livelihood) -> dict[str, Any]:
        chances = {**_SUPPORT, "hygiene": 0.35 if livelihood.occupation in _FOOD else 0.03}
        support = [name for name, chance in chances.items() if self._chance(chance)]
        notices = "yes" if self._chance(0.7) else "no"
        if not self._chance(0.45):
            return {"support": support, "background": "no", "notices": notices}
        told = {name: self._tell(*choices) for name, choices in _BACKGROUND.items()}
        return {
            "support": support,
            "background": "yes",
            **told,
            "photo": None,
            "notices": notices,
        }

    def _tell(self, choices: tuple[str, ...], weights: tuple[float, ...]) -> str | None:
        return self._random.choices(choices, weights)[0] if self._chance(0.85) else None

    def _list_consents(
        self, answers: dict[str, Any], submitted_at: datetime
    ) -> tuple[Consent, ...]:
        given_by = answers.get("who_agrees", "self")
        begun_at = submitted_at - timedelta(seconds=self._random.randint(240, 1500))
        asked = (
            ("registration", begun_at),
            ("sensitive", submitted_at - timedelta(seconds=90)),
            ("notices", submitted_at - timedelta(seconds=20)),
        )
        given = {"registration": "yes", "sensitive": answers["background"]}
        given["notices"] = answers["notices"]
        return tuple(
            Consent(purpose, CONSENT_VERSION, at.astimezone(UTC).isoformat(), given_by)
            for purpose, at in asked
            if given[purpose] == "yes"
        )

    def _draw_home(self, day: Day, helper: Helper | None, came_by_campaign: bool) -> str:
        if helper is not None:
            return helper.home
        if came_by_campaign and day.campaign is not None:
            return self._homes.draw_in(self._random, day.campaign.province)
        return self._homes.draw(self._random, day.index)

    def _draw_source(self, day: Day, came_by_campaign: bool) -> str | None:
        if came_by_campaign and day.campaign is not None:
            return day.campaign.source
        return self._random.choice(_SOURCES) if self._chance(0.4) else None

    def _find_helper(self) -> Helper | None:
        if self._helpers and self._chance(0.07):
            return self._random.choice(self._helpers)
        return None

    def _spell(self, name: WrittenName) -> str:
        return name.latin[0] if self._chance(0.8) else self._random.choice(name.latin)

    def _respell(self, written: dict[str, str]) -> dict[str, str]:
        spellings = _SPELLINGS.get(written["given"], (written["given"],))
        return {**written, "given": self._random.choice(spellings)}

    def _chance(self, chance: float) -> bool:
        return self._random.random() < chance


_OF_A_HELPER = {"for_whom", "who_agrees", "consent_other", "phone"}
_SPELLINGS = {latin: name.latin for name in (*WOMENS_NAMES, *MENS_NAMES) for latin in name.latin}
