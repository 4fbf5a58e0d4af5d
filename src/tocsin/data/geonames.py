"""The columns of `data/places/places.bin`, which `scripts/build_places.py` compiles from GeoNames."""

from __future__ import annotations

import json
import zlib
from typing import Any

from tocsin import data


def columns() -> tuple[dict[str, Any], dict[str, bytes]]:
    """The file's header and its columns by name, unpacked; the layout is told in `tocsin.code.geonames`."""
    blob = data.blob("places/places.bin")
    length = int.from_bytes(blob[:4], "little")
    header: dict[str, Any] = json.loads(zlib.decompress(blob[4 : 4 + length]))
    found: dict[str, bytes] = {}
    at = 4 + length
    for name, size in header["columns"].items():
        found[name] = zlib.decompress(blob[at : at + size])
        at += size
    return header, found


def names() -> list[str]:
    """Every name of every place, in folded order."""
    return columns()[1]["names"].decode().split("\x1f")
