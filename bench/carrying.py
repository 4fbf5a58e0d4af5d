"""CPU seconds of assessing a watch on one more day: everything measured anew, and gone on from checkpoints.

The stores are made here: a year, and ten, of an issuer's daily figures and of twenty reports a day.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tocsin import assess as room
from tocsin import measure
from tocsin.assess import assessment
from tocsin.records import (
    Actor,
    Article,
    Checkpoint,
    Departure,
    Event,
    Membership,
    Observation,
    Quote,
    Record,
    Warning,
)
from tocsin.store import Store, open_store
from tocsin.warn import load_watch

RESULTS = Path(__file__).parent / "results" / "carrying.md"
TODAY = date(2023, 12, 31)
REPORTS = 20  # a day
RISE = date(2021, 12, 31)  # from here on more vessels: in ten years of history a creep that lasts for two
WATCH = """
title = "Strait"
question = "Is force being prepared?"
countries = ["CHN", "TWN"]
[[indicator]]
name = "vessels"
title = "Vessels"
query = "vessels from twn-mnd"
[[indicator]]
name = "pressure"
title = "Pressure"
query = "count events where source = CHN and target = TWN and type in (THREATEN, MOBILIZE, COERCE)"
[[indicator]]
name = "talks"
title = "Talks"
query = "share of events where type = CONSULT among events where source = CHN"
"""


def day_of(day: date, chance: random.Random) -> Iterator[Record]:
    """What a day brings."""
    yield Observation(
        article=f"article-{day}",
        issuer="twn-mnd",
        field="vessels",
        day=day,
        value=chance.randint(3, 9) + (4 if day > RISE else 0),
    )
    for number in range(chance.randint(REPORTS // 2, REPORTS + REPORTS // 2)):
        article = Article(page="page-1", title=f"{day} {number}", text="x", published=day, outlet=f"outlet {number}")
        yield article
        yield Membership(
            article=article.id, story=f"story {article.id}", copy_group=article.id, origin=f"outlet {number}",
            origin_reason="reports itself",
        )  # fmt: skip
        yield Event(
            article=article.id, type=chance.choice(["THREATEN", "MOBILIZE", "CONSULT"]), status="happened",
            source=(Actor(name="China", country="CHN", sector="GOV", start=0, end=5),),
            target=(Actor(name="Taiwan", country="TWN", start=9, end=15),), reported=day,
            confidence=round(chance.uniform(0.5, 0.99), 3), quote=Quote(start=0, end=1, text="x"), rule="r", coder="c",
        )  # fmt: skip


def parts(work: Callable[[], Any]) -> dict[str, float]:
    """CPU seconds of `work`, and which of them went into figures with detectors, into forecasts, and into the rest."""
    spent = {"figures and detectors": 0.0, "forecasts": 0.0}
    kept = {"measured": assessment.measured, "forecast": measure.forecast, "outlook": measure.outlook}

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            started = time.process_time()
            found = function(*args)
            found = list(found) if isinstance(found, Iterator) else found
            spent[name] += time.process_time() - started
            return iter(found) if isinstance(found, list) else found

        return call

    assessment.measured = timed("figures and detectors", kept["measured"])
    measure.forecast, measure.outlook = (timed("forecasts", kept[name]) for name in ("forecast", "outlook"))
    started = time.process_time()
    try:
        work()
    finally:
        assessment.measured = kept["measured"]
        measure.forecast, measure.outlook = kept["forecast"], kept["outlook"]
    whole = time.process_time() - started
    return {**spent, "warnings and the rest": whole - sum(spent.values()), "all": whole}


def keep(store: Store, found: room.Assessment | None) -> None:
    """Store what an assessment has made, as the pipeline does."""
    assert found is not None
    made = [*found.departures, *found.warnings, *found.outlooks, *found.checkpoints]
    store.finish("warn", (), made, found.state, found.gone)


def measure_years(years: int, folder: Path) -> tuple[str, list[tuple[str, dict[str, float]]]]:
    """One more day on so many years, each way, and what there is in the store."""
    watch, chance = load_watch("strait", WATCH, measure.parse), random.Random(1)
    first = TODAY - timedelta(days=365 * years)
    with closing(open_store(str(folder / f"{years}.db"))) as store:
        days = [first + timedelta(days=n) for n in range((TODAY - first).days + 1)]
        store.put(record for day in days for record in day_of(day, chance))
        keep(store, room.assess(store, watch, TODAY))
        tomorrow = TODAY + timedelta(days=1)
        store.put(day_of(tomorrow, chance))
        state = store.state("warn")
        rows = [
            ("everything anew", parts(lambda: room.assess(store, watch, tomorrow))),
            ("gone on", parts(lambda: keep(store, room.assess(store, watch, tomorrow, state)))),
            ("nothing new", parts(lambda: room.assess(store, watch, tomorrow, store.state("warn")))),
        ]
        store.put(day_of(tomorrow - timedelta(days=100), random.Random(9)))
        rows.append(("a day 100 days ago made another", parts(
            lambda: keep(store, room.assess(store, watch, tomorrow, store.state("warn")))
        )))  # fmt: skip
        size = sum(len(each.model_dump_json()) for each in store.select(Checkpoint))
        told = (
            f"{years} year{'s' if years > 1 else ''}: {store.count(Event):,} events, {store.count(Observation):,} "
            f"figures, {store.count(Departure):,} departures, {store.count(Warning):,} warnings; "
            f"{store.count(Checkpoint):,} checkpoints of {size / store.count(Checkpoint) / 1000:.1f} kB."
        )
    return told, rows


def main() -> None:
    """Measure, print and write the results."""
    lines = [
        "# One more day",
        "",
        "`python -m bench.carrying`. A watch of three indicators (an issuer's figures, two of events) on generated",
        f"history with about {REPORTS} reports a day; CPU seconds of one assessment, one core.",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for years in (1, 10):
            told, rows = measure_years(years, Path(folder))
            names = list(rows[0][1])
            lines += ["", told, "", f"| | {' | '.join(names)} |", "| --- |" + " --- |" * len(names)]
            lines += [f"| {name} | {' | '.join(f'{spent[part]:.3f}' for part in names)} |" for name, spent in rows]
    text = "\n".join(lines) + "\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
