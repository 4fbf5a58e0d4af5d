"""What a command says as it works and when it is done: progress on standard error, results on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from tocsin.cli.jsonl import Line, emit

Progress = Callable[[str, int], None]

_CLEARED = "\r\x1b[K"


def say(line: Line, json: bool, words: str) -> None:
    """The result of a command: as a JSON line, or in words."""
    if json:
        emit(line)
    else:
        print(words)


def report(tally: Mapping[str, int], json: bool) -> int:
    """What a run has made: the count of each kind of record. Returns the exit status."""
    made = ", ".join(f"{count:,} {what}" for what, count in tally.items() if count)
    say(dict(tally), json, f"New: {made}." if made else "Nothing new.")
    return 0


def note(says: str) -> None:
    """What a command could not do, or left as it was: a line on standard error, below any progress."""
    print(f"{_CLEARED if sys.stderr.isatty() else ''}tocsin: {says}", file=sys.stderr)


def progress(json: bool) -> Progress:
    """A function told `stage, records done` that shows it on standard error: one line, rewritten on a terminal."""
    live = sys.stderr.isatty() and not json

    def tell(stage: str, done: int) -> None:
        if live:
            print(f"{_CLEARED}{stage}: {done:,}", end="", file=sys.stderr, flush=True)
        else:
            print(f"{stage}: {done:,}", file=sys.stderr)

    return tell
