"""The word by which somebody came: of the link that they opened, or of the program's own."""

import re

NOTICE = "notice_"
"""What the word of those begins with who began to register from a notice; its id follows."""

IMPORT = "import:"
"""What the word of those begins with whom a list of another register brought."""

_OF_A_LINK = re.compile(rf"(?!{NOTICE})[A-Za-z0-9_-]{{1,64}}")


def read_source(given: str) -> str | None:
    """Read the word of a link, which anybody can type; the program's own words are none."""
    given = given.strip()
    return given if _OF_A_LINK.fullmatch(given) else None
