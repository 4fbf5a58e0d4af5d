"""The figure a likelihood is told of is the figure that was asked about."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.assess.evidence import _asked
from tocsin.measure import Series


def series(*values: float | None) -> Series:
    return Series.of(date(2024, 3, 1), values)


@pytest.mark.parametrize(("normal", "asked"), [(28.7, 29), (29.0, 29), (29.4, 30), (29.0000000001, 29), (0.2, 1)])
def test_of_counts_the_whole_number_that_reaches_what_was_normal_is_asked_about(normal: float, asked: int) -> None:
    assert _asked(normal, series(3, 0, None, 8)) == asked


def test_of_other_figures_what_is_told_is_what_is_asked_about() -> None:
    assert f"{_asked(3.14159, series(0.5, 0.25)):,}" == "3.14"
