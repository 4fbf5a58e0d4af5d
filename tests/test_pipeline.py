"""One run after another: what a run leaves alone, what it says it could not do, and what it keeps of that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tocsin.measure import parse
from tocsin.pipeline import Flow, run
from tocsin.records import Observation, Record, Warning
from tocsin.store import Store, open_store
from tocsin.warn import load_watch

START = date(2024, 1, 1)
LAST = START + timedelta(days=209)
WATCH = """
title = "The quiet bay"
question = "Is the bay filling up?"

[[indicator]]
name = "barges"
title = "Barges in the bay"
query = "barges from bay-office"
detectors = ["surge"]
"""


@dataclass
class Given:
    """A source that hands over what it is given."""

    records: Sequence[Record] = ()
    name: str = "given"

    @dataclass
    class Batch:
        records: Sequence[Record]
        state: bytes | None = None

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Given.Batch]:
        yield Given.Batch(self.records)


def barges(day: date, value: float) -> Observation:
    return Observation(issuer="bay-office", field="barges", day=day, value=value, article="page-of-the-bay-office")


def two_hundred_calm_days_and_ten_wild() -> list[Record]:
    calm = [barges(START + timedelta(days=n), 4 + n % 3) for n in range(200)]
    return [*calm, *(barges(START + timedelta(days=n), 60) for n in range(200, 210))]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(str(tmp_path / "t.db"))) as store:
        yield store


def work(store: Store, today: date, *records: Record, now: date = LAST) -> list[str]:
    """Run once; what the run had to say."""
    said: list[str] = []
    moment = datetime(now.year, now.month, now.day, 12, tzinfo=UTC)
    watch = load_watch("bay", WATCH, parse)
    run(Flow(store, [Given(records)], [watch], {}, today, moment, note=said.append))
    return said


def test_a_run_for_an_earlier_day_leaves_warnings_as_they_are_and_says_so(store: Store) -> None:
    assert work(store, LAST, *two_hundred_calm_days_and_ten_wild()) == []
    (before,) = store.select(Warning)
    assert before.state == "open"
    (said,) = work(store, LAST - timedelta(days=40))
    assert said == f"bay was measured up to {LAST} already; {LAST - timedelta(days=40)} changes none of its warnings."
    assert list(store.select(Warning)) == [before]
    assert work(store, LAST) == []
    assert list(store.select(Warning)) == [before]


def test_the_past_is_gone_through_day_after_day(store: Store) -> None:
    whole = two_hundred_calm_days_and_ten_wild()
    assert work(store, LAST - timedelta(days=40), *whole) == []
    assert not list(store.select(Warning))
    assert work(store, LAST) == []
    assert [warning.state for warning in store.select(Warning)] == ["open"]


def test_a_day_measured_although_it_was_still_to_come_stops_nothing(store: Store) -> None:
    work(store, LAST + timedelta(days=400), *two_hundred_calm_days_and_ten_wild())
    assert work(store, LAST) == []
    assert "open" in {warning.state for warning in store.select(Warning)}
