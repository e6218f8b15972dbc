"""The form of who may work as what and where, and what it was filled in with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from domain.places import Gazetteer, Place
from domain.staff import Places, Role, Scope
from domain.texts import Text, message

LONGEST_NAME = 80
LACKS_PLACES = message("staff.error_places")


@dataclass(frozen=True)
class Wish:
    """What the form of an invitation asks for."""

    name: str = ""
    roles: frozenset[Role] = frozenset()
    places: Places = frozenset()

    @property
    def problem(self) -> Text | None:
        """What the form lacks."""
        if not self.name:
            return message("staff.error_name")
        if not self.roles:
            return message("staff.error_roles")
        return LACKS_PLACES if self.places == frozenset() else None


def read_wish(form: FormData, gazetteer: Gazetteer) -> Wish:
    """Read an invitation; roles and places that do not exist are left out."""
    roles = {str(each) for each in form.getlist("role")}
    return Wish(
        " ".join(str(form.get("name", "")).split())[:LONGEST_NAME],
        frozenset(role for role in Role if role in roles),
        read_places(form, gazetteer),
    )


def read_places(form: FormData, gazetteer: Gazetteer) -> Places:
    """Read the places that are chosen, without districts whose whole province is."""
    if form.get("whole"):
        return None
    chosen = {str(each) for each in form.getlist("place")}
    known = {code for code in chosen if len(code) in (2, 4) and gazetteer.find(code)}
    return frozenset(code for code in known if len(code) == 2 or code[:2] not in known)


def describe_places(gazetteer: Gazetteer, reach: Scope, chosen: Places) -> Mapping[str, Any]:
    """Say what the places of the form offer, to somebody who manages there."""
    return {"provinces": list_reached(gazetteer, reach), "reach": reach, "chosen": chosen}


def list_reached(gazetteer: Gazetteer, reach: Scope) -> list[tuple[Place, list[Place]]]:
    """List the provinces of which a scope covers something, each with the districts it covers."""
    listed = [
        (province, [one for one in gazetteer.children(province.code) if reach.covers(one.code)])
        for province in gazetteer.children(None)
    ]
    return [(province, districts) for province, districts in listed if districts]
