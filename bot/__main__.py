"""The command line: python -m bot; with --help it lists what can be done."""

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
