"""Backtests count what was seen, when, and what blind luck would have seen."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tocsin.measure import Label, always, backtest, never

DATES = [date(2022, 1, 1) + timedelta(days=n) for n in range(400)]
LABELS = [Label(DATES[n], f"event {n}") for n in (60, 133, 251, 344)]


def on(*spans: tuple[int, int]) -> np.ndarray:
    flags = np.zeros(400, dtype=bool)
    for first, last in spans:
        flags[first : last + 1] = True
    return flags


def test_alarms_before_each_event_are_seen_with_their_lead() -> None:
    (result,) = backtest(DATES, {"surge": on((58, 63), (130, 133), (252, 255), (10, 12))}, LABELS)
    assert result.detection == 0.75
    assert [sighting.lead for sighting in result.sightings] == [2, 3, -1, None]
    assert result.sightings[0].first == DATES[58]
    assert result.median_lead == 2
    assert result.false_alarms == pytest.approx(100 * 1 / (400 - 4 * 22))
    assert result.p_value < 0.1


def test_chance_is_asked_of_the_lead_as_of_the_hits() -> None:
    early, late = on((50, 53), (123, 127), (241, 245), (334, 337)), on((60, 63), (134, 137), (252, 255), (344, 347))
    ahead, behind = backtest(DATES, {"ahead": early, "behind": late}, LABELS)
    assert (ahead.detection, behind.detection) == (1, 1)
    assert (ahead.warning, behind.warning) == (10, 0), "a milestone seen on its day or later was not warned of"
    assert max(ahead.p_value, behind.p_value) < 0.1
    assert ahead.p_lead < 0.05
    assert behind.p_lead == 1, "no warning at all is what chance gives at the least"


def test_a_lead_that_a_sluggish_alarm_gives_anywhere_is_chance() -> None:
    spans = [(n, n + 12) for n in range(5, 390, 20)]
    (result,) = backtest(DATES, {"restless": on(*spans)}, LABELS)
    assert result.detection == 1
    assert result.warning > 2
    assert result.p_lead > 0.1


def test_the_watcher_who_always_cries_sees_all_and_proves_nothing() -> None:
    alarms = {"always": always(np.zeros(400)), "never": never(np.zeros(400))}
    loud, silent = backtest(DATES, alarms, LABELS)
    assert loud.detection == 1
    assert loud.p_value == 1
    assert silent.detection == 0
    assert silent.median_lead is None
    assert silent.p_value == 1
    assert (loud.warning, loud.p_lead) == (14, 1)
    assert (silent.warning, silent.p_lead) == (0, 1)


def test_without_a_label_in_the_days_there_is_nothing_to_test() -> None:
    with pytest.raises(ValueError, match="no labelled event"):
        backtest(DATES, {"surge": on()}, [Label(date(1999, 1, 1), "x")])
    with pytest.raises(ValueError, match="one for each day"):
        backtest(DATES, {"surge": on()[:5]}, LABELS)
