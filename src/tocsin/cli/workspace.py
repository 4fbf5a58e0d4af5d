"""The commands that work in a workspace: make one, run the main job, look at what came of it."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from tocsin.cli.app import FAILED, app, check_span
from tocsin.cli.jsonl import emit
from tocsin.cli.saying import progress, report, say
from tocsin.config import FILE, ConfigError, Workspace, add_watches, load_workspace, make_workspace

if TYPE_CHECKING:
    from tocsin.records import Record

Where = Annotated[
    Path,
    Parameter(name=["--workspace", "-w"], help="The workspace; by default the folder you are in.", show_default=False),
]
AsJson = Annotated[bool, Parameter(help="JSON Lines on standard output instead of words.", show_default=False)]
HERE = Path()

STARTER = """\
# A tocsin workspace. `tocsin run` collects from the sources below, `tocsin serve` shows what came of it.
name = "{name}"
store = "tocsin.db"
# organisation = "desk.example"  # who publishes, to share with partners (docs/how-to/share.md)

# Watches are the files watches/*.toml: edit them, or add your own (docs/reference/workspace.md).

# Sources: folder, page, feed, sitemap, warc, eventfile, counts (docs/reference/collect.md).
# [[source]]
# name = "my-feed"
# kind = "feed"
# url = "https://example.org/feed.xml"
"""


@app.command
def init(root: Path = HERE, /, *, watch: tuple[str, ...] = (), json: AsJson = False) -> int:
    """Make a workspace: `tocsin.toml`, and the watches to start from.

    In a workspace that is there, `--watch` takes along further shipped watches; one that is there stays as it is.

    Example: `tocsin init desk --watch taiwan-strait --watch ukraine`

    Parameters
    ----------
    root
        The folder to make it in.
    watch
        A shipped watch to take along, as often as you like; all of them by default.
    """
    from tocsin.data import texts

    shipped = dict(texts("watches", ".toml"))
    unknown = [name for name in watch if name not in shipped]
    if unknown:
        raise ConfigError(f"no watch is called {unknown[0]!r}; shipped are {', '.join(sorted(shipped))}.")
    chosen = [(name, text) for name, text in shipped.items() if not watch or name in watch]
    if watch and (root / FILE).exists():
        taken = add_watches(root, chosen)
        words = f"{', '.join(taken)} added to {root}." if taken else "They are there already; nothing was changed."
        say({"workspace": str(root), "watches": taken}, json, words)
        return 0
    make_workspace(root, STARTER.format(name=root.resolve().name), chosen)
    say(
        {"workspace": str(root), "watches": [name for name, _ in chosen]},
        json,
        f"{root / FILE} is ready: name your sources in it, then: tocsin run -w {root}",
    )
    return 0


@app.command
def run(*, workspace: Where = HERE, as_of: date | None = None, every: str | None = None, json: AsJson = False) -> int:
    """Run the main job: sources → articles → events and observations → departures → warnings.

    A second run does nothing twice; a killed run continues where it was.

    Example: `tocsin run --workspace desk`

    Parameters
    ----------
    as_of
        The day to stand on: nothing later is measured. By default the workspace's `today`, else the last whole day.
        On a day before the last that was measured, warnings stay as they are.
    every
        Go on running, at this interval (`10m`, `1h`), until interrupted.
    """
    from tocsin.cli.desk import run_flow
    from tocsin.cli.schedule import repeat
    from tocsin.cli.watching import watches_of

    desk = load_workspace(workspace)
    watches_of(desk)  # what is wrong in a watch is told before anything is done
    if not desk.sources:
        print(f"There are no sources yet: add a [[source]] to {workspace / FILE}.", file=sys.stderr)
    return repeat(every, lambda: report(run_flow(desk, as_of, progress(json)), json))


@app.command
def warnings(
    *, workspace: Where = HERE, watch: str | None = None, state: Literal["open", "closed", "cancelled"] | None = None,
    json: AsJson = False,
) -> int:  # fmt: skip
    """List the warnings, newest first.

    Example: `tocsin warnings --workspace desk --state open`

    Parameters
    ----------
    watch
        Only of this watch.
    state
        Only those that are open, closed or cancelled.
    """
    from tocsin.cli.watching import watch_of
    from tocsin.records import Warning
    from tocsin.store import Select

    desk = load_workspace(workspace)
    if watch is not None:
        watch_of(desk, watch)
    where = {key: value for key, value in (("watch", watch), ("state", state)) if value}
    with opened(desk, readonly=True) as store:
        found = list(store.select(Warning, Select(where=where, newest_first=True)))
    for warning in found:
        words = (
            f"{warning.opened}  {warning.watch}  {warning.state}, {warning.level}  {warning.title}\n    {warning.id}"
        )
        say(warning.model_dump(mode="json"), json, words)
    if not found and not json:
        print("No warnings.")
    return 0


@app.command
def show(id: str, /, *, workspace: Where = HERE, json: AsJson = False) -> int:
    """Show a record with everything it rests on: a warning down to the quotes and pages.

    Example: `tocsin show warning-0123456789abcdef0123 --workspace desk`

    Parameters
    ----------
    id
        The id of a warning, departure, event, article, observation or page; of a warning or a departure the beginning
        will do.
    """
    from tocsin.cli.evidence import lines, trace, whole_id

    with opened(load_workspace(workspace), readonly=True) as store:
        found = trace(store, whole_id(store, id))
    if found is None:
        raise ConfigError(f"nothing here is called {id!r}; {_where_ids_are(id)}")
    if json:
        emit(found)
    else:
        for line in lines(found):
            print(line)
    return 0


@app.command
def serve(
    *, workspace: Where = HERE, host: str = "127.0.0.1", port: int = 8080, login: bool = False, json: AsJson = False
) -> int:
    """Serve the web pages, the JSON API and what is shared (TAXII, feeds) of a workspace.

    On the loopback, whoever sits at this machine reads everything; all others log in and read what they may.

    Example: `tocsin serve --workspace desk --port 8080`

    Parameters
    ----------
    host
        The address to listen on; the loopback by default.
    port
        The port to listen on.
    login
        Ask everybody who they are, also on the loopback: for a server behind a proxy.
    """
    from tocsin.cli.desk import serve_desk

    serve_desk(load_workspace(workspace), host, port, login=login)
    return 0


@app.command
def sources(*, workspace: Where = HERE, json: AsJson = False) -> int:
    """Tell how each source is doing: a source that falls silent against its own rhythm is blind, never calm.

    Example: `tocsin sources --workspace desk`
    """
    from tocsin.cli.desk import pulses

    desk = load_workspace(workspace)
    with opened(desk, readonly=True) as store:
        found = pulses(desk, store)
    for source in found:
        say(asdict(source), json, f"{source.state:>10}  {source.says}")
    return 0


@app.command
def problems(*, workspace: Where = HERE, json: AsJson = False) -> int:
    """List what could not be collected, read or coded, and why, with the day it was last met with.

    What has been solved since (a source answers again, a row was corrected) is no longer among it.

    Example: `tocsin problems --workspace desk`
    """
    from tocsin.records import Problem

    with opened(load_workspace(workspace), readonly=True) as store:
        found = False
        for problem in store.select(Problem):
            found = True
            day = f"{problem.at:%Y-%m-%d}" if problem.at else "undated   "
            say(problem.model_dump(mode="json"), json, f"{day}  {problem.stage}: {problem.says} [{problem.subject}]")
    if not found and not json:
        print("No problems.")
    return 0


@app.command
def doctor(*, workspace: Where = HERE, json: AsJson = False) -> int:
    """Look whether everything is here that the work needs, and whether the workspace is sound.

    Example: `tocsin doctor --workspace desk`
    """
    from tocsin.cli.checkup import look_into
    from tocsin.doctor import examine
    from tocsin.measure import parse

    root = workspace if (workspace / FILE).exists() else None
    findings = list(examine(root, parse, look_into))
    for finding in findings:
        if json:
            emit({"subject": finding.subject, "state": finding.state, "says": finding.says})
        else:
            print(f"{finding.state:>5}  {finding.subject}: {finding.says}")
    return FAILED if any(finding.state == "wrong" for finding in findings) else 0


@app.command
def export(
    what: Literal["events", "observations", "warnings"], /, *, workspace: Where = HERE,
    form: Annotated[Literal["csv", "parquet", "geojson"], Parameter(name="--format")] = "csv",
    out: Path | None = None, since: date | None = None, until: date | None = None, json: AsJson = False,
) -> int:  # fmt: skip
    """Export what is stored, for spreadsheets, data frames and maps.

    Example: `tocsin export events --format parquet --out events.parquet --workspace desk`

    Parameters
    ----------
    what
        What to export.
    form
        CSV, Parquet or GeoJSON.
    out
        The file to write; standard output by default, where --json gives the records as JSON Lines instead of CSV.
    since
        Only from this day on.
    until
        Only up to this day.
    """
    from tocsin.cli.desk import export_records

    check_span(since, until)
    if json and out is None and form == "csv":
        return _told_lines(load_workspace(workspace), what, since, until)
    rows = export_records(load_workspace(workspace), what, form, out, since, until)
    if out is not None:
        say({"rows": rows, "file": str(out)}, json, f"{rows:,} rows in {out}.")
    return 0


@app.command
def demo(root: Path = Path("demo-workspace"), /, *, serve: bool = False, port: int = 8080, json: AsJson = False) -> int:
    """Run the main job on bundled input: real daily figures of 2020–2023, and sample reports of public events.

    Example: `tocsin demo --serve`

    Parameters
    ----------
    root
        The workspace to make, or to take up again.
    serve
        Then serve the result.
    port
        The port to serve it on.
    """
    from tocsin.cli.demo import make_demo
    from tocsin.cli.desk import run_flow, serve_desk

    desk = make_demo(root)
    report(run_flow(desk, None, progress(json)), json)
    status = warnings(workspace=root, json=json)
    if serve:
        serve_desk(desk, "127.0.0.1", port)
    return status


def _told_lines(desk: Workspace, what: str, since: date | None, until: date | None) -> int:
    """The records as JSON Lines on standard output, as `show` has them."""
    from tocsin.records import Event, Observation, Warning
    from tocsin.store import Select

    kinds: dict[str, type[Record]] = {"events": Event, "observations": Observation, "warnings": Warning}
    with opened(desk, readonly=True) as store:
        for record in store.select(kinds[what], Select(since=since, until=until)):
            emit(record.model_dump(mode="json"))
    return 0


def _where_ids_are(id: str) -> str:
    if id.partition("-")[0] == "warning":
        return "tocsin warnings lists the warnings."
    return "ids stand in what tocsin show prints of a warning, in tocsin export, and on the pages of tocsin serve."


def opened(desk: Workspace, *, readonly: bool = False) -> Any:
    """The workspace's store, closed at the end of the `with`."""
    from tocsin.store import open_store

    return closing(open_store(desk.store_location, readonly=readonly))
