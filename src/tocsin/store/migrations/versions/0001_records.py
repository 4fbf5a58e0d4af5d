"""The first tables: records, their cells and counts, references, points, blobs, words, and how far stages have come."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def key(name: str, of: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, of, primary_key=True, autoincrement=False)


def column(name: str, of: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, of, nullable=False)


def upgrade() -> None:
    clustered = {"sqlite_with_rowid": False}
    op.create_table(
        "record", key("n", NUMBER), column("kind", TEXT), column("id", TEXT), column("day", TEXT),
        column("cell", NUMBER), column("payload", sa.Text()),
    )  # fmt: skip
    op.create_index("record_by_id", "record", ["kind", "id"], unique=True)
    op.create_index("record_by_day", "record", ["kind", "day", "id", "cell"])
    op.create_index("record_by_cell", "record", ["cell", "day", "id"])
    op.create_index("record_by_arrival", "record", ["kind", "n"])
    op.create_table("cell", key("c", NUMBER), column("kind", TEXT), column("signature", sa.LargeBinary()))
    op.create_index("cell_by_signature", "cell", ["kind", "signature"], unique=True)
    op.create_table(
        "cell_value", key("kind", TEXT), key("field", TEXT), key("value", TEXT), key("c", NUMBER), **clustered
    )
    op.create_table("daily", key("c", NUMBER), key("day", TEXT), column("records", NUMBER), **clustered)
    op.create_table(
        "reference", key("kind", TEXT), key("field", TEXT), key("value", TEXT), key("n", NUMBER), **clustered
    )
    op.create_index("reference_by_record", "reference", ["n"])
    op.create_table("point", key("n", NUMBER), column("lat", sa.Double()), column("lon", sa.Double()))
    op.create_index("point_by_place", "point", ["lat", "lon"])
    op.create_table("blob", key("n", NUMBER), column("data", sa.LargeBinary()))
    op.create_table("done", key("stage", TEXT), key("kind", TEXT), key("n", NUMBER), **clustered)
    op.create_table("progress", key("stage", TEXT), key("kind", TEXT), column("through", NUMBER), **clustered)
    op.create_table("stage_state", key("stage", TEXT), column("state", sa.LargeBinary()))
    op.create_table("counter", key("name", TEXT), column("value", NUMBER))
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize=\"unicode61 remove_diacritics 0 "
            "categories 'L* M* N* Co'\")"
        )
    else:
        op.create_table("words", key("n", NUMBER), column("said", postgresql.TSVECTOR()))
        op.create_index("words_said", "words", ["said"], postgresql_using="gin")
