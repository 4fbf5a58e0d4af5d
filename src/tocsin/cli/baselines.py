"""Baselines are property: move one as a named act, and look how the detectors would have done on history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import numpy as np
from cyclopts import Parameter
from numpy.typing import NDArray

from tocsin.cli.acting import shared, who
from tocsin.cli.app import app
from tocsin.cli.saying import say
from tocsin.cli.workspace import HERE, AsJson, Where, opened
from tocsin.config import ConfigError, Workspace, load_workspace
from tocsin.records import Indicator, Rebase, Watch

if TYPE_CHECKING:
    from tocsin.assess import Chart
    from tocsin.measure import Backtest


@app.command
def rebase(
    indicator: str, /, *, day: Annotated[date | None, Parameter(name="--from")] = None, reason: str = "",
    by: str = "", undo: bool = False, workspace: Where = HERE, json: AsJson = False,
) -> int:  # fmt: skip
    """Move an indicator's baseline: from a day on its reference is learnt anew. A named person's act, kept and shown.

    Example: `tocsin rebase taiwan-strait/vessels --from 2023-09-01 --by "A. Analyst" --reason "new radar" -w desk`

    Parameters
    ----------
    indicator
        The watch and the indicator, as WATCH/NAME.
    day
        The first day of the new reference.
    reason
        Why; it stands on every chart afterwards.
    by
        Who decides it.
    undo
        Take the act of that day back instead; it is kept, and has no effect any more.
    """
    desk = load_workspace(workspace)
    watch, known = _indicator(desk, indicator)
    if day is None or not by.strip() or (not reason.strip() and not undo):
        raise ConfigError("a baseline is moved by a named person for a reason: give --from, --by and --reason.")
    with opened(desk) as store, store.exclusive():
        if undo:
            from tocsin.store import Select

            acts = store.select(Rebase, Select({"watch": watch.name, "indicator": known.name}, since=day, until=day))
            changed = [act.model_copy(update={"undone": True}) for act in acts if not act.undone]
            if not changed:
                raise ConfigError(f"{indicator} was not re-based on {day}.")
        else:
            now = datetime.now(UTC)
            changed = [Rebase(watch=watch.name, indicator=known.name, day=day, by=by, reason=reason, at=now)]
        store.put(changed)
    with shared(desk) as share:
        for act in changed:
            action = "rebase undone" if undo else "rebase"
            share.audit.note(who(by), action, f"indicator:{indicator}", day=str(act.day), reason=reason or act.reason)
    for act in changed:
        done = "no longer re-based" if undo else "re-based"
        say(act.model_dump(mode="json"), json, f"{indicator} is {done} from {day}. tocsin run measures it anew.")
    return 0


@app.command
def backtest(
    watch: str, /, *, since: Annotated[date | None, Parameter(name="--from")] = None,
    until: Annotated[date | None, Parameter(name="--to")] = None, workspace: Where = HERE, json: AsJson = False,
) -> int:  # fmt: skip
    """Replay a watch over history: which of its milestones was seen, when, by what, and at how many false alarms.

    Every day is measured as of that day. Beside tocsin's detectors stand a rolling z-score, EARS C2 and "always". The
    milestones are the `[[history]]` entries of the watch's file.

    Example: `tocsin backtest taiwan-strait --from 2022-08-01 --to 2023-12-31 -w demo-workspace`

    Parameters
    ----------
    since
        The first day scored; the beginning of the series by default.
    until
        The last day scored; the workspace's today by default.
    """
    from tocsin.assess import chart
    from tocsin.cli.desk import today_of
    from tocsin.cli.watching import watch_of

    desk = load_workspace(workspace)
    found = watch_of(desk, watch)
    if not found.history:
        raise ConfigError(
            f"{watch}.toml has no [[history]] entries to score against; add the public facts it ought to see."
        )
    with opened(desk, readonly=True) as store:
        for indicator in found.indicators:
            each = chart(store, found, indicator, until or today_of(desk))
            scored = list(_scored(found, each, since))
            for result in scored:
                _tell(indicator, result, json)
            if not json:
                for line in _seen(scored):
                    print(line)
    return 0


def _seen(scored: list[Backtest]) -> Iterator[str]:
    """Each milestone in a line: by which detectors it was seen, and when ("always", which sees all, left out)."""
    for at, sighting in enumerate(scored[0].sightings if scored else ()):
        found = [
            f"{result.detector} {first}"
            for result in scored
            if (first := result.sightings[at].first) and result.detector != "always"
        ]
        yield f"    {sighting.label.day}  {sighting.label.title}: {', '.join(found) or 'not seen'}"


def _scored(watch: Watch, each: Chart, since: date | None) -> Iterator[Backtest]:
    """How each detector, and each yardstick, did on one indicator. Nothing where no milestone falls into its days."""
    from tocsin import measure

    first = next((at for at, day in enumerate(each.series.dates) if since is None or day >= since), None)
    if first is None:
        return
    days = each.series.dates[first:]
    values = each.series.values[None, :]
    alarms: dict[str, NDArray[np.bool_]] = {
        name: np.array([getattr(m, name) for m in each.measurements]) for name in each.indicator.detectors
    }
    alarms |= {
        "rolling z-score": measure.z_score(values)[0],
        "EARS C2": measure.ears_c2(values)[0],
        "always": measure.always(values)[0],
    }
    labels = [measure.Label(milestone.day, milestone.title) for milestone in watch.history if milestone.day in days]
    if labels:
        yield from measure.backtest(days, {name: on[first:] for name, on in alarms.items()}, labels)


def _tell(indicator: Indicator, result: Backtest, json: bool) -> None:
    lead = "–" if result.median_lead is None else f"{result.median_lead + 0.0:+.0f} days"
    alarms = "always" if result.detector == "always" else f"{result.false_alarms:.1f}/100 days"
    words = (
        f"{indicator.name:<16} {result.detector:<16} seen {result.detection:4.0%}  lead {lead:>8}  "
        f"false alarms {alarms:>13}  p {result.p_value:.3f}"
    )
    say({"indicator": indicator.name, **asdict(result)}, json, words)


def _indicator(desk: Workspace, name: str) -> tuple[Watch, Indicator]:
    from tocsin.cli.watching import watch_of

    watch_name, _, indicator_name = name.partition("/")
    watch = watch_of(desk, watch_name)
    for indicator in watch.indicators:
        if indicator.name == indicator_name:
            return watch, indicator
    known = ", ".join(f"{watch.name}/{indicator.name}" for indicator in watch.indicators)
    raise ConfigError(f"no indicator is called {name!r}; {watch.name} has {known}.")
