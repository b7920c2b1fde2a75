"""The ``autograde`` command: what its parts are, and what becomes of their errors."""

from __future__ import annotations

import sys
import warnings

import typer

from autograde.grading import fast_start  # noqa: F401 - before whatever a command imports

from . import author, collect, doctor, instructor, regrade, student, watch
from .output import NOT_RIGHT

app = typer.Typer(
    name="autograde",
    help="Work through, grade and maintain the course. Every command explains itself with --help.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    # What draws boxes around the help takes longer to import than all else here.
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (student, collect, instructor, regrade, watch, author, doctor):
    part.register(app)


def main() -> None:
    """Run the command line. Exit codes: 0 all well, 1 something is not right with the work, 2 wrong use."""
    # nbgrader's own use of SQLAlchemy warns about nothing that anybody here could mend.
    warnings.filterwarnings("ignore", module=r"nbgrader\.")
    try:
        app()
    except KeyboardInterrupt:
        typer.echo("autograde: interrupted; what was finished is kept.", err=True)
        sys.exit(130)
    except Exception as error:
        if not is_ours(error):
            raise
        typer.echo(f"autograde: {error}", err=True)
        sys.exit(NOT_RIGHT)


def is_ours(error: BaseException) -> bool:
    """Whether an error was raised by this package (or is about a file) and its message is meant for the user."""
    module = type(error).__module__
    return module.startswith("autograde.") or isinstance(error, FileNotFoundError | PermissionError | FileExistsError)
