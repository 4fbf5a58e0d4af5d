"""What the pages need to be told, and how things stand on each watch now."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, Literal, Protocol

from tocsin.records import Article, Departure, Event, Indicator, Measurement, Rebase, Warning, Watch
from tocsin.store.base import Select, Store

State = Literal["warning", "advisory", "blind", "unknown", "calm"]
LATELY = timedelta(days=7)

REMEMBERED = 500
"""Measured watches that are kept in memory."""
Series = Mapping[str, Sequence[Measurement]]
Export = Callable[[str, str, Select, Watch | None], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source is doing: when it last gave anything, and one sentence."""

    name: str
    state: Literal["ok", "late", "failing", "unknown"]
    says: str
    last: datetime | None = None


class Judgement(Protocol):
    """The indicators of a watch looked at together: which of them depart, and their adjusted p-values."""

    @property
    def departing(self) -> Sequence[str]: ...
    @property
    def adjusted(self) -> Mapping[str, float]: ...


class Scoreboard(Protocol):
    """How the forecasts kept of a watch have done: scores by name of indicator, and of all together."""

    @property
    def scores(self) -> Mapping[str, Sequence[Any]]: ...
    @property
    def together(self) -> Sequence[Any]: ...
    @property
    def kept(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What the web cannot know by itself, handed over by who wires things together.

    `measure` gives the daily series of a watch by name of indicator, each without gaps in its days and without
    look-ahead; `judge` looks at one day of several together; `scoreboard` scores the forecasts kept of a watch.
    `export` writes records ("events", "csv", …) in pieces. `explain` tells how an event was coded, a line a step;
    `unread` why an article was not read for events. `today` is the day that "now" means. `reader` names whose eyes
    look: what was measured for one is shown only to those who go by the same name.
    """

    measure: Callable[[Watch], Series]
    today: Callable[[], date] = date.today
    sources: Callable[[], Sequence[SourceHealth]] = tuple
    export: Export | None = None
    judge: Callable[[Mapping[str, Measurement]], Judgement] | None = None
    scoreboard: Callable[[Watch], Scoreboard] | None = None
    explain: Callable[[Event, str], Sequence[str]] = lambda event, text: ()
    unread: Callable[[Article], str | None] = lambda article: None
    reader: Callable[[], str] = lambda: ""


@dataclass(frozen=True, slots=True)
class IndicatorNow:
    """One indicator: its series, the last day that has a value, and the departures that last."""

    indicator: Indicator
    series: Sequence[Measurement]
    last: Measurement | None
    lasting: Sequence[Departure]

    @property
    def judged(self) -> bool:
        """Whether a recent value could be held against an expectation."""
        known = self.last is not None and self.last.interval is not None
        return known and self.last is not None and self.series[-1].date - self.last.date <= LATELY

    @property
    def blind(self) -> bool:
        """Whether nothing is to be seen here, which is not the same as calm."""
        return any(found.detector == "blind" for found in self.lasting)


@dataclass(frozen=True, slots=True)
class WatchNow:
    """A watch as it stands: its open warnings, newest first, and its indicators."""

    watch: Watch
    warnings: Sequence[Warning]
    indicators: Sequence[IndicatorNow]

    @property
    def last_day(self) -> date | None:
        """The last day that any indicator has a value for."""
        return max((now.last.date for now in self.indicators if now.last), default=None)

    @property
    def blind(self) -> bool:
        """Whether any of its indicators is blind."""
        return any(now.blind for now in self.indicators)

    @property
    def state(self) -> State:
        """The gravest thing to be said of the watch, in a word. Calm is said only of what was looked at lately."""
        if any(warning.level == "warning" and warning.detector != "blind" for warning in self.warnings):
            return "warning"
        if any(warning.detector != "blind" for warning in self.warnings):
            return "advisory"
        if self.blind:
            return "blind"
        return "calm" if any(now.judged for now in self.indicators) else "unknown"


@dataclass(frozen=True, slots=True)
class Together:
    """A day of a watch: how many indicators could be judged, and those found (title, adjusted p-value)."""

    day: date
    judged: int
    departing: Sequence[tuple[str, float]]


class Board:
    """The watches over a store. Series are measured again only when something was written since."""

    def __init__(self, store: Store, watches: Sequence[Watch], desk: Desk) -> None:
        self.store = store
        self.desk = desk
        self.watches = {watch.name: watch for watch in watches}
        self.watching = hashlib.sha256("\n".join(watch.model_dump_json() for watch in watches).encode()).hexdigest()
        self._lock = Lock()
        self._scored: dict[tuple[str, str], tuple[datetime | None, Scoreboard]] = {}
        self._measured: OrderedDict[tuple[str, str], tuple[datetime | None, Series]] = OrderedDict()

    def series(self, watch: Watch) -> Series:
        """The daily series of a watch, by name of indicator."""
        written, key = self.store.last_write(), (watch.name, self.desk.reader())
        with self._lock:
            known = self._measured.get(key)
        if known is not None and known[0] == written:
            return known[1]
        measured = self.desk.measure(watch)
        with self._lock:
            self._measured[key] = (written, measured)
            while len(self._measured) > REMEMBERED:
                self._measured.popitem(last=False)
        return measured

    def scoreboards(self) -> list[tuple[Watch, Scoreboard]]:
        """How the forecasts of each watch have done; scored again only when something was written since."""
        if self.desk.scoreboard is None:
            return []
        written = self.store.last_write()
        found: list[tuple[Watch, Scoreboard]] = []
        for watch in self.watches.values():
            key = (watch.name, self.desk.reader())
            kept = self._scored.get(key)
            if kept is None or kept[0] != written:
                kept = self._scored[key] = written, self.desk.scoreboard(watch)
            found.append((watch, kept[1]))
        return found

    def now(self, watch: Watch) -> WatchNow:
        """How a watch stands."""
        which = Select(where={"watch": watch.name, "state": "open"}, newest_first=True)
        lasting = Select(where={"watch": watch.name, "state": "lasting"})
        return WatchNow(
            watch=watch,
            warnings=list(self.store.select(Warning, which)),
            indicators=self._indicators(watch, list(self.store.select(Departure, lasting))),
        )

    def _indicators(self, watch: Watch, lasting: Sequence[Departure]) -> list[IndicatorNow]:
        measured = self.series(watch)
        return [
            IndicatorNow(
                indicator=indicator,
                series=(series := measured.get(indicator.name, ())),
                last=next((day for day in reversed(series) if day.value is not None), None),
                lasting=[found for found in lasting if found.indicator == indicator.name],
            )
            for indicator in watch.indicators
        ]

    def together(self, now: WatchNow) -> Together | None:
        """The watch's last day, its indicators judged together; None where none can be."""
        if self.desk.judge is None or now.last_day is None:
            return None
        last = {one.indicator.name: one.last for one in now.indicators if one.last and one.last.date == now.last_day}
        found = self.desk.judge(last)
        titles = {one.indicator.name: one.indicator.title for one in now.indicators}
        departing = [(titles[name], found.adjusted[name]) for name in found.departing]
        return Together(now.last_day, len(found.adjusted), departing) if found.adjusted else None

    def rebases(self, watch: Watch, indicator: str) -> list[Rebase]:
        """The acts in force that moved an indicator's baseline."""
        which = Select(where={"watch": watch.name, "indicator": indicator})
        return [act for act in self.store.select(Rebase, which) if not act.undone]

    def indicator(self, watch: str, name: str) -> Indicator | None:
        """An indicator of a watch, where both are known."""
        known = self.watches.get(watch)
        return next((found for found in known.indicators if found.name == name), None) if known else None

    def departures(self, watch: Watch, indicator: str | None = None) -> list[Departure]:
        """What departed on a watch, or on one indicator of it."""
        where = {"watch": watch.name} | ({"indicator": indicator} if indicator else {})
        return list(self.store.select(Departure, Select(where=where)))
