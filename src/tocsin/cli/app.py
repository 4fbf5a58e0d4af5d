"""The application that the commands register with, and the exit statuses they return."""

from __future__ import annotations

from cyclopts import App, Parameter
from rich.console import Console

from tocsin import __version__

app = App(
    name="tocsin",
    version=__version__,
    help="Open early warning: news and official bulletins in, warnings with their evidence out.",
    help_format="markdown",
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,
    error_console=Console(stderr=True),
    error_formatter=lambda error: f"tocsin: {error}",
    help_epilogue="Every command says more with --help. With --debug before a command, a failure shows its traceback.",
)

DONE, REFUSED, FAILED, INTERRUPTED = 0, 1, 2, 130
