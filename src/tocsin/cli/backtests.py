"""Look how the detectors would have done on history: on a watch's, or on that of a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from cyclopts import Parameter
from numpy.typing import NDArray

from tocsin.cli.app import DONE, app, check_span
from tocsin.cli.batch import report_faults, series_from
from tocsin.cli.jsonl import LineError, text_lines
from tocsin.cli.saying import say
from tocsin.cli.workspace import HERE, AsJson, Where, opened
from tocsin.config import ConfigError, load_workspace

if TYPE_CHECKING:
    from tocsin.measure import Backtest, Label, Series
    from tocsin.records import Measurement

DETECTORS = ("surge", "burden", "creep")


@app.command
def backtest(
    watch: str = "", /, *, since: Annotated[date | None, Parameter(name="--from")] = None,
    until: Annotated[date | None, Parameter(name="--to")] = None, series: Path | None = None,
    history: Path | None = None, between: str = "", workspace: Where = HERE, json: AsJson = False,
) -> int:  # fmt: skip
    """Replay a watch, or a file, over history: which milestones were seen, when, by what, at how many false alarms.

    Every day is measured as of that day. Beside tocsin's detectors stand a rolling z-score, EARS C2 and "always". A
    milestone is seen by an alarm that begins from 14 days before it to 7 after, or is on from 14 days before to its
    day. Both p-values are against chance, the same alarms turned round the calendar by random numbers of days: `p` that
    they would see as many milestones, `p (lead)` that they would give as many days of warning (0 for a milestone seen
    on its day, later or not at all). "Always" has p 1: it proves nothing.

    Example: `tocsin backtest taiwan-strait --from 2022-08-01 --to 2023-12-31 -w demo-workspace`

    Example: `tocsin backtest --series gulf.csv --between IRQ,KUW --history milestones.csv`

    Parameters
    ----------
    watch
        A watch of the workspace, with `[[history]]` entries for milestones.
    since
        The first day scored; the beginning of the series by default.
    until
        The last day scored; the workspace's today, or the end of the file, by default.
    series
        A file instead of a watch: a series `date,value`, or coded events `date,source,target,…` to count by day.
    history
        The milestones for a file: CSV `date,title`.
    between
        Of coded events, those between two actors, as the beginnings of their codes: `IRQ,KUW`.
    """
    if bool(watch) == (series is not None):
        raise ConfigError("name a watch to backtest, or a file with --series FILE --history FILE.")
    check_span(since, until, ("--from", "--to"))
    if series is None:
        return _watch(watch, since, until, workspace, json)
    if history is None:
        raise ConfigError("a file is scored against milestones: name them with --history FILE (CSV date,title).")
    days = _days_of(str(series), between)
    days = days[: sum(day <= until for day in days.dates)] if until else days
    return _file(series.stem, days, _milestones(str(history)), since, json) or report_faults(days)


def _watch(name: str, since: date | None, until: date | None, workspace: Path, json: bool) -> int:
    from tocsin.assess import chart
    from tocsin.cli.desk import today_of
    from tocsin.cli.watching import watch_of
    from tocsin.measure import Label

    desk = load_workspace(workspace)
    found = watch_of(desk, name)
    if not found.history:
        raise ConfigError(
            f"{name}.toml has no [[history]] entries to score against; add the public facts it ought to see."
        )
    labels = [Label(milestone.day, milestone.title) for milestone in found.history]
    last = until or today_of(desk)
    told = False
    with opened(desk, readonly=True) as store:
        for indicator in found.indicators:
            each = chart(store, found, indicator, last)
            scored = _scored(each.series, each.measurements, indicator.detectors, labels, since)
            _tell_all(indicator.name, scored, json)
            told = told or bool(scored)
    if not told:
        raise ConfigError(
            f"no milestone of {name}.toml falls within the days that its indicators are known on (up to {last}); look"
            " at its [[history]], --from and --to."
        )
    return DONE


def _file(name: str, days: Series, labels: Sequence[Label], since: date | None, json: bool) -> int:
    from tocsin import measure

    scored = _scored(days, list(measure.replay(days)), DETECTORS, labels, since)
    if not scored:
        told = f"{days.dates[0]} to {days.dates[-1]}" if len(days) else "none"
        raise ConfigError(f"no milestone falls within the days scored ({told}); look at --history, --from and --to.")
    _tell_all(name, scored, json)
    return DONE


def _days_of(path: str, between: str) -> Series:
    """The series in a file, or the events in it counted by day. Raises `LineError`, `ConfigError`."""
    from tocsin import measure

    lines = list(text_lines(path))
    if not measure.is_event_file(lines):
        return series_from(path, lines)
    one, _, other = (part.strip() for part in between.partition(","))
    if not (one and other):
        raise ConfigError(f"{path} holds coded events: say between whom to count them, as --between IRQ,KUW.")
    try:
        return measure.tally_events(lines, (one, other))
    except measure.SeriesError as fault:
        raise LineError(f"{path}: {fault}.") from None


def _milestones(path: str) -> list[Label]:
    """The dated titles of a CSV file. Raises `LineError`."""
    from tocsin.measure import Label

    rows = csv.DictReader(text_lines(path))
    found = []
    for row in rows:
        when = (row.get("date") or "").strip()
        try:
            found.append(Label(date.fromisoformat(when), (row.get("title") or when).strip()))
        except ValueError:
            raise LineError(
                f"{path}, line {rows.line_num}: {when[:40]!r} is not a date; write it as 2023-04-08."
            ) from None
    if not found:
        raise LineError(f"{path}: there is no milestone here; begin with the line date,title.")
    return found


def _scored(
    series: Series, days: Sequence[Measurement], detectors: Sequence[str], labels: Sequence[Label], since: date | None
) -> list[Backtest]:
    """How each detector, and each yardstick, did on one series. Nothing where no milestone falls into its days."""
    from tocsin import measure

    first = next((at for at, day in enumerate(series.dates) if since is None or day >= since), None)
    if first is None:
        return []
    values = series.values[None, :]
    alarms: Mapping[str, NDArray[np.bool_]] = {
        **{name: np.array([getattr(day, name) for day in days]) for name in detectors},
        "rolling z-score": measure.z_score(values)[0],
        "EARS C2": measure.ears_c2(values)[0],
        "always": measure.always(values)[0],
    }
    scored_days = series.dates[first:]
    known = [label for label in labels if scored_days[0] <= label.day <= scored_days[-1]]
    return measure.backtest(scored_days, {name: on[first:] for name, on in alarms.items()}, known) if known else []


def _tell_all(name: str, scored: Sequence[Backtest], json: bool) -> None:
    for result in scored:
        say({"indicator": name, **asdict(result)}, json, _words(name, result))
    if not json:
        for line in _seen(scored):
            print(line)


def _words(name: str, result: Backtest) -> str:
    lead = "–" if result.median_lead is None else f"{round(result.median_lead):+d} days"
    alarms = "always" if result.detector == "always" else f"{result.false_alarms:.1f}/100 days"
    return (
        f"{name:<16} {result.detector:<16} seen {result.detection:4.0%}  p {result.p_value:.3f}  lead {lead:>8}  "
        f"warning {result.warning:4.1f} days  p (lead) {result.p_lead:.3f}  false alarms {alarms:>13}"
    )


def _seen(scored: Sequence[Backtest]) -> Iterator[str]:
    """Each milestone in a line: by which detectors it was seen, and when ("always", which sees all, left out)."""
    for at, sighting in enumerate(scored[0].sightings if scored else ()):
        found = [
            f"{result.detector} {first}"
            for result in scored
            if (first := result.sightings[at].first) and result.detector != "always"
        ]
        yield f"    {sighting.label.day}  {sighting.label.title}: {', '.join(found) or 'not seen'}"
