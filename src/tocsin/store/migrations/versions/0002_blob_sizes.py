"""How large each blob is when unpacked, so that a batch of them can be kept within memory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

UNKNOWN = 1 << 20


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("blob", sa.Column("size", number, nullable=False, server_default=str(UNKNOWN)))
