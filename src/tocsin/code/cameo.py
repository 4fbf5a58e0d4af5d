"""CAMEO codes, Goldstein scores and quad classes of events, for joining with GDELT, ICEWS and POLECAT data.

The mapping is `data/ontology/cameo.csv` (by type and mode; a type's line without mode is its default). Quad classes
are 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict. CAMEO cannot tell what is
planned, hypothetical or denied from what happened: exports must carry the status beside the code.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from tocsin import data
from tocsin.records import Event


@dataclass(frozen=True, slots=True)
class Cameo:
    """A CAMEO code with its label, Goldstein score (-10 to 10), quad class (1 to 4) and PLOVER intensity."""

    code: str
    label: str
    goldstein: float
    quad_class: int
    intensity: float

    @property
    def root(self) -> str:
        """The two digits that CAMEO's twenty families begin with (GDELT's EventRootCode)."""
        return self.code[:2]


@cache
def _types() -> dict[str, tuple[int, float]]:
    rows = csv.DictReader(data.text("ontology/types.csv").splitlines())
    return {row["type"]: (int(row["quad_class"]), float(row["intensity"])) for row in rows}


@cache
def _codes() -> dict[tuple[str, str], tuple[str, str, float]]:
    rows = csv.DictReader(data.text("ontology/cameo.csv").splitlines())
    return {(r["type"], r["mode"]): (r["cameo"], r["label"], float(r["goldstein"])) for r in rows}


def cameo(event: Event) -> Cameo:
    """The CAMEO reading of an event, by its type and mode."""
    return cameo_of(event.type, event.mode)


def cameo_of(type_: str, mode: str | None = None) -> Cameo:
    """The CAMEO reading of a PLOVER type and mode; a mode without a code of its own takes its type's code."""
    found = _codes().get((type_, mode or "")) or _codes()[type_, ""]
    return Cameo(*found, *_types()[type_])


COLUMNS: Mapping[str, Callable[[Event], str | float | int]] = {
    "cameo": lambda event: cameo(event).code,
    "cameo_root": lambda event: cameo(event).root,
    "goldstein": lambda event: cameo(event).goldstein,
    "quad_class": lambda event: cameo(event).quad_class,
    "plover_intensity": lambda event: cameo(event).intensity,
}
"""The columns that exports of events carry beside tocsin's own, each with what fills it."""
