"""What a query comes to: stories not articles, missing not zero, later word over earlier."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pytest

from tocsin.measure import build, parse
from tocsin.measure.indicator import intensities
from tocsin.records import Actor, Event, Membership, Observation, Place, Quantity, Quote

DAY = date(2023, 4, 8)
DAYS = [DAY + timedelta(days=n) for n in range(3)]


def actor(code: str) -> Actor:
    country, _, sector = code.partition(".")
    return Actor(name=code, country=country or None, sector=sector or None, start=0, end=1)


def event(article: str = "a1", kind: str = "COERCE", who: str = "CHN", whom: str = "TWN", **more: Any) -> Event:
    fields = {"date": DAY, "status": "happened", "confidence": 0.9, **more}
    return Event(
        article=article,
        type=kind,  # type: ignore[arg-type]
        source=(actor(who),),
        target=(actor(whom),),
        quote=Quote(start=0, end=1, text="x"),
        rule="r",
        coder="c",
        **fields,
    )


def member(article: str, story: str, origin: str = "o") -> Membership:
    return Membership(article=article, story=story, copy_group="c", origin=origin, origin_reason="")


def values(query: str, *args: Any, **more: Any) -> list[float | None]:
    series = build(parse(query), DAYS, *args, **more)
    return [None if math.isnan(value) else value for value in series.values]


def test_a_story_counts_once_however_often_it_is_printed() -> None:
    events = [event("a1"), event("a2"), event("a2", "THREATEN"), event("a3")]
    members = [member("a1", "s1", "o1"), member("a2", "s1", "o2"), member("a3", "s2", "o2")]
    assert values("count events", events, [], members) == [2, 0, 0]
    assert values("count articles", events, [], members) == [3, 0, 0]
    assert values("origins of events", events, [], members) == [2, 0, 0]


def test_a_day_without_events_is_zero_only_if_the_sources_were_alive() -> None:
    coverage = {DAYS[0]: 1.0, DAYS[1]: 0.0}
    assert values("count events", [event()], coverage=coverage) == [1, None, None]


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("source = CHN", 1),
        ("source = TWN", 0),
        ("target = TWN", 1),
        ("actors = TWN", 1),
        ("source = CHN.MIL", 1),
        ("source = CHN.GOV", 0),
        ("source = .MIL", 1),
        ("sector = MIL", 1),
        ('source = "CHN.MIL"', 1),
        ("type in (COERCE, ASSAULT)", 1),
        ("type != COERCE", 0),
        ("place = TWN", 1),
        ('place = "taiwan strait"', 1),
        ("domain = air", 1),
        ("domain = sea", 0),
        ("context = military", 1),
        ("confidence >= 0.8", 1),
        ("confidence >= 0.95", 0),
        ("not source = CHN", 0),
        ("source = TWN or target = TWN", 1),
    ],
)
def test_filters_hold_or_not(where: str, count: int) -> None:
    place = Place(name="Taiwan Strait", country="TWN")
    happened = event(who="CHN.MIL", place=place, domains=("air",), contexts=("military",))
    assert values(f"count events where {where}", [happened])[0] == count


def test_what_has_not_happened_counts_only_when_asked_for() -> None:
    events = [event("a1", status="planned"), event("a2", status="denied")]
    assert values("count events", events) == [0, 0, 0]
    assert values("count events where status = planned", events) == [1, 0, 0]


def test_an_event_without_a_day_or_yet_to_come_counts_when_it_was_reported() -> None:
    events = [event("a1", date=None), event("a2", date=DAYS[2]), event("a3", date=None)]
    published = {"a1": DAYS[1], "a2": DAYS[0]}
    assert values("count events", events, published=published) == [1, 1, 0]
    assert values("count events", [event("a4", date=None, reported=DAYS[1])]) == [0, 1, 0]


def test_a_quantity_told_by_two_papers_is_not_doubled() -> None:
    nine, seven = (Quantity(what="aircraft", value=v, start=0, end=1) for v in (9, 7))
    events = [event("a1", quantities=(nine,)), event("a2", quantities=(seven,)), event("a3", quantities=(seven,))]
    members = [member("a1", "s1"), member("a2", "s1"), member("a3", "s2")]
    assert values("sum aircraft of events", events, [], members) == [16, 0, 0]


def test_a_share_of_nothing_is_missing() -> None:
    events = [event("a1"), event("a2", "CONSULT")]
    assert values("share of events where type = COERCE among events", events) == [50, None, None]


def test_balance_weighs_conflict_against_cooperation_both_ways() -> None:
    events = [event("a1", "ASSAULT"), event("a2", "CONSULT", "TWN", "CHN"), event("a3", "ASSAULT", "CHN", "USA")]
    series = build(parse("balance CHN TWN"), DAYS, events)
    assert series.signed
    assert series.values.tolist() == pytest.approx([-9.3 + 2.1, 0, 0])


def observation(day: date, value: float, regime: str | None = None, article: str = "b") -> Observation:
    return Observation(issuer="twn-mnd", field="vessels", day=day, value=value, article=article, regime=regime)


def test_a_bulletin_figure_is_missing_where_the_issuer_is_silent() -> None:
    found = [observation(DAYS[0], 3), observation(DAYS[2], 0), observation(DAYS[0], 4, article="correction")]
    assert values("vessels from twn-mnd", [], found) == [4, None, 0]


def test_the_rules_of_reporting_last_until_others_are_named() -> None:
    found = [observation(DAYS[0], 3, "old"), observation(DAYS[2], 9, "new")]
    assert build(parse("vessels from twn-mnd"), DAYS, [], found).regime == ("old", "old", "new")


def test_silence_counts_the_days_since() -> None:
    assert values("days without vessels from twn-mnd", [], [observation(DAYS[0], 3)]) == [0, 1, 2]
    assert values("days without events where type = CONSULT", [event(kind="CONSULT")]) == [0, 1, 2]
    assert values("days without events", []) == [None, None, None]


def test_ratios_and_composites() -> None:
    found = [observation(DAYS[0], 3), observation(DAYS[1], 5)]
    events = [event("a1"), event("a2")]
    assert values("ratio (vessels from twn-mnd) to (count events)", events, found) == [1.5, None, None]
    assert values("max(vessels from twn-mnd, count events)", events, found) == [3, 5, 0]
    assert values("min(vessels from twn-mnd, count events)", events, found) == [2, 0, 0]


def test_the_type_mix_shifts_when_threats_take_the_place_of_talks() -> None:
    days = [DAY + timedelta(days=n) for n in range(120)]
    events = [event(f"a{n}", "CONSULT" if n < 90 else "THREATEN", date=day) for n, day in enumerate(days)]
    series = build(parse("mix of events"), days, events)
    assert math.isnan(series.values[5])
    assert series.values[89] == pytest.approx(0)
    assert series.values[118] > 80


def test_every_type_has_an_intensity_on_goldsteins_scale() -> None:
    from typing import get_args

    from tocsin.records import EventType

    assert set(intensities()) == set(get_args(EventType))
    assert all(-10 <= weight <= 10 for weight in intensities().values())
