"""What the doctor finds in a workspace: what cannot be used, what can still never work as it is meant to, the store."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.cli.desk import outlets_of, standing_day
from tocsin.cli.watching import watches_of
from tocsin.config import ConfigError, Workspace
from tocsin.doctor import Finding
from tocsin.records import Article, Event, Observation, Page, Problem, Warning, Watch

if TYPE_CHECKING:
    from tocsin.store import Store

GKG = "gdelt-gkg"
"""The issuer of the daily figures that event files bring."""


def look_into(workspace: Workspace) -> Iterator[Finding]:
    """Sources that cannot be made, names and figures that nothing stands behind, and how the store is."""
    from tocsin.collect import SourceError, make_source

    for table in workspace.sources:
        try:
            make_source(dict(table), workspace.root)
        except SourceError as error:
            yield Finding("source", "wrong", str(error))
    yield from _paths(workspace)
    try:
        outlets_of(workspace)
    except ConfigError as error:
        yield Finding("outlets", "wrong", str(error))
    try:
        standing_day(workspace, None)
    except ConfigError as error:
        yield Finding("today", "wrong", str(error))
    watches = watches_of(workspace)
    yield from _names(watches)
    yield from _look_into_store(workspace, watches)


def _paths(workspace: Workspace) -> Iterator[Finding]:
    for table in workspace.sources:
        said = table.get("path")
        if isinstance(said, str) and not (path := workspace.root / Path(said).expanduser()).exists():
            yield Finding("source", "wrong", f"source {table['name']!r}: there is nothing at {path}; set its path.")


def _names(watches: Sequence[Watch]) -> Iterator[Finding]:
    """Names of places and actors that the gazetteer lacks: no event will ever bear them."""
    from tocsin import measure

    for watch in watches:
        for place in watch.places:
            yield from _unknown(f"watch {watch.name}", "place", place, _places(place))
        for indicator in watch.indicators:
            for kind, name in sorted(measure.asked(measure.parse(indicator.query))):
                where = f"watch {watch.name}, indicator {indicator.name}"
                country, _, sector = name.partition(".")
                if _is_country(country) or (sector and not country):
                    continue
                if kind in ("source", "target", "actors"):
                    yield from _unknown(where, "actor", name, _actors(name))
                elif kind == "place":
                    yield from _unknown(where, "place", name, _places(name))


def _figures(workspace: Workspace, watches: Sequence[Watch], store: Store | None) -> Iterator[Finding]:
    """Figures that no source brings."""
    from tocsin import measure

    for watch in watches if workspace.sources else ():
        for indicator in watch.indicators:
            for issuer, field in sorted(measure.fields(measure.parse(indicator.query))):
                if not _is_brought(workspace, store, issuer, field):
                    near = difflib.get_close_matches(issuer, sorted(_issuers(workspace) - {issuer}), n=1)
                    hint = f"; did you mean {near[0]!r}?" if near else "."
                    where = f"watch {watch.name}, indicator {indicator.name}"
                    yield Finding(where, "note", f"no source brings {field!r} from {issuer!r}{hint}")


def _unknown(where: str, what: str, name: str, known: Sequence[str]) -> Iterator[Finding]:
    """What to say of a name that is not among those which the gazetteer gives to whom or what it stands for."""
    if name.casefold() in (one.casefold() for one in known):
        return
    hint = f"it says {known[0]!r}" if len(known) == 1 else "no event will bear that name"
    yield Finding(where, "note", f"the gazetteer has no {what} by the name of {name!r}: {hint}.")


def _places(name: str) -> list[str]:
    from tocsin.code.gazetteer import Gazetteer
    from tocsin.code.places import Places

    return [one.place.name for one in Places.load().find(name, Gazetteer.load().find(name))]


def _actors(name: str) -> list[str]:
    from tocsin.code.gazetteer import Gazetteer

    return [found.name for found in Gazetteer.load().find(name)]


def _is_country(code: str) -> bool:
    from tocsin.data.countries import countries

    return code in countries()


def _issuers(workspace: Workspace) -> set[str]:
    from tocsin.read.grammar import grammars

    stated = {str(table["issuer"]) for table in workspace.sources if "issuer" in table}
    coded = {GKG for table in workspace.sources if table.get("kind") == "eventfile"}
    return stated | coded | {grammar.issuer for grammar in grammars()}


def _is_brought(workspace: Workspace, store: Store | None, issuer: str, field: str) -> bool:
    from tocsin.store import Select

    tables = [table for table in workspace.sources if table.get("issuer") == issuer]
    if any(field in table.get("fields", [field]) for table in tables):
        return True
    if not tables and issuer in _issuers(workspace):
        return True
    return store is not None and any(store.select(Observation, Select({"issuer": issuer, "field": field}, limit=1)))


def _look_into_store(workspace: Workspace, watches: Sequence[Watch]) -> Iterator[Finding]:
    from tocsin.store import StoreError, open_store

    location = workspace.store_location
    if "://" not in location and not Path(location).exists():
        yield from _figures(workspace, watches, None)
        yield Finding("store", "note", "not made yet; tocsin run makes it.")
        return
    try:
        with closing(open_store(location, readonly=True)) as store:
            yield from _figures(workspace, watches, store)
            counts = {kind.kind: store.count(kind) for kind in (Page, Article, Event, Observation, Warning)}
            problems, written = list(store.select(Problem)), store.last_write()
    except StoreError as error:
        yield Finding("store", "note", str(error))
        return
    holds = ", ".join(f"{count:,} {name}s" for name, count in counts.items())
    yield Finding("store", "ok", f"{holds}; last written {written:%Y-%m-%d %H:%M}." if written else "empty.")
    if problems:
        last = max((problem.at for problem in problems if problem.at), default=None)
        since = f", the last on {last:%Y-%m-%d}" if last else ""
        stated = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        yield Finding("problems", "note", f"{stated} in collecting, reading or coding{since}; see tocsin problems.")
