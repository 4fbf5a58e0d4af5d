"""How fast the store writes and answers, and how large it grows: `python -m bench.store [EVENTS]`."""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from tocsin.records import Actor, Event, Place, Quote
from tocsin.store import Select, Store, open_store

RESULTS = Path(__file__).parent / "results" / "store.md"
FIRST = date(2004, 1, 1)
DAYS = 7300
TYPES = ("CONSULT", "ACCUSE", "COOPERATE", "AGREE", "SUPPORT", "THREATEN", "COERCE", "ASSAULT", "PROTEST", "MOBILIZE",
         "REJECT", "REQUEST", "SANCTION", "AID", "RETREAT", "CONCEDE")  # fmt: skip
STATUSES = ("happened", "happened", "happened", "ongoing", "planned", "denied")
DOMAINS = ((), (), ("diplomatic",), ("land",), ("air", "sea"), ("economic",))
COUNTRIES = [a + b + c for a in "ABCDEF" for b in "GHIJK" for c in "LMNOPQ"][:180]


def events(many: int) -> Iterator[Event]:
    """Events whose countries, types and days are as unevenly spread as in the news."""
    chance = random.Random(1)
    rank = [1 / (place + 1) for place in range(len(COUNTRIES))]
    for number in range(many):
        one, other = chance.choices(COUNTRIES, rank, k=2)
        words = f"The government of {one} answered {other} on matter {number % 5000} of the {number}th meeting."
        yield Event(
            article=f"article-{number // 3:020x}",
            type=chance.choices(TYPES, range(16, 0, -1))[0],
            source=(Actor(name=f"government of {one}", country=one, sector="GOV", start=4, end=21),),
            target=(Actor(name=other, country=other, sector="GOV", start=31, end=34),) if number % 4 else (),
            status=chance.choice(STATUSES),
            place=Place(name=one, country=one, lat=chance.uniform(-60, 70), lon=chance.uniform(-180, 180))
            if number % 3
            else None,
            date=FIRST + timedelta(days=int(DAYS * chance.random() ** 0.5)),
            domains=chance.choice(DOMAINS),
            confidence=0.8,
            quote=Quote(start=0, end=len(words), text=words),
            rule="bench",
            coder="bench",
        )


def best(ask: Callable[[], object], times: int = 5) -> float:
    """Milliseconds of processor time of the fastest of some askings."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        ask()
        spent.append(time.process_time() - start)
    return min(spent) * 1000


def questions(store: Store) -> dict[str, Callable[[], object]]:
    """What pages and stages ask of a store."""
    dyad = {"source_country": COUNTRIES[0], "target_country": COUNTRIES[1]}
    rare = {"source_country": COUNTRIES[150], "target_country": COUNTRIES[160]}
    late = FIRST + timedelta(days=DAYS - 365)
    return {
        "newest 50 of all": lambda: list(store.select(Event, Select(newest_first=True, limit=50))),
        "newest 50 of a common dyad": lambda: list(store.select(Event, Select(dyad, newest_first=True, limit=50))),
        "newest 50 of a rare dyad": lambda: list(store.select(Event, Select(rare, newest_first=True, limit=50))),
        "daily counts of a dyad, 20 years": lambda: store.daily(Event, Select(dyad)),
        "daily counts of a dyad and four types": lambda: store.daily(Event, Select({**dyad, "type": TYPES[4:8]})),
        "daily counts of one country's part in anything": lambda: store.daily(
            Event, Select({"country": COUNTRIES[0]}, since=late)
        ),
        "daily counts of everything, 20 years": lambda: store.daily(Event),
        "newest 50 with three words": lambda: list(
            store.select(Event, Select(text="government matter 4321", newest_first=True, limit=50))
        ),
        "newest 50 in a box": lambda: list(
            store.select(Event, Select(box=(116, 20.5, 125.5, 28), newest_first=True, limit=50))
        ),
        "one by its article": lambda: list(store.select(Event, Select({"article": f"article-{777:020x}"}))),
        "next 500 that wait for a stage": lambda: store.pending("bench", Event, 500),
    }


def main(many: int = 200_000) -> None:
    """Measure, print, and write `bench/results/store.md`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        store = open_store(path)
        cpu = time.process_time()
        store.put(events(many))
        spent = time.process_time() - cpu
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        begun = time.process_time()
        for _ in events(min(many, 20_000)):
            pass
        making = (time.process_time() - begun) / min(many, 20_000) * many
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        lines = [
            "# The store, measured",
            "",
            f"`python -m bench.store {many}` on 2 cores: {many:,} events over 20 years in one SQLite file.",
            "",
            f"Writing: {many / (spent - making):,.0f} events a second of processor time; {size / many:,.0f} bytes an "
            f"event on disk, all indexes included; peak memory {peak / 1024:,.0f} MB.",
            "",
            "| question | milliseconds |",
            "| --- | ---: |",
        ]
        lines += [f"| {name} | {best(ask):,.1f} |" for name, ask in questions(store).items()]
        cpu = time.process_time()
        read = sum(1 for _ in store.select(Event))
        lines += ["", f"Streaming all of them: {read / (time.process_time() - cpu):,.0f} events a second of the same."]
        store.close()
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
