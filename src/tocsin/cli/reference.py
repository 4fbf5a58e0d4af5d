"""Write the command reference from the commands' own help: `python -m tocsin.cli.reference` (see `make docs`)."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from cyclopts import App

from tocsin.cli import registered  # noqa: F401 - imported for the commands it registers
from tocsin.cli.app import app

OPENING = """\
# Commands

Written from the commands' own help by `make docs`; do not edit. The formats of the lines that the batch commands
read and write are in [formats.md](formats.md).

Exit status: 0 done; 1 some input could not be answered (its lines say so); 2 the command could not do its work (one
sentence on standard error says why); 130 interrupted. Answers go to standard output, progress to standard error.
`--debug` before a command shows the traceback of a failure.
"""


def reference() -> str:
    """The whole page, as Markdown."""
    return "\n".join([OPENING, *(line for name, one in commands(app) for line in _section(name, one))]) + "\n"


def commands(of: App, before: str = "") -> Iterator[tuple[str, App]]:
    """Every command with its full name, in order; those of a group follow its name."""
    for name in sorted(name for name in of if not name.startswith("-")):
        one = of[name]
        if one.default_command:
            yield before + name, one
        else:
            yield from commands(one, f"{before}{name} ")


def _section(name: str, one: App) -> Iterator[str]:
    function = one.default_command
    words, _, parameters = (inspect.getdoc(function) or "").partition("Parameters\n----------")
    yield f"## tocsin {name}\n"
    yield words.strip() + "\n"
    described = re.findall(r"^(\w+)\n((?:    .*\n?)+)", parameters.strip() + "\n", re.MULTILINE)
    for parameter, text in described:
        yield f"* `{parameter}`: {' '.join(text.split())}"
    if described:
        yield ""


if __name__ == "__main__":
    print(reference(), end="")
