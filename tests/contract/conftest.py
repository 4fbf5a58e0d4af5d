"""The stores that must answer to the contract: each fixture value opens the same store again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tocsin.store import Store, open_store

Opener = Callable[[], Store]


@pytest.fixture(params=["sqlite"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens one and the same store, each time as another process would."""
    opened: list[Store] = []

    def open_again() -> Store:
        opened.append(open_store(tmp_path / "contract.db"))
        return opened[-1]

    yield open_again
    for store in opened:
        with suppress(Exception):
            store.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    """An empty store."""
    return opener()
