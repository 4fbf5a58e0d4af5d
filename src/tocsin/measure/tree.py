"""What a query is once it is read: a small tree of these nodes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Has:
    """One condition: `field` has one of `values` (or, for confidence, is at least the one given)."""

    field: str
    values: tuple[str, ...]
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Both:
    """All (`and`) or any (`or`) of the conditions hold."""

    word: Literal["and", "or"]
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold."""

    part: Condition


Condition: TypeAlias = Has | Both | Not


@dataclass(frozen=True, slots=True)
class Field:
    """A figure of official bulletins: `vessels from twn-mnd`."""

    field: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Events:
    """A daily figure made of events: how many stories, articles or origins, the sum of a quantity, or the type mix."""

    figure: Literal["stories", "articles", "origins", "sum", "mix"]
    where: Condition | None = None
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """How many in a hundred of the stories of `among` are also of `of`."""

    of: Condition | None
    among: Condition | None


@dataclass(frozen=True, slots=True)
class Balance:
    """Sum of the intensities of what two countries do to each other: conflict below zero, cooperation above."""

    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Days since the last event, or the last bulletin that states the field."""

    of: Events | Field


@dataclass(frozen=True, slots=True)
class Ratio:
    """One query over another."""

    over: Query
    under: Query


@dataclass(frozen=True, slots=True)
class Composite:
    """The largest or the smallest of several queries."""

    word: Literal["max", "min"]
    parts: tuple[Query, ...]


Query: TypeAlias = Field | Events | Share | Balance | Silence | Ratio | Composite
