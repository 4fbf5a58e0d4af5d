"""The door of the coder: the contract of `tocsin code`."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tocsin.code import cameo, code, code_text, explain, unread, why
from tocsin.code.gold import TYPES
from tocsin.records import Article, Event

ON = date(2024, 9, 5)
BODY = (
    "Poland summoned the Russian ambassador on Tuesday after a missile crossed its airspace near Zamosc. "
    "The ministry said it would close a consulate. Moscow rejected the claim. "
    "Meanwhile 2,000 farmers rallied in Warsaw against the government."
)


def shape(event: Event) -> tuple[str, str, str]:
    return (
        event.type,
        ",".join(a.country or a.name for a in event.source),
        ",".join(a.country or a.name for a in event.target),
    )


def test_a_body_gives_its_events_with_quotes_days_and_counts() -> None:
    events = code_text(BODY, on=ON).events
    assert ("ACCUSE", "POL", "RUS") in {shape(e) for e in events}
    for event in events:
        assert event.type in TYPES
        assert BODY[event.quote.start : event.quote.end] == event.quote.text
        assert 0 <= event.confidence <= 1
        assert event.rule
        assert event.coder.startswith("tocsin-en/")
        assert -10 <= cameo(event).goldstein <= 10
    summons = next(e for e in events if e.type == "ACCUSE")
    assert summons.date == date(2024, 9, 3)


def test_an_article_codes_title_and_text_and_names_itself() -> None:
    article = Article(page="page-1", title="Poland Summons Russian Envoy", text=BODY, published=ON, language="en")
    events = code(article)
    assert {e.headline for e in events} == {True, False}
    assert {e.article for e in events} == {article.id}
    assert code(article) == events


def test_a_bulletin_is_not_the_coders() -> None:
    assert code(Article(page="page-1", form="bulletin", text=BODY)) == []


@pytest.mark.parametrize("language", ["fr", "ru", "xx"])
def test_a_language_without_coder_gives_a_note(language: str) -> None:
    coding = code_text("La France condamne l'Iran.", on=ON, language=language)
    assert coding.events == ()
    assert coding.note is not None
    assert language in coding.note


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀", "A quiet day in the village.", "\u202e\u200f", "<p></p>"])
def test_text_without_events_gives_none(text: str) -> None:
    assert code_text(text, on=None).events == ()


@pytest.mark.parametrize(
    "text",
    [
        "Arsenal beat Chelsea 2-0 at Wembley to win the cup",
        "Brazil crush Spain to reach World Cup final",
        "Storm kills 12 in southern India",
        "Apple launches new phone in China as price war grows",
        "Star Wars sequel breaks box office record in Japan",
    ],
)
def test_sport_film_weather_and_business_are_no_events(text: str) -> None:
    assert code_text(text, on=ON, headline=True).events == ()


def test_an_explanation_names_words_frame_rule_and_model() -> None:
    found = explain("France condemned Iran over the arrests.", on=ON)
    (reason,) = [r for s in found.sentences for r in s.reasons if r.type == "ACCUSE"]
    assert reason.given
    assert "condemn" in reason.rule_text
    assert "FRA" in reason.frame
    assert reason.weights
    assert found.sentences[0].opinion is not None
    assert found.sentences[0].opinion.types[0][0] == "ACCUSE"
    text = found.render()
    assert "ACCUSE happened: " in text
    assert "rule accuse:" in text
    assert "encoder: tells an event" in text


def test_an_explanation_gives_what_the_coder_gives() -> None:
    text = BODY + " Kenyan police killed at least 16 protesters in Nairobi. Rwanda denied sending troops to Congo."
    told = [(e.type, e.rule, e.status) for e in code_text(text, on=ON).events]
    reasons = [r for s in explain(text, on=ON).sentences for r in s.reasons]
    assert sorted((r.type, r.rule, r.status) for r in reasons if r.given) == sorted(told)
    for reason in reasons:
        assert reason.verdict in ("given", "left", "taken away", "brought back", "added")
        assert text[reason.start : reason.end] == reason.trigger


def test_a_stored_event_is_explained_from_its_text() -> None:
    for event in code_text(BODY, on=ON).events:
        steps = why(event, BODY, on=ON)
        assert steps[0].startswith("word '")
        assert any(step.startswith("encoder:") for step in steps)
    assert why(event.model_copy(update={"rule": "accuse:9999"}), BODY, on=ON) == ()


def test_other_languages_have_no_explanation() -> None:
    assert explain("Россия нанесла удар по Киеву", on=ON).sentences == ()


@pytest.mark.parametrize(
    ("text", "language", "form", "why"),
    [
        (
            "La marina cerró el puerto de Ronda Norte el lunes.",
            None,
            "article",
            "no coder for language 'es'",
        ),
        ("The navy closed the harbour of Ronda Norte.", "es", "article", "no coder for language 'es'"),
        ("Флот закрыл гавань в понедельник.", "en", "article", "given as English, but not written in Latin letters"),
        ("The navy closed the harbour of Ronda Norte.", "en", "article", None),
        ("The navy closed the harbour of Ronda Norte.", "es", "bulletin", None),
        ("", "es", "article", None),
    ],
)
def test_the_coder_says_which_articles_it_does_not_read(text: str, language: str | None, form: Any, why: str) -> None:
    assert unread(Article(page="page-0", form=form, text=text, language=language)) == why
