"""How much an import stores at once, and how long it rests, so that the bot hardly waits."""

from dataclasses import dataclass

AT_FIRST, AT_LEAST, AT_MOST = 20, 5, 1_000
BESIDE_THE_BOT = 0.02
ALONE = 0.3
RESTS = 6
"""How many times as long as it writes an import rests, beside the bot."""

LONGEST_REST = 1.0


@dataclass
class Pace:
    """The pace of one import, which follows what its last transaction was like.

    `seconds` is how long a transaction should last. Whoever is not alone rests after each of them:
    longer if it lasted too long or waited for its turn, since then this machine, or the bot, has
    much to do.
    """

    seconds: float = BESIDE_THE_BOT
    is_alone: bool = False
    size: int = AT_FIRST

    def note(self, lasted: float, waited: float) -> float:
        """Note how long a transaction lasted and waited before; return how long to rest."""
        excess = max(lasted, 0.001) / self.seconds
        self.size = min(AT_MOST, 2 * self.size, max(AT_LEAST, int(self.size / excess)))
        if self.is_alone:
            return 0.0
        return min(LONGEST_REST, RESTS * (waited + lasted * max(1.0, excess)))


def pace_alone() -> Pace:
    """Make the pace of an import beside which nobody stores anything."""
    return Pace(ALONE, is_alone=True)
