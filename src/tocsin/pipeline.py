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
from tocsin.records import Article, Checkpoint, Outlet, Page, Problem, Record, Warning, Watch
from tocsin.store.base import Store

R = TypeVar("R", bound=Record)
Made = Sequence[Record]


class Batch(Protocol):
    """What a source hands over at once: records, the state to go on from, and the subjects of problems now solved."""

    @property
    def records(self) -> Sequence[Record]: ...
    @property
    def state(self) -> bytes | None: ...
    @property
    def solved(self) -> Sequence[str]: ...


class Source(Protocol):
    """Somewhere records come from. One that fails yields a `Problem` of its own name; it does not raise."""

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
    problems: set[str] = field(default_factory=set)


def run(flow: Flow) -> Counter[str]:
    """Do everything there is to do, once. Returns how many records of each kind were made."""
    with flow.store.exclusive():
        _collect(flow)
        _drain(flow, "read", Page, partial(read.read, known=flow.outlets))
        _drain(flow, "observe", Article, read.observe)
        _drain(flow, "code", Article, _code)
        _group(flow)
        _warn(flow)
    return flow.made + Counter(problem=len(flow.problems))


def _collect(flow: Flow) -> None:
    """Bring in what is new. That a source failed as a whole is told, and forgotten once it no longer does."""
    for source in flow.sources:
        stage, failed = f"collect {source.name}", False
        for batch in source.collect(flow.store.state(stage), flow.now):
            _keep(flow, stage, (), batch.records, batch.state, _problems(stage, batch.solved))
            for record in batch.records:
                if isinstance(record, Problem) and record.subject == source.name:
                    failed = True
                    flow.note(f"source {source.name!r}: {record.says}")
        if not failed:
            flow.store.finish(stage, (), gone=_problems(stage, [source.name]))


def _problems(stage: str, subjects: Iterable[str]) -> list[Problem]:
    return [Problem(stage=stage, subject=subject, says="") for subject in subjects]


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


def _code(article: Article) -> Iterable[Record]:
    yield from code.code(article)
    if (why := code.unread(article)) is not None:
        outlet = article.outlet or "outlets without a name"
        says = f"articles of {outlet} are kept, but not read for events: {why}."
        yield Problem(stage="code", subject=f"{outlet}: {why}", says=says)


def _group(flow: Flow) -> None:
    """Group articles in the order of their arrival; the grouper's memory is stored with what it made."""
    while pending := flow.store.pending("group", Article, flow.batch):
        memberships, state = group.group(pending, flow.store.state("group"), outlets=flow.outlets)
        _keep(flow, "group", pending, memberships, state)


def _warn(flow: Flow) -> None:
    """Measure every watch up to `today` and store what is new; a day before the last measured takes nothing back."""
    for watch in flow.watches:
        state = flow.store.state(stage := f"warn {watch.name}")
        last = last_day(state) or flow.today
        if flow.today < last <= flow.now.date():
            flow.note(f"{watch.name} was measured up to {last} already; {flow.today} changes none of its warnings.")
            continue
        found = assess(flow.store, watch, flow.today, state)
        if found is None:
            continue
        for warning in found.warnings:
            flow.tell(watch, warning)
        made = [*found.departures, *found.warnings, *found.outlooks, *found.checkpoints]
        _keep(flow, stage, (), made, found.state, found.gone)


def _keep(flow: Flow, stage: str, done: Made, made: Made, state: bytes | None = None, gone: Made = ()) -> None:
    """Store what a stage has made, without what that has replaced, and count it."""
    dated = [record.model_copy(update={"at": flow.now}) if isinstance(record, Problem) else record for record in made]
    flow.store.finish(stage, done, dated, state, gone)
    flow.problems.update(record.id for record in made if isinstance(record, Problem))
    new = [record.kind for record in made if not isinstance(record, Problem | Checkpoint)]
    flow.made.update(new)
    flow.progress(stage, len(done) or len(new))
