"""A watch of many indicators does not cry once a day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tocsin.measure import Series, replay, watch_score
from tocsin.measure.score import benjamini_hochberg, p_value
from tocsin.measure.simulate import AIR, simulate
from tocsin.records import Measurement


def day(value: float | None, expected: float | None = 10.0) -> Measurement:
    interval = None if expected is None else (4.0, 18.0)
    return Measurement(date=date(2023, 4, 8), value=value, expected=expected, interval=interval, health="ok")


def test_adjusted_p_values_are_those_of_benjamini_and_hochberg() -> None:
    p = np.array([0.01, 0.04, 0.03, 0.005])
    assert benjamini_hochberg(p).tolist() == pytest.approx([0.02, 0.04, 0.04, 0.02])


def test_the_upper_end_of_the_interval_is_exceeded_one_day_in_twenty() -> None:
    assert p_value(day(18.0)) == pytest.approx(0.05, abs=1e-3)
    assert p_value(day(10.0)) == pytest.approx(0.45, abs=0.05)
    assert p_value(day(None)) is None
    assert p_value(day(5.0, None)) is None


def test_one_plain_departure_among_many_calm_indicators_is_found() -> None:
    today = {f"calm {n}": day(10.0 + n % 5) for n in range(20)} | {"loud": day(60.0), "silent": day(None)}
    score = watch_score(today)
    assert score.departing == ("loud",)
    assert score.score > 3
    assert "silent" not in score.p_values


def test_nothing_to_judge_is_calm() -> None:
    assert watch_score({"silent": day(None)}).score == 0


def test_twenty_calm_indicators_seldom_cry() -> None:
    rows = [list(replay(Series.of(date(2021, 1, 4), y))) for y in simulate(AIR, 20, 400, 9)]
    cries = [bool(watch_score({str(n): row[at] for n, row in enumerate(rows)}).departing) for at in range(100, 400)]
    alone = [any((p_value(row[at]) or 1) < 0.05 for row in rows) for at in range(100, 400)]
    assert np.mean(alone) > 0.5
    assert np.mean(cries) < 0.2
