"""Floors on the development sets of `geo_dev`; the figures are printed, `bench/places.py` writes them down."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "bench" / "places.py"
    spec = importlib.util.spec_from_file_location("bench_places", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "recall", "country", "within"), [("geovirus", 0.92, 0.92, 0.84), ("lgl", 0.72, 0.91, 0.80)]
)
def test_places_are_found_and_resolved(
    shared: Path, bench: ModuleType, name: str, recall: float, country: float, within: float
) -> None:
    score = bench.measure(shared / "geo_dev" / f"{name}.jsonl")
    print(f"{name}: recall {score.recall:.3f}, country {score.country:.3f}, within 161 km {score.within:.3f}")
    assert score.recall >= recall
    assert score.country >= country
    assert score.within >= within
