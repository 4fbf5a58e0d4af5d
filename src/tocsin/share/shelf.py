"""Where shared objects stand: collections of STIX objects in an order that only grows.

Every entry of a collection has a number, given while its transaction holds the right to write, so that numbers grow in
the order in which entries become readable: whoever has read up to a number has read everything before it. The time of
adding grows with the number, to the microsecond, also when the clock goes back.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tocsin.records import Value
from tocsin.share.compiled import instant
from tocsin.share.database import Database, next_numbers
from tocsin.share.names import NAMESPACE
from tocsin.share.objects import Item, as_text
from tocsin.share.rule import Marking, Subject, visible
from tocsin.share.tables import collection, counter, entry, item, quarantine, reference, release

CONFLICT = "This version of the object is known with another content."

CHUNK = 500
"""Ids asked for in one statement."""


class Collection(Value):
    """A TAXII collection: one per watch or release level, say. Its marking tells who may know of it.

    `writers` are the names (`person:`, `org:`, `group:`) that may add to it; `unmarked` is the marking of objects that
    come without one, None to refuse them.
    """

    id: str
    alias: str
    title: str
    description: str = ""
    marking: Marking
    writers: frozenset[str] = frozenset()
    unmarked: Marking | None = None

    def writable(self, subject: Subject) -> bool:
        """Whether `subject` may add objects; nobody may add to what they cannot see."""
        return visible(subject, self) and not self.writers.isdisjoint(subject.names("green"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one object that was added: success, unchanged, or a failure that says why."""

    id: str
    version: str
    state: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """A version that is known already, and whether it stands in the collection in question."""

    o: int
    version: str
    digest: str
    owner: str
    entered: bool


class Shelf:
    """Keeps collections and what stands in them. Reading for somebody is `Window`'s."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def collections(self) -> list[Collection]:
        """Every collection, by alias."""
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(collection).order_by(collection.c.alias)).mappings().all()
        return [_collection(row) for row in rows]

    def collection(self, name: str) -> Collection | None:
        """The collection with this id or alias."""
        one = sa.select(collection).where(sa.or_(collection.c.id == name, collection.c.alias == name))
        with self.database.reading() as connection:
            row = connection.execute(one).mappings().first()
        return _collection(row) if row else None

    def keep_collection(
        self,
        alias: str,
        title: str,
        marking: Marking,
        *,
        description: str = "",
        writers: Iterable[str] = (),
        unmarked: Marking | None = None,
    ) -> Collection:
        """Make a collection, or change the one that has this alias."""
        made = Collection(
            id=str(uuid.uuid5(NAMESPACE, f"collection:{alias}")),
            alias=alias,
            title=title,
            description=description,
            marking=marking,
            writers=frozenset(writers),
            unmarked=unmarked,
        )
        row = made.model_dump() | {
            "marking": marking.model_dump_json(),
            "writers": json.dumps(sorted(made.writers)),
            "unmarked": unmarked.model_dump_json() if unmarked else None,
        }
        with self.database.writing() as connection:
            connection.execute(sa.delete(collection).where(collection.c.id == made.id))
            connection.execute(sa.insert(collection).values(row))
        return made

    def add(
        self,
        to: Collection,
        items: Sequence[Item],
        *,
        owner: str,
        path: Sequence[str] = (),
        now: datetime | None = None,
    ) -> list[Outcome]:
        """Put objects of `owner` into a collection in one transaction; says for each what became of it.

        The same object again changes nothing. Only its owner may add a version of an object; another content under a
        known id and version is a conflict and is refused.
        """
        with self.database.writing() as connection:
            adding = _Adding(connection, to, owner, path, now or datetime.now(UTC))
            adding.look_up(items)
            outcomes = [adding.one(item) for item in items]
            adding.write()
        return outcomes

    def complete(self, fuller: Item, now: datetime) -> None:
        """Keep a fuller view of a version that is held; its entries are numbered anew, so that readers get it."""
        row = {"digest": fuller.digest, "payload": as_text(fuller.payload), **marking_columns(fuller.marking)}
        with self.database.writing() as connection:
            same = sa.and_(item.c.id == fuller.id, item.c.version == fuller.version)
            o = connection.execute(sa.select(item.c.o).where(same)).scalar_one()
            connection.execute(sa.update(item).where(item.c.o == o).values(row | {"due": _due(fuller.marking, now)}))
            connection.execute(sa.delete(release).where(release.c.o == o))
            connection.execute(sa.delete(reference).where(reference.c.o == o))
            _write_parts(connection, [(o, fuller)])
            _enter_again(connection, entry.c.o == o, set(), now)

    def remove(self, collection_id: str, id: str, versions: Iterable[str] | None = None) -> int:
        """Take an object, or some of its versions, out of a collection; nothing else forgets it. Returns how many."""
        these = [entry.c.collection == collection_id, entry.c.id == id]
        if versions is not None:
            these.append(entry.c.version.in_(list(versions)))
        with self.database.writing() as connection:
            return connection.execute(sa.delete(entry).where(*these)).rowcount

    def lift_embargoes(self, now: datetime) -> None:
        """Number anew the entries whose embargo has ended: who has read past them must not miss them."""
        due = sa.and_(item.c.due.is_not(None), item.c.due <= instant(now))
        with self.database.reading() as connection:
            if connection.execute(sa.select(item.c.o).where(due).limit(1)).first() is None:
                return
        with self.database.writing() as connection:
            lifted = [row.o for row in connection.execute(sa.select(item.c.o).where(due))]
            _enter_again(connection, entry.c.o.in_(sa.select(item.c.o).where(due)), set(), now)
            for start in range(0, len(lifted), CHUNK):
                these = item.c.o.in_(lifted[start : start + CHUNK])
                connection.execute(sa.update(item).where(these).values(due=None))

    def quarantine(self, contradicting: Item, source: str, reason: str, now: datetime) -> None:
        """Put aside what contradicts what is held, once, for somebody to look at."""
        key = {"id": contradicting.id, "version": contradicting.version, "digest": contradicting.digest}
        row = key | {"source": source, "reason": reason, "payload": as_text(contradicting.payload), "at": instant(now)}
        with self.database.writing() as connection:
            same = [quarantine.c[name] == value for name, value in key.items()]
            if not connection.execute(sa.select(quarantine.c.at).where(*same)).first():
                connection.execute(sa.insert(quarantine).values(row))

    def held(self, id: str, version: str | None = None) -> tuple[Item, str, tuple[str, ...]] | None:
        """A version of an object (the newest unless named) with its owner and path, whoever may see it."""
        these = [item.c.id == id] + ([item.c.version == version] if version else [])
        one = sa.select(item).where(*these).order_by(item.c.version.desc()).limit(1)
        with self.database.reading() as connection:
            row = connection.execute(one).mappings().first()
        if row is None:
            return None
        return _item(row), row["owner"], tuple(filter(None, row["path"].split(" ")))


class _Adding:
    """One transaction of additions: looks everything up first, then writes it in a few statements."""

    def __init__(
        self, connection: sa.Connection, to: Collection, owner: str, path: Sequence[str], now: datetime
    ) -> None:
        self.connection, self.to, self.owner, self.path, self.now = connection, to, owner, " ".join(path), now
        self.held: dict[str, list[_Held]] = {}
        self.new: dict[tuple[str, str], Item] = {}
        self.entering: dict[tuple[str, str], int | None] = {}

    def look_up(self, items: Iterable[Item]) -> None:
        """Learn what is known of these objects already."""
        ids = sorted({item.id for item in items})
        there = sa.and_(entry.c.o == item.c.o, entry.c.collection == self.to.id)
        known = sa.select(item.c.o, item.c.id, item.c.version, item.c.digest, item.c.owner, entry.c.n)
        for start in range(0, len(ids), CHUNK):
            chosen = item.c.id.in_(ids[start : start + CHUNK])
            for row in self.connection.execute(known.select_from(item.outerjoin(entry, there)).where(chosen)):
                self.held.setdefault(row.id, []).append(
                    _Held(row.o, row.version, row.digest, row.owner, row.n is not None)
                )

    def one(self, candidate: Item) -> Outcome:
        """Decide on one object."""
        key = (candidate.id, candidate.version)
        held = self.held.get(candidate.id, [])
        same = next((one for one in held if one.version == candidate.version), None)
        alike = same is not None and same.digest == candidate.digest
        if not alike and any(one.owner != self.owner for one in held):
            return Outcome(*key, "failure", "Only its owner may change an object: send a note or an opinion about it.")
        twin = self.new.get(key)
        digest = same.digest if same else twin.digest if twin else candidate.digest
        if digest != candidate.digest:
            return Outcome(*key, "failure", CONFLICT)
        if twin or (same and same.entered):
            return Outcome(*key, "unchanged")
        if same is None:
            self.new[key] = candidate
        self.entering[key] = same.o if same else None
        return Outcome(*key, "success")

    def write(self) -> None:
        """Store what was decided."""
        if not self.entering:
            return
        if self.new:
            self._write_new()
        enter(self.connection, self.to.id, [(o or 0, *key) for key, o in self.entering.items()], self.now)
        arrived = {id for id, _ in self.new if id not in self.held}
        if arrived:
            _come_again(self.connection, arrived, self.entering.values(), self.now)

    def _write_new(self) -> None:
        first = next_numbers(self.connection, "item", len(self.new))
        numbered = list(enumerate(self.new.values(), first))
        self.entering |= {(new.id, new.version): o for o, new in numbered}
        self.connection.execute(sa.insert(item), [self._row(o, new) for o, new in numbered])
        _write_parts(self.connection, numbered)

    def _row(self, o: int, new: Item) -> dict[str, Any]:
        return {
            "o": o,
            "id": new.id,
            "type": new.type,
            "spec_version": new.spec_version,
            "version": new.version,
            "owner": self.owner,
            "path": self.path,
            "digest": new.digest,
            "revoked": new.revoked,
            "payload": as_text(new.payload),
            "due": _due(new.marking, self.now),
            **marking_columns(new.marking),
        }


def _due(marking: Marking, now: datetime) -> str | None:
    return instant(marking.not_before) if marking.not_before and marking.not_before > now else None


def _write_parts(connection: sa.Connection, numbered: Sequence[tuple[int, Item]]) -> None:
    names = [{"o": o, "name": name} for o, new in numbered for name in new.marking.releasable_to or ()]
    if names:
        connection.execute(sa.insert(release), names)
    refs = [{"o": o, "ref": ref, "need": need} for o, new in numbered for ref, need in new.refs]
    if refs:
        connection.execute(sa.insert(reference), refs)


def marking_columns(marking: Marking) -> dict[str, Any]:
    """A marking as the columns that the compiled rule reads."""
    return {
        "tlp": marking.tlp,
        "listed": marking.releasable_to is not None,
        "not_before": instant(marking.not_before) if marking.not_before else None,
        "not_after": instant(marking.not_after) if marking.not_after else None,
        "marking": marking.model_dump_json(exclude_defaults=True),
    }


def enter(connection: sa.Connection, collection_id: str, these: Sequence[tuple[int, str, str]], now: datetime) -> None:
    """Give (o, id, version) the next numbers of a collection, and times of adding that grow with them."""
    if not these:
        return
    first = next_numbers(connection, "entry", len(these))
    start = _later(connection, now, len(these))
    rows = [
        {
            "collection": collection_id,
            "n": first + offset,
            "added": instant(start + timedelta(microseconds=offset)),
            "o": o,
            "id": id,
            "version": version,
        }
        for offset, (o, id, version) in enumerate(these)
    ]
    connection.execute(sa.insert(entry), rows)


def _later(connection: sa.Connection, now: datetime, many: int) -> datetime:
    """The first of `many` microseconds that no entry has had: `now`, or right after the last one."""
    wanted = int(now.timestamp() * 1e6)
    last = connection.execute(sa.select(counter.c.value).where(counter.c.name == "added")).scalar()
    if last is None:
        connection.execute(sa.insert(counter).values(name="added", value=wanted + many))
        return _moment(wanted)
    start = max(wanted, int(last) + 1)
    connection.execute(sa.update(counter).where(counter.c.name == "added").values(value=start + many))
    return _moment(start)


def _moment(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


def _come_again(connection: sa.Connection, arrived: set[str], entering: Iterable[int | None], now: datetime) -> None:
    """Entries that waited for an object which has now arrived are numbered anew: who read on must not miss them."""
    ids, just = sorted(arrived), {o for o in entering if o is not None}
    for start in range(0, len(ids), CHUNK):
        waiting = sa.select(reference.c.o).where(
            reference.c.ref.in_(ids[start : start + CHUNK]), reference.c.need != "none"
        )
        _enter_again(connection, entry.c.o.in_(waiting), just, now)


def _enter_again(connection: sa.Connection, which: sa.ColumnElement[bool], but: set[int], now: datetime) -> None:
    again: dict[str, list[tuple[int, str, str]]] = {}
    found = sa.select(entry.c.collection, entry.c.o, entry.c.id, entry.c.version).where(which).order_by(entry.c.n)
    for name, o, id, version in connection.execute(found).all():
        if o not in but:
            again.setdefault(name, []).append((o, id, version))
    for name, these in again.items():
        for o, _, _ in these:
            connection.execute(sa.delete(entry).where(entry.c.collection == name, entry.c.o == o))
        enter(connection, name, these, now)


def _collection(row: sa.RowMapping) -> Collection:
    return Collection(
        id=row["id"],
        alias=row["alias"],
        title=row["title"],
        description=row["description"],
        marking=Marking.model_validate_json(row["marking"]),
        writers=frozenset(json.loads(row["writers"])),
        unmarked=Marking.model_validate_json(row["unmarked"]) if row["unmarked"] else None,
    )


def _item(row: sa.RowMapping) -> Item:
    payload = json.loads(row["payload"])
    return Item(
        id=row["id"],
        type=row["type"],
        spec_version=row["spec_version"],
        version=row["version"],
        revoked=bool(row["revoked"]),
        digest=row["digest"],
        marking=Marking.model_validate_json(row["marking"]),
        payload=payload,
        refs=frozenset(),
    )
