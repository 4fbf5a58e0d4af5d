"""The first page tocsin must read: an article, the headlines of 17 others, and the events a careful reader lists."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tocsin.code import code
from tocsin.read import read
from tocsin.records import Article, Event, Page

# What a careful reader lists, as (part of the text, source countries, types that are right, target countries, status).
# An organisation without a country is its name. Where two types can be argued for, both are right.
EXPECTED = [
    ("expand collaboration", {"TWN"}, {"COOPERATE"}, {"USA"}, "planned"),
    ("most important strategic partner", {"TWN"}, {"SUPPORT"}, {"USA"}, "happened"),
    ("normalized harassment", {"TWN"}, {"ACCUSE"}, {"CHN"}, "happened"),
    ("intelligence cooperation", {"TWN"}, {"COOPERATE"}, set(), "ongoing"),
    ("sovereignty claims", {"TWN"}, {"REJECT"}, {"CHN"}, "ongoing"),
    ("Urged to Prioritize", set(), {"REQUEST"}, {"CHN"}, "happened"),
    ("Signals Openness", {"TWN"}, {"AGREE"}, {"HND"}, "happened"),
    ("Tightens H-1B Visa", {"USA"}, {"COERCE", "SANCTION"}, set(), "happened"),
    ("Strengthen Defence Cooperation", {"AUS", "JPN"}, {"COOPERATE"}, {"AUS", "JPN"}, "happened"),
    ("Anti-Drug Cooperation", {"CUB"}, {"AGREE", "COOPERATE", "SUPPORT"}, set(), "happened"),
    ("Halts Immigration", {"USA"}, {"SANCTION", "COERCE"}, set(), "happened"),
    ("Alleges Fraud", {"HND"}, {"ACCUSE"}, set(), "happened"),
    ("Criticizes Plan", {"TWN"}, {"ACCUSE", "REJECT"}, {"TWN"}, "happened"),
    ("Discuss Trade", {"USA", "BRA"}, {"CONSULT"}, {"USA", "BRA"}, "happened"),
]
LEAST_FOUND = 11


@pytest.fixture(scope="module")
def articles(shared: Path) -> list[Article]:
    body = (shared / "seed_page" / "page.txt").read_bytes()
    fetched = datetime(2025, 12, 7, 12, tzinfo=UTC)
    digest = hashlib.sha256(body).hexdigest()
    return read(Page(url="file:///page.txt", fetched=fetched, published=date(2025, 12, 7), sha256=digest, body=body))


@pytest.fixture(scope="module")
def events(articles: list[Article]) -> list[Event]:
    dated = [article.model_copy(update={"published": date(2025, 12, 7)}) for article in articles]
    return [event for article in dated for event in code(article)]


def test_the_article_comes_out_whole_and_alone_with_seventeen_headlines(articles: list[Article]) -> None:
    forms = [article.form for article in articles]
    assert forms == ["article"] + ["headline"] * 17
    text = articles[0].text
    assert text.startswith("Taiwan’s Ministry of National Defense announced plans")
    assert text.endswith("determined solely by its people.")
    assert "Autopen" not in text
    assert articles[1].title.endswith("Signed with Autopen")
    assert articles[-1].title.endswith("Trigger Security Alert")


def test_the_events_are_those_a_careful_reader_lists(articles: list[Article], events: list[Event]) -> None:
    titles = {article.id: article.title for article in articles}
    missed = [wanted for wanted in EXPECTED if not any(_is(event, titles[event.article], wanted) for event in events)]
    assert len(EXPECTED) - len(missed) >= LEAST_FOUND, missed


def test_every_quote_stands_where_it_says(articles: list[Article], events: list[Event]) -> None:
    by_id = {article.id: article for article in articles}
    for event in events:
        article, quote = by_id[event.article], event.quote
        text = article.title if event.headline else article.text
        assert text[quote.start : quote.end] == quote.text


def test_a_low_turnout_and_a_launched_portal_are_no_acts_between_states(events: list[Event]) -> None:
    for event in events:
        assert not (event.headline and "Low Turnout" in event.quote.text)


def _is(event: Event, title: str, wanted: tuple[str, set[str], set[str], set[str], str]) -> bool:
    words, sources, types, targets, status = wanted
    found = {actor.country or actor.name for actor in event.source}, {actor.country for actor in event.target}
    near = words in title if event.headline else words[:1].islower()
    return near and found[0] == sources and event.type in types and found[1] >= targets and event.status == status
