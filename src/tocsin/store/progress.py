"""How far each stage has come: which records it has finished, and the state it keeps between batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import sqlalchemy as sa

from tocsin.records import Record
from tocsin.store.base import StoreError
from tocsin.store.tables import counter, done, progress, record, rewritten, stage_state

CHUNK = 500


def _through(connection: sa.Connection, stage: str, kind: str) -> int:
    row = sa.select(progress.c.through).where(progress.c.stage == stage, progress.c.kind == kind)
    return connection.execute(row).scalar() or 0


def _beyond(stage: str, kind: str, through: int) -> sa.Select[int, str]:
    """The records of `kind` that `stage` has not finished, in order of arrival."""
    finished = sa.exists().where(done.c.stage == stage, done.c.kind == kind, done.c.n == record.c.n)
    return (
        sa.select(record.c.n, record.c.payload)
        .where(record.c.kind == kind, record.c.n > through, ~finished)
        .order_by(record.c.n)
    )


def pending(connection: sa.Connection, stage: str, kind: str, limit: int) -> Sequence[sa.Row[int, str]]:
    """Number and payload of up to `limit` records that wait for `stage`."""
    return connection.execute(_beyond(stage, kind, _through(connection, stage, kind)).limit(limit)).all()


def written(connection: sa.Connection) -> int:
    """The number of the last writing of a record."""
    return connection.execute(sa.select(counter.c.value).where(counter.c.name == "record")).scalar() or 0


def changed(connection: sa.Connection, kind: str, since: int, after: int, limit: int) -> Sequence[sa.Row[int, str]]:
    """Number and payload of records, numbered beyond `after`, that were stored or became others since a writing."""
    rows = sa.select(record.c.n, record.c.payload).where(record.c.kind == kind).order_by(record.c.n)
    again = rows.join(rewritten, rewritten.c.n == record.c.n).where(rewritten.c.at > since)
    found = connection.execute(again.where(record.c.n > after, record.c.n <= since).limit(limit)).all()
    if len(found) == limit:
        return found
    new = rows.where(record.c.n > max(after, since)).limit(limit - len(found))
    return [*found, *connection.execute(new)]


def mark(connection: sa.Connection, stage: str, records: Iterable[Record]) -> None:
    """Mark `records` as finished by `stage`. Raises `StoreError` for one that is not stored."""
    kinds: set[str] = set()
    stream = iter(records)
    while chunk := list(islice(stream, CHUNK)):
        by_kind: dict[str, set[str]] = {}
        for item in chunk:
            by_kind.setdefault(item.kind, set()).add(item.id)
        for kind, ids in by_kind.items():
            _mark(connection, stage, kind, ids)
        kinds |= by_kind.keys()
    for kind in sorted(kinds):
        _advance(connection, stage, kind)


def _mark(connection: sa.Connection, stage: str, kind: str, ids: set[str]) -> None:
    numbers = connection.execute(sa.select(record.c.n).where(record.c.kind == kind, record.c.id.in_(ids))).scalars()
    stored = set(numbers)
    if len(stored) < len(ids):
        raise StoreError(f"The stage {stage!r} cannot finish a {kind} that is not stored.")
    through = _through(connection, stage, kind)
    known = connection.execute(
        sa.select(done.c.n).where(done.c.stage == stage, done.c.kind == kind, done.c.n.in_(stored))
    ).scalars()
    fresh = sorted(n for n in stored - set(known) if n > through)
    if fresh:
        connection.execute(sa.insert(done), [{"stage": stage, "kind": kind, "n": n} for n in fresh])


def _advance(connection: sa.Connection, stage: str, kind: str) -> None:
    """Move the mark up to the first unfinished record, and drop the single marks that it makes needless."""
    before = _through(connection, stage, kind)
    first = connection.execute(_beyond(stage, kind, before).limit(1)).first()
    if first is not None:
        through = first[0] - 1
    else:
        last = connection.execute(sa.select(sa.func.max(record.c.n)).where(record.c.kind == kind)).scalar()
        through = last or before
    if through <= before:
        return
    mine = (progress.c.stage == stage, progress.c.kind == kind)
    if not connection.execute(sa.update(progress).where(*mine).values(through=through)).rowcount:
        connection.execute(sa.insert(progress).values(stage=stage, kind=kind, through=through))
    connection.execute(sa.delete(done).where(done.c.stage == stage, done.c.kind == kind, done.c.n <= through))


def keep_state(connection: sa.Connection, stage: str, state: bytes) -> None:
    """Keep what `stage` needs to know when it goes on."""
    if not connection.execute(sa.update(stage_state).where(stage_state.c.stage == stage).values(state=state)).rowcount:
        connection.execute(sa.insert(stage_state).values(stage=stage, state=state))


def state(connection: sa.Connection, stage: str) -> bytes | None:
    """What `stage` kept."""
    return connection.execute(sa.select(stage_state.c.state).where(stage_state.c.stage == stage)).scalar()
