"""The whole flow: collect → read → code → group → measure → warn, each stage taking up where it left off.

Every stage works off what the one before has stored, and marks it done in the same transaction as what it made of it:
a second run does nothing twice, a killed run continues. What cannot be read or coded is kept as a `Problem`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Protocol, TypeVar

from tocsin import code, group, read
from tocsin.assess import assess, last_day
from tocsin.records import Article, Outlet, Page, Problem, Record, Warning, Watch
from tocsin.store.base import Store

R = TypeVar("R", bound=Record)


class Batch(Protocol):
    """What a source hands over at once: records, and the state to go on from once they are stored."""

    @property
    def records(self) -> Sequence[Record]: ...
    @property
    def state(self) -> bytes | None: ...


class Source(Protocol):
    """Somewhere records come from. A source that fails yields a `Problem`; it does not raise."""

    @property
    def name(self) -> str: ...
    def collect(self, state: bytes | None, now: datetime) -> Iterator[Batch]: ...


@dataclass(frozen=True, slots=True)
class Flow:
    """What a run works with. `today` is the last day measured; `now` is when pages are written down as fetched.

    `note` is told, a sentence each, what a run could not do or left as it was.
    """

    store: Store
    sources: Sequence[Source]
    watches: Sequence[Watch]
    outlets: Mapping[str, Outlet]
    today: date
    now: datetime
    progress: Callable[[str, int], None] = lambda stage, done: None
    tell: Callable[[Watch, Warning], None] = lambda watch, warning: None
    note: Callable[[str], None] = lambda says: None
    batch: int = 64
    made: Counter[str] = field(default_factory=Counter)


def run(flow: Flow) -> Counter[str]:
    """Do everything there is to do, once. Returns how many records of each kind were made."""
    with flow.store.exclusive():
        _collect(flow)
        _drain(flow, "read", Page, partial(read.read, known=flow.outlets))
        _drain(flow, "observe", Article, _observe)
        _drain(flow, "code", Article, _code)
        _group(flow)
        _warn(flow)
    return flow.made


def _collect(flow: Flow) -> None:
    for source in flow.sources:
        stage = f"collect {source.name}"
        for batch in source.collect(flow.store.state(stage), flow.now):
            _keep(flow, stage, (), batch.records, batch.state)


def _drain(flow: Flow, stage: str, kind: type[R], work: Callable[[R], Iterable[Record]]) -> None:
    """Let `work` make what it can of every record that `stage` has not finished."""
    while pending := flow.store.pending(stage, kind, flow.batch):
        _keep(flow, stage, pending, [made for record in pending for made in _careful(stage, work, record)])


def _careful(stage: str, work: Callable[[R], Iterable[Record]], record: R) -> list[Record]:
    """What `work` makes of one record; a `Problem` where it cannot: one bad page must not stop the others."""
    try:
        return list(work(record))
    except (ValueError, RecursionError, MemoryError) as error:
        return [Problem(stage=stage, subject=record.id, says=" ".join(str(error).split()) or type(error).__name__)]


def _observe(article: Article) -> Iterable[Record]:
    return read.observe(article) if article.form == "bulletin" else ()


def _code(article: Article) -> Iterable[Record]:
    return code.code(article) if article.form != "bulletin" else ()


def _group(flow: Flow) -> None:
    """Group articles in the order of their arrival; the grouper's memory is stored with what it made."""
    while pending := flow.store.pending("group", Article, flow.batch):
        memberships, state = group.group(pending, flow.store.state("group"), outlets=flow.outlets)
        _keep(flow, "group", pending, memberships, state)


def _warn(flow: Flow) -> None:
    """Measure every watch up to `today`; store departures and warnings that are new, and today's forecasts.

    Warnings never go back: on a day before the last that a watch was measured up to, they stay as they are.
    """
    for watch in flow.watches:
        stage = f"warn {watch.name}"
        state = flow.store.state(stage)
        last = last_day(state)
        if last is not None and flow.today < last <= flow.now.date():
            flow.note(f"{watch.name} was measured up to {last} already; {flow.today} changes none of its warnings.")
            continue
        found = assess(flow.store, watch, flow.today, state)
        if found is None:
            continue
        for warning in found.warnings:
            flow.tell(watch, warning)
        said = [*found.departures, *found.warnings, *found.outlooks]
        flow.store.finish(stage, (), [*said, *found.checkpoints], found.state, found.gone)
        _count(flow, stage, (), said)


def _keep(flow: Flow, stage: str, done: Sequence[Record], made: Sequence[Record], state: bytes | None = None) -> None:
    """Store what a stage has made and count it."""
    flow.store.finish(stage, done, made, state)
    _count(flow, stage, done, made)


def _count(flow: Flow, stage: str, done: Sequence[Record], made: Sequence[Record]) -> None:
    flow.made.update(type(record).kind for record in made)
    flow.progress(stage, len(done) or len(made))
