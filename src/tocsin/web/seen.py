"""The store as the person who asks may see it: the same contract, read-only, with the rule between.

A record is at most as visible as what it rests on, however far down: an event of a hidden article is hidden, and so is
the warning that cites it. Where nothing is hidden from the reader, every question goes straight to the store.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Any, NoReturn, TypeVar

from tocsin.records import (
    Article,
    Checkpoint,
    Departure,
    Event,
    Membership,
    Observation,
    Outlook,
    Page,
    Record,
    Warning,
)
from tocsin.share.sight import Sight
from tocsin.store.base import EVERYTHING, Select, Store, StoreError

R = TypeVar("R", bound=Record)

_ARTICLE = re.compile(r"\barticle-[0-9a-f]{20}\b")


class SeenStore:
    """`store` through the eyes of whoever `sight` says is asking; None is somebody who sees everything."""

    def __init__(self, store: Store, sight: Callable[[], Sight | None]) -> None:
        self._store, self._sight = store, sight

    def get(self, kind: type[R], id: str) -> R | None:
        """The record with this id, if it may be seen."""
        found = self._store.get(kind, id)
        rule = self._rule()
        if rule is None or found is None:
            return found
        return rule.told(found) if rule.shows(found) else None

    def select(self, kind: type[R], select: Select = EVERYTHING) -> Iterator[R]:
        """The records that match and may be seen."""
        rule = self._rule()
        if rule is None:
            return self._store.select(kind, select)
        found = filter(rule.shows, self._store.select(kind, replace(select, limit=None)))
        return map(rule.told, islice(found, select.limit))

    def count(self, kind: type[Record], select: Select = EVERYTHING) -> int:
        """How many match and may be seen."""
        if self._rule() is None:
            return self._store.count(kind, select)
        return sum(1 for _ in self.select(kind, replace(select, limit=None, after=None)))

    def daily(self, kind: type[Record], select: Select = EVERYTHING) -> dict[date, int]:
        """How many that may be seen match on each day."""
        days = self._store.daily(kind, select)
        if self._rule() is None:
            return days
        seen: Counter[date] = Counter()
        for day in days:
            seen[day] = self.count(kind, replace(select, since=day, until=day))
        return {day: many for day, many in seen.items() if many}

    def state(self, stage: str) -> bytes | None:
        """The state of a stage."""
        return self._store.state(stage)

    def last_write(self) -> datetime | None:
        """When anything was last stored."""
        return self._store.last_write()

    def pending(self, stage: str, kind: type[R], limit: int) -> list[R]:
        """Refused, as all that changes the store."""
        self._refuse()

    def put(self, records: Iterable[Record]) -> int:
        """Refused."""
        self._refuse()

    def finish(self, stage: str, done: Any, made: Any = (), state: bytes | None = None, gone: Any = ()) -> None:
        """Refused."""
        self._refuse()

    def written(self) -> int:
        """Refused: what has changed since when is for those who run the pipeline."""
        self._refuse()

    def changed(self, kind: type[R], since: int) -> Iterator[R]:
        """Refused."""
        self._refuse()

    def forget(self, kind: type[Record], ids: Iterable[str]) -> None:
        """Refused."""
        self._refuse()

    def exclusive(self) -> AbstractContextManager[None]:
        """Refused."""
        self._refuse()

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def _rule(self) -> _Rule | None:
        sight = self._sight()
        return None if sight is None or sight.everything else _Rule(self._store, sight)

    def _refuse(self) -> NoReturn:
        raise StoreError("The pages only read.")


class _Rule:
    """The rule for one reading: knows what records rest on, and asks for each thing once."""

    def __init__(self, store: Store, sight: Sight) -> None:
        self._store, self._sight = store, sight
        self._known: dict[str, frozenset[str]] = {}
        self._seen: dict[frozenset[str], bool] = {}

    def shows(self, record: Record) -> bool:
        """Whether the record, and all it rests on, may be seen together; some rest on a whole series."""
        if isinstance(record, Outlook | Checkpoint):
            return False
        marked = self._marked(type(record), record.id, record)
        if marked not in self._seen:
            markings = [self._sight.marking(id) for id in marked] or [self._sight.unmarked]
            self._seen[marked] = self._sight.sees(markings)
        return self._seen[marked]

    def told(self, record: R) -> R:
        """The record without words that name an article which may not be seen: why it counts as one with another."""
        if not isinstance(record, Membership):
            return record
        changed: dict[str, str | None] = {}
        if any(map(self._hides, _ARTICLE.findall(record.origin_reason))):
            changed["origin_reason"] = ""
        if record.amends is not None and self._hides(record.amends):
            changed |= {"amends": None, "amendment": None}
        return record.model_copy(update=changed) if changed else record

    def _hides(self, article: str) -> bool:
        found = self._store.get(Article, article)
        return not (self.shows(found) if found else self._sight.sees([self._sight.marking(article)]))

    def _marked(self, kind: type[Record], id: str, record: Record | None = None) -> frozenset[str]:
        """The marked ones of a record and all it rests on, and "" if any of them is not marked."""
        if id not in self._known:
            own = id if id in self._sight.marked else ""
            found = record if record is not None else self._store.get(kind, id)
            under = [self._marked(*one) for one in self._rests_on(found)]
            self._known[id] = frozenset({own}).union(*under)
        return self._known[id]

    def _rests_on(self, record: Record | None) -> Iterator[tuple[type[Record], str]]:
        if isinstance(record, Article):
            yield Page, record.page
        elif isinstance(record, Event | Observation | Membership) and record.article:
            yield Article, record.article
        elif isinstance(record, Warning):
            yield from ((Departure, id) for id in record.departures)
            yield from ((Event, id) for id in record.events)
            yield from ((Observation, id) for id in record.observations)
        elif isinstance(record, Departure):
            for warning in self._store.select(Warning, Select({"departure": record.id})):
                yield from ((Event, id) for id in warning.events)
                yield from ((Observation, id) for id in warning.observations)
