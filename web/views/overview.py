"""The first page: what the office's work comes to, in a few counts."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.staff import Right
from web.templating import page
from web.visits import Visit, needs


@needs(Right.SEE_COUNTS)
async def show_overview(request: Request, visit: Visit) -> Response:
    """Show the counts."""
    return page(request, visit, "overview.html")


routes = [Route("/", show_overview)]
