"""Writes records to files that other tools read: CSV (RFC 4180), Parquet, GeoJSON (RFC 7946). Streams."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from tocsin.records import Watch
from tocsin.store.base import EVERYTHING, Select, Store, StoreError
from tocsin.store.flat import Codes, What, chunks, columns, rows, schema

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

Format = Literal["csv", "parquet", "geojson"]
Rows = Iterable[dict[str, Any]]

WHATS: tuple[What, ...] = ("events", "observations", "warnings")
FORMATS: tuple[Format, ...] = ("csv", "parquet", "geojson")


def export(
    store: Store,
    what: What,
    format: Format,  # noqa: A002 - the option's name
    out: Path | BinaryIO,
    *,
    select: Select = EVERYTHING,
    watch: Watch | None = None,
    watches: Sequence[Watch] = (),
    codes: Codes | None = None,
) -> int:
    """Write `what` to `out` (a path; its file appears only when it is whole; or an open binary file); returns how many.

    Lists are joined with "; " in CSV. In GeoJSON an event lies at its place, a warning covers its watch's box (from
    `watches`), and what has no place has a null geometry. `codes` adds columns to events. Raises `StoreError`.
    """
    if what not in WHATS or format not in FORMATS:
        raise StoreError(
            f"There is no export of {what!r} as {format!r}: choose {', '.join(WHATS)} as {', '.join(FORMATS)}."
        )
    found = rows(store, what, select, watch, codes)
    names = columns(what, codes)
    write: Callable[[BinaryIO], int] = {
        "csv": lambda file: _write_csv(found, names, file),
        "parquet": lambda file: _write_parquet(found, schema(what, codes), file),
        "geojson": lambda file: _write_geojson(found, _boxes(watches), file),
    }[format]
    return _to_path(write, out) if isinstance(out, Path) else write(out)


def _boxes(watches: Iterable[Watch]) -> dict[str, Any]:
    return {watch.name: watch.box for watch in watches}


def pieces(
    store: Store,
    what: What,
    format: Literal["csv", "geojson"],  # noqa: A002 - the option's name
    *,
    select: Select = EVERYTHING,
    watch: Watch | None = None,
    watches: Sequence[Watch] = (),
    codes: Codes | None = None,
) -> Iterator[bytes]:
    """The same export in pieces as they are made, for an answer that streams."""
    found = rows(store, what, select, watch, codes)
    parts = csv_lines(found, columns(what, codes)) if format == "csv" else geojson_parts(found, _boxes(watches))
    return (part.encode("utf-8") for part in parts)


def _to_path(write: Callable[[BinaryIO], int], path: Path) -> int:
    """Write to a file, which appears only when it is whole, behind the links that lead to it; straight to all else."""
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                return write(stream)
        return _whole(write, Path(os.path.realpath(path)))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.") from error


def _whole(write: Callable[[BinaryIO], int], path: Path) -> int:
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            count = write(file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count


def csv_lines(found: Rows, names: Sequence[str]) -> Iterator[str]:
    """CSV, line by line. No text cell can be taken for a formula by a spreadsheet."""
    line = io.StringIO()
    writer = csv.writer(line)
    for cells in _with_header(found, names):
        writer.writerow(cells)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _with_header(found: Rows, names: Sequence[str]) -> Iterator[list[Any]]:
    yield list(names)
    for row in found:
        yield [_cell(row[name]) for name in names]


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, str) and value.lstrip(" ")[:1] in tuple("=+-@\t\r\n|%"):
        return "'" + value
    return value


def _write_csv(found: Rows, names: Sequence[str], file: BinaryIO) -> int:
    count = -1
    for line in csv_lines(found, names):
        file.write(line.encode("utf-8"))
        count += 1
    return count


def _write_parquet(found: Rows, types: pa.Schema, file: BinaryIO) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    count = 0
    with pq.ParquetWriter(file, types, compression="zstd") as writer:
        for some in chunks(found, 10_000):
            writer.write_table(pa.Table.from_pylist(some, schema=types))
            count += len(some)
    return count


def _write_geojson(found: Rows, boxes: dict[str, Any], file: BinaryIO) -> int:
    count = -1
    for part in geojson_parts(found, boxes):
        file.write(part.encode("utf-8"))
        count += 1
    return count - 1


def geojson_parts(found: Rows, boxes: dict[str, Any]) -> Iterator[str]:
    """A FeatureCollection in pieces: its beginning, each feature, its end."""
    yield '{"type":"FeatureCollection","features":['
    comma = ""
    for row in found:
        yield f"{comma}\n{json.dumps(_feature(row, boxes), ensure_ascii=False, allow_nan=False, default=_plain)}"
        comma = ","
    yield "\n]}\n"


def _feature(row: dict[str, Any], boxes: dict[str, Any]) -> dict[str, Any]:
    lat, lon = row.get("lat"), row.get("lon")
    geometry: dict[str, Any] | None = None
    if lat is not None and lon is not None:
        geometry = {"type": "Point", "coordinates": [lon, lat]}
    elif (box := boxes.get(row.get("watch", ""))) is not None:
        geometry = box_geometry(box)
    properties = {name: value for name, value in row.items() if name not in ("id", "lat", "lon")}
    return {"type": "Feature", "id": row["id"], "geometry": geometry, "properties": properties}


def box_geometry(box: tuple[float, float, float, float]) -> dict[str, Any]:
    """A box (west, south, east, north) as GeoJSON, anticlockwise; cut in two where it spans the antimeridian."""
    west, south, east, north = box
    if west <= east:
        return {"type": "Polygon", "coordinates": [_ring(west, south, east, north)]}
    halves = [[_ring(west, south, 180.0, north)], [_ring(-180.0, south, east, north)]]
    return {"type": "MultiPolygon", "coordinates": halves}


def _ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON form")
