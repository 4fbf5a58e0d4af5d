"""One run after another: what a run leaves alone, what it says it could not do, and what it keeps of that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from tocsin.measure import parse
from tocsin.pipeline import Flow, run
from tocsin.records import Article, Observation, Problem, Record, Warning
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
    solved: tuple[str, ...] = ()

    @dataclass
    class Batch:
        records: Sequence[Record]
        state: bytes | None = None
        solved: tuple[str, ...] = ()

    def collect(self, state: bytes | None, now: datetime) -> Iterator[Given.Batch]:
        yield Given.Batch(self.records, solved=self.solved)


def barges(day: date, value: float) -> Observation:
    return Observation(issuer="bay-office", field="barges", day=day, value=value, article="page-of-the-bay-office")


def two_hundred_calm_days_and_ten_wild() -> list[Record]:
    calm = [barges(START + timedelta(days=n), 4 + n % 3) for n in range(200)]
    return [*calm, *(barges(START + timedelta(days=n), 60) for n in range(200, 210))]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(str(tmp_path / "t.db"))) as store:
        yield store


def work(store: Store, today: date, *records: Record, now: date = LAST, solved: tuple[str, ...] = ()) -> list[str]:
    """Run once; what the run had to say."""
    said: list[str] = []
    moment = datetime(now.year, now.month, now.day, 12, tzinfo=UTC)
    watch = load_watch("bay", WATCH, parse)
    run(Flow(store, [Given(records, solved=solved)], [watch], {}, today, moment, note=said.append))
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


def article(text: str, form: Literal["article", "bulletin"] = "article", language: str | None = None) -> Article:
    return Article(
        page="page-0", form=form, outlet="Bay Gazette", title="", text=text, published=LAST, language=language
    )


def test_a_bulletin_without_a_day_is_a_problem(store: Store) -> None:
    undated = article(
        "Military news update\nOverall statistics: 7 sorties of PLA aircraft and 6 PLAN vessels operating around "
        "Taiwan were detected.",
        "bulletin",
    )
    work(store, LAST, undated)
    (problem,) = store.select(Problem)
    assert (problem.stage, problem.subject) == ("observe", undated.id)
    assert "no day" in problem.says


def test_articles_in_a_language_that_is_not_coded_are_one_problem_of_their_outlet(store: Store) -> None:
    work(
        store,
        LAST,
        article("El puerto de Ronda Norte fue cerrado por la marina el lunes.", language="es"),
        article("La marina abrió otra vez el puerto de Ronda Norte el martes.", language="es"),
        article("The navy closed the harbour of Ronda Norte on Monday.", language="en"),
    )
    (problem,) = store.select(Problem)
    assert problem.says == "articles of Bay Gazette are kept, but not read for events: no coder for language 'es'."


def test_a_source_that_fails_is_named_and_its_problem_goes_when_it_answers(store: Store) -> None:
    failed = Problem(stage="collect given", subject="given", says="the bay does not answer.")
    row = Problem(stage="collect given", subject="bay.csv:7", says="line 7 is no row.")
    assert work(store, LAST, failed, row) == ["source 'given': the bay does not answer."]
    kept = {problem.subject: problem for problem in store.select(Problem)}
    assert kept.keys() == {"given", "bay.csv:7"}
    assert {problem.at and problem.at.date() for problem in kept.values()} == {LAST}
    assert work(store, LAST, failed, now=LAST + timedelta(days=3)) == ["source 'given': the bay does not answer."]
    assert {problem.at.day for problem in store.select(Problem) if problem.at and problem.subject == "given"} == {
        (LAST + timedelta(days=3)).day
    }
    assert work(store, LAST) == []
    assert [problem.subject for problem in store.select(Problem)] == ["bay.csv:7"]
    work(store, LAST, solved=("bay.csv:7",))
    assert not list(store.select(Problem))
