"""Names that the gazetteer lacks, bodies that many countries have, and whom only a reader at home knows."""

from datetime import date

import pytest

from tocsin.code import scoring
from tocsin.code.coding import code_text

ON = date(2024, 5, 1)


def sides(text: str, *, headline: bool = False) -> set[tuple[str, str, str]]:
    """The triples of a text."""
    events = code_text(text, on=ON, headline=headline, language="en").events
    return {(event.type, *pair) for event in events for pair in scoring.dyads(event)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Latvian finance minister Ilmars Zvirgzds accused Russia on Monday.", ("ACCUSE", "LVA", "RUS")),
        ("Peruvian lawmaker Rosa Quintanilla met Chilean officials in Santiago.", ("CONSULT", "PER", "CHL")),
        ("Ghanaian police chief Kofi Badu criticised Togo on Friday.", ("ACCUSE", "GHA", "TGO")),
    ],
)
def test_whose_a_name_is_its_title_tells(text: str, told: tuple[str, str, str]) -> None:
    assert told in sides(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vanuatu's trade minister Joel Tamate landed in Canberra on Monday. Tamate accused China of dumping.",
        "Croatian lawmaker Ivo Barišić spoke in parliament. Barišić accused China of dumping.",
    ],
)
def test_a_surname_is_whose_it_was_told_to_be(text: str) -> None:
    source = next(s for kind, s, t in sides(text) if kind == "ACCUSE" and t == "CHN")
    assert source in {"VUT", "HRV"}


@pytest.mark.parametrize("text", ["Tamate accused China of dumping steel.", "Zvirgzds criticised Germany on Monday."])
def test_who_is_spoken_of_does_not_speak_for_a_stranger(text: str) -> None:
    assert all(source != target for _, source, target in sides(text))


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Malta's Labour Party criticised Italy over migrants.", "MLT"),
        ("Australia's ruling Labour Party criticised France over a contract.", "AUS"),
        ("The Irish Labour Party criticised Israel.", "IRL"),
        ("The Labour Party criticised Israel.", "GBR"),
    ],
)
def test_a_party_is_of_the_country_named_before_it(text: str, country: str) -> None:
    assert {source for kind, source, _ in sides(text) if kind == "ACCUSE"} == {country}


@pytest.mark.parametrize(
    "text", ["Minister slams Japan over whaling", "Lawmakers accuse Turkey of spying", "Premier to visit Fiji"]
)
def test_whom_a_headline_leaves_without_a_country_is_not_of_the_one_addressed(text: str) -> None:
    assert all(source.startswith(":") for _, source, _ in sides(text, headline=True))


@pytest.mark.parametrize(
    "text",
    [
        "Sánchez met Costa in Lisbon on Friday. The two agreed to build a power line.",
        "The Kenyan president met his Ugandan counterpart. Both agreed to reopen the crossing.",
    ],
)
def test_the_two_are_those_told_of_together(text: str) -> None:
    assert {s for kind, s, _ in sides(text) if kind == "AGREE"} in ({"ESP", "PRT"}, {"KEN", "UGA"})
