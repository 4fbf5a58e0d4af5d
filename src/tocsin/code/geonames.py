"""The world's towns and subdivisions, read from the compact file that `scripts/build_places.py` compiles from GeoNames.

`places.bin` is the length of a header (four bytes), the header (JSON, packed) and one packed column after another:
names in folded order joined by a unit separator, the place each name is of, and the places' properties. Coordinates
are hundredths of a degree, populations twelfths of a power of ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.code.names import fold
from tocsin.data import geonames

CITY, REGION, DISTRICT = 0, 1, 2
"""Values of `Atlas.kind`: a town, a first-level and a second-level subdivision."""
_SIZEABLE, _AMERICAN, _SHARE = 20_000, 450_000, 0.09  # people of a namesake, of an American one; share of the famous


@dataclass(frozen=True)
class Atlas:
    """All places as columns. `first` gives the first name's index by folded name, `place_of` the place of each name."""

    names: list[str]
    first: dict[str, int]
    place_of: NDArray[np.int32]
    main: list[str]
    kind: NDArray[np.uint8]
    country: NDArray[np.uint8]
    region: NDArray[np.uint16]
    district: NDArray[np.uint16]
    ids: NDArray[np.uint32]
    population: NDArray[np.uint8]
    lat: NDArray[np.floating[Any]]
    lon: NDArray[np.floating[Any]]
    countries: list[str]
    regions: list[str]
    by_place: NDArray[np.int32]

    def candidates(self, folded: str, limit: int = 40) -> list[int]:
        """The places that go by a folded name, the most populous first, at most `limit`."""
        begin = self.first.get(folded)
        if begin is None:
            return []
        end = begin + 1
        while end < len(self.names) and end < begin + limit and self._folded(end) == folded:
            end += 1
        return [int(i) for i in self.place_of[begin:end]]

    def _folded(self, index: int) -> str:
        return fold(self.names[index])

    def people(self, place: int) -> float:
        """The population of a place, to within a fifth."""
        return float(10 ** (self.population[place] / 12) - 1)

    def name(self, place: int) -> str:
        """The place's own name."""
        return self.main[place] or self.names[int(self.by_place[place])]

    def country_of(self, place: int) -> str:
        """The ISO 3166-1 alpha-2 code of the country of a place."""
        return self.countries[int(self.country[place])]

    def region_of(self, place: int) -> str:
        """The GeoNames code of the first-level subdivision of a place, such as `US.KY`."""
        return self.regions[int(self.region[place])]


def _joined(raw: bytes, dtype: str) -> NDArray[Any]:
    """Numbers back from their separated bytes."""
    size = np.dtype(dtype).itemsize
    return np.ascontiguousarray(np.frombuffer(raw, np.uint8).reshape(size, -1).T).view(dtype)[:, 0]


def sizeable(people: float, country: str, famous: float) -> bool:
    """Whether a place of so many people may be meant at home by the name that a famous one bears abroad.

    American towns are named after the famous ones too often.
    """
    return people >= max(_AMERICAN if country == "US" else _SIZEABLE, _SHARE * famous)


@cache
def atlas() -> Atlas:
    """The atlas of this process, read once."""
    header, columns = geonames.columns()
    names = columns["names"].decode().split("\x1f")
    folded = [name.lower() if name.isascii() else fold(name) for name in names]
    place_of = np.cumsum(_joined(columns["place_of"], "<i4"), dtype=np.int32)
    first = dict(zip(reversed(folded), range(len(folded) - 1, -1, -1), strict=True))
    by_place = np.zeros(header["places"], np.int32)
    by_place[place_of[::-1]] = np.arange(len(names) - 1, -1, -1, dtype=np.int32)
    return Atlas(
        names=names,
        first=first,
        place_of=place_of,
        main=columns["main"].decode().split("\x1f"),
        kind=np.frombuffer(columns["kind"], np.uint8),
        country=np.frombuffer(columns["country"], np.uint8),
        region=_joined(columns["region"], "<u2"),
        district=_joined(columns["district"], "<u2"),
        ids=_joined(columns["id"], "<u4"),
        population=np.frombuffer(columns["population"], np.uint8),
        lat=_joined(columns["lat"], "<i2").astype(np.float32) / np.float32(100),
        lon=_joined(columns["lon"], "<i2").astype(np.float32) / np.float32(100),
        countries=header["countries"],
        regions=header["regions"],
        by_place=by_place,
    )
