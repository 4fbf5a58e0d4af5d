"""A table of daily counts as a source: somebody's published figures become observations."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterator
from datetime import date, datetime

from tocsin.collect.heartbeat import beat
from tocsin.collect.rhythm import rhythm_of
from tocsin.collect.source import Batch, Settings, dump_state, load_state, make_page, problem
from tocsin.data.table import LARGEST, TableError, dated, figure, mark_of, numbered_lines
from tocsin.records import Observation, Problem, Record

MADE_BY = "collect.counts 1"
_BATCH = 500  # rows


class CountsSource:
    """`kind = "counts"`: `path` of a CSV with a column `date` and one a field; `issuer`; `fields` (all); `regime`.

    An empty value is missing, never 0. A column `regime` names the reporting rules of a row, a column `coverage` the
    share of the day reported; `regime` in the table holds where there is no such column.
    """

    def __init__(self, settings: Settings) -> None:
        settings.only("path", "issuer", "fields", "regime")
        self.name = settings.name
        self._path = settings.path()
        self._issuer = settings.text("issuer")
        self._fields = settings.names("fields")
        self._regime = settings.maybe("regime")
        self._rhythm = rhythm_of(settings)

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Batch]:
        """The observations of the rows that are new or have changed since `state`, and the file they stand in."""
        noted = load_state(state)
        ends = self._rhythm is None
        try:
            body = self._path.read_bytes()
            rows, faults = self._rows(body)
        except (OSError, ValueError) as error:
            complaint = error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
            failure = f"{self._path} cannot be read: {complaint.rstrip('.')}."
            yield Batch(
                (problem(self.name, self.name, failure),),
                dump_state(beat(noted, now, failure=failure, ends=ends, rhythm=self._rhythm)),
            )
            return
        problems = [problem(self.name, f"{self._path.name}:{at}", f"{self._path.name}, {says}.") for at, says in faults]
        failing = sorted(each.subject for each in problems)
        if failing != (before := noted.get("failing", [])):
            solved = tuple(sorted(set(before) - set(failing)))
            noted = {**noted, "failing": failing}
            yield Batch(tuple(problems), dump_state(noted), solved)
        page = make_page(
            self._path.resolve().as_uri(), body, now, source=self.name, outlet=self._issuer, media_type="text/csv"
        )
        known: dict[str, str] = dict(noted.get("rows", {}))
        new = [(number, row) for number, row in rows if known.get(row.get("date", "")) != _mark(row)]
        noted = beat(noted, now, arrived=[now] if new else [], ends=ends, rhythm=self._rhythm)
        for first in range(0, max(len(new), 1), _BATCH):
            some = new[first : first + _BATCH]
            records: list[Record] = [page] if some and first == 0 else []
            records += [record for number, row in some for record in self._records(number, row, page.id)]
            known.update({row.get("date", ""): _mark(row) for _, row in some})
            yield Batch(tuple(records), dump_state({**noted, "rows": known}))

    def _rows(self, body: bytes) -> tuple[list[tuple[int, dict[str, str]]], list[tuple[int, TableError]]]:
        """The rows that can be read, with days as ISO 8601 and decimal points; and what is wrong with the others."""
        try:
            lines = list(numbered_lines(io.StringIO(body.decode("utf-8-sig"), newline=None)))
        except UnicodeDecodeError as error:
            raise ValueError(f"it is not UTF-8 text (byte {error.start}); save it as CSV in UTF-8") from None
        mark = mark_of(lines[0][1] if lines else "")
        table = csv.reader((line for _, line in lines), delimiter=mark)
        rows: list[tuple[int, dict[str, str]]] = []
        faults: list[tuple[int, TableError]] = []
        try:
            columns = self._columns(next(table, []))
            for cells in table:
                number = lines[table.line_num - 1][0]
                row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
                try:
                    rows.append((number, self._plain(number, row, mark)))
                except TableError as fault:
                    faults.append((number, fault))
        except csv.Error as error:
            raise ValueError(f"it is no CSV ({error})") from None
        return rows, faults

    def _columns(self, header: list[str]) -> list[str]:
        """The names of the columns: those that mean something to tocsin as it spells them, others as the table does."""
        spelt = {name.lower(): name for name in ("date", "regime", "coverage", *self._fields)}
        columns = [spelt.get(name.strip().lower(), name.strip()) for name in header]
        missing = [name for name in ("date", *self._fields) if name not in columns]
        if missing:
            raise ValueError(f"it has no column {missing[0]!r} (columns are {', '.join(columns) or 'none'})")
        return columns

    def _plain(self, number: int, row: dict[str, str], mark: str) -> dict[str, str]:
        """A row whose every cell is known to be readable. Raises `TableError`."""
        plain = {**row, "date": dated(number, row.get("date", "")).isoformat()}
        for name in {"coverage", *(self._fields or row)} & row.keys() - {"date", "regime"}:
            value = figure(number, name, row[name], 1.0 if name == "coverage" else LARGEST, mark)
            plain[name] = "" if math.isnan(value) else row[name].replace(",", ".")
        return plain

    def _records(self, number: int, row: dict[str, str], page: str) -> list[Record]:
        fields = self._fields or [name for name in row if name not in ("date", "regime", "coverage")]
        try:
            day = date.fromisoformat(row["date"])
            coverage = float(row.get("coverage") or 1.0)
            values = {name: _finite(row[name]) for name in fields if row.get(name)}
        except ValueError as error:
            return [self._problem(number, error)]
        regime = row.get("regime") or self._regime
        return [
            Observation(
                issuer=self._issuer, field=name, day=day, value=value, regime=regime, coverage=coverage, article=page,
                made_by=MADE_BY,
            )
            for name, value in values.items()
        ]  # fmt: skip

    def _problem(self, number: int, error: ValueError) -> Problem:
        return problem(self.name, f"{self._path.name}:{number}", f"{self._path.name}, line {number}: {error}.")


def _finite(stated: str) -> float:
    value = float(stated)
    if not math.isfinite(value):
        raise ValueError(f"{stated!r} is not a finite number")
    return value


def _mark(row: dict[str, str]) -> str:
    return hashlib.sha256("\x1f".join(f"{name}={row[name]}" for name in sorted(row)).encode()).hexdigest()[:12]
