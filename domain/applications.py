"""A submitted registration and its way to a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.registrations import Registration


class Status(StrEnum):
    """Where an application stands (words of OpenCRVS)."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    NEEDS_CORRECTION = "needs_correction"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class ApplicationSummary:
    """What /status tells of an application."""

    number: str
    family_km: str
    given_km: str
    status: Status
    submitted_at: datetime
    answer_due_on: date


@dataclass(frozen=True)
class Application:
    """What was submitted, under which number (9 digits), and by when an answer is promised.

    `answers` are the answers as they were given, from which one can be asked again; `due_at` is
    the end of the promise. `chat_id` is None if it was not made in a chat; `registered_by` is the
    id of the member of staff who made it at a desk.
    """

    number: str
    chat_id: int | None
    draft_tag: str
    form_version: int
    registration: Registration
    answers: Mapping[str, Any]
    submitted_at: datetime
    answer_due_on: date
    due_at: datetime
    status: Status = Status.SUBMITTED
    registered_by: int | None = None

    @property
    def office(self) -> str:
        """The code of the district that answers: the one where the person lives."""
        return self.registration.worker.home[:4]

    @property
    def summary(self) -> ApplicationSummary:
        """What /status tells of it."""
        worker = self.registration.worker
        return ApplicationSummary(
            number=self.number,
            family_km=worker.family_km,
            given_km=worker.given_km,
            status=self.status,
            submitted_at=self.submitted_at,
            answer_due_on=self.answer_due_on,
        )
