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
from tocsin.records import Observation, Problem, Record

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
            rows = self._rows(body)
        except (OSError, ValueError) as error:
            complaint = error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
            failure = f"{self._path} cannot be read: {complaint.rstrip('.')}."
            yield Batch(
                (problem(self.name, str(self._path), failure),),
                dump_state(beat(noted, now, failure=failure, ends=ends, rhythm=self._rhythm)),
            )
            return
        page = make_page(
            self._path.resolve().as_uri(), body, now, source=self.name, outlet=self._issuer, media_type="text/csv"
        )
        known = {day: row for day, row in noted.get("rows", {}).items() if isinstance(row, dict)}
        told: dict[str, Row] = {}
        for _, row in rows:
            told.setdefault(row["date"], {}).update(self._stated(row))
        new = [(number, row) for number, row in rows if known.get(row["date"]) != told[row["date"]]]
        noted = beat(noted, now, arrived=[now] if new else [], ends=ends, rhythm=self._rhythm)
        for first in range(0, max(len(new), 1), _BATCH):
            some = new[first : first + _BATCH]
            records: list[Record] = [page] if some and first == 0 else []
            for number, row in some:
                before = known.get(row["date"], {})
                gone = {name: before[name] for name in before.keys() & row.keys() - told[row["date"]].keys()}
                records += self._records(number, row, page.id, gone)
            known |= {row["date"]: told[row["date"]] for _, row in some}
            yield Batch(tuple(records), dump_state({**noted, "rows": known}))

    def _rows(self, body: bytes) -> list[tuple[int, Row]]:
        reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
        columns = reader.fieldnames or []
        missing = [name for name in ("date", *self._fields) if name not in columns]
        if missing:
            raise ValueError(f"it has no column {missing[0]!r} (columns are {', '.join(columns) or 'none'})")
        return [
            (number, {name: (value or "").strip() for name, value in row.items() if name})
            for number, row in enumerate(reader, 2)
        ]

    def _named(self, row: Row) -> Sequence[str]:
        return self._fields or [name for name in row if name not in ("date", "regime", "coverage")]

    def _stated(self, row: Row) -> Row:
        """The cells of a row that say something of its day."""
        return {name: row[name] for name in (*self._named(row), "regime", "coverage") if row.get(name)}

    def _records(self, number: int, row: Row, page: str, gone: Row) -> list[Record]:
        """A row's observations; of the cells that are `gone` from it, that nothing of the day is reported any more."""
        try:
            day = date.fromisoformat(row["date"])
            coverage = float(row.get("coverage") or 1.0)
            told = {name: (_finite(row[name]), coverage) for name in self._named(row) if row.get(name)}
        except ValueError as error:
            return [self._problem(number, error)]
        told |= {name: (_finite(gone[name]), 0.0) for name in self._named(row) if _is_finite(gone.get(name, ""))}
        regime = row.get("regime") or self._regime
        return [
            Observation(
                issuer=self._issuer, field=name, day=day, value=value, regime=regime, coverage=share, article=page,
                made_by=MADE_BY,
            )
            for name, (value, share) in told.items()
        ]  # fmt: skip

    def _problem(self, number: int, error: ValueError) -> Problem:
        return problem(self.name, f"{self._path.name}:{number}", f"{self._path.name}, line {number}: {error}.")


def _finite(stated: str) -> float:
    value = float(stated)
    if not math.isfinite(value):
        raise ValueError(f"{stated!r} is not a finite number")
    return value


def _is_finite(stated: str) -> bool:
    try:
        return math.isfinite(float(stated))
    except ValueError:
        return False
