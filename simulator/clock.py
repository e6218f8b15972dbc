"""The simulator's clock, which tests may push forward."""

import time


class Clock:
    """Tell the time as seconds since 1970, shifted by what a test has advanced."""

    def __init__(self) -> None:
        self.offset_seconds = 0.0

    def now(self) -> float:
        """Return the present moment in seconds since 1970."""
        return time.time() + self.offset_seconds

    def advance(self, seconds: float) -> float:
        """Move the present forward and return the new moment."""
        self.offset_seconds += seconds
        return self.now()
