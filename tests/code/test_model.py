"""The linear model and its calibration."""

from __future__ import annotations

import itertools

import pytest

from tocsin.code.choosing import judges
from tocsin.code.features import setting, settings
from tocsin.code.model import Model, model


def test_calibration_runs_straight_between_its_knots() -> None:
    small = Model({}, {}, ((0.0, 0.0), (0.5, 0.2), (1.0, 0.8)))
    assert small.calibrated(0.25) == pytest.approx(0.1)
    assert small.calibrated(0.75) == pytest.approx(0.5)
    assert small.calibrated(1.0) == pytest.approx(0.8)


def test_weights_add_up() -> None:
    small = Model({"a": 2.0, "b": -2.0}, {}, ())
    assert small.judge(["a", "b"])[0] == pytest.approx(0.5)
    assert small.judge(["a", "a"])[0] > 0.8
    assert small.reasons(["a", "b", "c"]) == [("a", 2.0), ("b", -2.0)]


def test_the_shipped_model_is_sane() -> None:
    shipped = model()
    assert 0.2 < judges().threshold < 0.9
    heights = [y for _, y in shipped.knots]
    assert all(a <= b for a, b in itertools.pairwise(heights))
    assert 0 <= heights[0] <= heights[-1] <= 1
    assert shipped.type_weights.keys() == shipped.full_weights.keys()


def test_settings_are_words_of_settings() -> None:
    assert setting("The striker scored a penalty in the cup final")["sport"] >= 4
    assert "market" in settings()["shares"]
