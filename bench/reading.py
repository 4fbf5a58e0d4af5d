"""How well and how fast pages and bulletins are read: `python -m bench.reading` on `../shared/data`."""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from trafilatura import bare_extraction

from tocsin.read import read, read_bulletin
from tocsin.records import Article, Page

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
OUT = Path(__file__).resolve().parent / "results" / "reading.md"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
Gold = list[tuple[dict[str, Any], bytes]]


def main() -> None:
    """Measure, print, and write `bench/results/reading.md`."""
    folder = DATA / "html_dev"
    lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    gold: Gold = [(entry, (folder / "pages" / entry["file"]).read_bytes()) for entry in map(json.loads, lines)]
    ours: list[Article | None] = []
    for _ in range(2):  # the first round loads models and compiles patterns
        ours.clear()
        begun = time.process_time()
        ours += [_article(entry["url"], body) for entry, body in gold]
        seconds = (time.process_time() - begun) / len(gold)
    rows = [
        _row("tocsin", gold, lambda index: ours[index].text if ours[index] else "", seconds),  # type: ignore[union-attr]
        _alone("trafilatura, default", gold),
        _alone("trafilatura, precision", gold, favor_precision=True, include_comments=False),
        _alone("trafilatura, fast", gold, fast=True),
    ]
    report = _REPORT.format(
        rows="\n".join(rows),
        titles=_right(gold, ours, "title"),
        dates=_right(gold, ours, "date"),
        bulletins=_bulletins(),
    )
    print(report)
    OUT.write_text(report, encoding="utf-8")


def _article(url: str, body: bytes) -> Article | None:
    digest = hashlib.sha256(body).hexdigest()
    items = read(Page(url=url, fetched=NOW, sha256=digest, media_type="text/html", body=body))
    return next((item for item in items if item.form == "article"), None)


def _alone(name: str, gold: Gold, **settings: Any) -> str:
    def extract(body: bytes, url: str) -> str:
        document = bare_extraction(body, url=url, **settings)
        return str(document.text) if document is not None and not isinstance(document, dict) else ""

    begun = time.process_time()
    texts = [extract(body, entry["url"]) for entry, body in gold]
    return _row(name, gold, texts.__getitem__, (time.process_time() - begun) / len(gold))


def _row(name: str, gold: Gold, text: Callable[[int], str], seconds: float) -> str:
    right = wrong = missing = 0
    for index, (entry, _) in enumerate(gold):
        right += sum(phrase in text(index) for phrase in entry["with"])
        missing += sum(phrase not in text(index) for phrase in entry["with"])
        wrong += sum(phrase in text(index) for phrase in entry["without"])
    precision, recall = right / (right + wrong), right / (right + missing)
    f1 = 2 * precision * recall / (precision + recall)
    return f"| {name} | {precision:.3f} | {recall:.3f} | {f1:.3f} | {seconds:.3f} |"


def _right(gold: Gold, ours: list[Article | None], field: str) -> str:
    known = [(entry[field], article) for (entry, _), article in zip(gold, ours, strict=True) if entry.get(field)]
    stated = {
        "title": lambda article: article.title.casefold().strip(),
        "date": lambda article: str(article.published)[:10],
    }
    right = sum(article is not None and stated[field](article) == want.casefold().strip() for want, article in known)
    return f"{right} of {len(known)}"


def _bulletins() -> str:
    folder = DATA / "taiwan_bulletins"
    entries = [json.loads(line) for line in (folder / "bulletins.jsonl").read_text(encoding="utf-8").splitlines()]
    begun = time.process_time()
    found = {entry["listed"]: read_bulletin(entry["text"], date.fromisoformat(entry["listed"])) for entry in entries}
    seconds = (time.process_time() - begun) / len(entries)
    right = compared = 0
    with (folder / "counts.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for field in ("aircraft", "vessels"):
                if row["date"] in found and row[field] and int(row[f"{field}_agree"] or 0) >= 2:
                    compared += 1
                    right += getattr(found[row["date"]], field) == int(row[field])
    return f"{right} of {compared} values that two or more readers agree on, {1000 * seconds:.1f} ms a bulletin"


_REPORT = """# Reading

`python -m bench.reading`, 2 cores. Pages: `html_dev` (60 pages; phrases that must and must not be in the main text).
CPU seconds a page: for tocsin the whole of reading (decoding, main text, title, date, headlines, language, agency,
bulletin check); for trafilatura the main text alone.

| reader | precision | recall | F1 | CPU s a page |
| --- | --- | --- | --- | --- |
{rows}

Titles exactly as the set has them: {titles}. Dates: {dates}.

Bulletins of Taiwan's defence ministry, 2020-09 to 2023-12: {bulletins}.
"""


if __name__ == "__main__":
    main()
