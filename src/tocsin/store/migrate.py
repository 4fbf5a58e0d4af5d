"""Brings a database to the tables of this version, and refuses one that a newer tocsin has made."""

from __future__ import annotations

import re
from importlib.resources import files

import sqlalchemy as sa

from tocsin.store.base import StoreError

VERSION_TABLE = "tocsin_version"


def revisions() -> list[str]:
    """The schema versions this tocsin knows, oldest first: the numbers before the names in `migrations/versions`."""
    names = (entry.name for entry in files("tocsin.store").joinpath("migrations", "versions").iterdir())
    return sorted(match[1] for name in names if (match := re.fullmatch(r"(\d{4})_\w+\.py", name)))


def version(connection: sa.Connection) -> str | None:
    """The schema version of a database, or None where it has no tables of ours."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.execute(sa.select(sa.column("version_num")).select_from(sa.table(VERSION_TABLE))).scalar()
    return str(found) if found is not None else None


def is_current(connection: sa.Connection, place: str) -> bool:
    """Whether the database needs no migration. Raises `StoreError` where it comes from a newer tocsin."""
    found, known = version(connection), revisions()
    if found is not None and found not in known:
        raise StoreError(
            f"{place} was made by a newer tocsin (schema {found}; this one knows up to {known[-1]}): "
            "upgrade tocsin to open it."
        )
    return found == known[-1]


def upgrade(connection: sa.Connection) -> None:
    """Run the migrations that the database lacks, in the connection's own transaction."""
    from alembic import command  # imported late: a current database never needs it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("tocsin.store").joinpath("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
