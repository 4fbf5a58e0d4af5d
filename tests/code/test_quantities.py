"""Counts, casualties and money."""

from __future__ import annotations

import pytest

from tocsin.code.quantities import number, quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("detected 45 Chinese military aircraft and seven warships", [("aircraft", 45), ("vessels", 7)]),
        ("killing at least 27 people and injuring 50", [("killed", 27), ("injured", 50)]),
        ("killed 12 and wounded 34", [("killed", 12), ("injured", 34)]),
        ("arrested 1,200 protesters", [("arrested", 1200)]),
        ("a $1.5 billion package", [("money", 1.5e9)]),
        ("50 million euros for Chad", [("money", 5e7)]),
        ("two dozen missiles", [("missiles", 24)]),
        ("expelled ten diplomats", [("diplomats", 10)]),
        ("rose 3.5 percent in 2023", []),
        ("thousands of people marched", []),
    ],
)
def test_quantities(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(q.what, q.value) for q in quantities(text)] == expected


def test_offsets_are_those_of_the_text() -> None:
    text = "They sent 9 ships near the island."
    (only,) = quantities(text)
    assert text[only.start : only.end] == "9 ships"


def test_spelled_numbers() -> None:
    assert number("twenty-two") == 22
    assert number("three", "hundred") == 300
