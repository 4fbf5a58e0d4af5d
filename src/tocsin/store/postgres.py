"""A store in PostgreSQL: the same tables, shared by several machines. Needs the extra `tocsin[postgres]`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

from tocsin.store import migrate
from tocsin.store.base import StoreError
from tocsin.store.sql import SqlStore
from tocsin.store.words import Wanted

WRITING, RUNNING = 0x746F6373, 0x746F6374
"""Names of the advisory locks: one writer at a time, one run of the pipeline at a time."""

MOST_WORDS = 16_000
"""Of longer texts the first words are found: PostgreSQL knows no positions beyond 16,383."""

_words = sa.table("words", sa.column("n", sa.BigInteger), sa.column("said", TSVECTOR))

_SENTENCES = {
    "08": "{place} cannot be reached: check that the server runs and that the address is right.",
    "28": "{place} refuses this user: check name and password.",
    "3D": "{place} does not exist: create the database first, or correct its name.",
    "25006": "{place} may only be read by this user or connection.",
    "42501": "{place} does not allow this user to do that: ask who runs it for the right to write.",
    "42P07": "{place} holds tables of another program: give tocsin a database of its own.",
    "42P01": "{place} lacks tables of tocsin's: restore it from a backup, or give tocsin an empty database.",
    "53100": "The disk of {place} is full: nothing of this step was stored; free some space and run it again.",
    "53300": "{place} has too many connections: close some, or allow more.",
    "55P03": "{place} is being written by another process: wait until it is done and try again.",
    "57": "{place} was shut down: start it and try again; nothing of this step was stored.",
    "58": "{place} reports an error of its disk.",
    "XX001": "{place} is damaged: restore it from a backup.",
}

_REFUSALS = {"does not exist": "3D", "authentication failed": "28", "no password supplied": "28"}


class Postgres:
    """The `Database` on a server. `place` never holds the password."""

    def __init__(self, url: sa.URL, *, readonly: bool) -> None:
        self.place = url.set(drivername="postgresql").render_as_string(hide_password=True)
        self.words = TextVectors()
        options = "-c lock_timeout=15s" + (" -c default_transaction_read_only=on" if readonly else "")
        self.engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={"options": options, "application_name": "tocsin", "connect_timeout": 10},
        )

    def matching(self, parts: list[Wanted]) -> sa.Select[int]:
        asked = sa.cast(sa.literal(_query(parts)), sa.Text).op("::")(sa.text("tsquery"))
        return sa.select(_words.c.n).where(_words.c.said.op("@@")(asked))

    def listed(self, values: Sequence[str]) -> sa.Select[str]:
        each = sa.func.json_array_elements_text(
            sa.cast(sa.literal(json.dumps(values)), sa.Text).op("::")(sa.text("json"))
        )
        return sa.select(each.table_valued(sa.column("value", sa.Text)).c.value)

    def hold_writing(self, connection: sa.Connection) -> None:
        """Wait for the right to write, which ends with the transaction."""
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITING)))

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold a lock of the session; the server lets go of it when the connection ends, however it ends."""
        try:
            connection = self.engine.connect()
        except sa.exc.DBAPIError as error:
            raise StoreError(self.sentence(error) or str(error.orig)) from error
        with connection:
            if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(RUNNING))).scalar():
                raise StoreError(f"Another tocsin run is working on {self.place}: wait until it is done.")
            connection.commit()
            try:
                yield
            finally:
                with suppress(sa.exc.DBAPIError):  # a lost connection has let go already
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(RUNNING)))

    def sentence(self, error: sa.exc.DBAPIError) -> str | None:
        state = getattr(error.orig, "sqlstate", None)
        if state is None and isinstance(error, sa.exc.OperationalError):  # before there is a session there is no state
            state = next((code for words, code in _REFUSALS.items() if words in str(error.orig)), "08")
        for prefix, words in _SENTENCES.items():
            if state is not None and state.startswith(prefix):
                return words.format(place=self.place)
        return None


class TextVectors:
    """The words of records as text search vectors, made here so that the server's own language rules play no part."""

    def add(self, connection: sa.Connection, texts: Sequence[tuple[int, str]]) -> None:
        insert = sa.text("INSERT INTO words(n, said) VALUES (:n, CAST(:said AS tsvector))")
        connection.execute(insert, [{"n": n, "said": _vector(text.split())} for n, text in texts])

    def drop(self, connection: sa.Connection, texts: Sequence[tuple[int, str]]) -> None:
        connection.execute(sa.delete(_words).where(_words.c.n.in_([n for n, _ in texts])))


def _vector(words: Sequence[str]) -> str:
    """A text search vector as PostgreSQL writes it: each word with its positions (at most 256 are kept)."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words[:MOST_WORDS], 1):
        places.setdefault(word, []).append(str(place))
    return " ".join(f"'{word}':{','.join(found[:255])}" for word, found in places.items())


def _query(parts: Sequence[Wanted]) -> str:
    """A text search query; words hold no quotation marks, so quoting them is enough."""
    return " & ".join(
        "(" + " <-> ".join([*(f"'{word}'" for word in part.words[:-1]), f"'{part.words[-1]}'{':*' * part.begun}"]) + ")"
        for part in parts
    )


def open_postgres(url: str, *, readonly: bool = False) -> SqlStore:
    """Open the store at a postgresql:// address, making or migrating its tables unless it is only to be read."""
    try:
        database = Postgres(sa.make_url(url), readonly=readonly)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise StoreError("That is no PostgreSQL address: write postgresql://user@host/database.") from error
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs the package psycopg: pip install 'tocsin[postgres]'.") from error
    try:
        _prepare(database, readonly=readonly)
    except sa.exc.DBAPIError as error:
        database.engine.dispose()
        raise StoreError(database.sentence(error) or f"{database.place} cannot be opened: {error.orig}.") from error
    except BaseException:
        database.engine.dispose()
        raise
    return SqlStore(database, readonly=readonly)


def _prepare(database: Postgres, *, readonly: bool) -> None:
    with database.engine.connect() as connection:
        if migrate.is_current(connection, database.place):
            return
    if readonly:
        raise StoreError(f"{database.place} holds no store of this version: run tocsin once so that it does.")
    with database.engine.begin() as connection:
        database.hold_writing(connection)
        if not migrate.is_current(connection, database.place):  # another process may have been quicker
            migrate.upgrade(connection)
