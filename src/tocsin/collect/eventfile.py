"""Files of coded events that users already have (GDELT, ICEWS, POLECAT, ACLED, UCDP GED) as a source."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, Literal

from tocsin.collect.codebook import Format, formats
from tocsin.collect.errors import SourceError
from tocsin.collect.eventrows import event_of
from tocsin.collect.heartbeat import beat
from tocsin.collect.rhythm import rhythm_of
from tocsin.collect.source import Batch, Settings, dump_state, load_state, problem
from tocsin.records import Event, Observation, Record

MADE_BY = "collect.eventfile 1"
_BATCH = 1000  # rows
_PROBLEMS = 20  # rows of one file that are reported one by one; the others are counted


class EventFileSource:
    """`kind = "eventfile"`: `path` of a file or folder, `glob` ("**/*"), `themes` (of GKG files, to count by day)."""

    def __init__(self, settings: Settings) -> None:
        settings.only("path", "glob", "themes")
        self.name = settings.name
        self._path = settings.path()
        self._glob = settings.text("glob", "**/*")
        self._themes = frozenset(theme.upper() for theme in settings.names("themes"))
        self._rhythm = rhythm_of(settings)

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Batch]:
        """The events of every file that is new or has grown since `state`, each file from the row where it was left."""
        noted = load_state(state)
        ends = self._rhythm is None
        files = (
            [self._path] if self._path.is_file() else sorted(self._path.glob(self._glob)) if self._path.is_dir() else []
        )
        files = [path for path in files if path.is_file() and not path.name.startswith(".")]
        if not files:
            missing = f"there is no event file at {self._path}; set path of source {self.name!r}."
            failed = beat(noted, now, failure=missing, ends=ends, rhythm=self._rhythm)
            yield Batch((problem(self.name, self.name, missing),), dump_state(failed))
            return
        done: dict[str, Any] = dict(noted.get("done", {}))
        waiting = [path for path in files if done.get(path.name, [None])[0] != _stamp(path)]
        noted = beat(noted, now, arrived=[now] if waiting else [], ends=ends, rhythm=self._rhythm)
        for path in waiting:
            for records, rows in self._batches(path, int(done.get(path.name, [None, 0])[1])):
                done[path.name] = [None, rows]
                yield Batch(tuple(records), dump_state({**noted, "done": done}))
            done[path.name] = [_stamp(path), done.get(path.name, [None, 0])[1]]
        yield Batch((), dump_state({**noted, "done": done}))

    def _batches(self, path: Path, passed: int) -> Iterator[tuple[list[Record], int]]:
        """Records and the number of rows they bring us to; GKG files are summed up and give theirs at the end."""
        records: list[Record] = []
        counts: Counter[tuple[date, str]] = Counter()
        failed, number = 0, passed
        try:
            with open_text(path) as stream:
                form, rows = read_rows(stream, path.name)
                for number, row in enumerate(rows, start=1):
                    if number <= passed and form.family != "gkg":
                        continue
                    try:
                        records += self._records(row, form, counts)
                    except (ValueError, KeyError) as error:
                        failed += 1
                        if failed <= _PROBLEMS:
                            records.append(self._row_problem(path, number, error))
                    if number % _BATCH == 0 and form.family != "gkg":
                        yield records, number
                        records = []
        except (OSError, EOFError, SourceError, csv.Error, UnicodeError, zipfile.BadZipFile) as error:
            records.append(problem(self.name, path.name, f"{path.name} cannot be read further: {_brief(error)}."))
        if failed > _PROBLEMS:
            records.append(problem(self.name, f"{path.name} rows", f"{path.name}: {failed} rows could not be read."))
        records += [
            Observation(
                issuer="gdelt-gkg", field=theme, day=day, value=float(count), article=path.name, made_by=MADE_BY
            )
            for (day, theme), count in sorted(counts.items())
        ]
        yield records, number

    def _records(self, row: dict[str, str], form: Format, counts: Counter[tuple[date, str]]) -> list[Event]:
        if form.family == "gkg":
            day = date.fromisoformat(f"{row['DATE'][:4]}-{row['DATE'][4:6]}-{row['DATE'][6:8]}")
            themes = {theme for theme in (row.get("Themes") or "").upper().split(";") if theme}
            counts.update((day, theme) for theme in themes & self._themes)
            return []
        event = event_of(row, form) if form.family != "none" else None
        return [event] if event is not None else []

    def _row_problem(self, path: Path, number: int, error: Exception) -> Record:
        return problem(self.name, f"{path.name}:{number}", f"{path.name}, row {number}: {_brief(error)}.")


def read_rows(stream: IO[str], name: str) -> tuple[Format, Iterator[dict[str, str]]]:
    """Which format a file has, and its rows.

    Raises:
        SourceError: no known format; the message lists them.
    """
    first = stream.readline(1_000_000)
    for form in formats():
        if form.header:
            reader = next(csv.reader([first], delimiter=form.delimiter), [])
            columns = [column.strip().strip('"\ufeff') for column in reader]
            if set(form.header) <= set(columns):
                return form, _dictionaries(stream, columns, form.delimiter)
    fields = first.rstrip("\r\n").count("\t") + 1
    for form in formats():
        if form.columns and fields in (len(form.columns), form.also):
            rest = _dictionaries(stream, list(form.columns), form.delimiter)
            lone = dict(zip(form.columns, first.rstrip("\r\n").split("\t"), strict=False))
            return form, _after(lone, rest)
    known = ", ".join(form.name for form in formats())
    raise SourceError(f"{name} has no known format of event files (known are {known})")


def _dictionaries(stream: IO[str], columns: list[str], delimiter: str) -> Iterator[dict[str, str]]:
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    csv.field_size_limit(10_000_000)
    for row in csv.reader((line.replace("\x00", "") for line in stream), delimiter=delimiter, quoting=quoting):
        if row:
            yield dict(zip(columns, row, strict=False))


def _after(first: dict[str, str], rest: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    yield first
    yield from rest


@contextmanager
def open_text(path: Path) -> Iterator[IO[str]]:
    """The text of a file, or of the only file in a ZIP (GDELT's form) or gzip archive."""
    with path.open("rb") as raw:
        head = raw.read(4)
        raw.seek(0)
        if head == b"PK\x03\x04":
            with zipfile.ZipFile(raw) as archive, archive.open(archive.namelist()[0]) as inner:
                yield io.TextIOWrapper(inner, encoding="utf-8", errors="replace", newline="")
        elif head[:2] == b"\x1f\x8b":
            with gzip.open(raw) as inner_gzip:
                yield io.TextIOWrapper(inner_gzip, encoding="utf-8", errors="replace", newline="")
        else:
            yield io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")


def _stamp(path: Path) -> str:
    about = path.stat()
    return f"{about.st_size}:{about.st_mtime_ns}"


def _brief(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the column {error.args[0]!r} is missing"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return (" ".join(str(error).split()) or type(error).__name__).rstrip(".")
