"""Charts, maps and marked texts draw what they are given, at its place."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from tocsin.records import Departure, Measurement
from tocsin.web import chart, theatre
from tocsin.web.highlight import Span, mark
from tocsin.web.links import outward, permalink
from tocsin.web.outlines import clip, within
from tocsin.web.scale import calendar, number, ticks

DAY = date(2023, 1, 1)


def a_day(number: int, value: float | None, **more: object) -> Measurement:
    given = {"expected": 5.0, "interval": (2.0, 9.0), "health": "ok", **more}
    return Measurement(date=DAY + timedelta(days=number), value=value, **given)  # type: ignore[arg-type]


def parsed(picture: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(str(picture))  # noqa: S314 - our own drawing


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=300), st.text())
def test_any_series_is_drawn_as_well_formed_svg(values: list[float | None], title: str) -> None:
    printable = "".join(char for char in title if char.isprintable())
    series = [a_day(number, value, creep_index=1.0, creep_interval=(0.5, 1.5)) for number, value in enumerate(values)]
    found = Departure(watch="w", indicator="i", detector="surge", declared=DAY, since=DAY)
    for picture in (
        chart.draw(series, [found], printable, "<unit>"),
        chart.draw_creep(series, printable),
        chart.spark(series, printable),
    ):
        assert "nan" not in picture
        assert not picture or parsed(picture).tag == "svg"
    assert bool(chart.draw(series, [], "")) is any(value is not None for value in values)


def test_a_stick_says_its_day_and_what_was_expected() -> None:
    picture = parsed(chart.draw([a_day(0, 12.0, surge=True), a_day(1, None)], [], "Aircraft"))
    sticks = [(each.get("class"), each.findtext("title")) for each in picture.iter("rect")]
    assert sticks == [("value surging", "2023-01-01: 12, expected 2 to 9")]
    assert "no data" in [text.text for text in picture.iter("text")]


def test_a_departure_has_a_bar_of_its_length_and_a_link() -> None:
    series = [a_day(number, 1.0) for number in range(100)]
    found = Departure(
        watch="w", indicator="i", detector="creep", declared=DAY + timedelta(days=40),
        since=DAY + timedelta(days=20), until=DAY + timedelta(days=69),
    )  # fmt: skip
    picture = parsed(chart.draw(series, [found], "Vessels"))
    (bar,) = [each for each in picture.iter("rect") if "creep" in (each.get("class") or "")]
    assert float(bar.get("width") or 0) == pytest.approx((chart.WIDTH - chart.LEFT - chart.RIGHT) / 2, abs=1)
    assert [link.get("href") for link in picture.iter("a")] == [f"/departures/{found.id}"]


def test_a_series_of_no_days_is_no_picture() -> None:
    assert (
        chart.draw([a_day(0, None)], [], "Nothing")
        == chart.draw([], [], "Nothing")
        == chart.draw_creep([], "Nothing")
        == chart.spark([], "Nothing")
        == ""
    )
    assert chart.describe([a_day(0, None)], "") == "No value is known."


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.integers(2, 8))
def test_ticks_are_round_and_hold_the_range(low: float, size: float, about: int) -> None:
    marks = ticks(low, low + size, about)
    least = 1e-6 * max(1.0, abs(low), abs(low + size))
    assert marks[0] <= low + least
    assert marks[-1] >= low + size - least
    assert 2 <= len(marks) <= 3 * about + 3


def test_the_calendar_marks_no_more_than_it_can_name() -> None:
    for days in (1, 10, 46, 200, 700, 3000, 40_000):
        names = list(calendar(DAY, DAY + timedelta(days=days)))
        assert len(names) <= 120, days
        assert all(DAY <= day <= DAY + timedelta(days=days) for day, _ in names)
    assert list(calendar(date(9999, 1, 1), date.max))


@pytest.mark.parametrize(("value", "said"), [(3, "3"), (1234.4, "1,234"), (0.256, "0.26"), (7.5, "7.5"), (0, "0")])
def test_figures_are_short(value: float, said: str) -> None:
    assert number(value) == said


@settings(max_examples=60)
@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=8))
def test_marking_never_changes_the_text(text: str, ends: list[tuple[int, int]]) -> None:
    spans = [Span(start, end, "source", "label") for start, end in ends]
    assert html.unescape(re.sub(r"<[^>]*>", "", str(mark(text, spans)))) == text


def test_marks_count_code_points_and_overlap() -> None:
    text = "🚢 <b>Navy</b> sails"
    marked = mark(text, [Span(2, 13, "quote", "MOBILIZE", "/events/e", "e"), Span(5, 9, "source", "source")])
    assert '<a class="coded" id="e" href="/events/e">MOBILIZE</a>' in marked
    assert '<mark class="quote source" title="MOBILIZE, source">Navy</mark>' in marked
    assert marked.startswith("🚢 <a")
    assert "<b>" not in marked


def test_land_is_cut_to_the_box_also_across_the_antimeridian() -> None:
    strait = within((116.0, 20.5, 125.5, 28.0))
    assert len(strait) > 3
    assert all(116 <= lon <= 125.5 and 20.5 <= lat <= 28 for ring in strait for lon, lat in ring)
    fiji = [lon for ring in within((175.0, -20.0, 182.0, -15.0)) for lon, _ in ring]
    assert min(fiji) < 180 < max(fiji)
    assert within((-40.0, 30.0, -38.0, 32.0)) == [], "there is no land amid the Atlantic"


def test_clipping_keeps_what_is_inside() -> None:
    square = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))
    cut = clip(square, (1.0, 1.0, 3.0, 9.0))
    assert {(1.0, 1.0), (3.0, 1.0), (3.0, 4.0), (1.0, 4.0)} == set(cut)
    assert clip(square, (5.0, 5.0, 6.0, 6.0)) == ()


def test_a_disc_lies_where_its_events_happened() -> None:
    box = (170.0, -20.0, -170.0, -10.0)
    spots = [
        theatre.Spot("Suva <&>", -18.1, 178.4, 3, "/events?box=1"),
        theatre.Spot("Apia", -13.8, -171.8, 1, "/x", vague=True),
    ]
    picture = parsed(theatre.draw(box, spots, "Pacific"))
    discs = {each.findtext("title"): float(each.get("cx") or 0) for each in picture.iter("circle")}
    assert set(discs) == {"Suva <&>: 3 events", "Somewhere in Apia: 1 event"}
    assert discs["Suva <&>: 3 events"] < discs["Somewhere in Apia: 1 event"]
    assert "4 events at 2 places" in (picture.get("aria-label") or "")


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://example.org/a?b=1#c", True), ("http://例え.jp/", True), ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False), ("data:text/html,x", False), ("//example.org", False), ("/etc/passwd", False),
        ("https://", False), ("http://[", False), ("ht\ntps://x", False), ("https://a b", False), ("", False),
        ("file:///etc/passwd", False), (None, False),
    ],
)  # fmt: skip
def test_only_the_web_is_linked_to(url: str | None, leads: bool) -> None:
    assert (outward(url) == url and url is not None) is leads


def test_a_permalink_is_told_from_the_id() -> None:
    assert permalink("event-1") == "/events/event-1"
    assert permalink("story-1") == "/stories/story-1"
    assert permalink("page-1") == ""
