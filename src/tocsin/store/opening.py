"""Opens a store, whatever it is kept in."""

from __future__ import annotations

import os
from pathlib import Path

from tocsin.store.base import Store, StoreError

FILE_NAME = "tocsin.db"
"""The store's file in a workspace folder."""


def open_store(where: str | os.PathLike[str], *, readonly: bool = False) -> Store:
    """Open the store at `where`: a file, a workspace folder (its `tocsin.db`), or a postgresql:// address.

    A store that does not exist is made, one of an older tocsin is brought up to date; `readonly` does neither.
    Raises `StoreError`.
    """
    if isinstance(where, str) and where.startswith(("postgresql://", "postgresql+psycopg://")):
        from tocsin.store.postgres import open_postgres

        return open_postgres(where, readonly=readonly)
    if isinstance(where, str) and "://" in where:
        raise StoreError(f"tocsin keeps stores in SQLite files and PostgreSQL, not in {where.split(':')[0]}.")
    path = Path(where)
    if path.is_dir():
        path = path / FILE_NAME
    from tocsin.store.sqlite import open_sqlite

    return open_sqlite(path, readonly=readonly)
