"""What tocsin asks of a store. SQLite and PostgreSQL answer to the same contract suite (`tests/contract`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, TypeVar

from tocsin.records import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Select:
    """Which records, in which order.

    `where` maps an indexed field to the value, or the values, it may have; `fields.INDEXES` names them (for events
    type, status, country, source_country, target_country, place_country, domain, article; for observations issuer,
    field, regime, article; …), and `id` will do for every kind. A record matches when every field holds one of its
    values. `since` and `until` bound the record's own day, both included, and leave out records without one. `text`
    is a full-text query: words that must all occur, "exact phrases", `-not`, `begin*`. `box` is west, south, east,
    north in degrees (west > east spans the antimeridian). Records come by day, then id, those without a day first;
    `after` is the id of the last record of the page before.
    """

    where: Mapping[str, str | Collection[str]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    text: str | None = None
    box: tuple[float, float, float, float] | None = None
    newest_first: bool = False
    limit: int | None = None
    after: str | None = None


EVERYTHING = Select()


class Store(Protocol):
    """Keeps every record exactly once, finds it again, and remembers how far each stage has come.

    Errors: `StoreError` with one sentence for the user (locked, read-only, disk full, made by a newer tocsin).
    """

    def put(self, records: Iterable[Record]) -> int:
        """Store `records` in one transaction; a record with a known id replaces the old one. Returns how many are new.

        A record stored again stays finished for every stage that has finished it.
        """

    def get(self, kind: type[R], id: str) -> R | None:
        """The record with this id, or None."""

    def select(self, kind: type[R], select: Select = EVERYTHING) -> Iterator[R]:
        """The records that match, streamed."""

    def count(self, kind: type[Record], select: Select = EVERYTHING) -> int:
        """How many match (limit and after are not looked at)."""

    def daily(self, kind: type[Record], select: Select = EVERYTHING) -> dict[date, int]:
        """How many match on each day, from tables kept up to date on write."""

    def pending(self, stage: str, kind: type[R], limit: int) -> list[R]:
        """Up to `limit` records of `kind` that `stage` has not yet finished, in the order in which they were stored."""

    def finish(
        self,
        stage: str,
        done: Iterable[Record],
        made: Iterable[Record] = (),
        state: bytes | None = None,
        gone: Iterable[Record] = (),
    ) -> None:
        """In one transaction: store what the stage `made` of `done`, mark those done, keep the stage's new `state`.

        `gone` are records that what was made has replaced; they are removed first.

        A process killed before or after this call loses nothing and doubles nothing.
        """

    def written(self) -> int:
        """A number that grows with everything written: what has changed since can be asked of `changed`."""

    def changed(self, kind: type[R], since: int) -> Iterator[R]:
        """The records of `kind` stored, or replaced by others of the same id, since `written` gave `since`.

        In order of arrival; what was removed is not among them.
        """

    def state(self, stage: str) -> bytes | None:
        """The state that `stage` left at its last `finish`."""

    def forget(self, kind: type[Record], ids: Iterable[str]) -> None:
        """Remove records that a later state of knowledge has replaced."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the right to run the pipeline. Raises `StoreError` at once where another process holds it."""

    def last_write(self) -> datetime | None:
        """When anything was last stored (for caches and `doctor`)."""

    def close(self) -> None:
        """Let go of the connection."""


class StoreError(Exception):
    """A store cannot do what was asked; the message is one sentence for the user."""
