"""JSON Lines in, JSON Lines out: the frame of every batch command (see `docs/reference/commands.md`).

One line is read, answered and forgotten, so memory does not grow with the input. A line that cannot be answered gives
`{"id": …, "error": "…"}` in its place; the others are still answered, and the exit status is 1 at the end.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from pydantic_core import to_jsonable_python

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes in a line beyond which it is refused unread, so that one line cannot fill the memory."""

MOST_DIGITS = 300
PROGRESS_EVERY = 1000

Line = dict[str, Any]


class LineError(ValueError):
    """An input line is not of the command's form; the message is one sentence."""


def answer_lines(path: str, respond: Callable[[Line], Iterable[Line]], *, finish: Iterable[Line] = ()) -> int:
    """Answer every line of `path` (`-` is standard input) with `respond`; then print the lines of `finish`.

    Returns the exit status: 0, or 1 where a line was refused.
    """
    refused = 0
    answered = 0
    with _opened(path) as source:
        for number, raw in enumerate(_lines(source), 1):
            name: object = None
            try:
                line = _parse(raw)
                name = line.get("id")
                for reply in respond(line):
                    emit(reply)
            except ValueError as error:
                refused += 1
                emit({"id": name, "error": f"line {number}: {_sentence(error)}"})
            answered += 1
            if answered % PROGRESS_EVERY == 0:
                print(f"{answered:,} lines …", file=sys.stderr)
    for reply in finish:
        emit(reply)
    if refused:
        print(f"{refused:,} of {answered:,} lines could not be answered.", file=sys.stderr)
    return 1 if refused else 0


def emit(line: Line) -> None:
    """Print one JSON line on standard output."""
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=_plain)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")


def _plain(value: object) -> object:
    """What JSON has no word for: times, days and durations in ISO 8601, anything else as it prints itself."""
    return to_jsonable_python(value, fallback=str)


def text_lines(path: str) -> Iterator[str]:
    """The lines of a text file (`-` is standard input), as UTF-8 with or without a byte-order mark."""
    with _opened(path) as source:
        for number, raw in enumerate(_lines(source), 1):
            if raw is None:
                raise LineError(f"{path}: line {number} is longer than {LONGEST_LINE // 2**20} MiB.")
            try:
                yield _decode(raw)
            except LineError as error:
                raise LineError(f"{path}, line {number}: {error}.") from None


@contextmanager
def _opened(path: str) -> Iterator[BinaryIO]:
    if path == "-":
        yield sys.stdin.buffer
    else:
        with Path(path).open("rb") as source:
            yield source


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """The lines that are not blank; None stands for one that is too long."""
    while raw := source.readline(LONGEST_LINE):
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := source.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield None
        elif raw.strip():
            yield raw


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LineError(f"not UTF-8 (byte {error.start}); convert the file to UTF-8 first") from None


def _parse(raw: bytes | None) -> Line:
    if raw is None:
        raise LineError(f"longer than {LONGEST_LINE // 2**20} MiB")
    try:
        line = json.loads(_decode(raw), parse_constant=_no_number, parse_float=_finite, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise LineError(f"not JSON: {error.msg.removesuffix(' at').lower()} at character {error.pos + 1}") from None
    except RecursionError:
        raise LineError("nested too deeply") from None
    if not isinstance(line, dict):
        raise LineError(f"a JSON object is expected, not {type(line).__name__}")
    return line


def _no_number(word: str) -> float:
    raise LineError(f"{word} is not JSON; write null")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise LineError(f"the number {text[:20]} is too large")
    return value


def _whole(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise LineError(f"the number {text[:20]}… has {len(text):,} digits; {MOST_DIGITS} are the most")
    return int(text)


def flag_of(line: Line, key: str) -> bool:
    """The truth value under `key`; False where it is absent or null. Raises `LineError` where it is something else."""
    value = line.get(key)
    if value is None or (isinstance(value, int) and value in (0, 1)):
        return bool(value)
    raise LineError(f"{key!r} must be true or false, not {type(value).__name__}")


def text_of(line: Line, key: str, *, required: bool = False) -> str:
    """The text under `key`; empty where it is absent or null. Raises `LineError` where it is something else."""
    value = line.get(key)
    if value is None:
        if required:
            raise LineError(f"{key!r} is missing")
        return ""
    if not isinstance(value, str):
        raise LineError(f"{key!r} must be text, not {type(value).__name__}")
    return value


def _sentence(error: ValueError) -> str:
    return " ".join(str(error).split()) or type(error).__name__
