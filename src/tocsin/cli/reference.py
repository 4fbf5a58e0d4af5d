"""Write the command reference from the commands' own help: `python -m tocsin.cli.reference` (see `make docs`)."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import get_args

from cyclopts import App, Argument

from tocsin.cli import (
    batch,
    registered,  # noqa: F401 - imported for the commands it registers
    workspace,
)
from tocsin.cli.app import app

OPENING = """\
# Commands

Written from the commands' own help by `make docs`; do not edit. The formats of the lines that the batch commands
read and write are in [formats.md](formats.md).

Exit status: 0 done; 1 some input could not be answered (its lines say so); 2 the command could not do its work (one
sentence on standard error says why); 130 interrupted, save for what runs until it is (`serve`, `run --every`: 0).
Answers go to standard output, progress to standard error. `--debug` before a command shows the traceback of a failure.

Arguments stand here in capitals, options as they are typed. All commands on a workspace also take `--workspace` (`-w`),
by default the folder you are in, and every command takes `--json`: JSON Lines on standard output instead of words.
"""

COMMON = {get_args(one)[1].help for one in (workspace.Where, workspace.AsJson, batch.AsJson)}
"""What is said once, above, of the options that nearly every command has."""


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
    words, _, _ = (inspect.getdoc(one.default_command) or "").partition("Parameters\n----------")
    yield f"## tocsin {name}\n"
    yield words.strip() + "\n"
    arguments = one.assemble_argument_collection(parse_docstring=True)
    described = [_described(argument) for argument in arguments if argument.parameter.help not in COMMON]
    yield from described
    if described:
        yield ""


def _described(argument: Argument) -> str:
    says = " ".join((argument.parameter.help or "").split())
    choices = argument.get_choices() or ()
    if not all(choice in says.lower() for choice in choices):
        says += f" One of {', '.join(f'`{choice}`' for choice in choices)}."
    if argument.required and argument.index is None:
        says += " Required."
    return f"* `{argument.names[0]}`: {says.strip()}"


if __name__ == "__main__":
    print(reference(), end="")
