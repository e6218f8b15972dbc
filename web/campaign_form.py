"""The form of an event day: as it was filled in, and as a plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from documents import poster
from domain.campaigns import WORDS, Campaign, Plan
from domain.khmer import to_latin_digits
from domain.map_points import LONGEST_LINK, read_point, write_point
from domain.places import Gazetteer, Place
from domain.staff import Scope
from domain.texts import Text, message
from domain.whole_numbers import read_number

LONGEST = {"name": 90, "venue": 120, "partner": 80, "code": 20, "point": LONGEST_LINK}
LONGEST_LINE = 200
FLAWS: Mapping[str, Text] = {
    "name_km": message("campaigns.error.name_km"),
    "name_en": message("campaigns.error.name_en"),
    "place": message("campaigns.error.place"),
    "venue_km": message("campaigns.error.venue_km"),
    "venue_en": message("campaigns.error.venue_en"),
    "held_on": message("campaigns.error.held_on"),
    "starts": message("campaigns.error.starts"),
    "ends": message("campaigns.error.ends"),
    "point": message("campaigns.error.point"),
    "point_outside": message("campaigns.error.point_outside"),
    "capacity": message("campaigns.error.capacity"),
    "target": message("campaigns.error.target"),
    "code": message("campaigns.error.code"),
    "code_taken": message("campaigns.error.code_taken"),
    "capacity_promised": message("campaigns.error.capacity_promised"),
    **dict.fromkeys((f"{name}_contact" for name in WORDS), message("campaigns.error.contact")),
}
_OTHERS = {
    "code": "code_taken",
    "capacity": "capacity_promised",
    "point": "point_outside",
    **{name: f"{name}_contact" for name in WORDS},
}
"""What else may be wrong with a field."""

PRINTED = ("name_km", "name_en", "venue_km", "venue_en", "partner")
"""What a poster shows as it was typed."""

FIELDS = (
    "name_km",
    "name_en",
    "place",
    "venue_km",
    "venue_en",
    "point",
    "held_on",
    "starts",
    "ends",
    "code",
    "capacity",
    "target",
    "partner",
)
"""In the order of the page."""

OPTIONAL = ("ends", "point", "capacity", "target", "partner")


@dataclass(frozen=True)
class PlanForm:
    """A plan as it was typed, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Text] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def find_problem(self, name: str) -> Text | None:
        """Find what is wrong with a field."""
        return self.problems.get(name) or self.problems.get(_OTHERS.get(name, name))

    def list_wrong(self) -> list[tuple[str, Text]]:
        """List what is wrong, each with the name of its field."""
        found = [(name, self.find_problem(name)) for name in FIELDS]
        return [(name, problem) for name, problem in found if problem is not None]

    def with_flaws(self, flaws: Iterable[str]) -> "PlanForm":
        """Note what else is wrong, by the words for each field."""
        worded = {name: FLAWS[name] for name in flaws if name in FLAWS}
        return replace(self, problems={**self.problems, **worded})


def read_form(form: FormData) -> PlanForm:
    """Read what was typed."""
    return PlanForm(
        {
            name: " ".join(str(form.get(name, "")).split())[: LONGEST.get(name, LONGEST_LINE)]
            for name in FIELDS
        }
    )


def write_form(campaign: Campaign, zone: ZoneInfo) -> PlanForm:
    """Write a stored plan as it would be typed."""
    plan = campaign.plan
    values = {name: str(getattr(plan, name, None) or "") for name in FIELDS}
    values["starts"] = plan.starts_at.astimezone(zone).strftime("%H:%M")
    values["ends"] = plan.ends_at.astimezone(zone).strftime("%H:%M") if plan.ends_at else ""
    values["point"] = write_point(plan.point) if plan.point else ""
    return PlanForm(values)


def make_plan(
    form: PlanForm, gazetteer: Gazetteer, zone: ZoneInfo, today: date
) -> tuple[Plan, tuple[str, ...]]:
    """Make a plan of what was typed, and name the fields that cannot be read.

    Those are left out, or stand for today and midnight, so that the others can be looked at.
    """
    held_on, starts = _read_day(form["held_on"]), _read_time(form["starts"])
    ends, point = _read_time(form["ends"]), read_point(form["point"])
    numbers = {name: _read_number(form[name]) for name in ("capacity", "target")}
    may_lack = {**numbers, "ends": ends, "point": point}
    flaws = [name for name, one in may_lack.items() if form[name] and one is None]
    flaws += [name for name, one in (("held_on", held_on), ("starts", starts)) if one is None]
    held_on, starts, place = held_on or today, starts or time(), form["place"]
    plan = Plan(
        code=form["code"].lower(),
        name_km=form["name_km"][: LONGEST["name"]],
        name_en=form["name_en"][: LONGEST["name"]],
        place=place if len(place) in (2, 4) and gazetteer.find(place) else "",
        venue_km=form["venue_km"][: LONGEST["venue"]],
        venue_en=form["venue_en"][: LONGEST["venue"]],
        held_on=held_on,
        starts_at=datetime.combine(held_on, starts, zone).astimezone(UTC),
        ends_at=datetime.combine(held_on, ends, zone).astimezone(UTC) if ends else None,
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        capacity=numbers["capacity"],
        target=numbers["target"],
        partner=form["partner"][: LONGEST["partner"]] or None,
    )
    return plan, tuple(flaws)


def find_unprintable(form: PlanForm) -> Mapping[str, Text]:
    """Say of each field which of its characters no poster can show; call it in a thread."""
    missing = set(poster.find_unprintable(" ".join(form[name] for name in PRINTED)))
    lacking = {
        name: [one for one in dict.fromkeys(form[name]) if one in missing] for name in PRINTED
    }
    return {
        name: message("campaigns.error.unprintable", characters=" ".join(characters))
        for name, characters in lacking.items()
        if characters
    }


def list_places(gazetteer: Gazetteer, scope: Scope) -> list[tuple[Place, list[Place]]]:
    """List the provinces with their districts as far as a scope reaches."""
    listed = []
    for province in gazetteer.children(None):
        inside = [one for one in gazetteer.children(province.code) if scope.covers(one.code)]
        if inside:
            listed.append((province, inside))
    return listed


def _read_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(to_latin_digits(text))
    except ValueError:
        return None
    return day if date.min < day < date.max else None  # there is another zone's day beside it


def _read_time(text: str) -> time | None:
    try:
        return time.fromisoformat(to_latin_digits(text)).replace(tzinfo=None)
    except ValueError:
        return None


def _read_number(text: str) -> int | None:
    return read_number(to_latin_digits(text).replace(",", ""), most_digits=7)
