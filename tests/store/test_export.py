"""Exports are valid, complete, and harmless to the program that opens them."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from tests.contract.samples import an_event, an_observation
from tests.store.conftest import STRAIT
from tocsin.store import FORMATS, WHATS, Select, Store, StoreError, export, open_store
from tocsin.store.export import Format, box_geometry


@pytest.fixture
def store(workspace: Path) -> Iterator[Store]:
    opened = open_store(workspace)
    yield opened
    opened.close()


def exported(store: Store, what: str, format: str, **more: object) -> bytes:  # noqa: A002 - as the option
    out = io.BytesIO()
    count = export(store, what, format, out, **more)  # type: ignore[arg-type]
    assert count == (1 if what == "warnings" else 3)
    return out.getvalue()


def rows(store: Store, what: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported(store, what, "csv").decode(), newline="")))


def test_csv_has_a_header_and_a_row_a_record(store: Store) -> None:
    events = rows(store, "events")
    assert [row["date"] for row in events] == ["2023-04-08", "2023-04-09", "2023-04-10"]
    assert events[1]["source_country"] == "CHN; RUS"
    assert events[0]["domains"] == "air; sea"
    assert events[0]["lat"] == "24.0"
    assert events[2]["url"] == ""


def test_csv_holds_no_formula(store: Store) -> None:
    assert rows(store, "events")[0]["title"] == "'=HYPERLINK(1)"
    (warning,) = rows(store, "warnings")
    assert warning["title"].startswith("'@cmd")
    assert warning["title"].endswith("ünïcode 國防部")
    store.put([an_observation(an_event().date, -7.5, "change")])  # type: ignore[arg-type]
    out = io.BytesIO()
    export(store, "observations", "csv", out, select=Select(where={"field": "change"}))
    assert b",-7.5," in out.getvalue(), "a number is no formula"


@pytest.mark.parametrize("prefix", ["=", "+", "-", "@", "\t", "\r", " =", "|", "%"])
def test_no_beginning_of_a_formula_survives(store: Store, prefix: str) -> None:
    told = an_event(quote={"start": 0, "end": 2, "text": prefix + "1+1"})
    store.put([told])
    out = io.BytesIO()
    export(store, "events", "csv", out, select=Select(where={"id": told.id}))
    (row,) = csv.DictReader(io.StringIO(out.getvalue().decode(), newline=""))
    assert row["quote"] == "'" + prefix + "1+1"


def test_parquet_is_typed(store: Store) -> None:
    events = pl.read_parquet(io.BytesIO(exported(store, "events", "parquet")))
    assert events.schema["date"] == pl.Date
    assert events["source_country"].to_list() == [["CHN"], ["CHN", "RUS"], ["FRA"]]


def test_geojson_is_valid_with_and_without_places(store: Store) -> None:
    collection = json.loads(exported(store, "events", "geojson"))
    assert collection["type"] == "FeatureCollection"
    points = [feature["geometry"] for feature in collection["features"]]
    assert points == [{"type": "Point", "coordinates": [119.0, 24.0]}, None, None]
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert feature["id"].startswith("event-")
        assert feature["properties"]["date"].startswith("2023")


def test_a_warning_lies_over_the_box_of_its_watch(store: Store) -> None:
    (feature,) = json.loads(exported(store, "warnings", "geojson", watches=[STRAIT]))["features"]
    (ring,) = feature["geometry"]["coordinates"]
    assert ring[0] == ring[-1] == [116.0, 20.5]
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))
    assert area > 0, "the ring runs anticlockwise"


def test_a_box_across_the_antimeridian_is_cut_in_two() -> None:
    geometry = box_geometry((175.0, -20.0, -165.0, -10.0))
    assert geometry["type"] == "MultiPolygon"
    longitudes = [[point[0] for point in part[0]] for part in geometry["coordinates"]]
    assert [(min(some), max(some)) for some in longitudes] == [(175.0, 180.0), (-180.0, -165.0)]


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("format", FORMATS)
def test_nothing_to_export_is_an_empty_file_of_its_kind(store: Store, what: str, format: str) -> None:  # noqa: A002
    out = io.BytesIO()
    assert export(store, what, format, out, select=Select(where={"id": []})) == 0  # type: ignore[arg-type]
    if format == "geojson":
        assert json.loads(out.getvalue()) == {"type": "FeatureCollection", "features": []}
    elif format == "csv":
        assert out.getvalue().count(b"\r\n") == 1
    else:
        assert pl.read_parquet(io.BytesIO(out.getvalue())).is_empty()


def test_a_watch_and_further_codes(store: Store) -> None:
    out = io.BytesIO()
    codes = {"cameo": lambda event: {"MOBILIZE": "150"}.get(event.type)}
    assert export(store, "events", "csv", out, watch=STRAIT, codes=codes) == 1
    (row,) = csv.DictReader(io.StringIO(out.getvalue().decode(), newline=""))
    assert row["cameo"] == "150"


def test_a_file_appears_only_when_it_is_whole(store: Store, tmp_path: Path) -> None:
    def fail(event: object) -> str:
        raise RuntimeError("broken on the way")

    path = tmp_path / "events.csv"
    path.write_text("before")
    with pytest.raises(RuntimeError):
        export(store, "events", "csv", path, codes={"broken": fail})
    assert path.read_text() == "before"
    assert not list(tmp_path.glob("*.part"))
    assert export(store, "events", "csv", path) == 3
    assert path.read_text().startswith("id,day,date")


@pytest.mark.parametrize("format", FORMATS)
def test_a_pipe_is_written_to_and_stays_a_pipe(store: Store, tmp_path: Path, format: Format) -> None:  # noqa: A002
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as reader:
        got = reader.submit(pipe.read_bytes)
        assert export(store, "events", format, pipe) == 3
        assert got.result(timeout=30) == exported(store, "events", format)
    assert pipe.is_fifo()
    assert list(tmp_path.glob("pipe*")) == [pipe]


def test_behind_a_link_the_file_is_written_and_the_link_stays(store: Store, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link, file = tmp_path / "latest.csv", tmp_path / "far" / "events.csv"
    link.symlink_to(file)
    for _ in range(2):
        assert export(store, "events", "csv", link) == 3
        assert link.is_symlink()
        assert file.read_bytes() == exported(store, "events", "csv")
    assert list((tmp_path / "far").iterdir()) == [file]


def test_what_cannot_be_written_is_said_in_a_sentence(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written: No such file or directory"):
        export(store, "events", "csv", tmp_path / "none" / "events.csv")
    with pytest.raises(StoreError, match="choose events, observations, warnings as csv, parquet, geojson"):
        export(store, "events", "xlsx", tmp_path / "events.xlsx")  # type: ignore[arg-type]
