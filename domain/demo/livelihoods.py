"""What invented people do for a living, and who does what."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

_TRADE, _TUKTUK, _CONSTRUCTION, _REST = 13.0, 3.0, 1.5, 6.5
"""Of 24 members of the social security fund's voluntary scheme (August 2023)."""


@dataclass(frozen=True)
class Livelihood:
    """An occupation: how usual it is, the share of women, and which categories it is done in."""

    occupation: str
    weight: float
    women: float
    category: tuple[float, float, float, float]


_OWN = (0.72, 0.22, 0.03, 0.03)
_SHOP = (0.45, 0.50, 0.04, 0.01)
_PAID = (0.05, 0.02, 0.78, 0.15)
_CASUAL = (0.10, 0.02, 0.18, 0.70)
_CATEGORIES = ("self_employed", "micro_enterprise", "micro_employee", "casual_worker")


def _share(
    total: float, *rows: tuple[str, float, float, tuple[float, float, float, float]]
) -> tuple[Livelihood, ...]:
    parts = sum(part for _, part, _, _ in rows)
    return tuple(
        Livelihood(name, total * part / parts, women, category)
        for name, part, women, category in rows
    )


LIVELIHOODS = (
    *_share(
        _TRADE,
        ("market_vendor", 5, 0.84, _OWN),
        ("street_food_vendor", 4, 0.80, _OWN),
        ("street_vendor", 2.5, 0.75, _OWN),
        ("shopkeeper", 2, 0.76, _SHOP),
        ("food_stall_owner", 1.5, 0.75, _SHOP),
        ("online_seller", 1, 0.80, _OWN),
    ),
    *_share(_TUKTUK, ("tuktuk_driver", 1, 0.02, _OWN)),
    *_share(
        _CONSTRUCTION,
        ("construction_worker", 5, 0.22, _CASUAL),
        ("bricklayer", 2, 0.08, _CASUAL),
        ("carpenter", 1, 0.02, _OWN),
        ("electrician_plumber", 1, 0.01, _OWN),
        ("welder", 1, 0.01, _OWN),
    ),
    *_share(
        _REST,
        ("moto_taxi_driver", 3, 0.02, _OWN),
        ("delivery_rider", 2, 0.05, _OWN),
        ("taxi_driver", 1, 0.02, _OWN),
        ("cyclo_driver", 0.3, 0.01, _OWN),
        ("domestic_worker", 3, 0.94, _PAID),
        ("childminder", 1, 0.96, _PAID),
        ("laundry_worker", 1.2, 0.90, _OWN),
        ("hairdresser", 2, 0.60, _OWN),
        ("beautician", 2, 0.94, _OWN),
        ("entertainment_worker", 0.6, 0.85, _PAID),
        ("restaurant_worker", 2.5, 0.68, _PAID),
        ("cleaner", 1.5, 0.78, _PAID),
        ("security_guard", 1, 0.04, _PAID),
        ("tour_guide", 0.3, 0.30, _OWN),
        ("artist_performer", 0.3, 0.45, _CASUAL),
        ("waste_picker", 1.5, 0.55, _OWN),
        ("mechanic", 2.5, 0.02, _SHOP),
        ("electronics_repair", 1.2, 0.05, _SHOP),
        ("car_wash", 0.8, 0.15, _SHOP),
        ("tailor", 2.5, 0.88, _OWN),
        ("weaver", 1, 0.94, _OWN),
        ("artisan", 1, 0.60, _OWN),
        ("food_processor", 1.5, 0.85, _OWN),
        ("crop_farmer", 2, 0.50, _OWN),
        ("livestock_farmer", 1, 0.52, _OWN),
        ("farm_labourer", 1.2, 0.52, _CASUAL),
        ("fisher", 1, 0.20, _OWN),
        ("fish_farmer", 0.4, 0.30, _OWN),
        ("day_labourer", 2, 0.40, _CASUAL),
        ("other", 1.2, 0.55, _OWN),
    ),
)

_BY_NAME = {one.occupation: one for one in LIVELIHOODS}
_WEIGHTS = [one.weight for one in LIVELIHOODS]
_OWN_WORDS = ("លក់ផ្កាម្លិះ", "ធ្វើកូនសោ", "យាមម៉ូតូ", "លក់ធូប", "ថែទាំសួនផ្កា")
_SECOND_JOBS = ("livestock_farmer", "crop_farmer", "online_seller", "moto_taxi_driver", "tailor")
_SINCE = ("this_year", "1_2", "3_5", "6_10", "over_10")
_SINCE_WEIGHTS = (8, 22, 28, 20, 22)
_STAFF = ("1", "2_4", "5_9", "over_9")
_STAFF_WEIGHTS = (46, 44, 8, 2)
_INCOMES = (
    *("under_400k", "400k_800k", "800k_1200k", "1200k_2m"),
    *("2m_4m", "4m_20800k", "over_20800k", "unsaid"),
)
_INCOME_WEIGHTS = (12, 27, 24, 17, 8, 3, 0.3, 8.7)
_TWO_JOBS = 0.08


def draw_livelihood(random: Random) -> Livelihood:
    """Draw what somebody does for a living."""
    return random.choices(LIVELIHOODS, _WEIGHTS)[0]


def invent_work(random: Random, first: Livelihood, *, young: bool) -> list[dict[str, Any]]:
    """Invent the answers about the activities of somebody, one or two."""
    work = [_invent_activity(random, first, young=young)]
    second = _BY_NAME[random.choice(_SECOND_JOBS)]
    if random.random() < _TWO_JOBS and second is not first:
        work.append(_invent_activity(random, second, young=young))
    return work


def wish_other_income(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with the next income for the first activity."""
    first, *others = answers["work"]
    income = _INCOMES[(_INCOMES.index(first["income"]) + 1) % len(_INCOMES)]
    return {**answers, "work": [{**first, "income": income}, *others]}


def _invent_activity(random: Random, livelihood: Livelihood, *, young: bool) -> dict[str, Any]:
    is_other = livelihood.occupation == "other"
    words = random.choice(_OWN_WORDS) if is_other else None
    [category] = random.choices(_CATEGORIES, livelihood.category)
    staff = {}
    if category == "micro_enterprise":
        staff["workers"] = random.choices(_STAFF, _STAFF_WEIGHTS)[0]
    [since] = random.choices(
        _SINCE[:3] if young else _SINCE, (1, 1, 1) if young else _SINCE_WEIGHTS
    )
    [income] = random.choices(_INCOMES, _INCOME_WEIGHTS)
    return {
        "occupation": {"key": livelihood.occupation, "words": words},
        "category": category,
        **staff,
        "since": since,
        "income": income,
    }
