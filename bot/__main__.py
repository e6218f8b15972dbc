"""The command line: python -m bot run | migrate | check | backup | restore."""

import sys

try:
    from bot.cli import main
except ModuleNotFoundError as error:
    sys.exit(
        f"bot: the module {error.name!r} is missing; run `make install`,"
        " then .venv/bin/python -m bot"
    )

if __name__ == "__main__":
    main()
