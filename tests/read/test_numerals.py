"""Numbers as bulletins write them."""
# ruff: noqa: E501 - the texts are as their publishers lay them out

from __future__ import annotations

import re

import pytest

from tocsin.read.numerals import KINDS, value


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("0", 0), ("1,234", 1234), ("1 456 610", 1456610), ("１２", 12),
        ("十", 10), ("十二", 12), ("二十", 20), ("二十五", 25), ("一百零三", 103), ("一百一十", 110), ("兩", 2),
        ("一二〇", 120), ("三千五百", 3500), ("一萬二千", 12000), ("零", 0),
        ("nine", 9), ("Twenty Four", 24), ("thirty-four", 34), ("one hundred and three", 103), ("two thousand five", 2005),
    ],
)  # fmt: skip
def test_a_numeral_has_its_value(numeral: str, number: int) -> None:
    assert value(numeral) == number


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("digits", "of 1,204 sorties", "1,204"),
        ("spaced", "about 1 456 610 (+1 190)", "1 456 610"),
        ("spaced", "24.02.22", "24"),
        ("chinese", "計二十五架次", "二十五"),
        ("english", "Thirty-four J-16", "Thirty-four"),
        ("english", "oneness", None),
    ],
)
def test_a_numeral_is_found_whole(kind: str, text: str, found: str | None) -> None:
    match = re.search(KINDS[kind], text, re.IGNORECASE)
    assert (match.group() if match else None) == found
