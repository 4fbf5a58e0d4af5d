"""What is carried from run to run comes to the same as measuring everything anew, whatever arrives, and when."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tocsin import measure
from tocsin.assess import assess, chart
from tocsin.measure import Series
from tocsin.records import (
    Actor,
    Article,
    Checkpoint,
    Departure,
    Event,
    Forecast,
    Membership,
    Observation,
    Outlook,
    Quote,
    Rebase,
    Record,
    Warning,
    Watch,
)
from tocsin.store import Store, open_store
from tocsin.warn import load_watch

START = date(2023, 1, 25)
WATCH = """
title = "Strait"
question = "Is force being prepared?"
countries = ["CHN", "TWN"]
""" + "".join(
    f'[[indicator]]\nname = "{name}"\ntitle = "{name}"\nquery = "{query}"\n'
    for name, query in {
        "ships": "vessels from twn-mnd",
        "both": "max(vessels from twn-mnd, aircraft from twn-mnd)",
        "pressure": "count events where source = CHN and type in (THREATEN, MOBILIZE)",
        "share": "share of events where type = THREATEN among events where source = CHN",
        "mix": "mix of events",
        "quiet": "days without events where type = MOBILIZE",
    }.items()
)
KINDS = (Departure, Warning, Outlook, Checkpoint)


def run(store: Store, watch: Watch, today: date, *, anew: bool = False) -> None:
    """What a run of the pipeline does once everything is read, coded and grouped."""
    if anew:
        store.forget(Checkpoint, [checkpoint.id for checkpoint in store.select(Checkpoint)])
    found = assess(store, watch, today, None if anew else store.state("warn"))
    if found is not None:
        made = [*found.departures, *found.warnings, *found.outlooks, *found.checkpoints]
        store.finish("warn", (), made, found.state, found.gone)


def told(store: Store) -> dict[str, dict[str, dict[str, Any]]]:
    """Everything that assessing has left in a store."""
    return {kind.kind: {one.id: one.model_dump(exclude={"as_of"}) for one in store.select(kind)} for kind in KINDS}


@dataclass
class World:
    """Reports, figures, retractions and re-bases at random; each step is what a run would find new."""

    chance: random.Random
    today: date = START
    articles: list[Membership] = field(default_factory=list)
    acts: list[Rebase] = field(default_factory=list)

    def step(self) -> Iterable[Record]:
        for _ in range(self.chance.choice([0, 1, 1, 1, 2, 9])):
            self.today += timedelta(days=1)
            yield from self.figures(self.today)
            for _ in range(self.chance.choice([0, 1, 2, 3, 3, 12])):
                yield from self.report(self.today)
        act = self.chance.choice(["", "", "late", "late", "retract", "retract", "regroup", "figure", "rebase", "undo"])
        if act == "late":
            yield from self.report(self.some_day(), happened=self.chance.random() < 0.5)
        elif act == "figure":
            yield from self.figures(self.some_day())
        elif act == "retract" and self.articles:
            yield from self.report(self.today, amends=self.chance.choice(self.articles).article)
        elif act == "regroup" and self.articles:
            one, other = self.chance.choice(self.articles), self.chance.choice(self.articles)
            changed = self.chance.choice([{"story": other.story}, {"copy_group": other.copy_group}])
            yield one.model_copy(update=changed)
        elif act == "rebase":
            self.acts.append(
                Rebase(
                    watch="strait",
                    indicator="ships",
                    day=self.some_day(),
                    by="N.",
                    reason="r",
                    at=datetime(2024, 1, 1, tzinfo=UTC),
                )
            )
            yield self.acts[-1]
        elif act == "undo" and self.acts:
            yield self.chance.choice(self.acts).model_copy(update={"undone": True})

    def some_day(self) -> date:
        """A day of the past, now and then from before anything was known."""
        return self.today - timedelta(days=min(int(self.chance.expovariate(1 / 15)), 200))

    def figures(self, day: date) -> Iterable[Record]:
        for name in ("vessels", "aircraft"):
            if self.chance.random() < 0.9:
                yield Observation(
                    issuer="twn-mnd", field=name, day=day, article=f"article-{day}-{self.chance.random()}",
                    value=self.chance.choice([3, 4, 5, 6, 5.5, 30]) if day.day > 20 else self.chance.randint(3, 6),
                    regime="new" if day > START + timedelta(days=70) else "old",
                    coverage=self.chance.choice([1.0, 1.0, 1.0, 0.6, 0.0]),
                )  # fmt: skip

    def report(self, day: date, *, happened: bool = False, amends: str | None = None) -> Iterable[Record]:
        published = self.today if happened else day
        article = Article(page="page-1", title=f"{day} {self.chance.random()}", published=published, outlet="Wire")
        group = (
            self.chance.choice(self.articles[-5:]).copy_group if self.articles and self.chance.random() < 0.2 else ""
        )
        member = Membership(
            article=article.id, story=f"story-{self.chance.randint(0, 400)}", copy_group=group or article.id,
            origin=f"origin-{self.chance.randint(0, 5)}", origin_reason="r",
            amends=amends, amendment="retraction" if amends else None,
        )  # fmt: skip
        self.articles.append(member)
        source = Actor(name="x", country=self.chance.choice(["CHN", "CHN", "CHN", "FRA"]), start=0, end=1)
        yield article
        yield member
        yield Event(
            article=article.id, type=self.chance.choice(["THREATEN", "MOBILIZE", "CONSULT"]), source=(source,),
            target=(Actor(name="y", country="TWN", start=0, end=1),), status="happened", confidence=0.8,
            date=day if happened else None, reported=published, quote=Quote(start=0, end=1, text="x"),
            rule="r", coder="c",
        )  # fmt: skip


@pytest.fixture
def plain_forecasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forecasts that tell of the series they are made from, at once: how they are made is tested elsewhere."""

    def outlook(watch: str, indicator: str, series: Series) -> Outlook:
        return Outlook(watch=watch, indicator=indicator, day=series.dates[-1], threshold=_sum(series), forecasts=())

    def forecast(series: Series, horizon: int, threshold: float) -> Iterator[Forecast]:
        told = _sum(series) + threshold
        yield Forecast(
            origin=series.dates[-1], lead="total", mean=told, median=told, quantiles={}, p_exceed=told % 1, method="m"
        )  # fmt: skip

    monkeypatch.setattr(measure, "outlook", outlook)
    monkeypatch.setattr(measure, "forecast", forecast)


def _sum(series: Series) -> float:
    return float(sum(value * at for at, value in enumerate(series.values, 1) if value == value) / 7)


@pytest.mark.usefixtures("plain_forecasts")
@pytest.mark.parametrize(
    ("seed", "runs"), [(0, 15), (12, 15), *(pytest.param(seed, 45, marks=pytest.mark.slow) for seed in range(1, 13))]
)
def test_carried_and_measured_anew_agree_after_every_run(seed: int, runs: int, tmp_path: Path) -> None:
    watch = load_watch("strait", WATCH, measure.parse)
    world = World(random.Random(seed))
    with closing(open_store(str(tmp_path / "anew.db"))) as anew:
        for step in range(runs):
            arrived = list(world.step())
            today = world.today - timedelta(days=3) if world.chance.random() < 0.05 else world.today
            with closing(open_store(str(tmp_path / "carried.db"))) as carried:  # opened again: a run is a process
                for store in (anew, carried):
                    store.put(arrived)
                    run(store, watch, today, anew=store is anew)
                assert told(carried) == told(anew), f"step {step}, today {today}"
        whole = [chart(anew, watch, indicator, today) for indicator in watch.indicators]
        assert {departure.id: departure for departure in anew.select(Departure)} == {
            departure.id: departure
            for each in whole
            for departure in measure.departures(
                watch.name, each.indicator.name, each.series, each.measurements,
                (*each.indicator.detectors, *(("blind",) if "from" in each.indicator.query.split() else ())),
            )
        }  # fmt: skip


def a_year(store: Store) -> World:
    """A year in a store, and the world it comes from."""
    world = World(random.Random(5))
    for _ in range(120):
        store.put(world.step())
    return world


@pytest.mark.usefixtures("plain_forecasts")
def test_where_nothing_has_changed_there_is_nothing_to_say(tmp_path: Path) -> None:
    watch = load_watch("strait", WATCH, measure.parse)
    with closing(open_store(str(tmp_path / "w.db"))) as store:
        today = a_year(store).today
        run(store, watch, today)
        assert assess(store, watch, today, store.state("warn")) is None
        renamed = watch.model_copy(update={"title": "Strait of Taiwan"})
        found = assess(store, renamed, today, store.state("warn"))
        assert found is not None
        assert not found.checkpoints, "a title is no figure"


@pytest.mark.usefixtures("plain_forecasts")
def test_one_more_day_reads_that_day_and_measures_that_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = load_watch("strait", WATCH, measure.parse)
    figures = measure.carry_on
    days: list[date] = []

    def watched(*about: Any) -> measure.Carried:
        days.extend(about[2].dates)
        return figures(*about)

    with closing(open_store(str(tmp_path / "w.db"))) as store:
        world = a_year(store)
        run(store, watch, world.today)
        monkeypatch.setattr(measure, "carry_on", watched)
        tomorrow = world.today + timedelta(days=1)
        store.put([*world.figures(tomorrow), *world.report(tomorrow)])
        run(store, watch, tomorrow)
        assert set(days) == {tomorrow}
        days.clear()
        late = tomorrow - timedelta(days=100)
        store.put(world.report(late))
        run(store, watch, tomorrow)
        assert not days or min(days) == late.replace(day=1), "back to the end of the month before, no further"


@pytest.mark.usefixtures("plain_forecasts")
def test_no_checkpoint_outlives_the_code_or_the_indicator_it_was_made_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = load_watch("strait", WATCH, measure.parse)
    with closing(open_store(str(tmp_path / "w.db"))) as store:
        world = a_year(store)
        run(store, watch, world.today)
        first = next(store.select(Checkpoint)).version
        fewer = watch.model_copy(update={"indicators": watch.indicators[:2]})
        run(store, fewer, world.today)
        assert {one.indicator for one in store.select(Checkpoint)} == {"ships", "both"}
        monkeypatch.setattr("tocsin.assess.carried.code_version", lambda: "another")
        run(store, fewer, world.today)
        assert first not in {one.version for one in store.select(Checkpoint)}
