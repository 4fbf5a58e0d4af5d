"""Of what an issuer says of a day, the figure said last is in force: measured, and cited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tocsin import measure
from tocsin.assess import assess, chart
from tocsin.assess.stated import last_before, stated
from tocsin.records import Article, Observation, Page, Record, Watch
from tocsin.store import Store, open_store
from tocsin.warn import load_watch

DAYS = [date(2024, 3, 1) + timedelta(days=n) for n in range(90)]
WATCH = """
title = "Bay"
question = "Is the fleet gathering?"
countries = ["CHN"]
[[indicator]]
name = "hulls"
title = "hulls"
query = "hulls from navy"
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(open_store(str(tmp_path / "w.db"))) as opened:
        yield opened


@pytest.fixture
def watch() -> Watch:
    return load_watch("bay", WATCH, measure.parse)


def table(version: int) -> Page:
    """A file of figures as it was fetched on a day of May."""
    return Page(url="file:///hulls.csv", fetched=datetime(2024, 5, version, tzinfo=UTC), sha256=f"{version:064}")


def figure(day: date, value: float, cited: Record, coverage: float = 1.0) -> Observation:
    return Observation(issuer="navy", field="hulls", day=day, value=value, coverage=coverage, article=cited.id)


def values(store: Store, watch: Watch) -> list[float | None]:
    return [one.value for one in chart(store, watch, watch.indicators[0], DAYS[-1]).measurements]


def test_every_correction_is_used_whatever_its_id(store: Store, watch: Watch) -> None:
    old, new = table(1), table(2)
    store.put([old, *(figure(day, 3, old) for day in DAYS)])
    assess(store, watch, DAYS[-1])
    store.put([new, *(figure(day, 5, new) for day in DAYS[10:40])])
    assert values(store, watch) == [3] * 10 + [5] * 30 + [3] * 50


def test_what_was_published_later_corrects_what_was_fetched_later(store: Store) -> None:
    pages = [
        Page(url=f"https://navy.example/{n}", fetched=datetime(2024, 6, n, tzinfo=UTC), sha256=f"{n:064}")
        for n in range(1, 21)
    ]
    told = [  # an archive read backwards: the correction comes first
        Article(page=page.id, form="bulletin", text="…", published=day + timedelta(days=1 + late))
        for day, late, page in zip([d for d in DAYS[:10] for _ in "ab"], [1, 0] * 10, pages, strict=True)
    ]
    days = [d for d in DAYS[:10] for _ in "ab"]
    store.put([*pages, *told])
    store.put([figure(day, 9 - at % 2, article) for at, (day, article) in enumerate(zip(days, told, strict=True))])
    assert [one.value for one in stated(store, "navy", "hulls", None, None)] == [9] * 10


def test_a_figure_taken_back_is_missing_and_may_be_stated_again(store: Store, watch: Watch) -> None:
    first, emptied, again = table(1), table(2), table(3)
    store.put([first, *(figure(day, 3, first) for day in DAYS)])
    store.put([emptied, *(figure(day, 3, emptied, coverage=0.0) for day in DAYS[5:15])])
    assert values(store, watch) == [3] * 5 + [None] * 10 + [3] * 75
    before = last_before(store, "navy", "hulls", DAYS[15])
    assert before is not None
    assert before.day == DAYS[4]
    store.put([again, *(figure(day, 4, again) for day in DAYS[5:10])])
    assert values(store, watch) == [3] * 5 + [4] * 5 + [None] * 5 + [3] * 75


def test_a_warning_cites_the_figures_in_force_alone(store: Store, watch: Watch) -> None:
    old, new = table(1), table(2)
    plain = [figure(day, 3 + at % 3, old) for at, day in enumerate(DAYS[:-8])]
    store.put([old, *plain, *(figure(day, 30, old) for day in DAYS[-8:])])
    run = assess(store, watch, DAYS[-1])
    assert run is not None
    store.finish("warn", (), [*run.departures, *run.warnings, *run.outlooks, *run.checkpoints], run.state, run.gone)
    corrected = [figure(day, 40, new) for day in DAYS[-8:]]
    store.put([new, *corrected])
    for state in (store.state("warn"), None):
        found = assess(store, watch, DAYS[-1], state)
        assert found is not None
        cited = set(found.warnings[0].observations)
        assert {one.id for one in corrected} <= cited
        assert len(cited) == len({one.day for one in store.select(Observation) if one.id in cited})
