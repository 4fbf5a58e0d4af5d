"""A store in one SQLite file: WAL mode, FTS5, one writer and any number of readers, in any number of processes."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from tocsin.store import migrate
from tocsin.store.base import StoreError
from tocsin.store.sql import SqlStore
from tocsin.store.words import Wanted

APPLICATION = 0x746F6373
"""Says in the file's header that it is tocsin's ("tocs")."""

PATIENCE = 15.0
"""Seconds to wait for another process that is writing."""

_SENTENCES = {
    "SQLITE_FULL": "The disk is full: nothing of this step was stored in {place}; free some space and run it again.",
    "SQLITE_BUSY": "{place} is being written by another process: wait until it is done and try again.",
    "SQLITE_LOCKED": "{place} is being written by another process: wait until it is done and try again.",
    "SQLITE_READONLY": "{place} cannot be written: make the file and its folder writable, or use another place.",
    "SQLITE_PERM": "{place} cannot be opened: this user has no permission.",
    "SQLITE_CANTOPEN": "{place} cannot be opened: check that its folder exists and that this user may use it.",
    "SQLITE_NOTADB": "{place} is not a tocsin store: choose another place, or restore the file from a backup.",
    "SQLITE_CORRUPT": "{place} is damaged: restore it from a backup, or move it away and run tocsin again.",
    "SQLITE_IOERR": "{place} cannot be read or written: the disk reports an error, or is full.",
    "SQLITE_TOOBIG": "A record is larger than the {place} can hold (1 GB): leave it out.",
}


class Sqlite:
    """The `Database` in a file. `words` are kept in FTS5 without the texts, which the records hold already."""

    def __init__(self, path: Path, *, readonly: bool) -> None:
        self.path = path
        self.place = str(path)
        self.words = Fts5()
        self.engine = _engine(path, readonly=readonly)

    def matching(self, parts: list[Wanted]) -> sa.Select[int]:
        table = sa.table("words", sa.column("rowid", sa.Integer), sa.column("words", sa.Text))
        return sa.select(table.c.rowid).where(table.c.words.op("MATCH")(_match(parts)))

    def listed(self, values: Sequence[str]) -> sa.Select[str]:
        each = sa.func.json_each(json.dumps(values)).table_valued(sa.column("value", sa.Text))
        return sa.select(each.c.value)

    def hold_writing(self, connection: sa.Connection) -> None:
        """Nothing to do: transactions begin with the right to write (`_engine`)."""

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Lock a file beside the store; the system lets go of it when the process ends, however it ends."""
        lock = self.path.with_name(self.path.name + ".lock")
        try:
            handle = lock.open("a+b")
        except OSError as error:
            raise StoreError(
                f"{lock} cannot be written ({error.strerror}): make its folder writable, or use another place."
            ) from error
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise StoreError(f"Another tocsin run is working on {self.place}: wait until it is done.") from error
            yield

    def sentence(self, error: sa.exc.DBAPIError) -> str | None:
        return sentence(error.orig, self.place)


class Fts5:
    """The words of records in the virtual table `words`, whose row ids are the records' numbers."""

    def add(self, connection: sa.Connection, texts: Sequence[tuple[int, str]]) -> None:
        rows = [{"n": n, "text": text} for n, text in texts]
        connection.execute(sa.text("INSERT INTO words(rowid, text) VALUES (:n, :text)"), rows)

    def drop(self, connection: sa.Connection, texts: Sequence[tuple[int, str]]) -> None:
        rows = [{"n": n, "text": text} for n, text in texts]
        connection.execute(sa.text("INSERT INTO words(words, rowid, text) VALUES ('delete', :n, :text)"), rows)


def _match(parts: Sequence[Wanted]) -> str:
    """An FTS5 expression; words hold no quotation marks, so quoting them is enough."""
    return " AND ".join(f'"{" ".join(part.words)}"{" *" if part.begun else ""}' for part in parts)


def sentence(error: BaseException | None, place: str) -> str | None:
    """What an SQLite error means for the user, or None where it is not theirs to mend."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name == "SQLITE_ERROR" and "no such table" in str(error):
        return f"{place} lacks tables of tocsin's: restore it from a backup, or move it away and run tocsin again."
    for prefix, words in _SENTENCES.items():
        if name.startswith(prefix):
            return words.format(place=place)
    return None


def _engine(path: Path, *, readonly: bool) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite"), creator=lambda: _connect(path, readonly=readonly), poolclass=QueuePool
    )

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    mode = _mode(path) if readonly else "mode=rwc"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        if not readonly:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute("PRAGMA temp_store=FILE")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _mode(path: Path) -> str:
    """Read without writing anything; where SQLite could not even make its index of the log, as a file that rests."""
    log = path.with_name(path.name + "-wal")
    rests = not log.exists() and not os.access(path.parent, os.W_OK)
    return "mode=ro&immutable=1" if rests else "mode=ro"


def open_sqlite(path: Path, *, readonly: bool = False) -> SqlStore:
    """Open the store in the file `path`, making or migrating it first unless it is only to be read."""
    place = str(path)
    if readonly and not path.is_file():
        raise StoreError(f"There is no store at {place}: make one with tocsin init, then tocsin run.")
    database = Sqlite(path, readonly=readonly)
    try:
        _prepare(database, readonly=readonly)
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        database.engine.dispose()
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        raise StoreError(sentence(cause, place) or f"{place} cannot be opened: {cause}.") from error
    except BaseException:
        database.engine.dispose()
        raise
    return SqlStore(database, readonly=readonly)


def _prepare(database: Sqlite, *, readonly: bool) -> None:
    with database.engine.connect() as connection:
        _recognise(connection, database.place, readonly=readonly)
        if migrate.is_current(connection, database.place):
            return
    if readonly:
        raise StoreError(
            f"{database.place} was made by an older tocsin: run tocsin once so that it is brought up to date."
        )
    with database.engine.connect().execution_options(writing=True) as connection, connection.begin():
        if not migrate.is_current(connection, database.place):  # another process may have been quicker
            migrate.upgrade(connection)
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION}")


def _recognise(connection: sa.Connection, place: str, *, readonly: bool) -> None:
    def pragma(name: str) -> Any:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()

    empty = pragma("schema_version") == 0
    if readonly and empty:
        raise StoreError(f"{place} holds no store yet: make one with tocsin init, then tocsin run.")
    if not empty and pragma("application_id") != APPLICATION:
        raise StoreError(f"{place} is the database of another program: choose another place for tocsin's store.")
