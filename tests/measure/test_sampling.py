"""Intervals of scores hold what they say, and count weeks rather than forecasts."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.measure.sampling import share_interval, skill_interval


def test_a_share_of_single_draws_is_bounded_as_clopper_and_pearson_do() -> None:
    inside = [1] * 27 + [0] * 3
    low, high = share_interval(inside, range(30)) or (0, 0)
    assert low == pytest.approx(0.735, abs=0.02)
    assert high == pytest.approx(0.979, abs=0.02)


def test_days_that_miss_together_are_one_draw() -> None:
    inside = np.repeat([1] * 27 + [0] * 3, 7)
    single = share_interval(inside[::7], range(30))
    assert single
    assert share_interval(inside, np.repeat(np.arange(30), 7)) == pytest.approx(single, abs=0.02)


def test_where_all_held_the_weeks_bound_it() -> None:
    low, high = share_interval([1] * 70, np.repeat(np.arange(10), 7)) or (0, 0)
    assert (low, high) == (pytest.approx(0.025 ** (1 / 10)), 1.0)


def test_intervals_of_skill_hold_in_95_of_a_hundred_trials() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        theirs = np.repeat(rng.gamma(4, 1, 30), 7)
        ours = theirs * np.repeat(rng.normal(0.9, 0.2, 30), 7)
        low, high = skill_interval(ours, theirs, np.repeat(np.arange(30), 7)) or (0, 0)
        held += low <= 0.1 <= high
    assert 0.91 <= held / 400 <= 0.98


def test_two_weeks_say_nothing() -> None:
    assert share_interval([1, 0], [1, 2]) is None
    assert skill_interval([1, 0], [1, 1], [1, 2]) is None
