"""The catalogues' command line: `python -m locales extract` and `python -m locales check`."""

from pathlib import Path
from typing import Annotated

import typer

from locales.catalogue import DIRECTORY
from locales.checks import check_catalogues
from locales.extraction import list_uses, make_template

app = typer.Typer(
    help="Keep the catalogues of messages.", no_args_is_help=True, rich_markup_mode=None
)

Root = Annotated[
    Path,
    typer.Option(exists=True, file_okay=False, help="The folder that holds the code and locales/."),
]


@app.command()
def extract(root: Root = DIRECTORY.parent) -> None:
    """Write locales/messages.pot from the messages that the code says."""
    template = root / "locales" / "messages.pot"
    template.write_bytes(make_template(list_uses(root)))
    typer.echo(f"wrote {template.relative_to(root)}")


@app.command()
def check(root: Root = DIRECTORY.parent) -> None:
    """Say what is wrong with the catalogues; the exit status is 1 if anything is."""
    findings = check_catalogues(root)
    for finding in findings:
        typer.echo(finding, err=True)
    if findings:
        raise typer.Exit(1)
    typer.echo("the catalogues are complete")


if __name__ == "__main__":
    app()
