"""The order of what stands in collections: numbers and times that only grow.

Every entry of a collection has a number, given while its transaction holds the right to write, so that numbers grow in
the order in which entries become readable: whoever has read up to a number has read everything before it. The time of
adding grows with the number, also when the clock goes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import SystemRandom

import sqlalchemy as sa

from tocsin.share.compiled import instant
from tocsin.share.database import next_numbers
from tocsin.share.tables import counter, entry, reference

CHUNK = 500
"""Ids asked for in one statement."""

SPAN = 8192
"""Microseconds from which the times of adding of one transaction are drawn; doubled until there are enough."""

_CHANCE = SystemRandom()


def enter(connection: sa.Connection, collection_id: str, these: Sequence[tuple[int, str, str]], now: datetime) -> None:
    """Give (o, id, version) the next numbers of a collection, and times of adding that grow with them."""
    if not these:
        return
    first = next_numbers(connection, "entry", len(these))
    times = _times(connection, now, len(these))
    rows = [
        {
            "collection": collection_id,
            "n": first + offset,
            "added": times[offset],
            "o": o,
            "id": id,
            "version": version,
        }
        for offset, (o, id, version) in enumerate(these)
    ]
    connection.execute(sa.insert(entry), rows)


def _times(connection: sa.Connection, now: datetime, many: int) -> list[str]:
    """Times of adding for `many` entries: later than all before, growing, and no two alike.

    They are drawn at random from a short span: were they a fixed step apart, the gap between two entries would tell
    how many there are in between that the reader may not see. Some uniform draws left out, the rest are uniform draws.
    """
    span = SPAN
    while span < 2 * many:
        span *= 2
    last = connection.execute(sa.select(counter.c.value).where(counter.c.name == "added")).scalar()
    start = max(int(now.timestamp() * 1e6), int(last or 0) + 1)
    drawn = sorted(_CHANCE.sample(range(span), many))
    if last is None:
        connection.execute(sa.insert(counter).values(name="added", value=start + drawn[-1]))
    else:
        connection.execute(sa.update(counter).where(counter.c.name == "added").values(value=start + drawn[-1]))
    return [instant(_moment(start + offset)) for offset in drawn]


def _moment(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


def come_again(connection: sa.Connection, arrived: set[str], entering: Iterable[int | None], now: datetime) -> None:
    """Entries that waited for an object which has now arrived are numbered anew: who read on must not miss them."""
    ids, just = sorted(arrived), {o for o in entering if o is not None}
    for start in range(0, len(ids), CHUNK):
        waiting = sa.select(reference.c.o).where(
            reference.c.ref.in_(ids[start : start + CHUNK]), reference.c.need != "none"
        )
        enter_again(connection, entry.c.o.in_(waiting), just, now)


def enter_again(connection: sa.Connection, which: sa.ColumnElement[bool], but: set[int], now: datetime) -> None:
    """Number the entries that are meant anew, apart from those of the items in `but`."""
    again: dict[str, list[tuple[int, str, str]]] = {}
    found = sa.select(entry.c.collection, entry.c.o, entry.c.id, entry.c.version).where(which).order_by(entry.c.n)
    for name, o, id, version in connection.execute(found).all():
        if o not in but:
            again.setdefault(name, []).append((o, id, version))
    for name, these in again.items():
        for o, _, _ in these:
            connection.execute(sa.delete(entry).where(entry.c.collection == name, entry.c.o == o))
        enter(connection, name, these, now)
