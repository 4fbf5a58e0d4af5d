"""Sentence bounds without a model."""

from __future__ import annotations

import pytest

from tocsin.code.sentences import LONGEST, sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It rained. They left.", ["It rained.", "They left."]),
        ("Gen. Mark Lee met Dr. Chan in the U.S. capital.", ["Gen. Mark Lee met Dr. Chan in the U.S. capital."]),
        ("He flew to the U.S. The visit was short.", ["He flew to the U.S.", "The visit was short."]),
        ("“We will not go.” She left!", ["“We will not go.”", "She left!"]),
        ("One line\nanother line", ["One line", "another line"]),
        ("The rate rose 3.5 percent.", ["The rate rose 3.5 percent."]),
        ("北京表示抗议。台北回应。", ["北京表示抗议。", "台北回应。"]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_a_sentence_without_end_is_read_up_to_a_limit() -> None:
    (only,) = split("word " * 10_000)
    assert len(only) <= LONGEST
