"""The language of indicators: every form reads, every slip is told with its place and what was probably meant."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.measure import QueryError, asked, counts_events, fields, parse
from tocsin.measure.tree import Balance, Both, Composite, Events, Field, Has, Not, Ratio, Share, Silence

CHN = Has("source", ("CHN",))


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("vessels from twn-mnd", Field("vessels", "twn-mnd")),
        ("count events", Events("stories")),
        ("COUNT events WHERE source = CHN", Events("stories", CHN)),
        ("count articles where source = CHN", Events("articles", CHN)),
        ("origins of events where source = CHN", Events("origins", CHN)),
        ("mix of events where source = CHN", Events("mix", CHN)),
        ("sum aircraft of events where source = CHN", Events("sum", CHN, "aircraft")),
        ("share of events where source = CHN among events", Share(CHN, None)),
        ("balance CHN TWN", Balance("CHN", "TWN")),
        ("days without events where source = CHN", Silence(Events("stories", CHN))),
        ("days without vessels from twn-mnd", Silence(Field("vessels", "twn-mnd"))),
        ("ratio (vessels from twn-mnd) to (count events)", Ratio(Field("vessels", "twn-mnd"), Events("stories"))),
        ("max(count events, balance CHN TWN)", Composite("max", (Events("stories"), Balance("CHN", "TWN")))),
    ],
)
def test_every_form_reads(query: str, tree: object) -> None:
    assert parse(query) == tree


@pytest.mark.parametrize(
    ("where", "condition"),
    [
        ("type in (coerce, THREATEN)", Has("type", ("COERCE", "THREATEN"))),
        ("target != TWN", Has("target", ("TWN",), wanted=False)),
        ("source = CHN.MIL", Has("source", ("CHN.MIL",))),
        ("source = .MIL", Has("source", (".MIL",))),
        ('source = "NATO"', Has("source", ("NATO",))),
        ("country = TWN", Has("place", ("TWN",))),
        ('place = "Taiwan Strait"', Has("place", ("Taiwan Strait",))),
        ("confidence >= 0.7", Has("confidence", ("0.7",))),
        ("not status = planned", Not(Has("status", ("planned",)))),
        (
            "source = CHN and (domain = air or domain = sea)",
            Both("and", (CHN, Both("or", (Has("domain", ("air",)), Has("domain", ("sea",)))))),
        ),
    ],
)
def test_every_filter_reads(where: str, condition: object) -> None:
    assert parse(f"count events where {where}") == Events("stories", condition)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "position", "suggestion"),
    [
        ("cuont events", 0, "count"),
        ("count evnets", 6, "events"),
        ("count events were source = CHN", 13, "where"),
        ("count events where sorce = CHN", 19, "source"),
        ("count events where source = chn", 28, "CHN"),
        ("count events where type in (COERSE)", 28, "COERCE"),
        ("count events where status = planed", 28, "planned"),
        ("count events where source = CHN.MLI", 32, "MIL"),
        ("vessels from twn-mdn", 13, "twn-mnd"),
        ("ratio (count events) (count events)", 21, None),
        ("count events where confidence >= 2", 33, None),
        ("balance CHN", 11, None),
        ("max(count events", 16, None),
        ("count events where source = CHN target = TWN", 32, None),
        ("count events where source = CHN!", 31, None),
        ("", 0, None),
        ("   ", 3, None),
    ],
)
def test_every_slip_is_told_with_its_place(query: str, position: int, suggestion: str | None) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.position == position
    assert caught.value.suggestion == suggestion
    assert str(caught.value).startswith(f"at character {position + 1}: ")
    assert "\n" not in str(caught.value)


@given(st.text(alphabet=' ()=,!>".aA0where count events max from in to of and or not source CHN', max_size=60))
def test_no_text_makes_the_reader_fail_in_another_way(text: str) -> None:
    with suppress(QueryError):
        parse(text)


def test_a_query_says_what_it_has_to_be_given() -> None:
    both = parse("ratio (aircraft from twn-mnd) to (count events)")
    assert fields(both) == {("twn-mnd", "aircraft")}
    assert counts_events(both)
    assert not counts_events(parse("days without vessels from twn-mnd"))


def test_what_a_query_speaks_of_is_told_wherever_it_stands() -> None:
    query = (
        'max(share of events where place = "Kinmen" among events where not (source = CHN or target = TWN), '
        'days without events where actors = "NATO")'
    )
    assert asked(parse(query)) == {("place", "Kinmen"), ("source", "CHN"), ("target", "TWN"), ("actors", "NATO")}
    assert asked(parse("vessels from twn-mnd")) == frozenset()
