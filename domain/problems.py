"""What is wrong with an answer, as a value that the dialogue turns into a helpful question."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """A mistake in an answer: a short code such as `phone.landline`, and what its wording needs."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict, hash=False)
