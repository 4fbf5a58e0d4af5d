"""When a known record last became another, so that what changed can be told without reading everything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "rewritten",
        sa.Column("n", number, primary_key=True, autoincrement=False),
        sa.Column("at", number, nullable=False),
    )
    op.create_index("rewritten_by_time", "rewritten", ["at"])
