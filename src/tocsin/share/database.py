"""The database that sharing is kept in: the store's own file or server, with tables of its own beside."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from tocsin.share import rows, tables

PATIENCE = 15.0
"""Seconds to wait for another process that is writing."""

WRITING_LOCK = 0x746F63736E
"""The advisory lock under which PostgreSQL numbers entries, so that numbers grow in the order of commits."""


class ShareError(Exception):
    """Something cannot be shared, or not so; the message is one sentence for the user."""


class Database:
    """An engine and how to read and write through it. Every call opens a connection: threads may share it."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self, asking: Mapping[str, Any] | None = None) -> Iterator[sa.Connection]:
        """One consistent view of everything; on PostgreSQL, of no more than the subject of `asking` may see."""
        server = self.engine.dialect.name == "postgresql"
        options = {"isolation_level": "REPEATABLE READ"} if server else {}
        with _explained(), self.engine.connect().execution_options(**options) as connection, connection.begin():
            if server and asking is not None:
                rows.become(connection, asking)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction; from its beginning to its commit nobody else writes."""
        with (
            _explained(),
            self.engine.connect().execution_options(writing=True) as connection,
            connection.begin(),
        ):
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITING_LOCK})
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def open_database(where: str | Path | sa.Engine) -> Database:
    """Open sharing's tables in an SQLite file, at a postgresql:// address, or on an engine; make what is missing.

    Raises `ShareError` where the tables were made by a newer tocsin or the place cannot be written.
    """
    if isinstance(where, sa.Engine):
        engine = where
    elif "://" in str(where):
        address = str(where).replace("postgresql://", "postgresql+psycopg://", 1)
        engine = sa.create_engine(address)
    else:
        engine = _sqlite(Path(where))
    database = Database(engine)
    _prepare(database)
    return database


def _prepare(database: Database) -> None:
    with database.reading() as connection:
        made = sa.inspect(connection).has_table("share_schema")
        found = connection.execute(sa.select(tables.schema.c.version)).scalar() if made else None
    if found == tables.SCHEMA:
        return
    if found is not None and found > tables.SCHEMA:
        raise ShareError(
            f"Sharing's tables were made by a newer tocsin (version {found}; this one knows {tables.SCHEMA}): upgrade."
        )
    with database.writing() as connection:
        tables.metadata.create_all(connection)
        if connection.dialect.name == "postgresql":
            _secure(connection)
        if not connection.execute(sa.select(tables.schema.c.version)).scalar():
            connection.execute(sa.insert(tables.schema).values(version=tables.SCHEMA))
        connection.execute(sa.update(tables.schema).values(version=tables.SCHEMA))


def _secure(connection: sa.Connection) -> None:
    """Row-level security, which needs a role of its own. Raises `ShareError` where it may not be made."""
    try:
        rows.install(connection)
    except sa.exc.ProgrammingError as error:
        raise ShareError(
            f"Sharing over PostgreSQL needs the role {rows.ROLE}: let an administrator of the server run"
            f" CREATE ROLE {rows.ROLE} NOLOGIN; GRANT {rows.ROLE} TO CURRENT_USER; ({error.orig})"
        ) from error


def _sqlite(path: Path) -> sa.Engine:
    engine = sa.create_engine(sa.URL.create("sqlite"), creator=lambda: _connect(path), poolclass=QueuePool)

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA cache_size=-32768")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (sa.exc.OperationalError, sqlite3.OperationalError) as error:
        cause = error.orig if isinstance(error, sa.exc.OperationalError) else error
        raise ShareError(f"The database of what is shared cannot be used: {cause}.") from error


def next_numbers(connection: sa.Connection, name: str, many: int = 1) -> int:
    """The first of `many` numbers that nobody else is given. Call it while writing."""
    value = connection.execute(sa.select(tables.counter.c.value).where(tables.counter.c.name == name)).scalar()
    if value is None:
        connection.execute(sa.insert(tables.counter).values(name=name, value=many))
        return 1
    connection.execute(sa.update(tables.counter).where(tables.counter.c.name == name).values(value=value + many))
    return int(value) + 1
