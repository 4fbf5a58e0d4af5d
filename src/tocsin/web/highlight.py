"""An article's text with what was coded from it marked in place: quotes, actors and quantities, each linked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from tocsin.records import Event, Observation


@dataclass(frozen=True, slots=True)
class Span:
    """Some code points of a text and what they are: `role` is quote, source, target, teller, quantity or figure."""

    start: int
    end: int
    role: str
    label: str
    link: str = ""
    anchor: str = ""


def event_spans(events: Iterable[Event], *, headline: bool) -> list[Span]:
    """The spans of the events that count in the title (`headline`), or in the text."""
    spans: list[Span] = []
    for event in events:
        if event.headline != headline:
            continue
        link = f"/events/{event.id}"
        label = event.type if event.status == "happened" else f"{event.type} · {event.status}"
        spans.append(Span(event.quote.start, event.quote.end, "quote", label, link, event.id))
        spans += (Span(actor.start, actor.end, "source", "source", link) for actor in event.source)
        spans += (Span(actor.start, actor.end, "target", "target", link) for actor in event.target)
        spans += (Span(item.start, item.end, "quantity", item.what, link) for item in event.quantities)
        if event.reported_by is not None:
            spans.append(Span(event.reported_by.start, event.reported_by.end, "teller", "says so", link))
    return spans


def figure_spans(observations: Iterable[Observation]) -> list[Span]:
    """Where the figures of an official bulletin stand."""
    return [
        Span(found.quote.start, found.quote.end, "figure", found.field, f"/observations/{found.id}", found.id)
        for found in observations
        if found.quote is not None
    ]


def mark(text: str, spans: Sequence[Span]) -> Markup:
    """`text` with `spans` marked. Spans may overlap; those outside the text are passed over."""
    inside = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    edges = sorted({0, len(text), *(span.start for span in inside), *(span.end for span in inside)})
    begun = {span.start: [other for other in inside if other.start == span.start] for span in inside}
    pieces: list[Markup] = []
    told: set[str] = set()
    for start, end in pairwise(edges):
        for span in begun.get(start, []):
            if span.anchor and span.anchor not in told:
                told.add(span.anchor)
                pieces.append(_label(span))
        over = [span for span in inside if span.start <= start and end <= span.end]
        pieces.append(_piece(text[start:end], over))
    return Markup("").join(pieces)


def _label(span: Span) -> Markup:
    """The name of what was coded, before its first word; hidden from copying by the style sheet."""
    return Markup('<a class="coded" id="{}" href="{}">{}</a>').format(span.anchor, span.link, span.label)


def _piece(text: str, over: Sequence[Span]) -> Markup:
    if not over:
        return escape(text)
    roles = " ".join(dict.fromkeys(span.role for span in over))
    said = ", ".join(dict.fromkeys(span.label for span in over))
    return Markup('<mark class="{}" title="{}">{}</mark>').format(roles, said, text)
