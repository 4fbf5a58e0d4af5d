"""The encoder: what it hears does not depend on what stands beside it, and it points at the word."""

from __future__ import annotations

import pytest

from tocsin.code.encoder import TYPES, impressions

TEXT = "France condemned the shelling. The striker scored twice in Lyon. Peru signed a trade pact with Chile."
SENTENCES = [(0, 30), (31, 64), (65, 101)]


def test_a_sentence_is_heard_alike_alone_and_among_others() -> None:
    together = impressions(TEXT, SENTENCES)
    for sentence, heard in zip(SENTENCES, together, strict=True):
        (alone,) = impressions(TEXT, [sentence])
        assert (alone.scores == heard.scores).all()
        assert (alone.spans == heard.spans).all()


def test_it_tells_sport_from_politics_and_one_type_from_others() -> None:
    accused, sport, agreed = impressions(TEXT, SENTENCES)
    assert sport.relevance() < min(accused.relevance(), agreed.relevance())
    assert max(TYPES, key=accused.type) == "ACCUSE"
    assert max(TYPES, key=agreed.type) == "AGREE"


def test_it_points_at_the_word_that_tells() -> None:
    accused, _, _ = impressions(TEXT, SENTENCES)
    verb, name = TEXT.index("condemned"), TEXT.index("France")
    assert accused.at(verb, verb + len("condemned"), "ACCUSE") > accused.at(name, name + len("France"), "ACCUSE")


@pytest.mark.parametrize("text", ["", " ", "\u200f", "🛰", "x" * 5000])
def test_anything_can_be_heard(text: str) -> None:
    (heard,) = impressions(text, [(0, len(text))])
    assert heard.scores.shape == (len(heard.spans), 1 + len(TYPES))
    assert heard.relevance() == pytest.approx(heard.relevance())
