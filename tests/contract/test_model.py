"""Whatever is stored, replaced and forgotten in whatever order, every store answers as a plain list would."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.samples import an_event
from tocsin.records import Event
from tocsin.store import Select, Store
from tocsin.store.fields import INDEXES, values

COUNTRIES = ("CHN", "TWN", "USA")
FIRST = date(2023, 1, 1)

some_days = st.one_of(st.none(), st.integers(0, 5).map(lambda number: FIRST + timedelta(days=number)))
some_countries = st.lists(st.sampled_from(COUNTRIES), max_size=2)
some_events = st.builds(
    an_event,
    day=some_days,
    source=some_countries,
    target=some_countries,
    type=st.sampled_from(["ACCUSE", "MOBILIZE"]),
    confidence=st.sampled_from([0.1, 0.9]),  # not part of what names an event: storing it again replaces it
    domains=st.sampled_from([(), ("air",), ("air", "sea")]),
)
some_selects = st.builds(
    Select,
    where=st.fixed_dictionaries(
        {},
        optional={
            "country": st.lists(st.sampled_from(COUNTRIES), max_size=2),
            "source_country": st.sampled_from(COUNTRIES),
            "type": st.sampled_from(["ACCUSE", "MOBILIZE", "AID"]),
            "domain": st.sampled_from(["air", "sea"]),
            "article": st.sampled_from(["article-1", "article-2"]),
        },
    ),
    since=some_days,
    until=some_days,
    newest_first=st.booleans(),
    limit=st.one_of(st.none(), st.integers(0, 4)),
)
some_steps = st.lists(
    st.tuples(st.sampled_from(["put", "put", "forget"]), st.lists(some_events, max_size=6)), max_size=5
)


def holds(select: Select, event: Event) -> bool:
    day = event.day
    if (select.since and (day is None or day < select.since)) or (select.until and (day is None or day > select.until)):
        return False
    index = INDEXES[Event]
    for name, allowed in select.where.items():
        held = values((index.counted | index.references)[name], event)  # type: ignore[operator]
        if not set(held) & ({allowed} if isinstance(allowed, str) else set(allowed)):
            return False
    return True


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some_steps, st.lists(some_selects, min_size=1, max_size=4))
def test_a_store_answers_as_a_list_would(
    store: Store, steps: list[tuple[str, list[Event]]], selects: list[Select]
) -> None:
    store.forget(Event, [event.id for event in store.select(Event)])
    kept: dict[str, Event] = {}
    for step, events in steps:
        if step == "put":
            assert store.put(events) == len({event.id for event in events} - kept.keys())
            kept |= {event.id: event for event in events}
        else:
            store.forget(Event, [event.id for event in events])
            kept = {id: event for id, event in kept.items() if id not in {gone.id for gone in events}}
    ordered = sorted(kept.values(), key=lambda event: (str(event.day or ""), event.id))
    for select in [Select(), *selects]:
        matching = [event for event in ordered if holds(select, event)]
        wanted = matching[::-1] if select.newest_first else matching
        assert list(store.select(Event, select)) == list(islice(wanted, select.limit))
        assert store.count(Event, select) == len(matching)
        days = [event.day for event in matching if event.day]
        assert store.daily(Event, select) == {day: days.count(day) for day in sorted(set(days))}
