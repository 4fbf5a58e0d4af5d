"""Every store finds the same records in the same order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.contract.samples import a_membership, a_warning, an_article, an_event, an_observation
from tocsin.records import Article, Event, Membership, Observation, Place, Warning
from tocsin.store import Select, Store, StoreError

DAY = date(2023, 4, 8)


def days(count: int) -> list[date]:
    return [DAY + timedelta(days=number) for number in range(count)]


def test_records_come_by_day_then_id_and_backwards(store: Store) -> None:
    events = [an_event(day, source=[country]) for day in days(4) for country in ("CHN", "RUS", "PRK")]
    undated = an_event(None)
    store.put([*reversed(events), undated])
    expected = sorted([*events, undated], key=lambda event: (str(event.date or ""), event.id))
    assert list(store.select(Event)) == expected
    assert list(store.select(Event, Select(newest_first=True))) == expected[::-1]
    assert expected[0] == undated


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("where", [{}, {"country": "TWN"}, {"article": "article-1"}], ids=["all", "counted", "named"])
def test_pages_hold_every_record_once(store: Store, where: dict[str, str], newest_first: bool) -> None:
    events = [an_event(day, source=[country]) for day in days(7) for country in ("CHN", "RUS", "PRK")]
    store.put(events)
    seen: list[str] = []
    while page := list(
        store.select(Event, Select(where=where, newest_first=newest_first, limit=4, after=seen[-1] if seen else None))
    ):
        seen += [event.id for event in page]
    whole = list(store.select(Event, Select(where=where, newest_first=newest_first)))
    assert seen == [event.id for event in whole]
    assert len(seen) == len(events)


def test_an_unknown_place_to_go_on_from_is_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="There is no event 'event-0' to continue after"):
        list(store.select(Event, Select(after="event-0")))


def test_both_bounds_are_included_and_leave_out_the_undated(store: Store) -> None:
    events = [an_event(day) for day in days(5)]
    store.put([*events, an_event(None)])
    second, fourth = days(5)[1], days(5)[3]
    assert list(store.select(Event, Select(since=second, until=fourth))) == events[1:4]
    assert list(store.select(Event, Select(since=second))) == events[1:]
    assert list(store.select(Event, Select(until=fourth))) == events[:4]
    assert store.count(Event, Select(until=fourth)) == 4


def test_an_event_stands_at_the_day_it_happened_or_else_was_reported(store: Store) -> None:
    first, second, third = days(3)
    planned = an_event(third, reported=first, status="planned")
    undated = an_event(None, reported=second)
    store.put([planned, undated, an_event(third)])
    assert [event.day for event in store.select(Event)] == [first, second, third]
    assert list(store.select(Event, Select(until=first))) == [planned]
    assert list(store.daily(Event, Select(since=second))) == [second, third]


def test_fields_narrow_and_values_widen(store: Store) -> None:
    first = an_event(source=["CHN"], target=["TWN"], type="THREATEN")
    second = an_event(source=["CHN", "RUS"], target=["JPN"], type="MOBILIZE")
    third = an_event(source=["USA"], target=["TWN"], type="CONSULT", status="planned")
    store.put([first, second, third])

    def found(**where: str | list[str]) -> set[str]:
        return {event.id for event in store.select(Event, Select(where=where))}

    assert found(source_country="CHN") == {first.id, second.id}
    assert found(source_country=["CHN", "RUS"]) == {first.id, second.id}
    assert found(source_country="CHN", target_country="TWN") == {first.id}
    assert found(country="TWN", type=["CONSULT", "THREATEN"]) == {first.id, third.id}
    assert found(status="planned", country="CHN") == set()
    assert found(type=[]) == set()


def test_ids_find_their_records(store: Store) -> None:
    events = [an_event(day) for day in days(4)]
    store.put(events)
    ids = [events[3].id, events[1].id, "event-unknown"]
    assert list(store.select(Event, Select(where={"id": ids}))) == [events[1], events[3]]
    assert store.count(Event, Select(where={"id": ids, "country": "TWN"})) == 2


def test_a_list_of_any_length_may_be_asked_for(store: Store) -> None:
    events = [an_event(day, article=f"article-{day}") for day in days(4)]
    store.put(events)
    none = [f"none-{number}" for number in range(70_000)]
    assert list(store.select(Event, Select(where={"id": [*none, events[2].id]}))) == [events[2]]
    assert list(store.select(Event, Select(where={"article": [*none, events[1].article]}))) == [events[1]]
    assert store.count(Event, Select(where={"country": [*none, "TWN"]})) == 4


def test_a_reference_finds_what_points_to_it(store: Store) -> None:
    store.put([a_membership("article-1", "story-1"), a_membership("article-2", "story-1")])
    store.put([a_membership("article-3", "story-2"), a_warning(events=("event-1", "event-2"))])
    assert store.count(Membership, Select(where={"story": "story-1"})) == 2
    assert store.count(Warning, Select(where={"event": ["event-2", "event-9"]})) == 1


def test_an_event_with_two_sources_counts_once(store: Store) -> None:
    store.put([an_event(source=["CHN", "RUS"], target=["JPN", "USA"])])
    assert store.count(Event, Select(where={"source_country": ["CHN", "RUS"]})) == 1
    assert store.daily(Event, Select(where={"country": ["CHN", "RUS", "JPN", "USA"]})) == {DAY: 1}


def test_daily_counts_are_those_of_the_records(store: Store) -> None:
    store.put([an_event(day, source=[country]) for day in days(3) for country in ("CHN", "RUS")])
    store.put([an_event(None)])
    store.forget(Event, [an_event(DAY, source=["RUS"]).id])
    assert store.daily(Event) == dict(zip(days(3), (1, 2, 2), strict=True))
    assert store.daily(Event, Select(where={"country": "RUS"}, until=days(3)[1])) == {days(3)[1]: 1}
    assert store.daily(Event, Select(text="drills", since=days(3)[1])) == dict.fromkeys(days(3)[1:], 2)
    assert store.daily(Observation) == {}


def test_a_limit_of_nothing_is_nothing(store: Store) -> None:
    store.put([an_event()])
    assert list(store.select(Event, Select(limit=0))) == []


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("drills", True),
        ("DRÍLLS", True),
        ("army drills", True),
        ('"began drills"', True),
        ('"drills began"', False),
        ("dril", False),
        ("dril*", True),
        ("drills -navy", True),
        ("drills -army", False),
        ("-navy", False),
        ("國防部", True),
        ("防國", False),
        ("воздушной", True),
        ("تدريبات", True),
        ('" OR 1=1 --', False),
        ("NEAR(army drills)", False),
        ("text: ^ * ( AND", False),
        ("", False),
    ],
)
def test_full_text(store: Store, query: str, finds: bool) -> None:
    told = an_article("Drills begin: 國防部發布 and воздушной", "The army began drills. تدريبات عسكرية")
    store.put([told, an_article("Something else", "Nobody moved.")])
    found = list(store.select(Article, Select(text=query)))
    assert found == ([told] if finds else [])
    assert store.count(Article, Select(text=query)) == len(found)


def test_full_text_keeps_kinds_apart_and_narrows(store: Store) -> None:
    early, late = (an_event(day, article=f"article-{day}") for day in days(2))
    store.put([an_article(), early, late])
    assert store.count(Article, Select(text="drills")) == 1
    assert list(store.select(Event, Select(text="drills", since=days(2)[1], where={"country": "CHN"}))) == [late]


def test_a_box_holds_its_points_also_across_the_antimeridian(store: Store) -> None:
    def at(name: str, lat: float, lon: float) -> Event:
        return an_event(place=Place(name=name, lat=lat, lon=lon), article=f"article-{name}")

    strait, suva, apia = at("Taiwan Strait", 24, 119), at("Suva", -18.1, 178.4), at("Apia", -13.8, -171.8)
    store.put([strait, suva, apia, an_event(place=Place(name="nowhere"))])
    assert list(store.select(Event, Select(box=(115, 20, 125, 30)))) == [strait]
    pacific = {event.id for event in store.select(Event, Select(box=(175, -20, -165, -10)))}
    assert pacific == {suva.id, apia.id}


def test_observations_by_issuer_and_field(store: Store) -> None:
    store.put([an_observation(day, value) for value, day in enumerate(days(5))])
    store.put([an_observation(DAY, 9, "vessels")])
    series = store.select(Observation, Select(where={"issuer": "mnd", "field": "aircraft"}))
    assert [observation.value for observation in series] == [0, 1, 2, 3, 4]
