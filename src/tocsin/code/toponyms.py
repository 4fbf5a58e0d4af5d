"""Which of the places that share a name is meant: all toponyms of a text are resolved together.

Each candidate starts from its size and gains from what stands beside its name ("Paris, Texas"), from countries and
subdivisions the text names, and from near candidates of other names. The weights were set by hand on development
data (`bench/places.py`); in spirit this is the spatial minimality of Leidner (2007) with a population prior.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.code.geonames import sizeable

PRIOR, BESIDE, INSIDE, COUNTRY, HOME, NEAR, OUTLET, ALTERNATE = 1.0, 5.0, 1.6, 0.9, 2.5, 1.4, 1.5, 1.2
"""What a factor of ten in size, a qualifier after a comma, a named subdivision, a named country, that country for
a sizeable namesake of a place abroad, a near place, the outlet's country, and going by an alternate name weigh."""
REACH = 150.0
"""Kilometres over which nearness fades by a factor of e."""
FLOOR = 4.0
"""A doubtful toponym counts only if its best candidate scores this much."""
_MOST = 25  # candidates of one name that are looked at
_RUN = 1500  # candidates that are weighed together
_KIND = {"country": 1.0, "region": 0.6, "district": -0.6, "city": 0.0, "sea": 1.0, "strait": 1.0}


class Candidate(NamedTuple):
    """A place that a name may mean. `country` is ISO2, `region` a GeoNames code, `weight` its population."""

    name: str
    kind: str
    country: str
    region: str
    lat: float
    lon: float
    weight: float
    geonames_id: int | None
    main: bool


class Toponym(NamedTuple):
    """A span of text that may be a place's name. `sure`: it is one; `silent`: evidence only, not to be reported.

    `home`: it is where something happens, more likely at home than abroad.
    """

    start: int
    end: int
    candidates: tuple[Candidate, ...]
    sure: bool
    silent: bool = False
    home: bool = False


def resolve(
    text: str, toponyms: Sequence[Toponym], context: Collection[str], near: Collection[str]
) -> list[tuple[Toponym, Candidate]]:
    """The toponyms that are places, each with the place meant; one name means one place throughout a text.

    A very long text is taken in runs of toponyms, so that time and memory stay linear in its length.
    """
    chosen, run, size = [], list[Toponym](), 0
    for toponym in toponyms:
        run.append(toponym)
        size += min(len(toponym.candidates), _MOST)
        if size > _RUN:
            chosen += _resolve(text, run, context, near)
            run, size = [], 0
    return chosen + _resolve(text, run, context, near)


def _resolve(
    text: str, toponyms: Sequence[Toponym], context: Collection[str], near: Collection[str]
) -> list[tuple[Toponym, Candidate]]:
    names: dict[str, list[Toponym]] = {}
    for t in toponyms:
        names.setdefault(text[t.start : t.end].casefold(), []).append(t)
    if not names:
        return []
    pools = [max((t.candidates for t in ts), key=len)[:_MOST] for ts in names.values()]
    scores = [np.array([_prior(c) for c in pool]) for pool in pools]
    index = {name: i for i, name in enumerate(names)}
    _qualify(text, toponyms, index, pools, scores)
    _gather(pools, scores, context, near, [any(t.home for t in ts) for ts in names.values()])
    _attract(pools, scores)
    chosen = []
    for i, ts in enumerate(names.values()):
        best = int(np.argmax(scores[i]))
        if any(t.sure for t in ts) or scores[i][best] >= FLOOR + _prior(pools[i][best]):
            chosen += [(t, pools[i][best]) for t in ts]
    return sorted(chosen, key=lambda item: item[0].start)


def _prior(c: Candidate) -> float:
    return PRIOR * float(np.log10(c.weight + 10)) + _KIND[c.kind] - (0 if c.main else ALTERNATE)


def _contains(area: Candidate, place: Candidate) -> bool:
    if area.kind == "country":
        return area.country == place.country
    return area.kind == "region" and bool(area.region) and area.region == place.region and area is not place


Pools = list[tuple[Candidate, ...]]
Scores = list[NDArray[np.float64]]


def _qualify(text: str, toponyms: Sequence[Toponym], index: dict[str, int], pools: Pools, scores: Scores) -> None:
    """ "Athens, Georgia": each candidate that contains or lies in one of the other name gains."""
    done = set()
    for one, two in pairwise(toponyms):
        a, b = (index[text[t.start : t.end].casefold()] for t in (one, two))
        between = text[one.end : two.start]
        if len(between) > 3 or not ("," in between or "(" in between) or (a, b) in done or a == b:
            continue
        done.add((a, b))
        inside = np.array([[_contains(area, place) for area in pools[b]] for place in pools[a]])
        scores[a] += BESIDE * inside.any(axis=1)
        scores[b] += BESIDE * inside.any(axis=0)


def _gather(
    pools: Pools, scores: Scores, context: Collection[str], near: Collection[str], home: Sequence[bool]
) -> None:
    """Countries and subdivisions named anywhere speak for the places in them."""
    firm = [pool[int(np.argmax(score))] for pool, score in zip(pools, scores, strict=True)]
    for i, pool in enumerate(pools):
        regions = {c.region for j, c in enumerate(firm) if j != i and c.kind in {"region", "district"}}
        countries = {c.country for j, c in enumerate(firm) if j != i and c.kind == "country"} | set(near)
        for k, c in enumerate(pool):
            if c.region in regions:
                scores[i][k] += INSIDE
            if c.country in countries and c.kind != "country":
                scores[i][k] += COUNTRY
                famous = firm[i]
                if home[i] and famous.country not in countries and sizeable(c.weight, c.country, famous.weight):
                    scores[i][k] += HOME
            if c.country in context or c.region in context:
                scores[i][k] += OUTLET


def _attract(pools: Pools, scores: Scores) -> None:
    """Candidates near likely candidates of other names gain, twice over so that clusters form."""
    flat = [c for pool in pools for c in pool]
    owner = np.repeat(np.arange(len(pools)), [len(pool) for pool in pools])
    point = np.radians(np.array([(c.lat, c.lon) for c in flat]))
    small = np.array([c.kind in {"city", "district", "region"} for c in flat])
    pull = np.exp(-_distances(point) / REACH) * small[None, :] * small[:, None]
    pull[owner[:, None] == owner[None, :]] = 0
    base = np.concatenate(scores)
    now = base
    for _ in range(2):
        likely = np.concatenate([_softmax(part) for part in np.split(now, np.cumsum([len(p) for p in pools])[:-1])])
        weighted = pull * likely[None, :]
        gain = np.zeros(len(flat))
        for j in range(len(pools)):
            gain += weighted[:, owner == j].max(axis=1)
        now = base + NEAR * np.minimum(gain, 3.0)
    for i, part in enumerate(np.split(now, np.cumsum([len(p) for p in pools])[:-1])):
        scores[i][:] = part


def _softmax(values: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(values - values.max())
    return np.asarray(raised / raised.sum())


def _distances(point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances in kilometres between all points (radians), by the haversine formula."""
    lat, lon = point[:, 0], point[:, 1]
    a = (
        np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat[None, :]) * np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    )
    return np.asarray(6371.0 * 2 * np.arcsin(np.sqrt(np.clip(a, 0, 1))))
