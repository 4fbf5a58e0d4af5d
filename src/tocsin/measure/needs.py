"""What a query has to be given: which figures of which issuers, and whether events."""

from __future__ import annotations

from tocsin.measure.tree import Composite, Field, Query, Ratio, Silence


def fields(query: Query) -> frozenset[tuple[str, str]]:
    """The (issuer, field) pairs a query reads."""
    match query:
        case Field():
            return frozenset({(query.issuer, query.field)})
        case Silence():
            return fields(query.of)
        case Ratio():
            return fields(query.over) | fields(query.under)
        case Composite():
            return frozenset().union(*(fields(part) for part in query.parts))
    return frozenset()


def counts_events(query: Query) -> bool:
    """Whether a query is asked of events, in whole or in part."""
    match query:
        case Field():
            return False
        case Silence():
            return counts_events(query.of)
        case Ratio():
            return counts_events(query.over) or counts_events(query.under)
        case Composite():
            return any(counts_events(part) for part in query.parts)
    return True
