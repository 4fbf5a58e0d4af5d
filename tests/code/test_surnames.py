"""Bare surnames: whose they are on a day, after a title, and beside whom."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("text", "on", "surname", "country"),
    [
        ("Lai calls on Beijing to talk", "2025-03-01", "Lai", "TWN"),
        ("China scolds Lai over speech", "2024-03-02", "Lai", "TWN"),
        ("Lee orders crackdown on anti-China rallies", "2025-09-01", "Lee", "KOR"),
        ("New President Lee vows calm", "2025-06-10", "Lee", "KOR"),
        ("Kim joins Xi and Putin at parade", "2025-09-03", "Kim", "PRK"),
        ("Marcos tells China to leave the shoal", "2024-01-10", "Marcos", "PHL"),
    ],
)
def test_a_surname_is_that_of_who_leads_a_country_that_day(text: str, on: str, surname: str, country: str) -> None:
    found = Gazetteer.load().find(text, date.fromisoformat(on))
    assert [m.country for m in found if m.text == surname] == [country]


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("Lee hits century as rain spares the match", "2025-06-10"),
        ("Lai calls on Beijing to talk", "2010-03-01"),
        ("Mr Kim opened a bakery in Toronto, Canada", "2025-09-03"),
    ],
)
def test_a_surname_alone_is_nobody_without_a_country_an_office_or_the_day(text: str, on: str) -> None:
    assert not [m for m in Gazetteer.load().find(text, date.fromisoformat(on)) if m.kind == "person"]
