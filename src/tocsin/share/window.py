"""What one subject sees of the shelf. Every channel that lets anything out looks through a window and nowhere else.

Hidden and missing are answered alike: not in lists, not in counts, not found, and not referred to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from tocsin.share.compiled import asking, shown_sql, visible_sql
from tocsin.share.database import Database
from tocsin.share.handling import Stix, levels, redact
from tocsin.share.names import stix_id
from tocsin.share.objects import as_text, keep_references
from tocsin.share.rule import Marking, Subject, visible
from tocsin.share.shelf import Collection, Shelf
from tocsin.share.tables import entry, item, reference


@dataclass(frozen=True, slots=True)
class Match:
    """Which entries of a collection: TAXII 2.1's match filters (section 3.4), `after` a number or a time of adding.

    `versions` holds any of first, last, all, or times; `spec_versions` likewise. Empty means not asked about;
    versions not asked about are the last ones.
    """

    ids: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    versions: frozenset[str] = frozenset()
    spec_versions: frozenset[str] = frozenset()
    added_after: str | None = None
    after: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """One version of one object as a subject sees it, with its place in the collection."""

    n: int
    added: str
    id: str
    version: str
    owner: str
    path: tuple[str, ...]
    text: str = field(repr=False)

    @property
    def stix(self) -> Stix:
        """The object itself."""
        read: Stix = json.loads(self.text)
        return read


LARGEST_PAGE = 8_000_000
"""Characters of objects after which a page ends, however many were asked for: what one writes, others must read."""

EVERYTHING = Match(versions=frozenset({"all"}))
LATEST = Match()


class Window:
    """The shelf as `subject` sees it."""

    def __init__(self, shelf: Shelf, subject: Subject) -> None:
        self.shelf, self.subject = shelf, subject
        self._database: Database = shelf.database
        self._asking = asking(subject)

    def collections(self) -> list[Collection]:
        """The collections that the subject may know of."""
        return [one for one in self.shelf.collections() if visible(self.subject, one)]

    def collection(self, name: str) -> Collection | None:
        """The collection with this id or alias, or None if there is none to be seen."""
        found = self.shelf.collection(name)
        return found if found is not None and visible(self.subject, found) else None

    def page(self, of: Collection, match: Match, limit: int) -> tuple[list[Seen], bool]:
        """Up to `limit` entries in the order of adding, and whether more follow."""
        with self._database.reading(self._asking) as connection:
            begun = _begun(connection, of, match)
            parameters = self._asking | _parameters(of, _after(match, begun)) | {"up_to": limit + 1}
            rows, more = _up_to(connection.execute(_page(_shape(match)), parameters).mappings(), limit)
            return self._see(connection, rows), more

    def newest(self, of: Collection, match: Match, limit: int) -> list[Seen]:
        """The last entries to be added, newest first: read from the end, however much stands before them."""
        with self._database.reading(self._asking) as connection:
            parameters = self._asking | _parameters(of, match) | {"up_to": limit}
            rows, _ = _up_to(connection.execute(_page(_shape(match), newest=True), parameters).mappings(), limit)
            return self._see(connection, rows)

    def all(self, of: Collection, match: Match = LATEST, size: int = 500) -> Iterator[Seen]:
        """Every matching entry, streamed."""
        more, at = True, match.after
        while more:
            found, more = self.page(of, _after(match, at), size)
            yield from found
            at = found[-1].n if found else at

    def count(self, of: Collection, match: Match = LATEST) -> int:
        """How many entries match."""
        with self._database.reading(self._asking) as connection:
            return int(connection.execute(_count(_shape(match)), self._asking | _parameters(of, match)).scalar_one())

    def get(self, of: Collection, id: str) -> Stix | None:
        """The newest version of an object that the subject may see."""
        found, _ = self.page(of, Match(ids=frozenset({id})), 1)
        return found[-1].stix if found else None

    def history(self, of: Collection, id: str) -> list[Seen]:
        """Every version of an object that the subject may see, oldest first."""
        found = list(self.all(of, Match(ids=frozenset({id}), versions=frozenset({"all"}))))
        return sorted(found, key=lambda seen: seen.version)

    def before(self, of: Collection, id: str) -> Window:
        """The window as it was before an object was withdrawn: for naming what is cancelled, not for showing it."""
        ends = sa.select(sa.func.max(item.c.not_after)).where(item.c.id == id, sa.not_(item.c.revoked))
        with self._database.reading() as connection:
            end = connection.execute(ends).scalar()
        at = datetime.fromisoformat(end) - timedelta(microseconds=1) if end else self.subject.at
        return Window(self.shelf, self.subject.model_copy(update={"at": min(at, self.subject.at)}))

    def bundle(self, of: Collection) -> Stix:
        """The newest version of everything as one STIX bundle."""
        objects = [seen.stix for seen in self.all(of)]
        id = stix_id("bundle", of.id, sorted((one["id"], one.get("modified", "")) for one in objects))
        return {"type": "bundle", "id": id} | ({"objects": objects} if objects else {})

    def search(self, of: Collection, words: str) -> Iterator[Stix]:
        """The objects that contain all `words`, in what the subject may see of them: a hidden field is not searched."""
        wanted = words.casefold().split()
        for seen in self.all(of):
            if all(word in seen.text.casefold() for word in wanted):
                yield seen.stix

    def _see(self, connection: sa.Connection, rows: Sequence[sa.RowMapping]) -> list[Seen]:
        """The entries as the subject sees them. What hides nothing goes out as it is kept, without being parsed."""
        refs: dict[int, set[str]] = {}
        for start in range(0, len(rows), 500):
            these = {"os": [row["o"] for row in rows[start : start + 500]]}
            for o, ref in connection.execute(_REFERENCES, these):
                refs.setdefault(o, set()).add(ref)
        seen = self._seen(connection, set().union(*refs.values()))
        views = []
        for row in rows:
            text = row["payload"]
            if '"fields"' in row["marking"] or not refs.get(row["o"], set()) <= seen:
                stix = redact(self.subject, json.loads(text), Marking.model_validate_json(row["marking"]))
                text = as_text(keep_references(stix, seen))
            path = tuple(row["path"].split())
            views.append(Seen(row["n"], row["added"], row["id"], row["version"], row["owner"], path, text))
        return views

    def _seen(self, connection: sa.Connection, refs: Iterable[str]) -> set[str]:
        """Which of these objects the subject may see in any version."""
        wanted, seen = sorted(set(refs)), set(levels().levels)
        for start in range(0, len(wanted), 500):
            these = {"ids": wanted[start : start + 500]}
            seen.update(connection.execute(_VISIBLE, self._asking | these).scalars())
        return seen


def _begun(connection: sa.Connection, of: Collection, match: Match) -> int:
    """The number after which to look: times of adding grow with it, so what is earlier need not be walked through."""
    if match.added_after is None:
        return match.after
    before = sa.select(entry.c.n).where(entry.c.collection == of.id, entry.c.added <= match.added_after)
    last = connection.execute(before.order_by(entry.c.added.desc()).limit(1)).scalar()
    return max(match.after, last or 0)


def _up_to(rows: Iterable[sa.RowMapping], limit: int) -> tuple[list[sa.RowMapping], bool]:
    """At most `limit` rows, fewer where they are large, and whether there are more."""
    taken: list[sa.RowMapping] = []
    size = 0
    for row in rows:
        size += len(row["payload"])
        if len(taken) == limit or (taken and size > LARGEST_PAGE):
            return taken, True
        taken.append(row)
    return taken, False


def _after(match: Match, n: int) -> Match:
    return Match(match.ids, match.types, match.versions, match.spec_versions, match.added_after, n)


_REFERENCES = sa.select(reference.c.o, reference.c.ref).where(reference.c.o.in_(sa.bindparam("os", expanding=True)))

_VISIBLE = sa.select(item.c.id).where(item.c.id.in_(sa.bindparam("ids", expanding=True)), visible_sql(item)).distinct()


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which conditions a question has: questions of one shape are one statement with other parameters."""

    ids: bool
    types: bool
    spec_versions: bool
    added_after: bool
    all: bool
    first: bool
    last: bool
    times: bool


def _shape(match: Match) -> _Shape:
    versions = match.versions or frozenset({"last"})
    return _Shape(
        ids=bool(match.ids),
        types=bool(match.types),
        spec_versions=bool(match.spec_versions),
        added_after=match.added_after is not None,
        all="all" in versions,
        first="first" in versions,
        last="last" in versions,
        times=bool(versions - {"first", "last", "all"}),
    )


def _parameters(of: Collection, match: Match) -> dict[str, Any]:
    return {
        "collection": of.id,
        "after": match.after,
        "ids": sorted(match.ids),
        "types": sorted(match.types),
        "spec_versions": sorted(match.spec_versions),
        "added_after": match.added_after,
        "times": sorted(match.versions),
    }


@cache
def _page(shape: _Shape, *, newest: bool = False) -> sa.Select[Any]:
    return (
        _entries(shape)
        .order_by(entry.c.n.desc() if newest else entry.c.n)
        .limit(sa.bindparam("up_to", type_=sa.Integer))
    )


@cache
def _count(shape: _Shape) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(_entries(shape).subquery())


def _entries(shape: _Shape) -> sa.Select[Any]:
    """The entries of a collection that may be shown and match."""
    kept = (item.c.o, item.c.id, item.c.version, item.c.owner, item.c.path, item.c.marking, item.c.payload)
    # by adding nothing to n, a search by id is told to look the id up rather than to walk the collection
    n = entry.c.n + 0 if shape.ids else entry.c.n
    conditions = [entry.c.collection == sa.bindparam("collection"), n > sa.bindparam("after")]
    if shape.added_after:
        conditions.append(entry.c.added > sa.bindparam("added_after"))
    if shape.ids:
        conditions.append(entry.c.id.in_(sa.bindparam("ids", expanding=True)))
    if shape.types:
        conditions.append(item.c.type.in_(sa.bindparam("types", expanding=True)))
    if shape.spec_versions:
        conditions.append(item.c.spec_version.in_(sa.bindparam("spec_versions", expanding=True)))
    if not shape.all:
        conditions.append(_of_versions(shape))
    return (
        sa.select(entry.c.n, entry.c.added, *kept).join(item, item.c.o == entry.c.o).where(*conditions, shown_sql(item))
    )


def _of_versions(shape: _Shape) -> sa.ColumnElement[bool]:
    """First and last are the first and last that the subject may see: a hidden newer one hides nothing."""
    other, others = entry.alias("other"), item.alias("others")
    rival = sa.exists().where(
        other.c.collection == entry.c.collection, other.c.id == entry.c.id, others.c.o == other.c.o, shown_sql(others)
    )
    chosen: list[sa.ColumnElement[bool]] = []
    if shape.times:
        chosen.append(entry.c.version.in_(sa.bindparam("times", expanding=True)))
    if shape.last:
        chosen.append(sa.not_(rival.where(other.c.version > entry.c.version)))
    if shape.first:
        chosen.append(sa.not_(rival.where(other.c.version < entry.c.version)))
    return sa.or_(*chosen)
