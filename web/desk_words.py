"""What the page of the desk says beside the form's own words."""

from collections.abc import Mapping

from domain.occupations import Occupations
from domain.texts import Text, message

ORDER = (
    "language",
    "who_agrees",
    "consent_other",
    "name_km",
    "name_latin",
    "born",
    "sex",
    "phone",
    "home",
    "identity",
    "occupation",
    "category",
    "workers",
    "since",
    "income",
    "workplace",
    "support",
)
"""The questions as they stand on the page."""

TITLES: Mapping[str, Text] = {
    "language": message("desk.language"),
    "who_agrees": message("desk.who_agrees"),
    "consent_other": message("desk.consent"),
}
"""Names of the questions that the form itself does not name."""

WHO_AGREES: Mapping[str, Text] = {
    "present": message("desk.agrees.present"),
    "guardian": message("desk.agrees.guardian"),
}
"""Who agrees, as an officer sees it; the form's own words are those of a helper in a chat."""


def list_occupations(
    occupations: Occupations, locale: str
) -> list[tuple[str, list[tuple[str, str]]]]:
    """List the groups with their occupations, by key and name."""
    return [
        (
            occupations.group_name(group, locale),
            [(one.key, occupations.name(one.key, locale)) for one in occupations.of_group(group)],
        )
        for group in occupations.groups()
    ]
