"""The outlines of countries, cut to a box: Natural Earth 1:50m from `static/geo`, decoded from TopoJSON."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.resources import files
from itertools import accumulate, chain
from typing import Any

Point = tuple[float, float]
Ring = tuple[Point, ...]
Box = tuple[float, float, float, float]


@cache
def rings() -> tuple[tuple[Box, Ring], ...]:
    """Every closed outline as (lon, lat) points, with the box that holds it."""
    packed = files("tocsin.web").joinpath("static", "geo", "countries-50m.json.gz").read_bytes()
    topology = json.loads(gzip.decompress(packed))
    arcs = _arcs(topology)
    found = [
        _ring(arcs, numbers) for shape in topology["objects"]["countries"]["geometries"] for numbers in _loops(shape)
    ]
    return tuple((_bounds(ring), ring) for ring in found)


def _arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Arcs are quantised and each point is given as the step from the one before (TopoJSON specification, 2.1.4)."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    return [
        [(x * sx + tx, y * sy + ty) for x, y in accumulate(arc, lambda at, step: (at[0] + step[0], at[1] + step[1]))]
        for arc in topology["arcs"]
    ]


def _loops(shape: dict[str, Any]) -> list[list[int]]:
    if shape["type"] == "Polygon":
        return list(shape["arcs"])
    return list(chain.from_iterable(shape["arcs"])) if shape["type"] == "MultiPolygon" else []


def _ring(arcs: list[list[Point]], numbers: list[int]) -> Ring:
    """A negative number means the arc of its complement, backwards; the first point repeats the last one before."""
    points: list[Point] = []
    for number in numbers:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(part[1:] if points else part)
    return tuple(points)


def _bounds(ring: Ring) -> Box:
    lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
    return min(lons), min(lats), max(lons), max(lats)


def within(box: Box) -> list[Ring]:
    """The outlines inside `box` (west, south, east, north), cut at its edges; longitudes may lie beyond ±180."""
    cut: list[Ring] = []
    for turn in (-360.0, 0.0, 360.0):
        west, south, east, north = box[0] - turn, box[1], box[2] - turn, box[3]
        for (low_x, low_y, high_x, high_y), ring in rings():
            if high_x < west or low_x > east or high_y < south or low_y > north:
                continue
            inside = clip(ring, (west, south, east, north))
            if len(inside) > 2:
                cut.append(tuple((lon + turn, lat) for lon, lat in inside))
    return cut


def clip(ring: Ring, box: Box) -> Ring:
    """A polygon cut to a box (Sutherland and Hodgman 1974), edge after edge."""
    west, south, east, north = box
    for axis, bound, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        ring = _clip_edge(ring, axis, bound, sign)
        if not ring:
            break
    return ring


def _clip_edge(ring: Ring, axis: int, bound: float, sign: int) -> Ring:
    kept: list[Point] = []
    before = ring[-1]
    was_in = (before[axis] - bound) * sign >= 0
    for here in ring:
        is_in = (here[axis] - bound) * sign >= 0
        if is_in != was_in:
            share = (bound - before[axis]) / (here[axis] - before[axis])
            kept.append((before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])))
        if is_in:
            kept.append(here)
        before, was_in = here, is_in
    return tuple(kept)
