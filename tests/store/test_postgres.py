"""A store in PostgreSQL: what is wrong with server or address is one sentence, and never shows the password."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.contract.conftest import postgres
from tests.contract.samples import an_article, an_event
from tocsin.records import Article, Event
from tocsin.store import Select, StoreError, open_store
from tocsin.store.postgres import MOST_WORDS
from tocsin.store.tables import metadata

__all__ = ["postgres"]  # the fixture

pytest.importorskip("psycopg", reason="psycopg is not installed")


def test_a_server_that_is_not_there_is_said_to_be_so_without_its_password() -> None:
    with pytest.raises(StoreError) as error:
        open_store("postgresql://someone:secret@127.0.0.1:1/tocsin")
    assert "cannot be reached" in str(error.value)
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(StoreError, match="That is no PostgreSQL address"):
        open_store("postgresql://host:port/tocsin")


@pytest.mark.slow
def test_a_database_that_does_not_exist_is_named(postgres: Callable[[], str]) -> None:
    with pytest.raises(StoreError, match="does not exist: create the database first"):
        open_store(postgres().replace("/contract", "/nowhere"))


@pytest.mark.slow
def test_reading_only_neither_makes_nor_writes(postgres: Callable[[], str]) -> None:
    address = postgres()
    with pytest.raises(StoreError, match="holds no store of this version"):
        open_store(address, readonly=True)
    writer = open_store(address)
    writer.put([an_event()])
    reader = open_store(address, readonly=True)
    assert reader.count(Event) == 1
    with pytest.raises(StoreError, match="read only"):
        reader.put([an_event(None)])
    with (
        pytest.raises(sa.exc.DBAPIError, match="read-only"),
        reader._database.engine.begin() as connection,  # type: ignore[attr-defined]
    ):
        connection.execute(sa.text("DELETE FROM record"))
    writer.close()
    reader.close()


@pytest.mark.slow
def test_tables_of_another_program_are_left_alone(postgres: Callable[[], str]) -> None:
    address = postgres()
    engine = sa.create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE record (name text)"))
    engine.dispose()
    with pytest.raises(StoreError, match="holds tables of another program"):
        open_store(address)


@pytest.mark.slow
def test_the_migrations_make_the_tables_of_the_code(postgres: Callable[[], str]) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    address = postgres()
    open_store(address).close()
    engine = sa.create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        options = {
            "version_table": "tocsin_version",
            "include_name": lambda name, kind, parents: kind != "table" or name != "words",
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
    engine.dispose()


@pytest.mark.slow
def test_a_very_long_text_is_found_by_its_first_words(postgres: Callable[[], str]) -> None:
    store = open_store(postgres())
    long = an_article("Long", " ".join(f"word{number}" for number in range(MOST_WORDS + 100)))
    again = an_article("Again", "again " * 100_000)
    store.put([long, again])
    assert store.count(Article, Select(text="word15000")) == 1
    assert store.count(Article, Select(text="again")) == 1
    store.close()
