"""The word model behind the gate: what it sees, what it spares the parser; a text's first sentences are safe."""

from __future__ import annotations

import pytest

from tocsin.code import code_text
from tocsin.code.coder import LEAD, named, units
from tocsin.code.promise import features, promise

COLOUR = "The minister, a keen gardener who grew up in Lyon, recalls the smell of bread and a blow to his pride."
DEED = "French police arrested six smugglers in Lyon."


def promises(text: str) -> bool:
    return promise().holds(text, 0, len(text), named(text, None)[0])


def test_a_name_is_seen_as_its_kind() -> None:
    text = "Peru's army attacked"
    assert features(text, 0, len(text), named(text, None)[0]) >= {"@country", "army attacked"}
    assert not any("peru" in name for name in features(text, 0, len(text), named(text, None)[0]))


@pytest.mark.parametrize(
    "text", [DEED, "Ghana and Togo signed a fishing accord.", "Rebels shelled the town, the army said."]
)
def test_a_deed_is_promised(text: str) -> None:
    assert promises(text)


@pytest.mark.parametrize(
    "text", [COLOUR, "The team's midfielder, who scored twice against Ghana last season, has a knee injury and a cold."]
)
def test_colour_is_not(text: str) -> None:
    assert not promises(text)


def test_the_first_sentences_are_parsed_whatever_they_promise() -> None:
    text = " ".join([COLOUR] * (LEAD + 3))
    assert len(units(text, *named(text, None), False)) == LEAD


def test_a_deed_after_much_colour_is_coded() -> None:
    found = code_text(" ".join([*[COLOUR] * (LEAD + 3), DEED]), on=None).events
    assert [event.type for event in found] == ["COERCE"]
