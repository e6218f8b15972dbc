"""Words of the office that many pages say."""

from collections.abc import Mapping

from domain.applications import Status
from domain.texts import Text, message

STATUSES: Mapping[Status, Text] = {
    Status.SUBMITTED: message("standing.submitted"),
    Status.IN_REVIEW: message("standing.in_review"),
    Status.NEEDS_CORRECTION: message("standing.needs_correction"),
    Status.APPROVED: message("standing.approved"),
    Status.REJECTED: message("standing.rejected"),
    Status.WITHDRAWN: message("standing.withdrawn"),
}
