"""Lemmas and ordinary words."""

from __future__ import annotations

import pytest

from tocsin.code.words import american, is_ordinary, lemma


@pytest.mark.parametrize(
    ("word", "pos", "base"),
    [
        ("struck", "verb", "strike"),
        ("vetoes", "verb", "veto"),
        ("criticised", "verb", "criticize"),
        ("summons", "verb", "summon"),
        ("withdrew", "verb", "withdraw"),
        ("manoeuvres", "noun", "maneuver"),
        ("airstrikes", "noun", "airstrike"),
        ("allies", "noun", "ally"),
        ("police", "noun", "police"),
        ("test-fired", "verb", "test-fire"),
    ],
)
def test_lemma(word: str, pos: str, base: str) -> None:
    assert lemma(word, pos) == base


@pytest.mark.parametrize(
    ("british", "spelling"), [("defence", "defense"), ("mobilise", "mobilize"), ("exercise", "exercise")]
)
def test_spelling(british: str, spelling: str) -> None:
    assert american(british) == spelling


@pytest.mark.parametrize(
    ("word", "ordinary"), [("Openness", True), ("Tightens", True), ("After", True), ("Rednote", False)]
)
def test_ordinary_words_are_known(word: str, ordinary: bool) -> None:
    assert is_ordinary(word) is ordinary
