"""Sharing over PostgreSQL: the same answers as over SQLite, also when several write at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from tocsin.share import window as window_module
from tocsin.share.compiled import asking
from tocsin.share.database import ShareError, open_database
from tocsin.share.opening import Share, open_share
from tocsin.share.publish import publish, release, withdraw
from tocsin.share.rule import Marking, Subject
from tocsin.share.shelf import Collection, marking_columns
from tocsin.share.tables import item, metadata, schema
from tocsin.share.tables import release as release_table
from tocsin.share.window import EVERYTHING, Match, Window

from .decisions import DECISIONS
from .records import PUBLISHER, some_findings
from .samples import a_note, an_id, an_identity, an_item
from .test_publish import AMBER, RELEASER, WIDE
from .world import a_world, shelve


@pytest.fixture
def share(postgres_address: str, tmp_path: Path) -> Iterator[Share]:
    opened = open_share(postgres_address, tmp_path / "key", home="home")
    yield opened
    with opened.database.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name != "share_schema":
                connection.execute(sa.delete(table))
    opened.close()


@pytest.fixture
def to(share: Share) -> Collection:
    return share.shelf.keep_collection("open", "Open", WIDE)


def test_publishing_releasing_and_withdrawing_leave_a_sound_record(share: Share, to: Collection) -> None:
    first = publish(share, some_findings(), PUBLISHER, to, by="person:ada", default=AMBER)
    again = publish(share, some_findings(), PUBLISHER, to, by="person:ada", default=AMBER)
    assert (again.changed, again.unchanged) == (0, first.changed)
    navy = Window(share.shelf, Subject(at=datetime.now(UTC), person="p", organisation="navy"))
    sighting = next(one.id for one in navy.all(to) if one.id.startswith("sighting--"))
    release(share, sighting, WIDE, by=RELEASER, reason="asked")
    withdraw(share, sighting, by=RELEASER, reason="wrong")
    assert navy.get(to, sighting) is not None
    assert len(navy.history(to, sighting)) == 3
    assert navy.count(to, EVERYTHING) == navy.count(to) + 2
    assert share.audit.verify().sound


def test_a_random_world_shows_each_partner_exactly_what_the_rule_allows(share: Share) -> None:
    world, stix = a_world(5, 200, 4)
    to = shelve(share.shelf, stix)
    for who in world.partners:
        seen = list(Window(share.shelf, who).all(to))
        assert {one.id for one in seen} == world.ids(who)
        assert not world.leaks(who, " ".join(one.text for one in seen))


def test_entries_are_readable_in_the_order_of_their_numbers_while_several_write(share: Share, to: Collection) -> None:
    def write(name: str) -> None:
        for n in range(15):
            items = [an_item(an_identity(f"{name}-{n}-{m}"), Marking(tlp="clear")) for m in range(3)]
            share.shelf.add(to, items, owner="home")

    writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for writer in writers:
        writer.start()
    window, seen, after = Window(share.shelf, Subject(at=datetime.now(UTC))), [], 0
    while any(writer.is_alive() for writer in writers) or window.page(to, Match(after=after), 1)[0]:
        found, _ = window.page(to, Match(after=after), 20)
        seen += [one.id for one in found]
        after = found[-1].n if found else after
    assert len(seen) == len(set(seen)) == 135


def test_what_waits_for_another_comes_when_that_arrives(share: Share, to: Collection) -> None:
    window = Window(share.shelf, Subject(at=datetime.now(UTC)))
    share.shelf.add(to, [an_item(a_note("n", an_id("identity", "x")))], owner="home")
    assert window.count(to) == 0
    share.shelf.add(to, [an_item(an_identity("x"))], owner="home")
    assert [one.id.partition("--")[0] for one in window.all(to)] == ["identity", "note"]


# The second layer: what the database itself lets a partner's transaction see


READ = {
    "item": "SELECT id, payload FROM share_item",
    "entry": "SELECT id FROM share_entry",
    "reference": "SELECT ref FROM share_reference",
}


def rows_for(share: Share, who: Subject, statement: str) -> list[sa.Row[tuple[str, ...]]]:
    """What a statement that knows nothing of the rule returns in a transaction for `who`."""
    with share.database.reading(asking(who)) as connection:
        return list(connection.exec_driver_sql(statement).all())


def test_a_statement_without_the_rule_returns_no_row_that_the_rule_hides(share: Share) -> None:
    world, stix = a_world(6, 300, 6)
    shelve(share.shelf, stix)
    for who in [*world.partners, Subject(at=world.partners[0].at)]:
        may = {id for id in world.held if world.may(who, id)}
        assert {id for id, _ in rows_for(share, who, READ["item"])} == may
        assert {id for (id,) in rows_for(share, who, READ["entry"])} == may
        assert {ref for (ref,) in rows_for(share, who, READ["reference"])} <= may | {""}
        names = {name for (name,) in rows_for(share, who, "SELECT name FROM share_release")}
        assert names <= who.names("clear")


def test_the_policies_decide_every_case_of_the_specification(share: Share, to: Collection) -> None:
    kept = [(name, who, marking, expected) for name, who, marking, expected in DECISIONS if marking is not None]
    with share.database.writing() as connection:
        for o, (_, _, marking, _) in enumerate(kept):
            row = {"o": o, "id": f"note--{o}", "type": "note", "spec_version": "2.1", "version": "", "owner": ""}
            more = {"path": "", "digest": "", "payload": "{}", **marking_columns(marking)}
            connection.execute(sa.insert(item), [row | more])
            names = [{"o": o, "name": name} for name in marking.releasable_to or ()]
            if names:
                connection.execute(sa.insert(release_table), names)
    for o, (name, who, _, expected) in enumerate(kept):
        found = {id for id, _ in rows_for(share, who, READ["item"])}
        assert (f"note--{o}" in found) is expected, name


def test_with_the_first_layer_gone_the_second_still_hides(share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst mutant of the compiled rule, that everything is shown, shows no hidden row over PostgreSQL."""
    world, stix = a_world(7, 200, 5)
    to = shelve(share.shelf, stix)
    monkeypatch.setattr(window_module, "shown_sql", lambda things: sa.true())
    for cached in (window_module._page, window_module._count):
        cached.cache_clear()
    try:
        for who in world.partners:
            seen = list(Window(share.shelf, who).all(to))
            assert {one.id for one in seen} <= {id for id in world.held if world.may(who, id)}
            assert Window(share.shelf, who).count(to) == len(seen)
    finally:
        for cached in (window_module._page, window_module._count):
            cached.cache_clear()


def test_a_transaction_for_nobody_in_particular_sees_nothing_and_no_other_table(share: Share, to: Collection) -> None:
    share.shelf.add(to, [an_item(an_identity("x"), Marking(tlp="clear"))], owner="home")
    with share.database.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("SET LOCAL ROLE tocsin_partner")
        assert connection.exec_driver_sql(READ["item"]).all() == []
    who = Subject(at=datetime.now(UTC))
    assert len(rows_for(share, who, READ["item"])) == 1
    closed = {table.name for table in metadata.sorted_tables} - {"share_item", "share_entry", "share_release"}
    for name in closed - {"share_reference"}:
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            rows_for(share, who, f"SELECT * FROM {name}")  # noqa: S608 - our own tables
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        rows_for(share, who, "SELECT * FROM public.share_reference")
    with pytest.raises(sa.exc.DBAPIError):
        rows_for(share, who, "DELETE FROM share_item")
    with share.database.reading() as connection:  # the connection is its owner's again
        assert connection.execute(sa.select(sa.func.count()).select_from(item)).scalar_one() == 1


def test_a_database_of_the_version_before_gets_the_policies(share: Share) -> None:
    with share.database.writing() as connection:
        connection.exec_driver_sql("DROP POLICY tocsin_rule ON share_item")
        connection.execute(sa.update(schema).values(version=1))
    open_database(share.database.engine)
    who = Subject(at=datetime.now(UTC))
    share.shelf.add(
        share.shelf.keep_collection("open", "Open", WIDE), [an_item(an_identity("x"), Marking(tlp="clear"))], owner="h"
    )
    assert len(rows_for(share, who, READ["item"])) == 1


def test_a_user_that_may_make_no_roles_uses_the_one_it_was_given(
    share: Share, postgres_address: str, tmp_path: Path
) -> None:
    share.close()  # it has made the role
    server = sa.create_engine(
        postgres_address.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        connection.exec_driver_sql("CREATE ROLE plain LOGIN")
        connection.exec_driver_sql("CREATE DATABASE plain OWNER plain")
    own = sa.make_url(postgres_address).set(drivername="postgresql+psycopg", database="plain")
    engine = sa.create_engine(own, connect_args={"options": "-c role=plain"})
    with pytest.raises(ShareError, match="CREATE ROLE tocsin_partner NOLOGIN; GRANT"):
        open_share(engine, tmp_path / "key", home="home")
    with server.connect() as connection:
        connection.exec_driver_sql("GRANT tocsin_partner TO plain")
    plain = open_share(engine, tmp_path / "key", home="home")
    to = plain.shelf.keep_collection("open", "Open", WIDE)
    plain.shelf.add(
        to, [an_item(an_identity("x"), Marking(tlp="clear")), an_item(an_identity("y"), AMBER)], owner="home"
    )
    nobody = Subject(at=datetime.now(UTC))
    assert len(rows_for(plain, nobody, READ["item"])) == 1
    assert Window(plain.shelf, nobody).count(to) == 1
    plain.close()
    with server.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE plain WITH (FORCE)")
        connection.exec_driver_sql("DROP ROLE plain")
    server.dispose()
