"""Tables of daily figures as people write them: what parts their columns, and what a cell says.

Columns are parted by commas, by semicolons (then 3,5 is three and a half) or by tabs, whichever the header has most of;
the case of its names does not matter. Lines that begin with # are comments.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime

LARGEST = 1e15  # beyond it neighbouring whole numbers can no longer be told apart
ABSENT = ("", "na", "n/a", "nan", "null", "none")  # how tables say that a value is missing

_THOUSANDS = {";": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+"), ",": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")}


class TableError(ValueError):
    """A line of a table cannot be read; the message is one sentence and `line` its number (from 1)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.says = message


def numbered_lines(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Numbered lines, blank ones and comments left out."""
    for number, line in enumerate(lines, 1):
        text = line.replace("\0", "").removeprefix("\ufeff").rstrip("\r\n")
        if text.strip(" ,;\t") and not text.startswith("#"):
            yield number, text


def mark_of(header: str) -> str:
    """What parts the columns below this header."""
    return max(",;\t", key=header.count)


def dated(line: int, text: str) -> date:
    """The day a cell names, as an ISO 8601 date or date-time. Raises `TableError`."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise TableError(line, f"{text[:40]!r} is not a date; write it as 2023-04-09") from None


def figure(line: int, column: str, text: str, high: float, mark: str) -> float:
    """The number of a cell, from 0 to `high`; NaN where it is missing. Raises `TableError`.

    A figure that may be another in the eyes of its writer (1.004 where a comma is decimal) is refused, not guessed.
    """
    if text.lower() in ABSENT:
        return math.nan
    said = f"{column} {text[:40]!r}"
    if mark == ";" and _THOUSANDS[mark].fullmatch(text):
        raise TableError(
            line, f"{said} may have a mark for thousands; write the figure without one, its fraction with ,"
        )
    if mark != ";" and _THOUSANDS[","].fullmatch(text):
        raise TableError(line, f"{said} has a mark for thousands; write the figure without one")
    plain = text.replace(",", ".") if mark == ";" and text.count(",") == 1 else text
    try:
        found = float(plain)
    except ValueError:
        raise TableError(line, f"{said} is not a number; leave it empty where it is missing") from None
    if math.isnan(found) or math.isinf(found):
        raise TableError(line, f"{said} is not finite; leave it empty where it is missing")
    if not 0 <= found <= high:
        raise TableError(line, f"{said} is out of range; it must be 0 to {high:g}")
    return found
