"""Noun phrases to actors: whose they are, which part of a state, and when nobody is meant."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code.actors import actor, sector_of
from tocsin.code.gazetteer import Gazetteer

GAZETTEER = Gazetteer.load()
DAY = date(2025, 12, 1)


@pytest.mark.parametrize(
    ("words", "sector"),
    [
        ("fighter pilots", "MIL"), ("defence minister", "MIL"), ("Ministry of National Defense", "MIL"),
        ("opposition", "OPP"), ("leader of the opposition", "OPP"), ("protesters", "CVL"), ("fishermen", "CVL"),
        ("coast guard", "COP"), ("riot police", "COP"), ("border guards", "COP"), ("foreign minister", "GOV"),
        ("spokesman", "GOV"), ("defense ministry spokesman", "MIL"), ("head of the army", "MIL"),
        ("military court", "JUD"), ("chief prosecutor", "JUD"), ("lawmakers", "LEG"), ("members of parliament", "LEG"),
        ("intelligence agency", "SPY"), ("ruling party", "PTY"), ("rebels", "REB"), ("separatist fighters", "REB"),
        ("unidentified gunmen", "UAF"), ("aid workers", "NGO"), ("human rights group", "NGO"), ("journalists", "MED"),
        ("oil company", "BUS"), ("teachers", "LAB"), ("students", "CVL"), ("university", "EDU"), ("bishops", "REL"),
        ("asylum seekers", "REF"), ("drug cartel", "CRM"), ("human rights activists", "ACT"),
        ("police in riot gear", "COP"), ("soldiers at the parliament", "MIL"), ("union leaders", "LAB"),
        ("manifestantes", "CVL"), ("ministro de defensa", "MIL"), ("guerrilleros", "REB"),
        ("storm", None), ("economy", None), ("", None),
    ],
)  # fmt: skip
def test_titles_and_common_nouns_tell_the_sector(words: str, sector: str | None) -> None:
    assert sector_of(words.split()) == sector


@pytest.mark.parametrize(
    ("phrase", "country", "sector"),
    [
        ("Taiwan's Ministry of National Defense", "TWN", "MIL"),
        ("Iranian Foreign Minister Abbas Araghchi", "IRN", "GOV"),
        ("the Chinese embassy in Washington", "CHN", "GOV"),
        ("China's coast guard", "CHN", "COP"),
        ("Japan", "JPN", "GOV"),
        ("Beijing", "CHN", "GOV"),
        ("the Kremlin", "RUS", "GOV"),
        ("U.S.-backed Syrian rebels", "SYR", "REB"),
        ("Iran-backed militants", None, "REB"),
        ("protesters in Tehran", "IRN", "CVL"),
        ("the President of the United States", "USA", "GOV"),
        ("Russia's invasion of Ukraine", "RUS", "GOV"),
        ("the Chinese blockade of Taiwan", "CHN", None),
        ("U.S. ally Israel", "ISR", "GOV"),
        ("Hamas", "PSE", "REB"),
        ("Lebanon's Hezbollah", "LBN", "REB"),
        ("M23 fighters", "COD", "REB"),
        ("the Taliban", "AFG", "GOV"),
        ("the European Union", None, "IGO"),
        ("NATO Secretary General Mark Rutte", None, "IGO"),
        ("NATO forces", None, "IGO"),
        ("a Chinese fisherman", "CHN", "CVL"),
        ("Palestinians", "PSE", "CVL"),
        ("the Americans", "USA", None),
        ("Donald Trump", "USA", "GOV"),
        ("former President Barack Obama", "USA", None),
        ("Barack Obama", "USA", None),
        ("Trump supporters", "USA", "CVL"),
        ("opposition leader Salvador Nasralla", "HND", "OPP"),
        ("Ukraine's parliament", "UKR", "LEG"),
        ("the Honduran opposition", "HND", "OPP"),
        ("the mayor of Istanbul", "TUR", "GOV"),
        ("gunmen in northern Nigeria", "NGA", "UAF"),
        ("unidentified gunmen", None, "UAF"),
        ("northern Mexico", "MEX", None),
        ("el ejército colombiano", "COL", "MIL"),
    ],
)
def test_a_noun_phrase_names_an_actor(phrase: str, country: str | None, sector: str | None) -> None:
    text = f"El gobierno de la isla y los suyos: {phrase}" if phrase.startswith("el ") else f"It was {phrase}"
    start = text.index(phrase)
    found = actor(phrase, start, GAZETTEER.find(text, DAY), DAY)
    assert found is not None
    assert (found.country, found.sector) == (country, sector)
    assert text[found.start : found.end] == phrase


@pytest.mark.parametrize("phrase", ["the storm", "a new law", "stock markets", "it", "two sides", "Monday"])
def test_what_is_nobody_gives_no_actor(phrase: str) -> None:
    assert actor(phrase, 0, GAZETTEER.find(phrase, DAY), DAY) is None


def test_a_private_person_keeps_the_words_as_name() -> None:
    found = actor("a Chinese fisherman", 0, GAZETTEER.find("a Chinese fisherman"), None)
    assert found is not None
    assert found.name == "Chinese fisherman"


def test_the_same_words_name_another_office_on_another_day() -> None:
    phrase = "Boris Johnson"
    in_office, later = (actor(phrase, 0, GAZETTEER.find(phrase, d), d) for d in (date(2020, 1, 1), DAY))
    assert in_office is not None
    assert later is not None
    assert (in_office.sector, later.sector) == ("GOV", None)


def test_only_the_mentions_inside_the_phrase_count() -> None:
    text = "Russia said Ukrainian soldiers fired"
    found = actor("Ukrainian soldiers", 12, GAZETTEER.find(text), None)
    assert found is not None
    assert (found.country, found.sector) == ("UKR", "MIL")
