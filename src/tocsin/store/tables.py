"""The tables of a store, the same in SQLite and PostgreSQL; `migrations` makes them.

A record is a row of `record`: its JSON, its day, and its *cell*, the one combination of counted-field values that it
has (`fields`). Counts are kept by cell and day, so that any question over counted fields is answered by adding up
counts, without double counting where an event has two sources; the nameless cell of each kind counts all of it. Text
is compared by code point in either database.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

CODE_POINTS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

record = sa.Table(
    "record",
    metadata,
    sa.Column("n", NUMBER, primary_key=True, autoincrement=False),  # order of arrival, never used twice
    sa.Column("kind", CODE_POINTS, nullable=False),
    sa.Column("id", CODE_POINTS, nullable=False),
    sa.Column("day", CODE_POINTS, nullable=False),  # ISO date; '' where the record has none
    sa.Column("cell", NUMBER, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Index("record_by_id", "kind", "id", unique=True),
    sa.Index("record_by_day", "kind", "day", "id", "cell"),
    sa.Index("record_by_cell", "cell", "day", "id"),
    sa.Index("record_by_arrival", "kind", "n"),
)

rewritten = sa.Table(
    "rewritten",
    metadata,
    sa.Column("n", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("at", NUMBER, nullable=False),  # from the same counter as n: when the record last became another
    sa.Index("rewritten_by_time", "at"),
)

cell = sa.Table(
    "cell",
    metadata,
    sa.Column("c", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("kind", CODE_POINTS, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),  # a hash of the fields and their values; '' counts all
    sa.Index("cell_by_signature", "kind", "signature", unique=True),
)

cell_value = sa.Table(
    "cell_value",
    metadata,
    sa.Column("kind", CODE_POINTS, primary_key=True),
    sa.Column("field", CODE_POINTS, primary_key=True),
    sa.Column("value", CODE_POINTS, primary_key=True),
    sa.Column("c", NUMBER, primary_key=True),
    sqlite_with_rowid=False,
)

daily = sa.Table(
    "daily",
    metadata,
    sa.Column("c", NUMBER, primary_key=True),
    sa.Column("day", CODE_POINTS, primary_key=True),
    sa.Column("records", NUMBER, nullable=False),
    sqlite_with_rowid=False,
)

reference = sa.Table(
    "reference",
    metadata,
    sa.Column("kind", CODE_POINTS, primary_key=True),
    sa.Column("field", CODE_POINTS, primary_key=True),
    sa.Column("value", CODE_POINTS, primary_key=True),
    sa.Column("n", NUMBER, primary_key=True),
    sa.Index("reference_by_record", "n"),
    sqlite_with_rowid=False,
)

point = sa.Table(
    "point",
    metadata,
    sa.Column("n", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("lat", sa.Double, nullable=False),
    sa.Column("lon", sa.Double, nullable=False),
    sa.Index("point_by_place", "lat", "lon"),
)

blob = sa.Table(
    "blob",
    metadata,
    sa.Column("n", NUMBER, primary_key=True, autoincrement=False),
    sa.Column("data", sa.LargeBinary, nullable=False),  # zlib
    sa.Column("size", NUMBER, nullable=False, server_default=str(1 << 20)),  # bytes when unpacked
)

done = sa.Table(
    "done",
    metadata,
    sa.Column("stage", CODE_POINTS, primary_key=True),
    sa.Column("kind", CODE_POINTS, primary_key=True),
    sa.Column("n", NUMBER, primary_key=True),
    sqlite_with_rowid=False,
)

progress = sa.Table(
    "progress",
    metadata,
    sa.Column("stage", CODE_POINTS, primary_key=True),
    sa.Column("kind", CODE_POINTS, primary_key=True),
    sa.Column("through", NUMBER, nullable=False),  # everything up to here is done; `done` holds what is beyond
    sqlite_with_rowid=False,
)

stage_state = sa.Table(
    "stage_state",
    metadata,
    sa.Column("stage", CODE_POINTS, primary_key=True),
    sa.Column("state", sa.LargeBinary, nullable=False),
)

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("name", CODE_POINTS, primary_key=True),
    sa.Column("value", NUMBER, nullable=False),  # the last number given; `written`: microseconds since 1970
)
