"""Share with partners: what to publish and to whom, and the record of all of it."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from cyclopts import App

from tocsin.cli.acting import By, Level, To, Why, releaser, shared, who
from tocsin.cli.app import DONE, FAILED, app
from tocsin.cli.jsonl import emit
from tocsin.cli.saying import say
from tocsin.cli.workspace import HERE, AsJson, Where
from tocsin.config import ConfigError, Workspace, load_workspace
from tocsin.records import Article, Departure, Event, Observation, Page, Record, Warning, Watch

if TYPE_CHECKING:
    from tocsin.share.findings import Findings, Publisher
    from tocsin.share.opening import Share
    from tocsin.store import Store

audit = App(name="audit", help="The append-only record of what was shared, read, released and re-based.")
app.command(audit)


@app.command
def publish(
    *watches: str, tlp: Level, to: To = (), writer: tuple[str, ...] = (), no_writers: bool = False, anew: bool = False,
    reason: Why = "", by: By = "", workspace: Where = HERE, json: AsJson = False,
) -> int:  # fmt: skip
    """Publish the warnings of watches, with what they rest on, as STIX 2.1 in a TAXII collection a watch.

    Doing it again publishes only what has changed. What nobody has marked gets the marking given here; everything
    built on it is at least as restricted. To show something to more than before takes a releaser and a reason.

    Example: `tocsin publish taiwan-strait --tlp green -w desk`

    Parameters
    ----------
    watches
        The watches to publish; all by default.
    tlp
        The Traffic Light Protocol 2.0 level.
    writer
        Who may add to the collections, as `org:NAME`: partners that push to us. They replace those named before;
        without any, these stay.
    no_writers
        Let nobody add to the collections any more.
    anew
        Tell again, as new objects, what was withdrawn. A releaser's to decide.
    """
    from tocsin.cli.watching import watches_of
    from tocsin.share import Marking, addressees, wider
    from tocsin.share.publish import WIDENS, open_collection
    from tocsin.share.publish import publish as put
    from tocsin.store import open_store

    desk = load_workspace(workspace)
    known = {watch.name: watch for watch in watches_of(desk)}
    if unknown := [name for name in watches if name not in known]:
        raise ConfigError(f"no watch is called {unknown[0]!r}; this workspace has {', '.join(sorted(known))}.")
    if writer and no_writers:
        raise ConfigError("--writer lets somebody add and --no-writers nobody; give one of them.")
    writers = addressees(writer) or () if writer or no_writers else None
    marking = Marking(tlp=tlp, releasable_to=addressees(to))
    with closing(open_store(desk.store_location)) as store, shared(desk) as share:
        signed = releaser(desk, share, by) if anew or reason.strip() else None
        publisher = publisher_of(desk, share)
        for name in watches or sorted(known):
            collection = open_collection(
                share, name, known[name].title, marking, writers=writers, releaser=signed, reason=reason
            )
            done = put(
                share, findings(store, known[name]), publisher, collection,
                by=who(by), default=marking, anew=anew, releaser=signed, reason=reason,
            )  # fmt: skip
            told = {"watch": name, "changed": done.changed, "unchanged": done.unchanged, "refused": len(done.refused)}
            say(told, json, f"{name}: {done.changed} objects new or changed, {done.unchanged} as they were.")
            if wider(marking, collection.marking):
                print(f"{name}: not all who are named now know of the collection. {WIDENS}", file=sys.stderr)
            for why, many in Counter(one.says for one in done.refused).items():
                print(f"{name}: {many} objects were left as they are. {why}", file=sys.stderr)
    return DONE


@app.command
def stix(id: str, /, *, tlp: Level = "clear", to: To = (), workspace: Where = HERE, json: AsJson = False) -> int:
    """Print a warning, with what it rests on, as a STIX 2.1 bundle. What somebody has marked keeps its marking.

    Example: `tocsin stix warning-0123456789abcdef0123 --tlp green -w desk > bundle.json`

    Parameters
    ----------
    id
        The warning's id.
    tlp
        The level of what nobody has marked; everything built on it is at least as restricted.
    """
    from tocsin.cli.watching import watches_of
    from tocsin.share import Marking, addressees
    from tocsin.share.publish import markings_for
    from tocsin.share.stix import to_bundle
    from tocsin.store import open_store

    desk = load_workspace(workspace)
    marking = Marking(tlp=tlp, releasable_to=addressees(to))
    with shared(desk) as share, closing(open_store(desk.store_location, readonly=True)) as store:
        warning = store.get(Warning, id)
        if warning is None:
            raise ConfigError(f"no warning is called {id!r}; tocsin warnings lists what there is.")
        known = {watch.name: watch for watch in watches_of(desk)}
        told = findings(
            store, known.get(warning.watch) or Watch(name=warning.watch, title=warning.watch, question=""), warning
        )
        emit(to_bundle(told, publisher_of(desk, share), markings_for(share, told, marking)))
    return DONE


@audit.command(name="verify")
def verify_audit(*, kept: str = "", workspace: Where = HERE, json: AsJson = False) -> int:
    """Check the record: any edit, deletion, reordering or truncation is found.

    Example: `tocsin audit verify -w desk`

    Parameters
    ----------
    kept
        A line of `tocsin audit head` that was kept elsewhere: an older database that was put back shows only so.
    """
    from tocsin.share.audit import Head

    number, _, digest = kept.partition(" ")
    if kept and not (number.isascii() and number.isdigit() and digest):
        raise ConfigError(f"{kept!r} is no line of tocsin audit head: a number and a hash.")
    with shared(load_workspace(workspace)) as share:
        verdict = share.audit.verify(Head(int(number), digest.strip()) if kept else None)
    say(asdict(verdict), json, f"The audit record is {'sound.' if verdict.sound else f'broken: {verdict.fault}'}")
    return DONE if verdict.sound else FAILED


@audit.command(name="head")
def audit_head(*, workspace: Where = HERE, json: AsJson = False) -> int:
    """Print the number and hash of the last entry, to be kept somewhere else.

    Example: `tocsin audit head -w desk >> audit-heads`
    """
    with shared(load_workspace(workspace)) as share:
        head = share.audit.head()
    say(asdict(head), json, f"{head.n} {head.hash}")
    return DONE


@audit.command(name="list")
def list_audit(*, subject: str | None = None, workspace: Where = HERE, json: AsJson = False) -> int:
    """List the record.

    Example: `tocsin audit list -w desk`

    Parameters
    ----------
    subject
        Only entries about this.
    """
    with shared(load_workspace(workspace)) as share:
        for entry in share.audit.entries(subject=subject):
            say(asdict(entry), json, f"{entry.n}  {entry.at}  {entry.actor}  {entry.action}  {entry.subject}")
    return DONE


def publisher_of(desk: Workspace, share: Share) -> Publisher:
    """The workspace as the organisation that says what it publishes."""
    from tocsin.share.findings import Publisher

    return Publisher(name=desk.name, organisation=desk.organisation, salt=share.secret("ids").hex())


def findings(store: Store, known: Watch, *only: Warning) -> Findings:
    """The warnings of a watch (or only those given) with everything they rest on."""
    from tocsin.share.findings import Findings
    from tocsin.store import Select

    warnings = list(only) or list(store.select(Warning, Select({"watch": known.name})))
    events = list(_all(store, Event, (id for warning in warnings for id in warning.events)))
    observations = list(_all(store, Observation, (id for warning in warnings for id in warning.observations)))
    # What claims rest on is an article or, for a table of figures, a page.
    rests_on = {event.article for event in events} | {item.article for item in observations}
    articles = {one.id: one for one in _all(store, Article, rests_on)}
    held = rests_on | {one.page for one in articles.values()}
    pages = {one.id: one for one in _all(store, Page, held)}
    departures = list(_all(store, Departure, (id for warning in warnings for id in warning.departures)))
    return Findings(warnings, departures, events, observations, articles, pages, {known.name: known})


R = TypeVar("R", bound=Record)


def _all(store: Store, kind: type[R], ids: Iterable[str]) -> Iterator[R]:
    """The records with these ids, each once."""
    from tocsin.store import Select

    wanted = sorted(set(ids))
    return store.select(kind, Select({"id": wanted})) if wanted else iter(())
