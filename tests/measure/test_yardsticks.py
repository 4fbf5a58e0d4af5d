"""The yardsticks do what their papers say."""

from __future__ import annotations

import numpy as np

from tocsin.measure import ears_c2, z_score


def test_ears_c2_looks_at_seven_days_that_ended_three_days_ago() -> None:
    values = np.array([[1.0, 2, 1, 2, 1, 2, 1, 9, 9, 9]])
    assert ears_c2(values)[0].tolist() == [False] * 9 + [True]


def test_the_z_score_alarms_on_a_jump_and_gets_used_to_growth() -> None:
    rng = np.random.default_rng(1)
    grown = rng.poisson(6 * 1.02 ** (np.arange(400) / 7)).astype(float)[None]
    assert z_score(grown).mean() < 0.03
    jump = grown.copy()
    jump[0, 350] = 60
    assert z_score(jump)[0, 350]


def test_missing_days_never_alarm_and_short_series_have_no_past() -> None:
    values = np.full((2, 50), np.nan)
    assert not z_score(values).any()
    assert not ears_c2(np.ones((1, 5))).any()
