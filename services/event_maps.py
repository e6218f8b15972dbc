"""How an event day is found on the map of whatever phone it is: in its app, or in the browser."""

from urllib.parse import quote

from domain.campaigns import Plan
from domain.replies import Button, Buttons
from domain.texts import message
from services.desk import Desk
from services.notice_messages import MAP

SEARCH = "https://www.google.com/maps/search/?api=1&query="


def make_map_button(desk: Desk, plan: Plan, locale: str) -> Button:
    """Make the button that opens the map: at the point of the day, or searching for its venue."""
    if address := find_point(plan):
        return Button(message("event_link.map"), url=address)
    where = f"{plan.venues[locale]}, {desk.gazetteer.describe(plan.place, locale)}"
    return Button(message("event_link.map"), url=SEARCH + quote(where))


def offer_point(plan: Plan) -> Buttons | None:
    """Offer the map to somebody who comes, if the point is known: a search may lead elsewhere."""
    address = find_point(plan)
    return Buttons(((Button(message("event_link.map"), url=address),),)) if address else None


def find_point(plan: Plan) -> str | None:
    """Find the address of the point of an event day on the map."""
    point = plan.point
    return MAP.format(latitude=point.latitude, longitude=point.longitude) if point else None
