"""The command line: python -m bot run | migrate | check | backup | restore."""

import sys

try:
    from bot.cli import main
except ModuleNotFoundError as error:
    sys.stderr.write(
        f"bot: the module {error.name!r} is missing; run `make install`,"
        " then .venv/bin/python -m bot\n"
    )
    sys.exit(2)

if __name__ == "__main__":
    main()
