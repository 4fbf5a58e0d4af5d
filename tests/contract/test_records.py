"""Every store keeps each record exactly once and gives it back as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.contract.samples import (
    a_checkpoint,
    a_membership,
    a_page,
    a_warning,
    an_article,
    an_event,
    an_observation,
    an_outlook,
)
from tocsin.records import Article, Event, Membership, Observation, Page, Record, Warning
from tocsin.store import Select, Store, StoreError

DAY = date(2023, 4, 8)


@pytest.mark.parametrize(
    "record",
    [
        a_page(),
        an_article(),
        an_event(),
        an_observation(DAY),
        a_membership("article-1", "story-1"),
        a_warning(),
        an_outlook(),
        a_checkpoint(),
    ],
    ids=lambda record: record.kind,
)
def test_a_record_comes_back_as_it_was(store: Store, record: Record) -> None:
    assert store.put([record]) == 1
    assert store.get(type(record), record.id) == record
    assert list(store.select(type(record))) == [record]


def test_what_was_never_stored_is_none(store: Store) -> None:
    store.put([an_event()])
    assert store.get(Event, "event-0") is None
    assert store.get(Article, an_event().id) is None, "an id of another kind is not found"


def test_storing_again_stores_nothing_new(store: Store) -> None:
    events = [an_event(), an_event(source=["RUS"])]
    assert store.put(events) == 2
    assert store.put(events + events) == 0
    assert store.count(Event) == 2


def test_a_known_id_replaces_the_record_everywhere(store: Store) -> None:
    before = a_warning(title="First words", summary="")
    after = a_warning(title="Second thoughts", summary="", revision=2, state="closed")
    assert (store.put([before]), store.put([after])) == (1, 0)
    assert store.get(Warning, before.id) == after
    assert [store.count(Warning, Select(where={"state": state})) for state in ("open", "closed")] == [0, 1]
    assert [store.count(Warning, Select(text=text)) for text in ("first", "second")] == [0, 1]
    assert store.daily(Warning) == {DAY: 1}


def test_of_two_records_with_one_id_in_a_batch_the_last_counts(store: Store) -> None:
    assert store.put([a_membership("article-1", "story-1"), a_membership("article-1", "story-2")]) == 1
    assert [found.story for found in store.select(Membership)] == ["story-2"]
    assert store.count(Membership, Select(where={"story": "story-1"})) == 0


def test_a_forgotten_record_is_gone_from_lists_counts_and_search(store: Store) -> None:
    kept, gone = an_event(source=["RUS"]), an_event()
    store.put([kept, gone])
    store.forget(Event, [gone.id, "event-unknown"])
    assert list(store.select(Event)) == [kept]
    assert store.daily(Event) == {DAY: 1}
    assert store.count(Event, Select(where={"source_country": "CHN"})) == 0
    assert store.count(Event, Select(where={"article": "article-1"})) == 1
    assert list(store.select(Event, Select(text="drills"))) == [kept]


@pytest.mark.parametrize(
    "text",
    ["NUL \x00 inside", "𝔸stral and 国防部", "line\u2028separator\r\n", "'; DROP TABLE record; --", "", "a" * 100_000],
    ids=["nul", "astral", "separators", "injection", "empty", "long"],
)
def test_any_text_survives(store: Store, text: str) -> None:
    article = an_article(text, text)
    store.put([article])
    assert store.get(Article, article.id) == article


@pytest.mark.parametrize("body", [b"", b"\x00\xff" * 5000, b"plain"], ids=["empty", "binary", "short"])
def test_a_page_keeps_its_bytes(store: Store, body: bytes) -> None:
    page = a_page(body=body)
    store.put([page, a_page("https://example.org/2", b"other")])
    found = store.get(Page, page.id)
    assert found is not None
    assert found.body == body


def test_records_are_streamed_from_an_iterator(store: Store) -> None:
    many = 2500
    assert store.put(an_observation(DAY, field=f"field-{number}") for number in range(many)) == many
    assert sum(1 for _ in store.select(Observation)) == many


def test_a_failing_batch_stores_nothing(store: Store) -> None:
    def failing() -> object:
        yield from (an_observation(DAY, field=f"field-{number}") for number in range(1200))
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        store.put(failing())  # type: ignore[arg-type]
    assert store.count(Observation) == 0
    assert store.daily(Observation) == {}


def test_writing_is_dated(store: Store) -> None:
    assert store.last_write() is None
    store.put([an_event()])
    first = store.last_write()
    store.put([an_event(source=["RUS"])])
    second = store.last_write()
    assert first is not None
    assert second is not None
    assert first <= second


def test_what_one_opening_writes_another_reads(opener: Callable[[], Store]) -> None:
    writer, reader = opener(), opener()
    writer.put([an_event()])
    assert reader.count(Event) == 1
    writer.close()
    assert opener().get(Event, an_event().id) == an_event()


def test_an_unknown_field_is_named(store: Store) -> None:
    with pytest.raises(StoreError, match=r"No event can be selected by 'colour': choose from .*id.*type"):
        store.count(Event, Select(where={"colour": "red"}))
