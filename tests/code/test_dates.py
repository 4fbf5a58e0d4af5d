"""Days stated in a text, resolved against the day of the text."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code.dates import resolve

THURSDAY = date(2024, 9, 5)


@pytest.mark.parametrize(
    ("text", "ahead", "day"),
    [
        ("shelled the town on Tuesday", False, date(2024, 9, 3)),
        ("shelled the town on Thursday", False, THURSDAY),
        ("will meet on Tuesday", True, date(2024, 9, 10)),
        ("met last Friday", False, date(2024, 8, 30)),
        ("struck overnight", False, THURSDAY),
        ("left yesterday", False, date(2024, 9, 4)),
        ("starts tomorrow", True, date(2024, 9, 6)),
        ("on 12 March", False, date(2024, 3, 12)),
        ("on December 24", False, date(2023, 12, 24)),
        ("by January 15", True, date(2025, 1, 15)),
        ("on July 4, 2019", False, date(2019, 7, 4)),
        ("three days ago", False, date(2024, 9, 2)),
        ("since Monday", False, None),
        ("on February 30", False, None),
        ("soon", False, None),
    ],
)
def test_resolve(text: str, ahead: bool, day: date | None) -> None:
    assert resolve(text, THURSDAY, ahead) == day


def test_a_weekday_without_a_day_of_the_text_says_nothing() -> None:
    assert resolve("on Tuesday", None) is None
    assert resolve("on 3 May 2021", None) == date(2021, 5, 3)
