"""Stories count origins apart from articles, and tell one thing once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.contract.samples import a_membership, an_article, an_event
from tocsin.store import Select, Store, open_store
from tocsin.web.story import newest, tell, told_once

DAY = date(2023, 4, 8)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path)
    opened.put(a_membership(f"article-{letter}", "story-1") for letter in "abc")
    yield opened
    opened.close()


def test_copies_of_one_event_are_told_once_with_their_counts(store: Store) -> None:
    events = [an_event(DAY, article=f"article-{letter}", confidence=confidence)
              for letter, confidence in (("a", 0.5), ("b", 0.9), ("c", 0.7))]  # fmt: skip
    (told,) = told_once(store, events)
    assert (told.event.confidence, told.articles, told.origins) == (0.9, 3, 1)


def test_what_differs_in_type_status_party_day_or_story_is_told_apart(store: Store) -> None:
    one = an_event(DAY, article="article-a")
    others = [
        an_event(DAY, article="article-b", type="THREATEN"),
        an_event(DAY, article="article-b", status="planned"),
        an_event(DAY, article="article-b", target=["JPN"]),
        an_event(DAY + timedelta(days=1), article="article-b"),
        an_event(DAY, article="article-of-another-story"),
    ]
    for other in others:
        assert len(told_once(store, [one, other])) == 2


def test_undated_tellings_are_one_only_if_published_close_by(store: Store) -> None:
    def reported(letter: str, days: int) -> object:
        return an_event(None, article=f"article-{letter}", reported=DAY + timedelta(days=days))

    assert len(told_once(store, [reported("a", 0), reported("b", 2)])) == 1  # type: ignore[list-item]
    assert len(told_once(store, [reported("a", 0), reported("b", 400)])) == 2  # type: ignore[list-item]


def test_a_story_is_listed_once_by_its_newest_article_over_all_pages(store: Store) -> None:
    articles = [an_article(f"Title {number}", published=DAY + timedelta(days=number)) for number in range(230)]
    store.put(articles)
    store.put(a_membership(article.id, f"story-{number % 40}") for number, article in enumerate(articles))
    listed = list(newest(store, Select(newest_first=True)))
    assert len(listed) == len({story.id for story, _ in listed}) == 40
    assert [article for _, article in listed] == [article.id for article in articles[:-41:-1]]
    first = tell(store, "story-0")
    assert first is not None
    assert (first.articles, first.first, first.last) == (6, DAY, DAY + timedelta(days=200))


def test_a_story_of_nothing_stored_is_none(store: Store) -> None:
    assert tell(store, "story-1") is None, "its articles are gone"
    assert tell(store, "story-unknown") is None
