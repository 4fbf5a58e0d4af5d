"""What grouping costs and how its memory stays, over a synthetic stream: `python -m bench.grouping [articles]`.

A quarter of the stream (8,000 articles at most) is remembered. The stream is made here: invented towns, people and
figures, three articles to a story on average, one in five a copy, an article of 300 words. Times are CPU seconds of
one process with one BLAS thread.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from tocsin.group import Grouper, Settings
from tocsin.records import Article

RESULTS = Path(__file__).parent / "results" / "grouping.md"
SYLLABLES = (
    "ba",
    "ko",
    "ri",
    "ta",
    "lu",
    "men",
    "dor",
    "vas",
    "ti",
    "na",
    "pel",
    "gor",
    "shi",
    "ran",
    "os",
    "yar",
    "fen",
)


def word(chance: random.Random) -> str:
    return "".join(chance.choice(SYLLABLES) for _ in range(chance.randint(2, 4)))


def stream(articles: int, seed: int = 1) -> Iterator[Article]:
    """News of invented places: one in five a shortened copy, else a new report of a story of the last days."""
    chance = random.Random(seed)
    common = [word(chance) for _ in range(4000)]
    weights = [1 / (rank + 3) for rank in range(len(common))]
    stories: list[list[str]] = []
    told: list[str] = []
    for number in range(articles):
        day = datetime(2024, 1, 1) + timedelta(minutes=number * 1.4)  # noqa: DTZ001 - about 1,000 a day, zone of no matter
        if told and chance.random() < 0.2:
            text = " ".join(chance.choice(told[-200:]).split()[: chance.randint(120, 300)])
        else:
            if not stories or chance.random() < 0.33:
                stories = [*stories[-299:], [word(chance).capitalize() for _ in range(14)]]
            subject = chance.choice(stories)
            words = chance.choices(common, weights, k=260) + chance.choices(subject, k=40)
            chance.shuffle(words)
            text = " ".join(words)
        told = [*told[-199:], text]
        yield Article(page=str(number), outlet=f"Paper {number % 150}", title=text[:60], text=text, published=day)


def _resident() -> int:
    """Megabytes of this process in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


def measure(articles: int, embed: bool) -> str:
    """One row: articles, CPU seconds an article, size of the state and of the process half way and at the end."""
    kept = min(Settings().articles_kept, articles // 4)  # so that what is remembered is full long before the end
    grouper = Grouper(settings=Settings(embed=embed, articles_kept=kept, stories_kept=kept // 2, terms_kept=25 * kept))
    sizes = []
    start = time.process_time()
    spent = 0.0
    for number, article in enumerate(stream(articles), 1):
        begun = time.process_time()
        grouper.take(article)
        spent += time.process_time() - begun
        if number in (articles // 2, articles):
            resident = _resident()  # before the state is written down, which takes several times its size for a moment
            sizes.append((len(grouper.state()) / 1e6, resident))
        if number % 5000 == 0:
            print(f"{number} articles, {time.process_time() - start:.0f} s", file=sys.stderr)
    (half, half_process), (end, end_process) = sizes
    cost, with_embedding = f"{spent / articles:.4f}", "yes" if embed else "no"
    figures = (f"{articles:,}", with_embedding, cost, half, end, half_process, end_process)
    return "| " + " | ".join(f"{x:.1f}" if isinstance(x, float) else str(x) for x in figures) + " |"


def main() -> None:
    """Print the table and write it to `bench/results/grouping.md` below the quality table that the tests print."""
    articles = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    head = "| articles | embedding | CPU s each | state half way, MB | at end, MB | process half way, MB | at end, MB |"
    rows = [head, "| ---: | --- | ---: | ---: | ---: | ---: | ---: |", measure(articles, embed=False)]
    rows.append(measure(min(articles, 1_000), embed=True))
    table = "\n".join(rows)
    print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    before = RESULTS.read_text(encoding="utf-8").partition("## Speed")[0] if RESULTS.exists() else "# Grouping\n\n"
    RESULTS.write_text(f"{before}## Speed and memory (2 cores, one used)\n\n{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
