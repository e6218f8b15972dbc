"""The bot as it is, only in a hurry: latecomers are looked for soon, and people queued in bits.

So a run of minutes meets what otherwise takes hours, and a kill finds the queueing under way.
"""

import os
from datetime import timedelta

from bot.cli import main
from services import notice_clock

if __name__ == "__main__":
    notice_clock.AT_ONCE = int(os.environ["NOTICE_PART"])
    notice_clock.JOINED_EVERY = timedelta(seconds=float(os.environ["NOTICE_JOINED_SECONDS"]))
    main()
