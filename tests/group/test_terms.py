"""Terms: what two reports of one event have in common, in whatever script."""

from __future__ import annotations

import pytest

from tocsin.group.concepts import concepts
from tocsin.group.numbers import dates, figures
from tocsin.group.sketch import sketch
from tocsin.group.terms import terms
from tocsin.records import Article


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ministers’ talks were held", ["minister", "talk", "held"]),
        ("ＦＵＬＬ width", ["full", "width"]),
        ("台海周邊", ["台海", "海周", "周邊"]),
        ("Los ministros de la región", ["ministro", "región"]),
        ("troops; 1,200 men", ["troop", "1,200", "men"]),
        ("", []),
    ],
)  # fmt: skip
def test_terms(text: str, expected: list[str]) -> None:
    found = terms(text)
    assert [term for term in found if term in expected] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on april 8", ["04-08"]),
        ("8 april", ["04-08"]),
        ("sept. 7th", ["09-07"]),
        ("4月8日", ["04-08"]),
        ("2023-04-08", ["04-08"]),
        ("may 45", []),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    assert dates(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30,000 people", ["30000"]),
        ("3万人", ["30000"]),
        ("十一架", ["11"]),
        ("eleven aircraft", ["11"]),
        ("6.8级地震", ["6.8"]),
        ("in 2023", []),
        ("on april 8", []),
        ("4月8日", []),
        ("二十三艘", ["23"]),
    ],
)
def test_figures(text: str, expected: list[str]) -> None:
    assert figures(text) == expected


def test_both_languages_name_the_same_concepts() -> None:
    english = concepts("Taiwan's defence ministry detected 11 aircraft and eight warships on April 8")
    chinese = concepts("台灣國防部4月8日偵獲11架共機和8艘共艦")
    shared = english.keys() & chinese.keys()
    assert {"country:TWN", "aircraft", "warship", "number:11", "number:8", "date:04-08", "defence minister"} <= shared


def test_a_name_in_capitals_is_not_a_word() -> None:
    assert "country:USA" in concepts("US officials")
    assert "country:USA" not in concepts("he told us who was there")


def test_a_name_counts_more_than_a_word() -> None:
    seen = sketch(Article(page="p", title="", text="The old minister met Karimov. Then Karimov left the minister."))
    from tocsin.group.sketch import key

    assert seen.terms[key("karimov")] > seen.terms[key("minister")]


def test_a_day_that_the_text_names_is_looked_for_in_the_past() -> None:
    seen = sketch(Article(page="p", title="", text="The attack of 14 July killed 85.", published="2016-08-05T00:00:00"))  # type: ignore[arg-type]
    assert seen.day is not None
    assert seen.mentioned == (seen.day - 21.5,)
