"""`tocsin.open(path)` gives what is stored as frames of the reader's choice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from tests.store.conftest import STRAIT
from tocsin.store import Frames, StoreError, open_frames


@pytest.fixture
def frames(workspace: Path) -> Iterator[Frames]:
    with open_frames(workspace, [STRAIT]) as opened:
        yield opened


def test_events_come_as_polars_with_typed_columns(frames: Frames) -> None:
    events = frames.events()
    assert isinstance(events, pl.DataFrame)
    assert events["date"].to_list() == [date(2023, 4, 8), date(2023, 4, 9), date(2023, 4, 10)]
    assert events.schema["confidence"] == pl.Float64
    assert events.schema["source_country"] == pl.List(pl.String)
    first = events.row(0, named=True)
    assert (first["source_country"], first["target_country"], first["lat"]) == (["CHN"], ["TWN"], 24.0)
    assert (first["url"], first["outlet"]) == ("https://example.org/a", "Wire")


@pytest.mark.parametrize(("as_", "kind"), [("polars", pl.DataFrame), ("pandas", pd.DataFrame), ("arrow", pa.Table)])
@pytest.mark.parametrize("what", ["events", "observations", "warnings"])
def test_every_table_comes_in_every_shape_also_empty(frames: Frames, what: str, as_: str, kind: type) -> None:
    whole, empty = getattr(frames, what)(as_=as_), getattr(frames, what)(as_=as_, until="1990-01-01")
    assert isinstance(whole, kind)
    assert (len(whole), len(empty)) == (1 if what == "warnings" else 3, 0)
    names = [list(getattr(frame, "column_names", frame.columns)) for frame in (whole, empty)]
    assert names[0] == names[1]


def test_days_fields_words_and_limits_narrow(frames: Frames) -> None:
    assert len(frames.events(since="2023-04-09", until=date(2023, 4, 9))) == 1
    assert len(frames.events(source_country=["RUS", "FRA"])) == 2
    assert len(frames.events(type="MOBILIZE", text="drills", limit=1)) == 1
    assert frames.observations(newest_first=True)["value"].to_list() == [10, 9, 8]


def test_a_watch_has_its_own_events_figures_and_warnings(frames: Frames) -> None:
    assert frames.events(watch="taiwan-strait")["date"].to_list() == [date(2023, 4, 8)]
    assert len(frames.events(watch=STRAIT, limit=1, newest_first=True)) == 1
    assert len(frames.observations(watch="taiwan-strait")) == 3
    assert len(frames.warnings(watch="taiwan-strait")) == 1
    elsewhere = STRAIT.model_copy(update={"name": "elsewhere", "indicators": ()})
    assert len(frames.warnings(watch=elsewhere)) == len(frames.observations(watch=elsewhere)) == 0


@pytest.mark.parametrize(
    ("which", "words"),
    [
        ({"watch": "atlantis"}, "There is no watch 'atlantis'; known are: taiwan-strait."),
        ({"since": "April"}, "since='April' is not a day"),
        ({"colour": "red"}, "No event can be selected by 'colour'"),
        ({"as_": "excel"}, "as polars, pandas or arrow, not as 'excel'"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(frames: Frames, which: dict[str, str], words: str) -> None:
    with pytest.raises(StoreError, match=words.replace("(", r"\(")):
        frames.events(**which)


def test_reading_frames_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store"):
        open_frames(tmp_path)
