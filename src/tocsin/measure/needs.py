"""What a query has to be given: which figures of which issuers, and whether events."""

from __future__ import annotations

from tocsin.measure.indicator import MIX_PAST, MIX_RECENT
from tocsin.measure.tree import (
    Balance,
    Both,
    Composite,
    Condition,
    Events,
    Field,
    Has,
    Not,
    Query,
    Ratio,
    Share,
    Silence,
)


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


def asked(query: Query) -> frozenset[tuple[str, str]]:
    """The (field, value) pairs that the conditions of a query speak of: ("source", "CHN"), ("place", "Kinmen")."""
    match query:
        case Events():
            return _said(query.where)
        case Share():
            return _said(query.of) | _said(query.among)
        case Balance():
            return frozenset({("actors", query.one), ("actors", query.other)})
        case Silence():
            return asked(query.of)
        case Ratio():
            return asked(query.over) | asked(query.under)
        case Composite():
            return frozenset().union(*(asked(part) for part in query.parts))
    return frozenset()


def _said(condition: Condition | None) -> frozenset[tuple[str, str]]:
    match condition:
        case Has():
            return frozenset((condition.field, value) for value in condition.values)
        case Both():
            return frozenset().union(*(_said(part) for part in condition.parts))
        case Not():
            return _said(condition.part)
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


def each_day_alone(query: Query) -> bool:
    """Whether the figure of a day is made of what is known of that day, and of nothing else."""
    match query:
        case Field() | Silence():  # the reporting rules, and the silence, of the day before go on
            return False
        case Events():
            return query.figure != "mix"
        case Ratio():
            return each_day_alone(query.over) and each_day_alone(query.under)
        case Composite():
            return all(each_day_alone(part) for part in query.parts)
    return True


def lookback(query: Query) -> int | None:
    """How many days before its own a figure looks at; None where there is no telling."""
    match query:
        case Silence():
            return None
        case Events(figure="mix"):
            return MIX_RECENT + MIX_PAST
        case Ratio():
            parts = [lookback(query.over), lookback(query.under)]
        case Composite():
            parts = [lookback(part) for part in query.parts]
        case _:
            return 0
    known = [part for part in parts if part is not None]
    return max(known) if len(known) == len(parts) else None
