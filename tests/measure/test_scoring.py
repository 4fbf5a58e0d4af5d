"""Scores agree with their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats  # type: ignore[import-untyped]

from tocsin.measure import brier, crps, reliability

LEVELS = (np.arange(2000) + 0.5) / 2000


def test_crps_of_a_normal_is_the_closed_form_of_gneiting_and_raftery() -> None:
    for y in (-1.0, 0.0, 2.5):
        closed = y * (2 * stats.norm.cdf(y) - 1) + 2 * stats.norm.pdf(y) - 1 / np.sqrt(np.pi)
        assert float(crps(stats.norm.ppf(LEVELS), LEVELS, np.array(y))) == pytest.approx(closed, abs=2e-3)


def test_crps_of_certainty_is_the_distance() -> None:
    assert float(crps(np.full(2000, 3.0), LEVELS, np.array(7.0))) == pytest.approx(4.0)


def test_brier_is_the_mean_squared_miss() -> None:
    assert brier(np.array([0.0, 1.0, 0.5]), np.array([False, True, True])) == pytest.approx(0.25 / 3)


def test_reliable_forecasts_lie_on_the_diagonal() -> None:
    rng = np.random.default_rng(1)
    said = rng.random(20000)
    points = reliability(said, rng.random(20000) < said)
    assert len(points) == 10
    assert all(abs(point.said - point.came) < 0.04 for point in points)
    assert sum(point.count for point in points) == 20000
