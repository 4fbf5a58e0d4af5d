"""How well places are found and resolved: `python -m bench.places` on `../shared/data/geo_dev`."""

from __future__ import annotations

import json
import math
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tocsin.code.gazetteer import Gazetteer
from tocsin.code.geonames import atlas
from tocsin.code.names import table
from tocsin.code.places import Located, Places

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "geo_dev"
NEAR_KM = 161.0
"""100 miles, the distance within which the field counts a place as found."""


@dataclass
class Score:
    """Counts over one set: places marked, found, with a marked country, and so on."""

    marked: int = 0
    found: int = 0
    with_country: int = 0
    right_country: int = 0
    with_point: int = 0
    near: int = 0

    @property
    def recall(self) -> float:
        """Share of the marked places that were resolved to some place."""
        return self.found / self.marked

    @property
    def country(self) -> float:
        """Share of right countries among resolved places with a marked country or, failing that, a marked point."""
        return self.right_country / max(1, self.with_country)

    @property
    def within(self) -> float:
        """Share of resolved places within 161 km of the marked point."""
        return self.near / max(1, self.with_point)


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance."""
    a, b, c, d = (math.radians(v) for v in (lat, lon, other_lat, other_lon))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 6371 * 2 * math.asin(min(1, math.sqrt(h)))


def nearest(lat: float | None, lon: float | None) -> str | None:
    """The country of the town nearest to a marked point, where one is within 300 km."""
    if lat is None or lon is None:
        return None
    a = atlas()
    apart = (a.lat - lat) ** 2 + ((a.lon - lon) * math.cos(math.radians(lat))) ** 2
    town = int(apart.argmin())
    return iso3().get(a.country_of(town)) if apart[town] < (300 / 111) ** 2 else None


@cache
def iso3() -> dict[str, str]:
    """Alpha-2 → alpha-3 country codes."""
    return {r["iso2"]: r["iso3"] for r in table("actors/countries")}


def measure(path: Path, wrong: list[str] | None = None) -> Score:
    """Score one file of `geo_dev`; `wrong` collects what went wrong, for reading."""
    gazetteer, places, score = Gazetteer.load(), Places.load(), Score()
    named = {r["name"].casefold(): r["iso3"] for r in table("actors/countries")} | {
        "palestinian territory": "PSE", "czech republic": "CZE", "ivory coast": "CIV", "macedonia": "MKD",
    }  # fmt: skip
    for line in path.read_text(encoding="utf-8").rstrip().split("\n"):
        article = json.loads(line)
        found = places.find(article["text"], gazetteer.find(article["text"]))
        for gold in article["places"]:
            score.marked += 1
            mine = overlapping(found, gold["start"], gold["end"])
            if mine is None:
                if wrong is not None and gold["lat"] is not None:
                    wrong.append(f"MISS\t{gold['phrase']}\t{around(article, gold)}")
                continue
            score.found += 1
            country = named.get((gold["country"] or "").casefold()) or nearest(gold["lat"], gold["lon"])
            if country:
                score.with_country += 1
                score.right_country += mine.place.country == country
            if gold["lat"] is None or mine.place.lat is None or mine.place.lon is None:
                continue
            score.with_point += 1
            far = kilometres(gold["lat"], gold["lon"], mine.place.lat, mine.place.lon)
            score.near += far <= NEAR_KM
            if wrong is not None and far > NEAR_KM:
                p = mine.place
                told = f"{p.name} {p.country} {p.precision} {p.lat} {p.lon} not {gold['lat']} {gold['lon']}"
                wrong.append(f"FAR {far:.0f}\t{gold['phrase']}\t{told}\t{around(article, gold)}")
    return score


def around(article: dict[str, str], gold: dict[str, int]) -> str:
    """The words around a marked place."""
    return repr(article["text"][max(0, gold["start"] - 40) : gold["end"] + 30])


def overlapping(found: list[Located], start: int, end: int) -> Located | None:
    """The place that covers most of a marked span."""
    shared = [(min(f.end, end) - max(f.start, start), f) for f in found if f.start < end and start < f.end]
    return max(shared, key=lambda item: item[0])[1] if shared else None


def main() -> None:
    """Measure and write `bench/results/places.md`."""
    lines = [
        "| set | places | found | recall | country right | within 161 km | seconds |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    wrong: list[str] | None = [] if "--wrong" in sys.argv else None
    Places.load(), Gazetteer.load()
    for name in ("geovirus", "lgl"):
        before = time.process_time()
        s = measure(DATA / f"{name}.jsonl", wrong)
        took = time.process_time() - before
        lines.append(
            f"| {name} | {s.marked} | {s.found} | {s.recall:.3f} | {s.country:.3f} | {s.within:.3f} | {took:.1f} |"
        )
    out = Path(__file__).parent / "results" / "places.md"
    out.parent.mkdir(exist_ok=True)
    out.write_text(
        "# Places\n\nMeasured with `python -m bench.places` on 2 cores.\n\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )
    print("\n".join(lines))
    for line in wrong or []:
        print(line)


if __name__ == "__main__":
    main()
