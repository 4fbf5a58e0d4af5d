"""A small store to read frames and files from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.contract.samples import a_warning, an_article, an_event, an_observation
from tocsin.records import Indicator, Place, Watch
from tocsin.store import open_store

STRAIT = Watch(
    name="taiwan-strait",
    title="Taiwan Strait",
    question="?",
    countries=("TWN", "CHN"),
    places=("Taiwan Strait",),
    box=(116.0, 20.5, 125.5, 28.0),
    indicators=(Indicator(name="aircraft", title="Aircraft", query="aircraft from mnd"),),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with a store of three events, three figures and a warning."""
    article = an_article("=HYPERLINK(1)", "The army began drills.", url="https://example.org/a")
    strait = Place(name="Taiwan Strait", country=None, lat=24.0, lon=119.0, geonames_id=1)
    store = open_store(tmp_path)
    store.put(
        [
            article,
            an_event(date(2023, 4, 8), place=strait, article=article.id, domains=("air", "sea")),
            an_event(date(2023, 4, 9), source=["CHN", "RUS"], target=[], article=article.id),
            an_event(date(2023, 4, 10), source=["FRA"], target=["ITA"], type="CONSULT"),
            *(an_observation(date(2023, 4, day), day) for day in (8, 9, 10)),
            a_warning(title='@cmd, "quoted"\nand a second line; ünïcode 國防部'),
        ]
    )
    store.close()
    return tmp_path
