"""The application that the commands register with, and the exit statuses they return."""

from __future__ import annotations

from datetime import date

from cyclopts import App, CoercionError, CycloptsError, Parameter
from rich.console import Console

from tocsin import __version__
from tocsin.config import ConfigError


def _told(error: CycloptsError) -> str:
    """What is wrong with a command's words, in a sentence, and how a day is written."""
    of_a_day = isinstance(error, CoercionError) and error.target_type is date
    return f"tocsin: {error}" + (" Write the day as 2023-04-09." if of_a_day else "")


app = App(
    name="tocsin",
    version=__version__,
    help="Open early warning: news and official bulletins in, warnings with their evidence out.",
    help_format="markdown",
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,
    error_console=Console(stderr=True),
    error_formatter=_told,
    help_epilogue="Every command says more with --help. With --debug before a command, a failure shows its traceback.",
)


def check_span(since: date | None, until: date | None, names: tuple[str, str] = ("--since", "--until")) -> None:
    """Make sure that a span of days has a day. Raises `ConfigError`."""
    if since is not None and until is not None and since > until:
        raise ConfigError(f"{names[0]} {since} is after {names[1]} {until}; no day lies between them.")


DONE, REFUSED, FAILED, INTERRUPTED = 0, 1, 2, 130
