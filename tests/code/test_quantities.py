"""Counts, casualties and money."""

from __future__ import annotations

import pytest

from tocsin.code import code_text
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
        ("a hundred thousand women in black", [("people", 100_000)]),
        ("nearly 1,300 Cambodian and Chinese soldiers drilled", [("troops", 1300)]),
        ("40 Dutch, Belgian and German frigates", [("vessels", 40)]),
        ("170,000 protest in Madrid against the amnesty", [("protesters", 170_000)]),
        ("two hundred thousand took to the streets", [("protesters", 200_000)]),
        ("seized nineteen rifles", [("guns", 19)]),
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
        ("police nab 200 after a riot", [("arrested", 200)]),
        ("Nine were taken away in a van", [("arrested", 9)]),
        ("a bus riddled by a drone, three die", [("killed", 3)]),
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


def stated(text: str) -> dict[str, list[float]]:
    events = code_text(text, on=None, language="en").events
    return {event.type: [q.value for q in event.quantities] for event in events}


def test_numbers_go_to_the_event_they_belong_to() -> None:
    text = "Turkish police arrested 34 smugglers in Ankara on Friday and France sent 12 helicopters to Greece."
    assert stated(text) == {"COERCE": [34], "AID": [12]}


def test_the_killed_of_the_next_sentence_belong_to_the_attack() -> None:
    text = "Rebels attacked a village in Nigeria on Tuesday night. Eleven people were killed. The roads were bad."
    assert stated(text) == {"ASSAULT": [11]}


def test_numbers_of_a_later_sentence_belong_to_nothing_before() -> None:
    text = "Rebels attacked a village in Nigeria on Tuesday. The roads there are bad. Eleven people died on them."
    assert stated(text) == {"ASSAULT": []}


def test_spelled_numbers() -> None:
    assert number("twenty-two") == 22
    assert number("three", "hundred") == 300
    assert number("2", "lakh crore") == 2e12
