"""A theatre as an SVG map: land, borders, the watch's box, and where its events happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, log2, radians, sqrt

from markupsafe import Markup, escape

from tocsin.records import Event
from tocsin.web.outlines import Box, within

WIDTH = 640
TALLEST = 520
MARGIN = 0.06
VAGUE = ("country", "region")


@dataclass(frozen=True, slots=True)
class Spot:
    """One place and the events that happened there; `vague` where no more than country or region is known."""

    name: str
    lat: float
    lon: float
    events: int
    link: str
    vague: bool = False


def spots(events: Iterable[Event], link: str) -> list[Spot]:
    """The places of `events`, the busiest first; `link` leads to the events of a place, whose box it is given."""
    found: dict[tuple[float, float], list[Event]] = {}
    for event in events:
        if event.place is not None and event.place.lat is not None and event.place.lon is not None:
            found.setdefault((event.place.lat, event.place.lon), []).append(event)
    return [
        Spot(
            name=held[0].place.name if held[0].place else "",
            lat=lat,
            lon=lon,
            events=len(held),
            vague=bool(held[0].place and held[0].place.precision in VAGUE),
            link=f"{link}{lon - 0.01:.4f},{lat - 0.01:.4f},{lon + 0.01:.4f},{lat + 0.01:.4f}",
        )
        for (lat, lon), held in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


class Projection:
    """Equirectangular, true to scale along the middle latitude: good enough for a theatre, and easily read."""

    def __init__(self, box: Box) -> None:
        west, south, east, north = box
        east += 360.0 if east < west else 0.0
        side = max(east - west, north - south) * MARGIN
        self.west, self.north = west - side, min(north + side, 89.0)
        self.east, self.south = east + side, max(south - side, -89.0)
        self.squeeze = cos(radians((self.north + self.south) / 2))
        across, up = (self.east - self.west) * self.squeeze, self.north - self.south
        self.scale = min(WIDTH / across, TALLEST / up)
        self.width, self.height = across * self.scale, up * self.scale

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        if lon < self.west:
            lon += 360.0
        return (lon - self.west) * self.squeeze * self.scale, (self.north - lat) * self.scale

    def holds(self, spot: Spot) -> bool:
        """Whether a place lies on the map."""
        x, y = self(spot.lon, spot.lat)
        return 0 <= x <= self.width and 0 <= y <= self.height


@lru_cache(maxsize=64)
def _land(box: Box) -> str:
    see = Projection(box)
    parts: list[str] = []
    for ring in within((see.west, see.south, see.east, see.north)):
        points = ("{:.1f},{:.1f}".format(*_flat(see, lon, lat)) for lon, lat in ring)
        parts.append("M" + "L".join(dict.fromkeys(points)) + "Z")
    return "".join(parts)


def _flat(see: Projection, lon: float, lat: float) -> tuple[float, float]:
    return (lon - see.west) * see.squeeze * see.scale, (see.north - lat) * see.scale


def draw(box: Box, places: Sequence[Spot], title: str) -> Markup:
    """The map of `box` (west, south, east, north in degrees) with `places` as discs whose area is their events."""
    see = Projection(box)
    shown = [spot for spot in places if see.holds(spot)]
    told = f"{title}: {sum(spot.events for spot in shown)} events at {len(shown)} places"
    pieces = [
        f'<svg class="map" role="group" viewBox="0 0 {see.width:.0f} {see.height:.0f}" aria-label="{escape(told)}">',
        f'<rect class="sea" width="{see.width:.0f}" height="{see.height:.0f}"/>',
        f'<path class="graticule" d="{_graticule(see)}"/>',
        f'<path class="land" d="{_land(box)}"/>',
        _frame(see, box),
        *(_disc(see, spot) for spot in shown),
        *(_label(see, spot) for spot in shown[:8]),
        "</svg>",
    ]
    return Markup("".join(pieces))  # noqa: S704 - every text in it is escaped


def _graticule(see: Projection) -> str:
    span = max(see.east - see.west, see.north - see.south)
    step = next(step for step in (1, 2, 5, 10, 20, 30, 60) if span / step <= 8 or step == 60)
    lons = [lon for lon in range(-360, 541, step) if see.west < lon < see.east]
    lats = [lat for lat in range(-90, 91, step) if see.south < lat < see.north]
    up = (f"M{_flat(see, lon, 0)[0]:.1f},0V{see.height:.0f}" for lon in lons)
    across = (f"M0,{_flat(see, 0, lat)[1]:.1f}H{see.width:.0f}" for lat in lats)
    return "".join([*up, *across])


def _frame(see: Projection, box: Box) -> str:
    (left, top), (right, bottom) = see(box[0], box[3]), see(box[2], box[1])
    return (
        f'<rect class="theatre" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"/>'
    )


def _disc(see: Projection, spot: Spot) -> str:
    x, y = see(spot.lon, spot.lat)
    radius = min(3.5 + 2.2 * sqrt(spot.events), 28.0)
    said = f"{'Somewhere in ' * spot.vague}{spot.name}: {spot.events} event{'s' if spot.events != 1 else ''}"
    kind = "spot vague" if spot.vague else "spot"
    return (
        f'<a href="{escape(spot.link)}" aria-label="{escape(said)}">'
        f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{escape(said)}</title></circle></a>'
    )


def _label(see: Projection, spot: Spot) -> str:
    x, y = see(spot.lon, spot.lat)
    away = 7 + 3 * log2(spot.events + 1)
    left = x > see.width * 0.7
    anchor, shift = ("end", -away) if left else ("start", away)
    return (
        f'<text class="spot-name" x="{x + shift:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}" aria-hidden="true">'
        f"{escape(spot.name)}</text>"
    )
