"""The figure is well-formed, says in words what it shows, and trusts no text put into it."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring

from tocsin.measure import Rebase, Series, plot, replay
from tocsin.measure.simulate import VESSELS, simulate

START = date(2021, 1, 4)
SVG = "{http://www.w3.org/2000/svg}"


def test_the_figure_shows_band_values_departures_rebases_and_rules() -> None:
    values = simulate(VESSELS, 1, 600, 5)[0]
    values[450:] *= 2
    series = Series.of(START, values, regime=["old"] * 60 + ["new"] * 540)
    acts = [Rebase(series.dates[580], "<b>N. N.</b>", "agreed & noted")]
    root = fromstring(plot(series, list(replay(series)), "Vessels <around> the island", acts))
    classes = {node.get("class") for node in root.iter()}
    assert {"band", "expected", "value", "surge", "creep", "mark"} <= classes
    words = root.find(f"{SVG}desc").text
    assert re.search(r"Creep: \d{4}-\d\d-\d\d to \d{4}", words)
    assert root.find(f"{SVG}title").text == "Vessels <around> the island"
    told = [node.text for node in root.iter(f"{SVG}text")]
    assert "re-based by <b>N. N.</b>: agreed & noted" in told
    assert "reporting rules: new" in told


@pytest.mark.parametrize(
    "values",
    [[3], [0] * 40, [None] * 50, [None] * 20 + [5] + [None] * 20, [1e15] * 60, [0.001] * 60, [1] * 3],
)
def test_odd_series_are_drawn_within_the_frame(values: list[float | None]) -> None:
    series = Series.of(START, values)
    text = plot(series, list(replay(series)))
    fromstring(text)
    assert "nan" not in text.split("</style>")[1]
    assert all(-10 <= float(y) <= 370 for y in re.findall(r'y="([-\d.]+)"', text))


def test_values_below_zero_are_drawn() -> None:
    series = Series.of(START, np.random.default_rng(1).normal(-5, 3, 100), signed=True)
    fromstring(plot(series, list(replay(series))))


def test_no_day_no_figure() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        plot(Series.of(START, []), [])
