"""Where shared objects stand: collections of STIX objects in an order that only grows."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from tocsin.records import Value
from tocsin.share.compiled import instant
from tocsin.share.database import Database, next_numbers
from tocsin.share.entries import CHUNK, come_again, enter, enter_again
from tocsin.share.names import NAMESPACE
from tocsin.share.objects import Item, as_text
from tocsin.share.rule import Marking, Subject, visible, wider
from tocsin.share.tables import collection, entry, item, quarantine, reference, release

CONFLICT = "This version of the object is known with another content."


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
    revoked: bool
    marking: str
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
        writers: Iterable[str] | None = None,
        unmarked: Marking | None = None,
    ) -> Collection:
        """Make a collection, or change the one that has this alias; without `writers` those it has stay."""
        if writers is None:
            before = self.collection(alias)
            writers = before.writers if before else ()
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
            enter_again(connection, entry.c.o == o, set(), now)

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
            names = set(connection.execute(sa.select(item.c.id).where(due)).scalars())
            enter_again(connection, entry.c.o.in_(sa.select(item.c.o).where(due)), set(), now)
            come_again(connection, names, lifted, now)
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
        kept = (item.c.o, item.c.version, item.c.digest, item.c.owner, item.c.revoked, item.c.marking)
        known = sa.select(item.c.id, *kept, entry.c.n.is_not(None).label("entered"))
        for start in range(0, len(ids), CHUNK):
            chosen = item.c.id.in_(ids[start : start + CHUNK])
            for row in self.connection.execute(known.select_from(item.outerjoin(entry, there)).where(chosen)):
                self.held.setdefault(row.id, []).append(_Held(*row[1:]))

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
        arrived = {id for (id, _), new in self.new.items() if self._shows_more(new)}
        if arrived:
            come_again(self.connection, arrived, self.entering.values(), self.now)

    def _shows_more(self, new: Item) -> bool:
        """Whether somebody may see this who could see no version of it before."""
        held = [Marking.model_validate_json(one.marking) for one in self.held.get(new.id, ())]
        return all(wider(new.marking, marking) for marking in held)

    def _write_new(self) -> None:
        self._end_what_is_revoked()
        first = next_numbers(self.connection, "item", len(self.new))
        numbered = list(enumerate(self.new.values(), first))
        self.entering |= {(new.id, new.version): o for o, new in numbered}
        self.connection.execute(sa.insert(item), [self._row(o, new) for o, new in numbered])
        _write_parts(self.connection, numbered)

    def _end_what_is_revoked(self) -> None:
        """What came before a revocation is seen no more, whichever of the two arrives first."""
        gone: dict[str, str] = {}
        for one in self.new.values():
            known = [held.version for held in self.held.get(one.id, ()) if held.revoked]
            last = max([*known, *([one.version] if one.revoked else [])], default="")
            gone[one.id] = max(last, gone.get(one.id, ""))
        for key, one in self.new.items():
            if one.version < gone[one.id]:
                self.new[key] = replace(one, marking=_ended(one.marking, self.now))
        for id, last in gone.items():
            for held in self.held.get(id, ()):
                if held.version < last:
                    ended = marking_columns(_ended(Marking.model_validate_json(held.marking), self.now))
                    self.connection.execute(sa.update(item).where(item.c.o == held.o).values(ended | {"due": None}))

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


def _ended(marking: Marking, now: datetime) -> Marking:
    """The marking of what may be seen until now and no longer."""
    end = min(now, marking.not_after) if marking.not_after else now
    return marking.model_copy(update={"not_after": end})


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
