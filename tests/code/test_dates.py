"""Days stated in a text, resolved against the day of the text."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code.dates import resolve, stated

THURSDAY = date(2024, 9, 5)


@pytest.mark.parametrize(
    ("text", "ahead", "day"),
    [
        ("shelled the town on Tuesday", False, date(2024, 9, 3)),
        ("shelled the town on Thursday", False, THURSDAY),
        ("will meet on Tuesday", True, date(2024, 9, 10)),
        ("will meet next Thursday", True, date(2024, 9, 12)),
        ("met last Friday", False, date(2024, 8, 30)),
        ("struck late on Wednesday", False, date(2024, 9, 4)),
        ("struck overnight", False, THURSDAY),
        ("left yesterday", False, date(2024, 9, 4)),
        ("left the day before", False, date(2024, 9, 4)),
        ("left the day before yesterday", False, date(2024, 9, 3)),
        ("the day before a vote on 1 September", False, date(2024, 9, 1)),
        ("starts tomorrow", True, date(2024, 9, 6)),
        ("starts in two weeks", True, date(2024, 9, 19)),
        ("ended in two days", False, None),
        ("on 12 March", False, date(2024, 3, 12)),
        ("on the 5th of June", False, date(2024, 6, 5)),
        ("on December 24", False, date(2023, 12, 24)),
        ("on Christmas Eve", False, date(2023, 12, 24)),
        ("by January 15", True, date(2025, 1, 15)),
        ("on July 4, 2019", False, date(2019, 7, 4)),
        ("on June 25 last year", False, date(2023, 6, 25)),
        ("on 7 Nov. 2025", True, date(2025, 11, 7)),
        ("2024-02-29", False, date(2024, 2, 29)),
        ("on 29 February", False, date(2024, 2, 29)),
        ("from 12 to 14 June", False, date(2024, 6, 12)),
        ("between June 12-14, 2023", False, date(2023, 6, 12)),
        ("three days ago", False, date(2024, 9, 2)),
        ("a week ago", False, date(2024, 8, 29)),
        ("two weeks earlier", False, date(2024, 8, 22)),
        ("until 15 September", False, None),
        ("since Monday", False, None),
        ("on Fridays", False, None),
        ("on February 30", False, None),
        ("may 12 ships pass", False, None),
        ("they march 12 miles", False, None),
        ("June 2024", False, None),
        ("next month", True, None),
        ("last week", False, None),
        ("in late March", False, None),
        ("soon", False, None),
    ],
)
def test_resolve(text: str, ahead: bool, day: date | None) -> None:
    assert resolve(text, THURSDAY, ahead) == day


def test_a_weekday_without_a_day_of_the_text_says_nothing() -> None:
    assert resolve("on Tuesday", None) is None
    assert resolve("on 3 May 2021", None) == date(2021, 5, 3)


def test_every_day_of_a_text_is_found_with_its_offsets() -> None:
    text = "On 3 May troops left, the ministry said on Tuesday."
    assert [(text[one.start : one.end], one.day) for one in stated(text, THURSDAY)] == [
        ("3 May", date(2024, 5, 3)),
        ("on Tuesday", date(2024, 9, 3)),
    ]


def test_the_first_and_the_last_year_do_not_break_the_calendar() -> None:
    assert resolve("on 3 May", date(1, 1, 1)) == date(1, 5, 3)
    assert resolve("on 3 May", date(9999, 6, 1), ahead=True) == date(9999, 5, 3)
    assert resolve("yesterday", date(1, 1, 1)) is None
