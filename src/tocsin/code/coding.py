"""The door of the coder: `code` an article, `code_text` any text, with the events as records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from tocsin.code.antecedents import Scene
from tocsin.code.chinese import code_chinese, cutter
from tocsin.code.choosing import chosen
from tocsin.code.coder import Unit, read_claims
from tocsin.code.quantities import divided, followed, quantities
from tocsin.code.settling import day_of, place_of, settle
from tocsin.code.sides import Claim
from tocsin.code.themes import contexts, domains, mode
from tocsin.code.tongue import foreign_script, tongue
from tocsin.records import Actor, Article, Event, EventType, Quantity, Quote, Status

CODER = "tocsin-en/2"
"""The version of coder and dictionaries, stamped on every event."""
CODED = ("en", "zh")
"""The languages that are read, as ISO 639."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_TRAILING = re.compile(r"(?:\s*[,;:–—-]|\s+(?:and|but|or))\s*$")


@dataclass(frozen=True, slots=True)
class Coding:
    """What a text holds: its events, and a note where it could not be read."""

    events: tuple[Event, ...] = ()
    note: str | None = None


def code(article: Article) -> list[Event]:
    """The events of an article, those of its title marked `headline`. Bulletins and unread languages give none."""
    if article.form == "bulletin":
        return []
    on = article.published.date() if isinstance(article.published, datetime) else article.published
    scene = Scene()
    found: list[Event] = []
    for text, headline in ((article.title, True), (article.text, False)):
        if text.strip():
            found += _events(text, on, headline, article.language, scene, article.id).events
    return [event.model_copy(update={"reported": on}) for event in found]


def unread(article: Article) -> str | None:
    """Why the coder does not read the text of an article; None where it does, and where there is nothing to read."""
    text = _SURROGATE.sub("\ufffd", article.text if article.text.strip() else article.title)
    if article.form == "bulletin" or not text.strip():
        return None
    return _unread(text, tongue(text, article.language))


def _unread(text: str, spoken: str) -> str | None:
    if spoken == "zh":
        return None if cutter() is not None else "the coder for Chinese needs the extra: pip install tocsin[chinese]"
    if spoken not in CODED:
        return f"no coder for language '{spoken}'"
    return "given as English, but not written in Latin letters" if foreign_script(text) is not None else None


def code_text(text: str, *, on: date | None, headline: bool = False, language: str | None = None) -> Coding:
    """The events of one text: a headline, or a body of any length. An unread language gives none, with a note."""
    return _events(text, on, headline, language, Scene(), "")


def _events(text: str, on: date | None, headline: bool, language: str | None, scene: Scene, article: str) -> Coding:
    text = _SURROGATE.sub("\ufffd", text)
    spoken = tongue(text, language)
    if (note := _unread(text, spoken)) is not None:
        guess = "" if language or spoken in CODED else "; name its language in the input if this is wrong"
        return Coding(note=note + guess)
    if spoken == "zh":
        return Coding(tuple(code_chinese(text, on, headline, article)))
    events: list[Event] = []
    units = read_claims(text, on, headline, scene)
    source = Source(text, on, headline, article, scene)
    latest, ended = list[Event](), 0
    for unit, believed in zip(units, chosen(units, text, headline), strict=True):
        if believed:
            latest, ended = _sentence(believed, unit, source), unit.end
            events += latest
        elif latest and not text[ended : unit.start].strip():
            told = followed([e.type for e in latest], quantities(text, unit.start, unit.end))
            events[-len(latest) :] = (
                e.model_copy(update={"quantities": tuple(more)}) if more and not e.quantities else e
                for e, more in zip(latest, told, strict=True)
            )
            latest = []
    return Coding(tuple(events))


@dataclass(frozen=True, slots=True)
class Source:
    """The text an event is coded from, and what is known of it."""

    text: str
    on: date | None
    headline: bool
    article: str
    scene: Scene


def _sentence(believed: Sequence[Claim], unit: Unit, source: Source) -> list[Event]:
    """The records of a sentence's claims; each number that the sentence states goes to those it belongs to."""
    for claim in believed:
        settle(claim, unit, source.scene, source.headline)
    spans = [_span(claim, unit, source.text) for claim in believed]
    stated = quantities(source.text, unit.start, unit.end)
    counted = divided([claim.type for claim in believed], spans, stated)
    return [_event(*one, unit, source) for one in zip(believed, spans, counted, strict=True)]


def _event(claim: Claim, span: tuple[int, int], counted: Sequence[Quantity], unit: Unit, source: Source) -> Event:
    """The record of a claim, with mode, contexts, domains, place and date read off its words."""
    text, (start, end) = source.text, span
    clause, sentence = text[start:end], text[unit.start : unit.end]
    ahead = claim.status in ("planned", "hypothetical")
    return Event(
        article=source.article,
        headline=source.headline,
        type=cast(EventType, claim.type),
        mode=mode(claim.type, clause, claim.mode),
        contexts=contexts(sentence),
        source=tuple(claim.source),
        target=tuple(claim.target),
        status=cast(Status, claim.status),
        reported_by=claim.reporter,
        place=place_of(claim, unit, source.scene, (start, end)),
        date=day_of(claim, unit, text, source.on, ahead),
        quantities=tuple(counted),
        domains=domains(claim.type, clause),
        confidence=round(claim.confidence, 3),
        quote=Quote(start=start, end=end, text=clause),
        rule=claim.rule,
        coder=CODER,
    )


def _span(claim: Claim, unit: Unit, text: str) -> tuple[int, int]:
    """The words an event rests on, as offsets: from the first to the last of its extent and its actors."""
    words = [unit.tree[i] for i in claim.extent if unit.tree[i].end > unit.tree[i].start]
    people: list[Actor] = [a for a in (*claim.source, *claim.target) if unit.start <= a.start and a.end <= unit.end]
    starts = [w.start for w in words] + [a.start for a in people]
    ends = [w.end for w in words] + [a.end for a in people]
    return _trimmed(text, min(starts), max(ends)) if starts else (unit.start, unit.end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the comma or the "and" that a next clause begins with."""
    while found := _TRAILING.search(text, start + 1, end):
        end = found.start()
    return start, end
