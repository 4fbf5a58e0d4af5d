"""Run the `tocsin` command, and say what went wrong when it fails."""

from __future__ import annotations

import errno
import os
import sys
from typing import Any

from cyclopts import CycloptsError

from tocsin.cli import registered  # noqa: F401 - imported for the commands it registers
from tocsin.cli.app import DONE, FAILED, INTERRUPTED, app


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit with its status. A failure a user can cause is one sentence on standard error."""
    given = sys.argv[1:] if arguments is None else arguments
    debug = "--debug" in given
    given = [argument for argument in given if argument != "--debug"]
    try:
        status = _run(given)
        sys.stdout.flush()
    except Exception as error:
        if debug:
            raise
        status = _say(error)
    except KeyboardInterrupt:
        print("tocsin: interrupted; what was finished is kept.", file=sys.stderr)
        status = INTERRUPTED
    if status == FAILED:
        _silence_stdout()
    sys.exit(status)


def _run(given: list[str]) -> int:
    try:
        result: Any = app(given, exit_on_error=False, result_action="return_value")
    except CycloptsError:
        return FAILED  # already said on standard error
    return result if isinstance(result, int) else DONE


def _say(error: Exception) -> int:
    """Tell the user what went wrong in one sentence; return the exit status."""
    if isinstance(error, BrokenPipeError):
        _silence_stdout()
        return DONE
    print(f"tocsin: {_sentence(error)}", file=sys.stderr)
    return FAILED


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        what = (os.strerror(error.errno) or "failed").lower()
        where = f"{error.filename}: " if error.filename else ""
        hint = "; free some space and run again" if error.errno == errno.ENOSPC else ""
        return f"{where}{what}{hint}."
    text = " ".join(str(error).split())
    if type(error).__module__.startswith("tocsin.") and text:
        return text
    return f"this should not happen ({type(error).__name__}: {text}); run again with --debug and report what it prints."


def _silence_stdout() -> None:
    """Keep the interpreter from complaining, at exit, of a pipe nobody reads any more."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
