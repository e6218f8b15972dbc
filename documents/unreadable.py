"""A list that cannot be read."""


class Unreadable(Exception):
    """A file, or the rest of it, that cannot be read; `reason` is a short word for why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
