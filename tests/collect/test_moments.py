"""When a feed says that an entry was published."""
# ruff: noqa: E501 - rows of tables are as long as they are

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tocsin.collect.moments import moment_of


@pytest.mark.parametrize(
    ("stated", "utc"),
    [
        ("Sun, 02 Mar 2025 09:30:00 GMT", "2025-03-02T09:30"), ("Sun, 02 Mar 2025 09:30:00 +0800", "2025-03-02T01:30"),
        ("Sun, 02 Mar 2025 09:30:00 +08:00", "2025-03-02T01:30"), ("Sun, 02 Mar 2025 09:30:00 -03:30", "2025-03-02T13:00"),
        ("Sun, 02 Mar 2025 09:30:00 UTC+8", "2025-03-02T01:30"), ("Sun, 02 Mar 2025 09:30 EST", "2025-03-02T14:30"),
        ("Sun, 02 Mar 2025 09:30:00 KST", "2025-03-02T00:30"), ("Sun, 02 Mar 2025 09:30:00 MSK", "2025-03-02T06:30"),
        ("Sun Mar  2 09:30:00 CST 2025", "2025-03-02T15:30"), ("Sunday, 02-Mar-25 09:30:00 GMT", "2025-03-02T09:30"),
        ("Dom, 02 Mar 2025 09:30:00 +0100", "2025-03-02T08:30"), ("Sunday, March 2, 2025 - 09:30", "2025-03-02T09:30"),
        ("Mar 2, 2025 11:30 PM EST", "2025-03-03T04:30"), ("02 Mar 2025 24:00:00 +0000", "2025-03-03T00:00"),
        ("2 Mar 2025", "2025-03-02T00:00"), ("02-Mar-2025", "2025-03-02T00:00"), ("02-Mar-2025 09:30", "2025-03-02T09:30"),
        ("2025-03-02T09:30:00Z", "2025-03-02T09:30"), ("2025-03-02T09:30:00+08:00", "2025-03-02T01:30"),
        ("2025-03-02 09:30:00 UTC", "2025-03-02T09:30"), ("2025/3/2 09:30", "2025-03-02T09:30"), ("2025-03-02", "2025-03-02T00:00"),
        ("20250302T093000Z", "2025-03-02T09:30"), ("1740907800", "2025-03-02T09:30"),
    ],
)  # fmt: skip
def test_a_stated_moment_is_read(stated: str, utc: str) -> None:
    assert moment_of(stated) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "stated",
    ["", "12", "1234", "2025", "may", "Mar 2025", "02/03/2025 09:30", "13/03/2025", "0000-00-00 00:00:00",
     "Tue, 32 Foo 2025 09:30:00 GMT", "Sun, 30 Feb 2025 00:00:00 GMT", "-5", "yesterday", "2025年3月2日", "9" * 40],
)  # fmt: skip
def test_what_names_no_moment_or_may_name_two_is_not_guessed(stated: str) -> None:
    assert moment_of(stated) is None
