"""The store over SQL: what SQLite and PostgreSQL do alike. What differs is a `Database`."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from typing import Protocol, TypeVar

import sqlalchemy as sa
from pydantic import ValidationError

from tocsin.records import Record
from tocsin.store import progress
from tocsin.store.base import EVERYTHING, Select, StoreError
from tocsin.store.fields import index_of
from tocsin.store.query import FEW, Asking, Query, about, compile_query, page, per_day
from tocsin.store.tables import blob, counter, record
from tocsin.store.write import Words, remove, write

R = TypeVar("R", bound=Record)

NUL = "\x00"
PAGE = 1000
MEMORY = 64 << 20
"""Bytes of blobs that a batch may unpack; one that is larger alone comes alone."""


class Database(Asking, Protocol):
    """What a store needs to know of the database it is kept in."""

    place: str
    engine: sa.Engine

    @property
    def words(self) -> Words:
        """Its full-text index."""

    def hold_writing(self, connection: sa.Connection) -> None:
        """Begin to write: from here to the commit nobody else does."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the right to run the pipeline, or raise `StoreError` at once."""

    def sentence(self, error: sa.exc.DBAPIError) -> str | None:
        """What has gone wrong, in a sentence for the user; None where it is tocsin's own mistake."""


class SqlStore:
    """Implements `Store`. Every call opens a connection of its own: threads may share the store."""

    def __init__(self, database: Database, *, readonly: bool = False) -> None:
        self._database = database
        self._readonly = readonly

    def put(self, records: Iterable[Record]) -> int:
        with self._writing() as connection:
            return write(connection, self._database.words, records)

    def get(self, kind: type[R], id: str) -> R | None:
        if NUL in id:
            return None
        one = sa.select(record.c.n, record.c.payload).where(record.c.kind == kind.kind, record.c.id == id)
        with self._reading() as connection:
            found = self._load(connection, kind, connection.execute(one).all())
        return found[0] if found else None

    def select(self, kind: type[R], select: Select = EVERYTHING) -> Iterator[R]:
        query = self._compile(kind, select)
        return self._pages(kind, select, query)

    def _pages(self, kind: type[R], select: Select, query: Query) -> Iterator[R]:
        size = 1 if index_of(kind).blob else PAGE
        left = select.limit
        with self._reading() as connection:
            after = self._position(connection, kind, select.after)
            few = bool(query.others) or (
                query.cells is not None and connection.execute(about(query.cells, select)).scalar_one() < FEW
            )
        while left is None or left > 0:
            many = size if left is None else min(size, left)
            statement = page(query, newest_first=select.newest_first, after=after, limit=many, few=few)
            with self._reading() as connection:
                found = self._load(connection, kind, connection.execute(statement).all())
            yield from found
            if len(found) < many:
                return
            after = (_iso(index_of(kind).day(found[-1])), found[-1].id)
            left = None if left is None else left - many

    def count(self, kind: type[Record], select: Select = EVERYTHING) -> int:
        return sum(self._per_day(kind, select).values())

    def daily(self, kind: type[Record], select: Select = EVERYTHING) -> dict[date, int]:
        return {date.fromisoformat(day): many for day, many in self._per_day(kind, select).items() if day}

    def pending(self, stage: str, kind: type[R], limit: int) -> list[R]:
        with self._reading() as connection:
            rows = progress.pending(connection, stage, kind.kind, limit)
            if index_of(kind).blob:
                rows = _within_memory(connection, rows)
            return self._load(connection, kind, rows)

    def finish(
        self,
        stage: str,
        done: Iterable[Record],
        made: Iterable[Record] = (),
        state: bytes | None = None,
        gone: Iterable[Record] = (),
    ) -> None:
        with self._writing() as connection:
            for item in gone:
                remove(connection, self._database.words, type(item), [item.id])
            write(connection, self._database.words, made)
            progress.mark(connection, stage, done)
            if state is not None:
                progress.keep_state(connection, stage, state)

    def written(self) -> int:
        with self._reading() as connection:
            return progress.written(connection)

    def changed(self, kind: type[R], since: int) -> Iterator[R]:
        after = 0
        while True:
            with self._reading() as connection:
                rows = progress.changed(connection, kind.kind, since, after, PAGE)
                found = self._load(connection, kind, rows)
            yield from found
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    def state(self, stage: str) -> bytes | None:
        with self._reading() as connection:
            return progress.state(connection, stage)

    def forget(self, kind: type[Record], ids: Iterable[str]) -> None:
        with self._writing() as connection:
            remove(connection, self._database.words, kind, ids)

    def exclusive(self) -> AbstractContextManager[None]:
        return self._database.exclusive()

    def last_write(self) -> datetime | None:
        with self._reading() as connection:
            written = connection.execute(sa.select(counter.c.value).where(counter.c.name == "written")).scalar()
        return None if written is None else datetime.fromtimestamp(written / 1e6, UTC)

    def close(self) -> None:
        self._database.engine.dispose()

    def _compile(self, kind: type[Record], select: Select) -> Query:
        return compile_query(kind, select, self._database)

    def _per_day(self, kind: type[Record], select: Select) -> dict[str, int]:
        statement = per_day(kind, select, self._compile(kind, select))
        with self._reading() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def _position(self, connection: sa.Connection, kind: type[Record], after: str | None) -> tuple[str, str] | None:
        if after is None:
            return None
        if NUL in after:
            raise StoreError(f"There is no {kind.kind} {after!r} to continue after: begin again without it.")
        day = sa.select(record.c.day).where(record.c.kind == kind.kind, record.c.id == after)
        found = connection.execute(day).scalar()
        if found is None:
            raise StoreError(f"There is no {kind.kind} {after!r} to continue after: begin again without it.")
        return found, after

    def _load(self, connection: sa.Connection, kind: type[R], rows: Sequence[sa.Row[int, str]]) -> list[R]:
        try:
            records = [kind.model_validate_json(payload) for _, payload in rows]
        except ValidationError as error:
            raise StoreError(
                f"{self._database.place} holds a {kind.kind} that this version of tocsin cannot read "
                f"({error.error_count()} faults): it was written by another version or is damaged."
            ) from error
        name = index_of(kind).blob
        if name is None or not rows:
            return records
        held = connection.execute(sa.select(blob.c.n, blob.c.data).where(blob.c.n.in_([n for n, _ in rows])))
        bodies = {n: zlib.decompress(data) for n, data in held}
        return [item.model_copy(update={name: bodies.get(n, b"")}) for item, (n, _) in zip(records, rows, strict=True)]

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._explained(), self._database.engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        if self._readonly:
            raise StoreError(f"{self._database.place} was opened to be read only.")
        with (
            self._explained(),
            self._database.engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            self._database.hold_writing(connection)
            yield connection
            _stamp(connection)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.DBAPIError as error:
            sentence = self._database.sentence(error)
            if sentence is None:
                raise
            raise StoreError(sentence) from error
        except zlib.error as error:
            raise StoreError(f"{self._database.place} is damaged: a page's body cannot be unpacked.") from error


def _within_memory(connection: sa.Connection, rows: Sequence[sa.Row[int, str]]) -> Sequence[sa.Row[int, str]]:
    """The first of `rows` whose blobs fit into `MEMORY`, but at least one."""
    numbers = [n for n, _ in rows]
    known = connection.execute(sa.select(blob.c.n, blob.c.size).where(blob.c.n.in_(numbers)))
    sizes = {row[0]: row[1] for row in known}
    total = 0
    for position, n in enumerate(numbers):
        total += sizes.get(n, 0)
        if total > MEMORY and position:
            return rows[:position]
    return rows


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _stamp(connection: sa.Connection) -> None:
    now = int(datetime.now(UTC).timestamp() * 1e6)
    changed = connection.execute(sa.update(counter).where(counter.c.name == "written").values(value=now))
    if not changed.rowcount:
        connection.execute(sa.insert(counter).values(name="written", value=now))
