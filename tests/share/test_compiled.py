"""The rule as SQL decides as the rule does, in SQLite and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.share.compiled import asking, visible_sql
from tocsin.share.database import Database, open_database
from tocsin.share.rule import Marking, Subject, visible
from tocsin.share.shelf import marking_columns
from tocsin.share.tables import item, release

from .decisions import DECISIONS, NOON, Thing
from .strategies import markings, subjects


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database of either kind."""
    if request.param == "sqlite":
        where = str(tmp_path_factory.mktemp("rule") / "rule.db")
    else:
        where = request.getfixturevalue("postgres_address")
    opened = open_database(where)
    yield opened
    opened.close()


def decided(base: Database, who: Subject, things: list[Marking]) -> list[bool]:
    """What the compiled rule says of each marking, in a transaction that leaves nothing behind."""
    rows = [
        {"o": o, "id": str(o), "type": "note", "spec_version": "2.1", "version": "", "owner": "", "path": ""}
        | {"digest": "", "payload": "{}", **marking_columns(marking)}
        for o, marking in enumerate(things)
    ]
    names = [{"o": o, "name": name} for o, marking in enumerate(things) for name in marking.releasable_to or ()]
    with base.engine.connect().execution_options(writing=True) as connection, connection.begin() as transaction:
        connection.execute(sa.insert(item), rows)
        if names:
            connection.execute(sa.insert(release), names)
        seen = set(connection.execute(sa.select(item.c.o).where(visible_sql()), asking(who)).scalars())
        transaction.rollback()
    return [o in seen for o in range(len(things))]


@given(st.lists(markings, min_size=5, max_size=25), subjects)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_decide_alike(base: Database, things: list[Marking], who: Subject) -> None:
    assert decided(base, who, things) == [visible(who, Thing(marking)) for marking in things]


def test_sql_decides_every_case_of_the_specification(base: Database) -> None:
    for name, who, marking, expected in DECISIONS:
        if marking is not None:
            assert decided(base, who, [marking]) == [expected], name


def test_an_embargo_ends_to_the_microsecond(base: Database) -> None:
    marking = Marking(tlp="clear", not_before=NOON)
    just_before = Subject(at=NOON - timedelta(microseconds=1))
    assert decided(base, just_before, [marking]) == [False]
    assert decided(base, Subject(at=NOON), [marking]) == [True]
