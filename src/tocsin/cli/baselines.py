"""Baselines are property: move one as a named act."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from cyclopts import Parameter

from tocsin.cli.acting import shared, who
from tocsin.cli.app import app
from tocsin.cli.saying import say
from tocsin.cli.workspace import HERE, AsJson, Where, opened
from tocsin.config import ConfigError, Workspace, load_workspace
from tocsin.records import Indicator, Rebase, Watch


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


def _indicator(desk: Workspace, name: str) -> tuple[Watch, Indicator]:
    from tocsin.cli.watching import watch_of

    watch_name, _, indicator_name = name.partition("/")
    watch = watch_of(desk, watch_name)
    for indicator in watch.indicators:
        if indicator.name == indicator_name:
            return watch, indicator
    known = ", ".join(f"{watch.name}/{indicator.name}" for indicator in watch.indicators)
    raise ConfigError(f"no indicator is called {name!r}; {watch.name} has {known}.")
