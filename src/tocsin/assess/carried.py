"""An indicator's measuring carried from run to run: checkpoints a month, gone on from the last unchanged day.

A checkpoint holds the figures of a month and what the detectors knew at its end. One more day is one more step; a day
whose figure becomes another (a late article, a retraction) sends the measuring back to the end of the month before it.
Whatever is measured, the result is that of measuring everything anew: a checkpoint made by another watch, indicator,
re-base or code is not gone on from.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise

from tocsin import __version__, measure
from tocsin.assess.charts import figures, rebases, settings_of
from tocsin.assess.standing import runs
from tocsin.assess.stated import last_before
from tocsin.records import Checkpoint, Departure, Detector, Indicator, Measurement, Watch, content_id
from tocsin.store.base import Store

DAY = timedelta(days=1)
CODE = ("assess", "measure", "warn", "group/amendment.py", "data/measure/intensity.csv", "records.py")

Figure = tuple[float | None, float | None, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator up to a day: its series, its last day, and what a run found out by going on.

    `departures` are those that lasted on `since`, the day before the first that was measured anew, or began after it;
    those that had ended by then are as they were. None: no day was measured anew.
    """

    indicator: Indicator
    series: measure.Series
    last: Measurement
    since: date | None = None
    departures: Sequence[Departure] = ()
    made: Sequence[Checkpoint] = ()
    gone: Sequence[Checkpoint] = ()

    def stands(self, departure: Departure) -> bool:
        """Whether a departure known before had ended before the first day that was measured anew."""
        return self.since is None or (departure.until is not None and departure.until < self.since)


def measured(
    store: Store, watch: Watch, indicator: Indicator, today: date, touched: Set[date] | None, kept: list[Checkpoint]
) -> Measured:
    """Measure an indicator up to `today`, going on from what is `kept` of it.

    `touched` are the days about which anything has become known since (None: nobody can tell, measure all anew).
    """
    acts = list(rebases(store, watch, indicator))
    version = version_of(watch, indicator, acts)
    usable = touched is not None and _usable(store, indicator, today, touched, kept, version)
    before = kept if usable else []
    known = dict(_figures(before))
    start = before[0].day if before else None
    fresh = _anew(store, watch, indicator, today, touched or set(), known)
    changed = [day for day in sorted(fresh) if known.get(day) != fresh[day]]
    if start is None:
        start = min(fresh)
    last = max(known, default=start)
    known = {day: figure for day, figure in (known | fresh).items() if day <= today}
    first = min([*changed, today] if last > today else changed, default=None)
    series = _series(indicator, start, known)
    if first is None:
        return Measured(indicator, series, before[-1].last)
    return _go_on(watch, indicator, series, first, before, kept, version, acts)


def version_of(watch: Watch, indicator: Indicator, acts: Iterable[measure.Rebase]) -> str:
    """Names what an indicator's figures and measurements are made by."""
    scope = watch.model_dump(mode="json", include={"name", "countries", "places", "domains", "box"})
    moved = [[act.day.isoformat(), act.by, act.reason] for act in acts]
    return content_id("version", [scope, indicator.model_dump(mode="json"), moved, code_version()])


@cache
def code_version() -> str:
    """Names the code that measures, by the hash of its text: no checkpoint outlives what made it."""
    found = sha256(__version__.encode())
    for name in CODE:
        path = files("tocsin").joinpath(name)
        for part in sorted(path.iterdir(), key=lambda part: part.name) if path.is_dir() else [path]:
            if part.is_file():
                found.update(part.read_bytes())
    return found.hexdigest()[:20]


def _usable(
    store: Store, indicator: Indicator, today: date, touched: Set[date], kept: list[Checkpoint], version: str
) -> bool:
    """Whether what is kept can be gone on from: made by the same, whole, and begun before anything that has changed."""
    if not kept or {each.version for each in kept} != {version}:
        return False
    start = kept[0].day
    if today < start or min(touched, default=date.max) <= start:
        return False
    if any(_end(one) + DAY != other.day for one, other in pairwise(kept)):
        return False
    # Days before an issuer's first word take its reporting rules: they change when that word comes.
    first = min([*touched, _end(kept[-1]) + DAY])
    return all(
        last_before(store, issuer, name, first) is not None
        for issuer, name in measure.fields(measure.parse(indicator.query))
    )


def _end(checkpoint: Checkpoint) -> date:
    return checkpoint.day + timedelta(days=len(checkpoint.values) - 1)


def _figures(kept: Iterable[Checkpoint]) -> Iterator[tuple[date, Figure]]:
    for each in kept:
        for at, figure in enumerate(zip(each.values, each.coverage, each.regime, strict=True)):
            yield each.day + timedelta(days=at), figure


def _anew(
    store: Store, watch: Watch, indicator: Indicator, today: date, touched: Set[date], known: Mapping[date, Figure]
) -> dict[date, Figure]:
    """The figures of the days touched and of those not yet known; of all days where none is known."""
    if not known:
        return dict(_rows(figures(store, watch, indicator, None, today)))
    start, last = min(known), max(known)
    days = {day for day in touched if start <= day <= min(last, today)}
    days |= {last + timedelta(days=n + 1) for n in range((today - last).days)}
    query = measure.parse(indicator.query)
    found: dict[date, Figure] = {}
    if measure.each_day_alone(query):
        for run in runs(days):
            found |= _rows(figures(store, watch, indicator, *run))
    elif days:
        first, back = min(days), measure.lookback(query)
        since = start if back is None else max(start, first - timedelta(days=back))
        found |= _rows(figures(store, watch, indicator, first, today, since))
    return found


def _rows(series: measure.Series) -> Iterator[tuple[date, Figure]]:
    columns = (series.values.tolist(), series.coverage.tolist(), series.regime)
    for day, value, coverage, regime in zip(series.dates, *columns, strict=True):
        yield day, (_stated(value), _stated(coverage), regime)


def _stated(number: float) -> float | None:
    return None if math.isnan(number) else number


def _series(indicator: Indicator, start: date, known: Mapping[date, Figure]) -> measure.Series:
    rows = [known[day] for day in sorted(known)]
    return measure.Series.of(
        start,
        [value for value, _, _ in rows],
        signed=measure.signed(measure.parse(indicator.query)),
        coverage=[math.nan if coverage is None else coverage for _, coverage, _ in rows],
        regime=[regime for _, _, regime in rows],
    )


def _go_on(
    watch: Watch,
    indicator: Indicator,
    series: measure.Series,
    first: date,
    before: Sequence[Checkpoint],
    kept: Sequence[Checkpoint],
    version: str,
    acts: Sequence[measure.Rebase],
) -> Measured:
    """Measure from the last checkpoint before `first` to the end of the series, a month at a time."""
    behind = [each for each in before if _end(each) < first]
    memory = behind[-1].memory if behind else None
    begin = _end(behind[-1]) + DAY if behind else series.dates[0]
    found: dict[str, Departure] = {}
    made: list[Checkpoint] = []
    last: Measurement | None = None
    while begin <= series.dates[-1]:
        opens = max(series.dates[0], begin.replace(day=1))
        end = min(series.dates[-1], _month_end(begin))
        days = series[(begin - series.dates[0]).days : (end - series.dates[0]).days + 1]
        carried = measure.carry_on(
            watch.name, indicator.name, days, memory, settings_of(indicator), acts, detectors_of(indicator)
        )
        found |= {departure.id: departure for departure in carried.departures}
        memory, last = carried.memory, carried.measurements[-1]
        whole = dict(_rows(series[(opens - series.dates[0]).days : (end - series.dates[0]).days + 1]))
        values, coverage, regime = zip(*whole.values(), strict=True)
        made.append(
            Checkpoint(
                watch=watch.name, indicator=indicator.name, day=opens, version=version, values=values,
                coverage=coverage, regime=regime, memory=memory, last=last,
            )
        )  # fmt: skip
        begin = end + DAY
    assert last is not None  # noqa: S101 - `first` is a day of the series
    if len(series) == 1:  # may stand for nothing known yet, and then begins another day tomorrow
        made = []
    stay = {each.id for each in (*behind, *made)}
    gone = [each for each in kept if each.id not in stay]
    since = _end(behind[-1]) if behind else date.min
    return Measured(indicator, series, last, since, list(found.values()), made, gone)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY


def detectors_of(indicator: Indicator) -> tuple[Detector, ...]:
    """An indicator's detectors. An issuer that falls silent is blind; for feeds, their own health tells that."""
    issuers = measure.fields(measure.parse(indicator.query))
    return tuple(dict.fromkeys((*indicator.detectors, "blind"))) if issuers else indicator.detectors
