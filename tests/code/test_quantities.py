"""Counts, casualties and money."""

from __future__ import annotations

import pytest

from tocsin.code.quantities import number, quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("detected 45 Chinese military aircraft and seven warships", [("aircraft", 45), ("vessels", 7)]),
        ("59 Chinese aircraft, 9 ships around the island", [("aircraft", 59), ("vessels", 9)]),
        ("fired a dozen short-range ballistic missiles", [("missiles", 12)]),
        ("two dozen missiles", [("missiles", 24)]),
        ("some 40 fighter jets took off", [("aircraft", 40)]),
        ("three MiG-31s crossed", [("aircraft", 3)]),
        ("expelled ten diplomats", [("diplomats", 10)]),
        ("a hundred soldiers and half a million refugees", [("troops", 100), ("refugees", 5e5)]),
        ("1.2 million people", [("people", 1.2e6)]),
        ("deported 11,000 Haitians", [("people", 11000)]),
    ],
)
def test_what_is_counted(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(q.what, q.value) for q in quantities(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("killing at least 27 people and injuring 50", [("killed", 27), ("injured", 50)]),
        ("killed 12 and wounded 34", [("killed", 12), ("injured", 34)]),
        ("Five killed, 12 wounded in a strike", [("killed", 5), ("injured", 12)]),
        ("3 died and 27 were hurt", [("killed", 3), ("injured", 27)]),
        ("at least eight Palestinians were shot dead", [("killed", 8)]),
        ("a raid leaves 120 dead", [("killed", 120)]),
        ("troops gun down 90", [("killed", 90)]),
        ("killed three SDF fighters near the town", [("killed", 3)]),
        ("arrested 1,200 protesters", [("arrested", 1200)]),
        ("arresting more than 60", [("arrested", 60)]),
        ("detained 40 suspected Islamic State militants", [("arrested", 40)]),
        ("abducted a hundred schoolgirls", [("abducted", 100)]),
        ("the two Koreas' militaries held talks", []),
    ],
)
def test_what_befell_people(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(q.what, q.value) for q in quantities(text)] == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a $1.5 billion package", 1.5e9),
        ("UK pledges $1.2bn in aid", 1.2e9),
        ("a $350-billion deal", 3.5e11),
        ("$4 a barrel", 4),
        ("tariffs on C$30 billion of goods", 3e10),
        ("€300 million for Yemen", 3e8),
        ("£2.5bn in assets", 2.5e9),
        ("¥50 billion", 5e10),
        ("Rs 500 crore", 5e9),
        ("EUR 90m", 9e7),
        ("50 million euros for Chad", 5e7),
        ("1.5 million Norwegian kroner", 1.5e6),
        ("half a billion dollars", 5e8),
        ("two billion yuan in loans", 2e9),
    ],
)
def test_money(text: str, value: float) -> None:
    assert [(q.what, q.value) for q in quantities(text)] == [("money", value)]


@pytest.mark.parametrize(
    "text",
    [
        "rose 3.5 percent in 2023",
        "killed 5 percent of the herd",
        "thousands of people marched",
        "dozens were wounded and tens of thousands fled",
        "Resolution 1701 was adopted",
        "the 50 United States",
        "on 12 May 2025",
    ],
)
def test_what_states_no_quantity(text: str) -> None:
    assert quantities(text) == []


def test_offsets_are_those_of_the_text() -> None:
    text = "😀 They sent 9 ships near the island."
    (only,) = quantities(text)
    assert text[only.start : only.end] == "9 ships"


def test_only_what_stands_between_the_offsets_counts() -> None:
    text = "killed 12. wounded 34."
    assert [q.value for q in quantities(text, 10)] == [34]


def test_spelled_numbers() -> None:
    assert number("twenty-two") == 22
    assert number("three", "hundred") == 300
    assert number("2", "lakh crore") == 2e12
