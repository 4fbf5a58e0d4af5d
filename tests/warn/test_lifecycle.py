"""A warning opens, is revised while it says something new, closes when it is over, and is cancelled, never deleted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tocsin.records import (
    Article,
    Departure,
    Detector,
    Event,
    Indicator,
    Membership,
    Observation,
    Quote,
    Warning,
    Watch,
)
from tocsin.warn import Evidence, probability_word, strongest, warn
from tocsin.warn.lifecycle import MOST_EVENTS

WATCH = Watch(
    name="strait",
    title="Strait",
    question="Calm?",
    indicators=(
        Indicator(name="ships", title="Ships", query="vessels from x", innocent=("a regatta",)),
        Indicator(name="planes", title="Planes", query="aircraft from x", would_change=("a calm month",)),
    ),
)
DAY = date(2023, 4, 8)


def departure(
    declared: date = DAY, until: date | None = None, indicator: str = "ships", detector: Detector = "surge"
) -> Departure:
    return Departure(
        watch="strait",
        indicator=indicator,
        detector=detector,
        declared=declared,
        since=declared - timedelta(days=1),
        until=until,
        observed=12.0,
        expected=4.0,
        peak=15.0,
    )


def nothing(departure: Departure, since: date, until: date) -> Evidence:
    return Evidence()


def issue(departures: list[Departure], standing: list[Warning] | None = None, as_of: date = DAY) -> list[Warning]:
    return warn(WATCH, departures, {item.id: item for item in standing or []}, nothing, as_of)


def test_an_open_departure_opens_a_warning_that_says_what_departed_against_what_since_when() -> None:
    (warning,) = issue([departure()])
    assert (warning.state, warning.opened, warning.revision) == ("open", DAY, 1)
    assert "Ships" in warning.title
    assert "since 7 April 2023" in warning.summary
    assert "12 a day against 4.0 expected" in warning.summary
    assert warning.innocent == ("a regatta",)


def test_the_same_state_of_knowledge_issues_nothing_new() -> None:
    first = issue([departure()])
    assert issue([departure()], first) == []


def test_a_second_indicator_revises_the_warning_and_raises_its_level() -> None:
    (first,) = issue([departure()])
    (second,) = issue([departure(), departure(indicator="planes")], [first])
    assert (second.id, second.revision) == (first.id, 2)
    assert (first.level, second.level) == ("advisory", "warning")
    assert second.would_change == ("a calm month",)


def test_a_departure_soon_after_another_is_the_same_trouble_and_one_long_after_is_not() -> None:
    ended = departure(until=DAY + timedelta(days=3))
    soon, late = departure(DAY + timedelta(days=10)), departure(DAY + timedelta(days=60))
    assert len(issue([ended, soon], as_of=DAY + timedelta(days=12))) == 1
    assert len(issue([ended, late], as_of=DAY + timedelta(days=70))) == 2


def test_detectors_mean_different_things_and_are_never_one_warning() -> None:
    warnings = issue([departure(), departure(detector="creep")])
    assert {warning.detector for warning in warnings} == {"surge", "creep"}


def test_a_warning_closes_two_quiet_weeks_after_the_last_departure_ended() -> None:
    ended = departure(until=DAY + timedelta(days=3))
    (warning,) = issue([ended], as_of=DAY + timedelta(days=10))
    assert warning.state == "open"
    (closed,) = issue([ended], [warning], as_of=DAY + timedelta(days=17))
    assert (closed.state, closed.closed, closed.revision) == ("closed", DAY + timedelta(days=3), 2)


def test_a_warning_whose_departures_are_gone_is_cancelled() -> None:
    (warning,) = issue([departure()])
    (cancelled,) = issue([], [warning])
    assert (cancelled.id, cancelled.state, cancelled.revision) == (warning.id, "cancelled", 2)
    assert issue([], [cancelled]) == []


def test_articles_outlets_and_origins_are_counted_apart() -> None:
    articles = [Article(page=f"page-{n}", outlet=outlet, text=str(n)) for n, outlet in enumerate("aab")]
    events = [
        Event(
            article=article.id,
            type="MOBILIZE",
            status="happened",
            confidence=0.9,
            quote=Quote(start=0, end=1, text="x"),
            rule="r",
            coder="c",
        )
        for article in articles
    ]
    members = {
        article.id: Membership(article=article.id, story="s", copy_group="c", origin="wire", origin_reason="copy")
        for article in articles
    }

    def gather(departure: Departure, since: date, until: date) -> Evidence:
        assert since < departure.since <= until
        return Evidence(events, (), {article.id: article for article in articles}, members)

    (warning,) = warn(WATCH, [departure()], {}, gather, DAY)
    assert (warning.articles, warning.outlets, warning.origins) == (3, 2, 1)
    assert "1 independent origin" in warning.confidence_reason


def figures(count: int, article: str) -> list[Observation]:
    days = [DAY - timedelta(days=back) for back in range(count)]
    return [
        Observation(issuer="customs", field="vessels", day=day, article=f"{article}-{day}", value=9.0) for day in days
    ]


def test_news_beside_a_series_of_figures_raises_neither_confidence_nor_level() -> None:
    articles = [Article(page=f"page-{n}", outlet=f"outlet {n}", text=str(n)) for n in range(5)]
    events = [
        Event(article=one.id, type="CONSULT", status="happened", confidence=0.9, quote=Quote(start=0, end=1, text="x"),
              rule="r", coder="c")
        for one in articles
    ]  # fmt: skip

    def gathered(measured: bool) -> Warning:
        evidence = Evidence(events, figures(8, "article"), {one.id: one for one in articles}, measured=measured)
        (warning,) = warn(WATCH, [departure()], {}, lambda *asked: evidence, DAY)
        return warning

    context, grounds = gathered(False), gathered(True)
    assert (context.confidence, context.level, context.origins) == ("moderate", "advisory", 6)
    assert "1 independent origin of what was measured" in context.confidence_reason
    assert (grounds.confidence, grounds.level) == ("high", "warning")


def test_a_table_of_figures_is_no_article_and_a_bulletin_is() -> None:
    for kind, articles in (("page", 0), ("article", 3)):
        evidence = Evidence(observations=figures(3, kind))
        (warning,) = warn(WATCH, [departure()], {}, lambda *asked, evidence=evidence: evidence, DAY)
        assert (warning.articles, warning.outlets, warning.origins) == (articles, 1, 1)


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.01, "almost no chance"),
        (0.05, "very unlikely"),
        (0.3, "unlikely"),
        (0.5, "roughly even chance"),
        (0.7, "likely"),
        (0.9, "very likely"),
        (1.0, "almost certain"),
    ],
)
def test_a_probability_has_one_word(probability: float, word: str) -> None:
    assert probability_word(probability) == word


def test_a_warning_cites_the_most_confident_events_then_the_newest_and_undated_ones_last() -> None:
    def told(day: int | None, confidence: float = 0.8) -> Event:
        return Event(
            article=f"report-{day}",
            type="MOBILIZE",
            status="happened",
            date=None if day is None else date(2023, 4, day),
            confidence=confidence,
            quote=Quote(start=0, end=1, text="x"),
            rule="r",
            coder="c",
        )

    sure = told(2, confidence=0.95)
    cited = strongest([told(None), told(4), sure, told(9), told(6)])
    assert [event.date and event.date.day for event in cited] == [2, 9, 6, 4, None]
    days = [told(1 + n % 28, confidence=0.5 + n / 1000) for n in range(MOST_EVENTS + 5)]
    assert len(strongest(days)) == MOST_EVENTS
