"""Follow a record back to what it rests on: Warning → Departure → Observation / Event → quote → Article → Page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tocsin.config import ConfigError
from tocsin.records import Article, Departure, Event, Observation, Page, Record, Warning
from tocsin.store import Store

Traced = dict[str, Any]

MOST_SHOWN = 12
"""Claims of a kind that a terminal is shown."""

KINDS: dict[str, type[Record]] = {kind.kind: kind for kind in (Warning, Departure, Event, Observation, Article, Page)}


def trace(store: Store, id: str) -> Traced | None:
    """The record called `id` with everything behind it, nested; None where there is none."""
    kind = KINDS.get(id.partition("-")[0])
    record = store.get(kind, id) if kind else None
    return None if record is None else _follow(store, record)


def whole_id(store: Store, begun: str) -> str:
    """The id of the one warning or departure whose id begins so; what is given, where there is none.

    Raises `ConfigError` where several begin so.
    """
    kind = KINDS.get(begun.partition("-")[0])
    if kind not in (Warning, Departure):  # few enough to look through
        return begun
    found = [record.id for record in store.select(kind) if record.id.startswith(begun)]
    if len(found) > 1 and begun not in found:
        listed = ", ".join(found[:MOST_SHOWN]) + (" …" if len(found) > MOST_SHOWN else "")
        raise ConfigError(f"{len(found)} are called {begun}…: {listed}")
    return found[0] if len(found) == 1 else begun


def _behind(store: Store, id: str) -> Traced | str:
    """What `id` leads to; the bare id where the store does not hold it."""
    return trace(store, id) or id


def _follow(store: Store, record: Record) -> Traced:
    follow = _BEHIND.get(type(record))
    return {"kind": type(record).kind, **record.model_dump(mode="json"), **(follow(store, record) if follow else {})}


def _behind_warning(store: Store, warning: Warning) -> Traced:
    return {
        key: [_behind(store, id) for id in ids]
        for key, ids in (
            ("departures", warning.departures),
            ("events", warning.events),
            ("observations", warning.observations),
            ("retracted", warning.retracted),
        )
    }


def _behind_claim(store: Store, claim: Event | Observation) -> Traced:
    return {"article": _behind(store, claim.article)}


def _behind_article(store: Store, article: Article) -> Traced:
    return {"page": _behind(store, article.page)}


def _page_without_body(store: Store, page: Page) -> Traced:
    return {"body": f"{len(page.body):,} bytes"}


_BEHIND: dict[type[Record], Callable[[Store, Any], Traced]] = {
    Warning: _behind_warning,
    Event: _behind_claim,
    Observation: _behind_claim,
    Article: _behind_article,
    Page: _page_without_body,
}


def lines(found: Traced) -> Iterator[str]:
    """A traced record as indented text, for a terminal."""
    match found["kind"]:
        case "warning":
            yield from _warning_lines(found)
        case "event" | "observation":
            yield from _claim_lines(found)
        case _:
            yield from _field_lines(found)


def _field_lines(found: Traced) -> Iterator[str]:
    for key, value in found.items():
        if isinstance(value, dict):
            yield f"{key}: {value['id']}"
            yield f"  {_where(value)}"
        elif value not in (None, "", []):
            yield f"{key}: {value}"


def _warning_lines(warning: Traced) -> Iterator[str]:
    yield f"{warning['title']}  [{warning['state']}, {warning['level']}, revision {warning['revision']}]"
    yield f"{warning['watch']}, opened {warning['opened']}, as of {warning['as_of']}"
    yield ""
    yield warning["summary"]
    if cancelled := warning["state"] == "cancelled":
        yield f"Cancelled on {warning['as_of']}: {warning['confidence_reason']}"
    if likelihood := warning["likelihood"]:
        percent = f"{likelihood['probability']:.0%}"
        yield f"Likelihood: {likelihood['word']} ({percent}) that {likelihood['of']}; {likelihood['method']}."
    if not cancelled:
        yield f"Confidence: {warning['confidence']}. {warning['confidence_reason']}"
    counts = (
        f"{warning[key]} {key.removesuffix('s') if warning[key] == 1 else key}"
        for key in ("articles", "outlets", "origins")
    )
    yield f"{'Rested, beside what was taken back,' if cancelled else 'Rests'} on: {', '.join(counts)}."
    yield from _retracted_lines(warning)
    for heading, key in (("Innocent explanations considered", "innocent"), ("What would change this", "would_change")):
        if warning[key]:
            yield f"{heading}:"
            yield from (f"  - {text}" for text in warning[key])
    for departure in warning["departures"]:
        if isinstance(departure, dict):
            period = f"{departure['since']} to {departure['until'] or 'now'}"
            yield ""
            yield f"{departure['id']}: {departure['indicator']}, {departure['detector']}, {period}"
            yield f"  against: {departure['baseline']}"
    for heading, key in (("Events", "events"), ("Official figures", "observations")):
        claims = sorted((claim for claim in warning[key] if isinstance(claim, dict)), key=_day)
        if claims:
            yield ""
            yield f"{heading} ({len(claims)}):"
            for claim in claims[-MOST_SHOWN:]:
                yield from (f"  {line}" for line in _claim_lines(claim))
            if len(claims) > MOST_SHOWN:
                yield f"  … and {len(claims) - MOST_SHOWN} earlier; --json gives all."


def _retracted_lines(warning: Traced) -> Iterator[str]:
    articles = [article for article in warning["retracted"] if isinstance(article, dict)]
    if articles:
        yield "Taken back, and in none of the counts:"
    for article in articles:
        yield f"  - {article['outlet'] or 'unknown outlet'}: {article['title'] or article['id']}"


def _day(claim: Traced) -> str:
    if claim["kind"] == "event":
        return str(claim["date"] or claim["reported"] or "")
    return str(claim["day"])


def _claim_lines(claim: Traced) -> Iterator[str]:
    if claim["kind"] == "event":
        source, target = (", ".join(actor["name"] for actor in claim[side]) or "–" for side in ("source", "target"))
        yield f"{_day(claim) or 'undated'}  {claim['type']} ({claim['status']})  {source} → {target}  {claim['id']}"
    else:
        yield f"{claim['day']}  {claim['issuer']} {claim['field']} = {claim['value']:g}  {claim['id']}"
    if quote := claim.get("quote"):
        yield f"  “{quote['text']}”"
    stands_in = claim["article"]
    if not isinstance(stands_in, dict):  # a file's name or an address, where the record is of a data set
        if stands_in:
            yield f"  {stands_in}"
        return
    if stands_in["kind"] == "page":  # a figure of a file of counts: no article stands between
        yield f"  {_where(stands_in)}"
        return
    page = stands_in["page"]
    yield f"  {stands_in['outlet'] or 'unknown outlet'}: {stands_in['title'] or stands_in['id']}"
    yield f"  {_where(page) if isinstance(page, dict) else stands_in['url']}"


def _where(page: Traced) -> str:
    return f"{page['url']}, fetched {page['fetched']}, sha256 {page['sha256'][:16]}…"
