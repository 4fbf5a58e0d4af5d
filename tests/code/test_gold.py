"""The gold format and its split."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code.gold import GoldActor, GoldError, parse_gold

TEXT = """
@ headline 2023-04-10 en #tense
China Ends Drills Around Taiwan
RETREAT happened | CHN.MIL > TWN | place Taiwan/TWN | 9 aircraft

@ passage - en
Two lines that
belong together.
none

@ sentence 2024-01-02 en
NATO condemned it, Oslo said.
ACCUSE happened | :NATO.IGO > - | by NOR.GOV | date 2024-01-01 | mode disapprove
"""


def test_items_events_and_tags_are_read() -> None:
    first, second, third = parse_gold(TEXT)
    assert (first.kind, first.on, first.tags) == ("headline", date(2023, 4, 10), frozenset({"tense"}))
    assert first.events[0].source == (GoldActor("CHN", "MIL"),)
    assert first.events[0].target == (GoldActor("TWN", None),)
    assert first.events[0].quantities == ((9.0, "aircraft"),)
    assert second.text == "Two lines that belong together."
    assert second.events == ()
    assert third.events[0].source == (GoldActor(None, "IGO", "NATO"),)
    assert third.events[0].reported_by == GoldActor("NOR", "GOV")
    assert third.events[0].date == date(2024, 1, 1)


def test_the_part_depends_on_the_text_alone() -> None:
    first, _, _ = parse_gold(TEXT)
    (again,) = parse_gold("@ sentence 2001-01-01 en\nChina Ends Drills Around Taiwan\n")
    assert first.part == again.part
    assert first.part in ("train", "dev", "test")


@pytest.mark.parametrize(
    "block",
    [
        "no head\nText.",
        "@ poem 2020-01-01 en\nText.",
        "@ sentence 2020-13-01 en\nText.",
        "@ sentence 2020-01-01 en",
        "@ sentence 2020-01-01 en\nText.\nACCUSE often | USA > CHN",
        "@ sentence 2020-01-01 en\nText.\nACCUSE happened | america.GOV > CHN",
    ],
)
def test_a_bad_block_is_named(block: str) -> None:
    with pytest.raises(GoldError, match="mine:1"):
        list(parse_gold(block, "mine"))
