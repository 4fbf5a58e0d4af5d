"""Floors of reading: main text, title and date on `html_dev`; feeds and archives without an exception."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from trafilatura import bare_extraction

from tocsin.collect import SourceError, make_source
from tocsin.read import ReadError, read
from tocsin.records import Article, Page, Problem

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Score:
    """Phrases that must and must not be in the main text."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


@pytest.fixture(scope="module")
def pages(shared: Path) -> list[tuple[dict[str, Any], bytes]]:
    folder = shared / "html_dev"
    gold = [json.loads(line) for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    return [(entry, (folder / "pages" / entry["file"]).read_bytes()) for entry in gold]


@pytest.fixture(scope="module")
def articles(pages: list[tuple[dict[str, Any], bytes]]) -> list[Article | None]:
    return [main(entry["url"], body) for entry, body in pages]


def main(url: str, body: bytes) -> Article | None:
    digest = hashlib.sha256(body).hexdigest()
    items = read(Page(url=url, fetched=NOW, sha256=digest, media_type="text/html", body=body))
    return next((item for item in items if item.form == "article"), None)


def score(pages: list[tuple[dict[str, Any], bytes]], text: Callable[[int], str]) -> Score:
    right = wrong = missing = 0
    for index, (entry, _) in enumerate(pages):
        found = text(index)
        right += sum(phrase in found for phrase in entry["with"])
        missing += sum(phrase not in found for phrase in entry["with"])
        wrong += sum(phrase in found for phrase in entry["without"])
    return Score(right / (right + wrong), right / (right + missing))


def test_main_text(pages: list[tuple[dict[str, Any], bytes]], articles: list[Article | None]) -> None:
    def ours(index: int) -> str:
        article = articles[index]
        return article.text if article else ""

    def alone(index: int) -> str:
        document = bare_extraction(pages[index][1], url=pages[index][0]["url"])
        return str(document.text) if document is not None and not isinstance(document, dict) else ""

    found, baseline = score(pages, ours), score(pages, alone)
    assert found.f1 >= 0.935
    assert found.f1 >= baseline.f1


def test_titles_and_dates(pages: list[tuple[dict[str, Any], bytes]], articles: list[Article | None]) -> None:
    right: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for (entry, _), article in zip(pages, articles, strict=True):
        assert article is not None
        if entry.get("title"):
            known["title"] += 1
            right["title"] += article.title.casefold().strip() == entry["title"].casefold().strip()
        if entry.get("date"):
            known["date"] += 1
            right["date"] += str(article.published)[:10] == entry["date"]
    assert right["title"] >= 42, right
    assert right["date"] >= 43, right
    assert known == {"title": 54, "date": 47}


def test_languages_are_told(pages: list[tuple[dict[str, Any], bytes]], articles: list[Article | None]) -> None:
    languages = Counter(article.language for article in articles if article)
    assert set(languages) == {"de", "en", "fr", "es", "pl", "pt"}
    assert sum(languages.values()) == 60


@pytest.mark.slow
def test_every_feed_is_read_or_reported(shared: Path) -> None:
    outcome: Counter[str] = Counter()
    for path in sorted((shared / "feeds").rglob("*")):
        if not path.is_file():
            continue
        source = make_source({"name": "it", "kind": "feed", "path": str(path)}, Path())
        for batch in source.collect(None, NOW):
            for record in batch.records:
                if isinstance(record, Problem):
                    outcome["reported"] += 1
                elif isinstance(record, Page):
                    outcome[readable(record)] += 1
        outcome["files"] += 1
    assert outcome["files"] == 2106
    assert outcome["reported"] <= 10  # documents without a feed in them
    assert outcome["read"] >= 1200
    assert outcome["unreadable"] == 0


def readable(page: Page) -> str:
    try:
        read(page)
    except (ReadError, SourceError):
        return "unreadable"
    return "read"
