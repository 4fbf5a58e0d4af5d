"""Whose somebody or something is: embassies, borders, peers, crews, countries that are only described."""

from datetime import date

import pytest

from tocsin.code import scoring
from tocsin.code.coding import code_text

ON = date(2024, 5, 1)


def sides(text: str, kind: str) -> set[tuple[str, str]]:
    """The dyads of a text's events of a type."""
    events = code_text(text, on=ON, headline=False, language="en").events
    return {pair for event in events if event.type == kind for pair in scoring.dyads(event)}


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Students protested outside the Japanese embassy in Seoul on Tuesday.", ("KOR", "JPN")),
        ("Hundreds demonstrated in front of the British consulate in Istanbul.", ("TUR", "GBR")),
    ],
)
def test_an_embassy_is_where_it_stands(text: str, pair: tuple[str, str]) -> None:
    assert pair in sides(text, "PROTEST")


def test_what_is_near_a_border_is_not_whose_the_border_is() -> None:
    told = sides("Greek police arrested two smugglers near the Turkish border on Monday.", "COERCE")
    assert all("TUR" not in pair for pair in told)
    assert ("RUS", "UKR") in sides("Russia is massing troops near the Ukrainian border.", "MOBILIZE")


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Mongolia relies on coal. The landlocked country accused China of dumping.", ("MNG", "CHN")),
        ("The Pacific nation accused Australia of neglect.", (":GOV", "AUS")),
    ],
)
def test_a_described_country_is_the_one_spoken_of_or_unknown(text: str, pair: tuple[str, str]) -> None:
    assert sides(text, "ACCUSE") == {pair}


def test_a_counterpart_is_not_of_the_country_of_whose_he_is() -> None:
    told = sides("Peru's president landed in Bogotá on Sunday. His Colombian counterpart thanked him.", "SUPPORT")
    assert told == {("COL", "PER")}


def test_who_is_foreign_is_not_at_home() -> None:
    assert ("SDN", "SDN") not in sides("Sudan arrested four foreign nationals on Thursday.", "COERCE")
    assert all(t.startswith(":") for _, t in sides("Kuwait arrested dozens of foreign workers.", "COERCE"))


def test_a_crew_sails_under_the_flag_of_the_ship_that_was_stopped() -> None:
    told = sides("Malaysia's navy seized a Filipino trawler on Monday. Its crew was detained.", "COERCE")
    assert told == {("MYS", "PHL")}


def test_nobody_does_to_himself_what_he_does_to_it() -> None:
    told = sides("Togo is at odds with Benin. It accused it of closing the road.", "ACCUSE")
    assert all(s != t for s, t in told)


def test_a_body_that_an_envoy_is_sent_to_is_not_addressed() -> None:
    told = sides("Syria's ambassador to the United Nations accused Israel of bombing the airport.", "ACCUSE")
    assert told == {("SYR", "ISR")}


def test_whom_somebody_fights_with_does_not_begin() -> None:
    told = sides("Tuareg fighters clashed with Nigerien soldiers on Sunday.", "ASSAULT")
    assert told
    assert all(t == "NER" and s != "NER" for s, t in told)


@pytest.mark.parametrize(
    "text",
    [
        "Swedish opposition lawmakers criticised the government's deal with Turkey.",
        "Kenyan unions condemned the government's loan from China.",
    ],
)
def test_the_government_is_that_of_its_own_people_who_speak_of_it(text: str) -> None:
    assert all(s == t for s, t in sides(text, "ACCUSE"))
