"""The encoder: what it hears does not depend on what stands beside it, and it points at the word."""

from __future__ import annotations

import pytest

from tocsin.code.encoder import TYPES, Impression, impression

TEXT = "France condemned the shelling. The striker scored twice in Lyon. Peru signed a trade pact with Chile."
SENTENCES = [(0, 30), (31, 64), (65, 101)]


def heard() -> list[Impression]:
    return [impression(TEXT, start, end) for start, end in SENTENCES]


def test_a_sentence_is_heard_alike_wherever_it_stands() -> None:
    for (start, end), there in zip(SENTENCES, heard(), strict=True):
        alone = impression(TEXT[start:end], 0, end - start)
        assert (alone.scores == there.scores).all()
        assert [offset + start for offset in alone.spans[0]] == there.spans[0]


def test_it_tells_sport_from_politics_and_one_type_from_others() -> None:
    accused, sport, agreed = heard()
    assert sport.relevance() < min(accused.relevance(), agreed.relevance())
    assert max(TYPES, key=accused.type) == "ACCUSE"
    assert max(TYPES, key=agreed.type) == "AGREE"


def test_it_points_at_the_word_that_tells() -> None:
    accused, _, _ = heard()
    verb, name = TEXT.index("condemned"), TEXT.index("France")
    assert accused.at(verb, verb + len("condemned"), "ACCUSE") > accused.at(name, name + len("France"), "ACCUSE")


@pytest.mark.parametrize("text", ["", " ", "\u200f", "🛰", "x" * 5000])
def test_anything_can_be_heard(text: str) -> None:
    told = impression(text, 0, len(text))
    assert told.scores.shape == (len(told.spans[0]), 1 + len(TYPES))
    assert told.relevance() == pytest.approx(told.relevance())
