"""Sharing over PostgreSQL: the same answers as over SQLite, also when several write at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from tocsin.share.opening import Share, open_share
from tocsin.share.publish import publish, release, withdraw
from tocsin.share.rule import Marking, Subject
from tocsin.share.shelf import Collection
from tocsin.share.tables import metadata
from tocsin.share.window import EVERYTHING, Match, Window

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
