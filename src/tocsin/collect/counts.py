"""A table of daily counts as a source: somebody's published figures become observations."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from tocsin.collect.heartbeat import beat
from tocsin.collect.rhythm import rhythm_of
from tocsin.collect.source import Batch, Settings, dump_state, load_state, make_page, problem
from tocsin.data.table import LARGEST, TableError, dated, figure, mark_of, numbered_lines
from tocsin.records import Observation, Record

MADE_BY = "collect.counts 1"
_BATCH = 500  # rows

Row = dict[str, str]
"""Cells by the names of their columns."""


class CountsSource:
    """`kind = "counts"`: `path` of a CSV with a column `date` and one a field; `issuer`; `fields` (all); `regime`.

    An empty value is missing, never 0; where there was one before, that one is taken back. A column `regime` names the
    reporting rules of a row, a column `coverage` the share of the day reported; `regime` in the table holds where there
    is no such column.
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
        known = {day: row for day, row in noted.get("rows", {}).items() if isinstance(row, dict)}
        told: dict[str, Row] = {}
        for row in rows:
            told.setdefault(row["date"], {}).update(self._stated(row))
        new = [row for row in rows if known.get(row["date"]) != told[row["date"]]]
        noted = beat(noted, now, arrived=[now] if new else [], ends=ends, rhythm=self._rhythm)
        for first in range(0, max(len(new), 1), _BATCH):
            some = new[first : first + _BATCH]
            records: list[Record] = [page] if some and first == 0 else []
            for row in some:
                before = known.get(row["date"], {})
                gone = {name: before[name] for name in before.keys() & row.keys() - told[row["date"]].keys()}
                records += self._records(row, page.id, gone)
            known |= {row["date"]: told[row["date"]] for row in some}
            yield Batch(tuple(records), dump_state({**noted, "rows": known}))

    def _rows(self, body: bytes) -> tuple[list[Row], list[tuple[int, TableError]]]:
        """The rows that can be read, with days as ISO 8601 and decimal points; and what is wrong with the others."""
        try:
            lines = list(numbered_lines(io.StringIO(body.decode("utf-8-sig"), newline=None)))
        except UnicodeDecodeError as error:
            raise ValueError(f"it is not UTF-8 text (byte {error.start}); save it as CSV in UTF-8") from None
        mark = mark_of(lines[0][1] if lines else "")
        table = csv.reader((line for _, line in lines), delimiter=mark)
        rows: list[Row] = []
        faults: list[tuple[int, TableError]] = []
        try:
            columns = self._columns(next(table, []))
            for cells in table:
                number = lines[table.line_num - 1][0]
                row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
                try:
                    rows.append(self._plain(number, row, mark))
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

    def _named(self, row: Row) -> Sequence[str]:
        return self._fields or [name for name in row if name not in ("date", "regime", "coverage")]

    def _stated(self, row: Row) -> Row:
        """The cells of a row that say something of its day."""
        return {name: row[name] for name in (*self._named(row), "regime", "coverage") if row.get(name)}

    def _records(self, row: Row, page: str, gone: Row) -> list[Record]:
        """A row's observations; of the cells that are `gone` from it, that nothing of the day is reported any more."""
        day, coverage = date.fromisoformat(row["date"]), float(row.get("coverage") or 1.0)
        told = {name: (float(row[name]), coverage) for name in self._named(row) if row.get(name)}
        told |= {name: (float(gone[name]), 0.0) for name in self._named(row) if name in gone}
        regime = row.get("regime") or self._regime
        return [
            Observation(
                issuer=self._issuer, field=name, day=day, value=value, regime=regime, coverage=share, article=page,
                made_by=MADE_BY,
            )
            for name, (value, share) in told.items()
        ]  # fmt: skip
