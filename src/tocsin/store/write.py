"""Writes records and everything that is kept about them, inside a transaction that the store has opened.

One writer at a time (the store sees to it), so that numbers follow the order of commits.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

import sqlalchemy as sa

from tocsin.records import Record
from tocsin.store.fields import Index, index_of, values
from tocsin.store.tables import blob, cell, cell_value, counter, daily, point, record, reference, rewritten
from tocsin.store.words import words

CHUNK = 500
EVERYTHING = "{}"
"""The signature of no field at all: the cell that counts every record of a kind."""


class Words(Protocol):
    """The full-text index of one database."""

    def add(self, connection: sa.Connection, texts: Sequence[tuple[int, str]]) -> None:
        """Index the words of the records with these numbers."""

    def drop(self, connection: sa.Connection, texts: Sequence[tuple[int, str]]) -> None:
        """Take them out again."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is written: its number and cell are known."""

    n: int
    cell: int
    day: str
    payload: str
    record: Record


def write(connection: sa.Connection, index_words: Words, records: Iterable[Record]) -> int:
    """Store `records`; returns how many are new. Of several with one id the last counts."""
    new = 0
    stream = iter(records)
    while chunk := list(islice(stream, CHUNK)):
        by_kind: dict[type[Record], dict[str, Record]] = {}
        for item in chunk:
            by_kind.setdefault(type(item), {})[item.id] = item
        for kind, items in by_kind.items():
            new += _write_kind(connection, index_words, kind, list(items.values()))
    return new


def remove(connection: sa.Connection, index_words: Words, kind: type[Record], ids: Iterable[str]) -> int:
    """Remove records; returns how many there were. Unknown ids are passed over."""
    removed = 0
    stream = iter(ids)
    while chunk := list(islice(stream, CHUNK)):
        rows = list(_stored(connection, kind, chunk).values())
        if not rows:
            continue
        _forget_details(connection, index_words, index_of(kind), rows)
        for table in (record, rewritten):
            connection.execute(sa.delete(table).where(table.c.n.in_([row.n for row in rows])))
        _count(connection, rows, _cells(connection, kind.kind, {EVERYTHING})[EVERYTHING], -1)
        removed += len(rows)
    return removed


def take_numbers(connection: sa.Connection, name: str, many: int) -> int:
    """Reserve `many` numbers of the counter `name`; returns the first. A number is never given twice."""
    last = connection.execute(sa.select(counter.c.value).where(counter.c.name == name)).scalar()
    if last is None:
        connection.execute(sa.insert(counter).values(name=name, value=many))
        return 1
    connection.execute(sa.update(counter).where(counter.c.name == name).values(value=last + many))
    return int(last) + 1


def _write_kind(connection: sa.Connection, index_words: Words, kind: type[Record], items: Sequence[Record]) -> int:
    index = index_of(kind)
    before = _stored(connection, kind, [item.id for item in items])
    payloads = {item.id: payload_of(item, index) for item in items}
    changed = [item for item in items if item.id not in before or before[item.id].payload != payloads[item.id]]
    if not changed:
        return 0
    signatures = {item.id: _signature(index, item) for item in changed}
    cells = _cells(connection, kind.kind, {EVERYTHING, *signatures.values()})
    fresh = sum(item.id not in before for item in changed)
    numbers = iter(range(n := take_numbers(connection, "record", fresh), n + fresh)) if fresh else iter(())
    rows = [
        Row(
            n=before[item.id].n if item.id in before else next(numbers),
            cell=cells[signatures[item.id]],
            day=_day(index, item),
            payload=payloads[item.id],
            record=item,
        )
        for item in changed
    ]
    replaced = [before[item.id] for item in changed if item.id in before]
    if replaced:
        _forget_details(connection, index_words, index, replaced)
        connection.execute(sa.delete(record).where(record.c.n.in_([row.n for row in replaced])))
        _count(connection, replaced, cells[EVERYTHING], -1)
        _note_rewriting(connection, [row.n for row in replaced])
    _insert(connection, record, rows, _columns)
    _keep_details(connection, index_words, index, rows)
    _count(connection, rows, cells[EVERYTHING], 1)
    return fresh


def _note_rewriting(connection: sa.Connection, numbers: Sequence[int]) -> None:
    connection.execute(sa.delete(rewritten).where(rewritten.c.n.in_(numbers)))
    first = take_numbers(connection, "record", len(numbers))
    connection.execute(sa.insert(rewritten), [{"n": n, "at": first + at} for at, n in enumerate(numbers)])


def _columns(row: Row) -> Iterator[dict[str, Any]]:
    kind, id = row.record.kind, row.record.id
    yield {"n": row.n, "kind": kind, "id": id, "day": row.day, "cell": row.cell, "payload": row.payload}


def payload_of(item: Record, index: Index) -> str:
    """A record as JSON, without the field that is kept apart."""
    return item.model_dump_json(exclude={index.blob} if index.blob else None)


def _day(index: Index, item: Record) -> str:
    day = index.day(item)
    return day.isoformat() if day else ""


def _signature(index: Index, item: Record) -> str:
    held = {name: found for name, of in index.counted.items() if (found := values(of, item))}
    return json.dumps(held, ensure_ascii=False, separators=(",", ":"))


def _stored(connection: sa.Connection, kind: type[Record], ids: Sequence[str]) -> dict[str, Row]:
    columns = (record.c.n, record.c.cell, record.c.day, record.c.payload)
    found = connection.execute(sa.select(*columns).where(record.c.kind == kind.kind, record.c.id.in_(ids)))
    rows = (Row(n, c, day, payload, kind.model_validate_json(payload)) for n, c, day, payload in found)
    return {row.record.id: row for row in rows}


def _cells(connection: sa.Connection, kind: str, signatures: set[str]) -> dict[str, int]:
    """The cell of each signature; those not seen before are made."""
    named = {_hash(signature): signature for signature in signatures}
    known = connection.execute(
        sa.select(cell.c.signature, cell.c.c).where(cell.c.kind == kind, cell.c.signature.in_(named))
    )
    cells = {named[bytes(row[0])]: row[1] for row in known}
    missing = sorted(signatures - cells.keys())
    if not missing:
        return cells
    first = take_numbers(connection, "cell", len(missing))
    made = dict(zip(missing, range(first, first + len(missing)), strict=True))
    connection.execute(
        sa.insert(cell), [{"c": c, "kind": kind, "signature": _hash(signature)} for signature, c in made.items()]
    )
    held = [
        {"kind": kind, "field": name, "value": value, "c": c}
        for signature, c in made.items()
        for name, found in json.loads(signature).items()
        for value in found
    ]
    if held:
        connection.execute(sa.insert(cell_value), held)
    return cells | made


def _hash(signature: str) -> bytes:
    return hashlib.blake2b(signature.encode(), digest_size=16).digest() if signature != EVERYTHING else b""


def _keep_details(connection: sa.Connection, index_words: Words, index: Index, rows: Sequence[Row]) -> None:
    _insert(connection, reference, rows, lambda row: _references(index, row))
    _insert(connection, point, rows, lambda row: _points(index, row))
    _insert(connection, blob, rows, lambda row: _blobs(index, row))
    if texts := _texts(index, rows):
        index_words.add(connection, texts)


def _forget_details(connection: sa.Connection, index_words: Words, index: Index, rows: Sequence[Row]) -> None:
    numbers = [row.n for row in rows]
    for table in (reference, point, blob):
        connection.execute(sa.delete(table).where(table.c.n.in_(numbers)))
    if texts := _texts(index, rows):
        index_words.drop(connection, texts)


def _insert(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Row],
    details: Callable[[Row], Iterator[dict[str, Any]]],
) -> None:
    if found := [detail for row in rows for detail in details(row)]:
        connection.execute(sa.insert(table), found)


def _references(index: Index, row: Row) -> Iterator[dict[str, Any]]:
    for name, of in index.references.items():
        for value in values(of, row.record):
            yield {"kind": type(row.record).kind, "field": name, "value": value, "n": row.n}


def _points(index: Index, row: Row) -> Iterator[dict[str, Any]]:
    if index.point is not None and (where := index.point(row.record)) is not None:
        yield {"n": row.n, "lat": where[0], "lon": where[1]}


def _blobs(index: Index, row: Row) -> Iterator[dict[str, Any]]:
    if index.blob is not None:
        body: bytes = getattr(row.record, index.blob)
        yield {"n": row.n, "data": zlib.compress(body), "size": len(body)}


def _texts(index: Index, rows: Sequence[Row]) -> list[tuple[int, str]]:
    if index.words is None:
        return []
    return [(row.n, " ".join(words(index.words(row.record)))) for row in rows]


def _count(connection: sa.Connection, rows: Sequence[Row], everything: int, sign: int) -> None:
    """Add the rows to the daily counts of their cells and of everything, or take them away."""
    changes = Counter((cell, row.day) for row in rows for cell in {row.cell, everything})
    upsert = _upsert(connection)
    connection.execute(
        upsert, [{"c": c, "day": day, "records": sign * many} for (c, day), many in sorted(changes.items())]
    )
    if sign < 0:
        connection.execute(sa.delete(daily).where(daily.c.c.in_({c for c, _ in changes}), daily.c.records <= 0))


def _upsert(connection: sa.Connection) -> sa.Insert:
    from sqlalchemy.dialects import postgresql, sqlite

    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(daily)
    return statement.on_conflict_do_update(
        index_elements=[daily.c.c, daily.c.day], set_={"records": daily.c.records + statement.excluded.records}
    )
