"""Every store remembers how far each stage has come, whatever happens to the process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest

from tests.contract.samples import a_page, an_article, an_event, an_observation
from tocsin.records import Article, Event, Observation, Page
from tocsin.store import Store, StoreError


def articles(count: int) -> list[Article]:
    return [an_article(f"Title {number}") for number in range(count)]


def test_a_stage_gets_each_record_until_it_has_finished_it(store: Store) -> None:
    ten = articles(10)
    store.put(ten)
    assert store.pending("code", Article, 3) == ten[:3]
    store.finish("code", ten[:3])
    assert store.pending("code", Article, 3) == ten[3:6]
    store.finish("code", [ten[5], ten[7]])
    assert store.pending("code", Article, 99) == [ten[3], ten[4], ten[6], ten[8], ten[9]]
    store.finish("code", [ten[3], ten[4], ten[6], ten[8], ten[9]])
    assert store.pending("code", Article, 99) == []
    assert store.pending("group", Article, 99) == ten, "stages do not know of each other"


def test_what_arrives_later_waits_whatever_its_day(store: Store) -> None:
    store.put(articles(3))
    store.finish("code", articles(3))
    old = an_article("Old", published=date(1999, 1, 1))
    store.put([old])
    assert store.pending("code", Article, 9) == [old]


def test_a_record_after_a_forgotten_one_is_not_missed(store: Store) -> None:
    first, second = articles(2)
    store.put([first])
    store.finish("code", [first])
    store.forget(Article, [first.id])
    store.put([second])
    assert store.pending("code", Article, 9) == [second]


def test_a_record_stored_again_stays_finished(store: Store) -> None:
    article = an_article()
    store.put([article])
    store.finish("code", [article])
    store.put([article.model_copy(update={"language": "en"})])
    assert store.pending("code", Article, 9) == []
    store.finish("code", [article])
    assert store.pending("code", Article, 9) == []


def test_finishing_stores_what_was_made_with_the_state(store: Store) -> None:
    article = an_article()
    store.put([article])
    assert store.state("code") is None
    store.finish("code", [article], [an_event()], b"state \x00 1")
    assert (store.count(Event), store.state("code")) == (1, b"state \x00 1")
    store.finish("code", [], [])
    assert store.state("code") == b"state \x00 1", "no new state leaves the old one"
    store.finish("code", [], [], b"")
    assert store.state("code") == b""


def test_finishing_is_all_or_nothing(store: Store) -> None:
    article = an_article()
    store.put([article])

    def breaking() -> object:
        yield an_event()
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        store.finish("code", [article], breaking(), b"state")  # type: ignore[arg-type]
    assert store.pending("code", Article, 9) == [article]
    assert (store.count(Event), store.state("code")) == (0, None)


def test_finishing_what_is_not_stored_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="'code' cannot finish a article that is not stored"):
        store.finish("code", [an_article()], [an_event()])
    assert store.count(Event) == 0


def test_what_has_changed_is_what_is_new_or_has_become_another(store: Store) -> None:
    assert store.written() == 0
    store.put([an_event(), an_article("First"), an_article("Second")])
    since = store.written()
    assert list(store.changed(Article, since)) == []
    store.put([an_article("First"), an_article("Third"), an_event()])
    assert list(store.changed(Article, since)) == [an_article("Third")], "stored again as it was is no change"
    other = an_article("First").model_copy(update={"language": "en"})
    store.put([other])
    store.put([an_observation(date(2023, 4, 8))])
    assert list(store.changed(Article, since)) == [other, an_article("Third")]
    assert list(store.changed(Article, store.written())) == []
    store.put([other.model_copy(update={"language": "fr"})])
    store.forget(Article, [an_article("Third").id])
    assert [found.language for found in store.changed(Article, since)] == ["fr"], "once, and the removed not at all"


def test_changes_are_told_in_any_number(store: Store) -> None:
    days = [date(2000, 1, 1) + timedelta(days=number) for number in range(1200)]
    store.put(an_observation(day) for day in days)
    since = store.written()
    store.put(an_observation(day, value=4) for day in days)
    store.put(an_observation(day, field="vessels") for day in days)
    found = [(item.field, item.value) for item in store.changed(Observation, since)]
    assert found == [("aircraft", 4)] * 1200 + [("vessels", 3)] * 1200


def test_what_is_replaced_goes_as_the_new_comes(store: Store) -> None:
    old, new = an_event(), an_event(source=["RUS"])
    store.put([old])
    store.finish("warn", [], [new], b"state", [old])
    assert list(store.select(Event)) == [new]
    store.finish("warn", [], [old], gone=[old])
    assert store.count(Event) == 2, "what is both gone and made is there"


def test_only_one_run_at_a_time(opener: Callable[[], Store]) -> None:
    first, second = opener(), opener()
    with first.exclusive():
        with pytest.raises(StoreError, match="Another tocsin run"), second.exclusive():
            pytest.fail("two runs at once")
        second.put([an_observation(date(2023, 4, 8))])
    with second.exclusive():
        pass


def _hold(opener: Callable[[], Store], ready: multiprocessing.synchronize.Event) -> None:
    with opener().exclusive():
        ready.set()
        signal.pause()


def test_a_killed_run_lets_go(opener: Callable[[], Store]) -> None:
    store = opener()
    fork = multiprocessing.get_context("fork")
    ready = fork.Event()
    store.close()
    child = fork.Process(target=_hold, args=(opener, ready))
    child.start()
    assert ready.wait(20)
    store = opener()
    with pytest.raises(StoreError), store.exclusive():
        pytest.fail("the other process held it")
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join(20)
    for _ in range(100):  # a server takes a moment to notice
        with suppress(StoreError), store.exclusive():
            return
        time.sleep(0.05)
    pytest.fail("the lock outlived its process")


def test_a_batch_of_large_pages_stays_within_memory(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.store.sql.MEMORY", 2500)
    pages = [a_page(f"https://example.org/{number}", bytes([number]) * size)
             for number, size in enumerate((1000, 1000, 1000, 5000, 1000))]  # fmt: skip
    store.put(pages)
    batches = []
    while batch := store.pending("read", Page, 10):
        batches.append([len(page.body) for page in batch])
        store.finish("read", batch)
    assert batches == [[1000, 1000], [1000], [5000], [1000]]
    assert {page.id: page for page in store.select(Page)} == {page.id: page for page in pages}
