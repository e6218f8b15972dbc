"""Where invented people live: most in Phnom Penh at first, later everywhere."""

from bisect import bisect_left
from itertools import accumulate
from random import Random

from domain.places import Gazetteer

CAPITAL = "12"

_CAPITAL_SHARES = ((0, 0.78), (57, 0.64), (69, 0.46), (130, 0.33), (212, 0.24))
"""The share of the capital on some days since the launch; only its beginning is published."""

_THOUSANDS = {
    "01": 860, "02": 997, "03": 896, "04": 526, "05": 878, "06": 678, "07": 593, "08": 1196,
    "09": 124, "10": 373, "11": 89, "13": 251, "14": 1057, "15": 412, "16": 204, "17": 1007,
    "18": 303, "19": 160, "20": 525, "21": 900, "22": 262, "23": 42, "24": 72, "25": 776,
}  # fmt: skip
"""Thousands of people in the other provinces (census of 2019, rounded)."""

_IN_TOWN = 3.0
_TOWNS = {"Khan", "City"}


class Homes:
    """Draws villages: a province by the day, in it a district, towns being larger."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._provinces = list(_THOUSANDS)
        self._weights = list(accumulate(_THOUSANDS.values()))
        self._villages = {
            province.code: _list_villages(gazetteer, province.code)
            for province in gazetteer.children(None)
        }

    def draw(self, random: Random, day: int) -> str:
        """Draw a village in which somebody lives who registers on a day since the launch."""
        if random.random() < share_of_capital(day):
            return self.draw_in(random, CAPITAL)
        [province] = random.choices(self._provinces, cum_weights=self._weights)
        return self.draw_in(random, province)

    def draw_in(self, random: Random, province: str) -> str:
        """Draw a village of a province."""
        villages, weights = self._villages[province]
        return random.choices(villages, cum_weights=weights)[0]


def share_of_capital(day: int) -> float:
    """Return which share of those who register on a day lives in Phnom Penh."""
    at = bisect_left(_CAPITAL_SHARES, (day, 0.0))
    if at == 0 or at == len(_CAPITAL_SHARES):
        return _CAPITAL_SHARES[min(at, len(_CAPITAL_SHARES) - 1)][1]
    (before, high), (after, low) = _CAPITAL_SHARES[at - 1 : at + 1]
    return high + (low - high) * (day - before) / (after - before)


def _list_villages(gazetteer: Gazetteer, province: str) -> tuple[list[str], list[float]]:
    """List the villages of a province with weights that add up."""
    weights: dict[str, float] = {}
    for district in gazetteer.children(province):
        villages = [
            village.code
            for commune in gazetteer.children(district.code)
            for village in gazetteer.children(commune.code)
        ]
        weight = _IN_TOWN if district.type_en in _TOWNS else 1.0
        weights |= dict.fromkeys(villages, weight / max(1, len(villages)))
    return list(weights), list(accumulate(weights.values()))
