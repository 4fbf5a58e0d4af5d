"""CPU seconds an article from page to stored events, stage by stage, and peak memory.

The pages are made here: HTML of about 500 words put together from the demo's sample reports, every one another.
"""

from __future__ import annotations

import hashlib
import json
import random
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tocsin import code, group, read
from tocsin.data import blob
from tocsin.data.catalogue import outlets
from tocsin.records import Article, Event, Membership, Page
from tocsin.store import open_store

PAGES = 300
WORDS = 500
RESULTS = Path(__file__).parent / "results" / "pipeline.md"
FEEDS = ("sample-wire", "sample-harbour-post", "sample-island-radio")


def pages(count: int, seed: int = 0) -> list[Page]:
    """`count` different HTML pages with an article of about `WORDS` words and a list of other headlines each."""
    draw = random.Random(seed)
    items = [item for name in FEEDS for item in json.loads(blob(f"demo/{name}.json"))["items"]]
    start = datetime(2023, 1, 1, tzinfo=UTC)
    made = []
    for number in range(count):
        parts, words = [], 0
        while words < WORDS:
            text = draw.choice(items)["content_text"]
            parts.append(f"<p>{text}</p>")
            words += len(text.split())
        title = draw.choice(items)["title"]
        others = "".join(f'<li><a href="/{draw.random()}">{draw.choice(items)["title"]}</a></li>' for _ in range(8))
        when = start + timedelta(hours=number)
        body = (
            f'<html lang="en"><head><title>{title}</title><meta property="article:published_time" '
            f'content="{when.isoformat()}"></head><body><nav><a href="/">Home</a></nav><article><h1>{title}</h1>'
            f"{''.join(parts)}</article><aside><h2>More news</h2><ul>{others}</ul></aside></body></html>"
        ).encode()
        digest = hashlib.sha256(body).hexdigest()
        made.append(Page(url=f"https://bench.example/{number}", fetched=when, sha256=digest, body=body))
    return made


def main() -> None:
    """Measure and write the results."""
    made = pages(PAGES)
    code.code(Article(page="page-0", title="China ends drills around Taiwan", language="en"))  # load the models
    spent: dict[str, float] = {}

    def timed(name: str, started: float) -> None:
        spent[name] = spent.get(name, 0.0) + time.process_time() - started

    articles: list[Article] = []
    events: list[Event] = []
    memberships: list[Membership] = []
    started = time.process_time()
    articles = [article for page in made for article in read.read(page)]
    timed("read", started)
    started = time.process_time()
    events = [event for article in articles for event in code.code(article)]
    timed("code", started)
    started = time.process_time()
    memberships, _ = group.group(articles, None, outlets=outlets())
    timed("group", started)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "bench.db")
        started = time.process_time()
        store.put([*made, *articles, *events, *memberships])
        timed("store", started)
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [
        "# From page to stored events",
        "",
        f"{PAGES} generated HTML pages of about {WORDS} words with 8 other headlines each; 2 cores, one used.",
        f"{len(articles):,} items read, {len(events):,} events coded.",
        "",
        "| stage | CPU s a page |",
        "| --- | --- |",
        *(f"| {name} | {seconds / PAGES:.4f} |" for name, seconds in spent.items()),
        f"| **all** | **{sum(spent.values()) / PAGES:.4f}** |",
        "",
        f"Peak memory, models included: {peak:.0f} MB.",
    ]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
