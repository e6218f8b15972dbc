"""What staff read in the chat: what they may do where, and how to get to the pages."""

from collections.abc import Sequence

from domain.answers.types import stack_texts
from domain.replies import Button, Buttons, Say
from domain.staff import Grants, Places, Role, Staff
from domain.texts import PlaceName, Text, Value, message

ROLES: dict[Role, Text] = {
    Role.OFFICER: message("staff.role.officer"),
    Role.CAMPAIGN_MANAGER: message("staff.role.campaign_manager"),
    Role.BENEFIT_OWNER: message("staff.role.benefit_owner"),
    Role.ANALYST: message("staff.role.analyst"),
    Role.ADMINISTRATOR: message("staff.role.administrator"),
}
INVITATION_REFUSED = message("office.invitation_refused")
TOLD_PLACES = 12
"""More places than these are told by their number."""


def greet(joined: Staff, *, more: bool) -> tuple[Text, Text]:
    """Tell somebody who they are here now, and what to do next."""
    grants = stack_texts(list_grants(joined.grants))
    if more:
        words = message("office.more", name=joined.name, grants=grants)
    else:
        words = message("office.welcome", name=joined.name, grants=grants)
    return words, message("office.next")


def list_grants(grants: Grants) -> list[Text]:
    """Write a line for each role, with its places."""
    return [
        message("office.grant", role=ROLES[role], places=name_places(grants[role]))
        for role in Role
        if role in grants
    ]


def name_places(places: Places) -> Value:
    """Name the places where a role holds."""
    if places is None:
        return message("whole_country")
    if len(places) > TOLD_PLACES:
        return message("office.many_places", count=len(places))
    return enumerate_texts([PlaceName(code) for code in sorted(places)])


def enumerate_texts(values: Sequence[Value]) -> Value:
    """Join some values, at least one, with commas."""
    first, *rest = values
    return message("office.list", first=first, rest=enumerate_texts(rest)) if rest else first


def offer_door(address: str, minutes: int) -> Say:
    """Offer the page on which a link is spent."""
    return offer_page(
        message("button.open_office"), address, message("office.sign_in", minutes=minutes)
    )


def offer_page(label: Text, address: str, *paragraphs: Text) -> Say:
    """Offer a page by a button; one without https, which buttons may not open, by its address."""
    if address.startswith("https://"):
        return Say(paragraphs, Buttons(((Button(label, url=address),),)))
    return Say((*paragraphs, message("office.link", label=label, address=address)))
