"""Turns a `Select` into SQL over the tables of `tables`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from tocsin.records import Record
from tocsin.store.base import Select, StoreError
from tocsin.store.fields import index_of, plain
from tocsin.store.tables import cell, cell_value, daily, point, record, reference
from tocsin.store.words import Wanted, wanted

Condition = sa.ColumnElement[bool]
Held = list[str] | sa.Select[str]

MANY = 500
"""Longer lists of values are handed over whole instead of one by one."""

FEW = 20_000
"""Up to so many matches are collected and sorted; more are picked out of the records in order of day."""


class Asking(Protocol):
    """How a database is asked for what no two databases write alike."""

    def matching(self, parts: list[Wanted]) -> sa.Select[int]:
        """The numbers of the records whose words match all `parts`."""

    def listed(self, values: Sequence[str]) -> sa.Select[str]:
        """`values` as rows, however many they are."""


@dataclass(frozen=True, slots=True)
class Query:
    """A `Select` taken apart: the cells it is confined to (None: any), and conditions on single records."""

    kind: str
    cells: sa.Select[int] | None
    days: Condition
    others: tuple[Condition, ...]

    @property
    def counted(self) -> bool:
        """Whether the daily counts alone answer it."""
        return not self.others


def compile_query(kind: type[Record], select: Select, asking: Asking) -> Query:
    """Take `select` apart. Raises `StoreError` on unknown fields."""
    index = index_of(kind)
    cells: sa.Select[int] | None = None
    others: list[Condition] = []
    for name, allowed in select.where.items():
        values = sorted({plain(value) for value in ([allowed] if isinstance(allowed, str) else allowed)})
        held = asking.listed(values) if len(values) > MANY else values
        if name == "id":
            others.append(_named(kind.kind, held))
        elif name in index.counted:
            cells = _cells_with(kind.kind, name, held, among=cells)
        elif name in index.references:
            others.append(_records_with(kind.kind, name, held))
        else:
            known = ", ".join(sorted({"id", *index.counted, *index.references}))
            raise StoreError(f"No {kind.kind} can be selected by {name!r}: choose from {known}.")
    if select.text is not None:
        others.append(_records_saying(select.text, asking))
    if select.box is not None:
        others.append(record.c.n.in_(_points_within(select.box)))
    return Query(kind.kind, cells, _between(record.c.day, select), tuple(others))


def _cells_with(kind: str, name: str, values: Held, among: sa.Select[int] | None) -> sa.Select[int]:
    holder = cell_value.alias(name)
    holds = (holder.c.kind == kind, holder.c.field == name, holder.c.value.in_(values))
    if among is None:
        return sa.select(holder.c.c).where(*holds)
    return among.where(sa.exists().where(*holds, holder.c.c == among.selected_columns[0]))


def _named(kind: str, ids: Held) -> Condition:
    known = record.alias("named")
    return record.c.n.in_(sa.select(known.c.n).where(known.c.kind == kind, known.c.id.in_(ids)))


def _records_with(kind: str, name: str, values: Held) -> Condition:
    holders = sa.select(reference.c.n).where(
        reference.c.kind == kind, reference.c.field == name, reference.c.value.in_(values)
    )
    return record.c.n.in_(holders)


def _records_saying(text: str, asking: Asking) -> Condition:
    parts = wanted(text)
    present = [part for part in parts if not part.absent]
    absent = [part for part in parts if part.absent]
    if not present:
        return sa.false()
    said = record.c.n.in_(asking.matching(present))
    return sa.and_(said, *(record.c.n.not_in(asking.matching([part])) for part in absent))


def _points_within(box: tuple[float, float, float, float]) -> sa.Select[int]:
    west, south, east, north = box
    lon = point.c.lon
    across = lon.between(west, east) if west <= east else sa.or_(lon >= west, lon <= east)
    return sa.select(point.c.n).where(point.c.lat.between(south, north), across)


def _between(day: sa.ColumnElement[str], select: Select) -> Condition:
    bounds: list[Condition] = []
    if select.since or select.until:
        bounds.append(day >= (select.since.isoformat() if select.since else "0"))
    if select.until:
        bounds.append(day <= select.until.isoformat())
    return sa.and_(sa.true(), *bounds)


def per_day(kind: type[Record], select: Select, query: Query) -> sa.Select[str, int]:
    """Rows of day and count: from the daily counts where they answer, else from the records themselves."""
    if query.counted:
        all_of_it = sa.select(cell.c.c).where(cell.c.kind == query.kind, cell.c.signature == b"")
        return (
            sa.select(daily.c.day, sa.cast(sa.func.sum(daily.c.records), sa.BigInteger))
            .where(daily.c.c.in_(all_of_it if query.cells is None else query.cells), _between(daily.c.day, select))
            .group_by(daily.c.day)
            .order_by(daily.c.day)
        )
    return (
        sa.select(record.c.day, sa.func.count())
        .where(*_conditions(query, by_cell=True))
        .group_by(record.c.day)
        .order_by(record.c.day)
    )


def page(
    query: Query, *, newest_first: bool, after: tuple[str, str] | None, limit: int, few: bool
) -> sa.Select[int, str]:
    """Up to `limit` rows of number and payload, in order, beyond the (day, id) of `after`."""
    order = (record.c.day, record.c.id)
    rows = sa.select(record.c.n, record.c.payload).where(*_conditions(query, by_cell=few))
    if after is not None:
        here, there = sa.tuple_(*order), sa.tuple_(*map(sa.literal, after))
        rows = rows.where(here < there if newest_first else here > there)
    return rows.order_by(*(column.desc() if newest_first else column for column in order)).limit(limit)


def _conditions(query: Query, *, by_cell: bool) -> list[Condition]:
    """What must hold, written so that the database walks the right index: what stands in a sum is not looked up.

    Conditions on single records come first where there are any; else the cells, which imply the kind, where they hold
    few records; else the records of the kind in order.
    """
    conditions = [query.days, *query.others]
    if query.others:
        among = [] if query.cells is None else [(record.c.cell + 0).in_(query.cells)]
        return [record.c.kind.concat("") == query.kind, *among, *conditions]
    if query.cells is None:
        return [record.c.kind == query.kind, *conditions]
    if by_cell:
        return [record.c.cell.in_(query.cells), *conditions]
    return [record.c.kind == query.kind, (record.c.cell + 0).in_(query.cells), *conditions]


def about(cells: sa.Select[int], select: Select) -> sa.Select[int]:
    """How many records these cells hold; `FEW` or more rows of counts are not added up any further."""
    some = sa.select(daily.c.records).where(daily.c.c.in_(cells), _between(daily.c.day, select)).limit(FEW).subquery()
    return sa.select(sa.cast(sa.func.coalesce(sa.func.sum(some.c.records), 0), sa.BigInteger))
