"""Several countries that share one noun, names in a row, and what points back to several."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code import code_text
from tocsin.code.coder import read_claims
from tocsin.code.gazetteer import Mention
from tocsin.code.parsing import Word, _mend


def sides(text: str, type_: str, headline: bool = False) -> tuple[list[str | None], list[str | None]]:
    """The countries of both sides of the first event of a type."""
    event = next(e for e in code_text(text, on=date(2025, 6, 1), headline=headline).events if e.type == type_)
    return [a.country for a in event.source], [a.country for a in event.target]


def named(text: str, noun: str, headline: bool = False) -> list[str | None]:
    """The countries of whoever a noun of the text stands for."""
    (unit,) = read_claims(text, date(2025, 6, 1), headline)
    at = next(i for i, word in enumerate(unit.tree) if word.low == noun)
    return [a.country for a in unit.who.actors(at)]


@pytest.mark.parametrize(
    ("text", "noun", "countries"),
    [
        ("Dutch, Belgian and Danish officials met Iraqi diplomats.", "officials", ["NLD", "BEL", "DNK"]),
        ("Kenyan, Ugandan and Rwandan intelligence accused the group.", "intelligence", ["KEN", "UGA", "RWA"]),
        ("The leaders of Peru, Chile and South Korea met in Lima.", "leaders", ["PER", "CHL", "KOR"]),
        ("Morocco trained officers from Chad, Niger and Mali.", "officers", ["TCD", "NER", "MLI"]),
        ("In Norway, Swedish and Finnish officials met.", "officials", ["SWE", "FIN"]),
        ("Ghana and Togo will patrol together, their ministers said.", "ministers", ["GHA", "TGO"]),
        ("In Iraq, US and Iranian officials met.", "officials", ["USA", "IRN"]),
        ("Soldiers from Kenya in Haiti fired at gangs.", "soldiers", ["KEN"]),
        ("Rebels in Goma, Congo, and Rwanda accused each other.", "rebels", ["COD"]),
        ("Leaders of France, Germany and Poland's opposition met.", "leaders", ["FRA", "DEU", "POL"]),
        ("The Spanish ambassador protested.", "ambassador", ["ESP"]),
    ],
)
def test_a_noun_belongs_to_each_country_of_a_row(text: str, noun: str, countries: list[str]) -> None:
    assert named(text, noun) == countries


@pytest.mark.parametrize(
    ("text", "noun", "countries"),
    [
        ("US, Canadian warships sail through Taiwan Strait", "warships", ["USA", "CAN"]),
        ("Qatar, Omani troops wind up desert drill", "troops", ["QAT", "OMN"]),
        ("US-South Korean forces start drill", "forces", ["USA", "KOR"]),
    ],
)
def test_headlines_join_by_commas_and_dashes(text: str, noun: str, countries: list[str]) -> None:
    assert named(text, noun, headline=True) == countries


def test_names_in_a_row_act_together() -> None:
    assert sides("Chile, Peru, Brazil condemn coup in Niger", "ACCUSE", True)[0] == ["CHL", "PER", "BRA"]
    assert sides("The leaders of the United States, Japan and Australia met at Camp David.", "CONSULT")[0] == [
        "USA", "JPN", "AUS",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "type_", "source"),
    [
        ("After talks in Ankara, Russia and Ukraine agreed to swap prisoners.", "AGREE", ["RUS", "UKR"]),
        ("In the United States, Russia and China signed a pact.", "AGREE", ["RUS", "CHN"]),
        ("Greece, Turkey's rival, condemned the drill.", "ACCUSE", ["GRC"]),
        ("Slovakia, Hungary and Moldova's opposition condemned Russia.", "ACCUSE", ["SVK", "HUN", "MDA"]),
        ("US and Israeli jets bombed Iran.", "ASSAULT", ["USA", "ISR"]),
        ("Iran and its militias threatened Israel.", "THREATEN", ["IRN", "IRN"]),
        ("The United Nations and relief workers urged Sudan to open the crossing.", "REQUEST", [None, None]),
    ],
)
def test_what_looks_like_a_row_and_is_none(text: str, type_: str, source: list[str]) -> None:
    assert sides(text, type_)[0] == source


def test_a_row_ends_where_another_clause_begins() -> None:
    text = "After Russia attacked Ukraine, Poland and Latvia mobilised troops."
    assert sides(text, "ASSAULT") == (["RUS"], ["UKR"])
    assert sides(text, "MOBILIZE")[0] == ["POL", "LVA"]


def test_a_row_never_hangs_on_what_hangs_on_it() -> None:
    names = [Mention(0, 6, one, one, one, None, "country", one) for one in ("FRA", "ESP", "MLT")]
    rows = [
        ("France", "NNP", "ROOT", 0, names[0]),
        (",", ",", "punct", 0, None),
        ("Spain", "NNP", "nsubj", 6, names[1]),
    ]
    rows += [(",", ",", "punct", 0, None), ("Malta", "NNP", "nsubj", 6, names[2]), ("them", "PRP", "dobj", 6, None)]
    rows += [("attacked", "VBD", "relcl", 0, None)]
    tree = [
        Word(text, text.lower(), text, tag, dep, head, i, i + 1, m) for i, (text, tag, dep, head, m) in enumerate(rows)
    ]
    _mend(tree)
    for word in tree:
        at, steps = word.head, 0
        while tree[at].head != at:
            at, steps = tree[at].head, steps + 1
            assert steps < len(tree)


def test_a_place_before_a_row_is_no_part_of_it() -> None:
    source, _ = sides("In Sudan, Egypt and Turkey accused each other of arming the sides.", "ACCUSE")
    assert "SDN" not in source


def test_both_are_the_two_last_spoken_of() -> None:
    text = "Ethiopia moved troops to the border with Eritrea. The African Union urged both countries to step back."
    last = read_claims(text, date(2025, 6, 1), False)[-1]
    at = next(i for i, word in enumerate(last.tree) if word.low == "countries")
    assert [a.country for a in last.who.actors(at)] == ["ETH", "ERI"]


def test_what_several_did_is_not_done_to_one_of_them() -> None:
    assert set(sides("Ukraine and Hungary expelled diplomats.", "SANCTION")[1]) != {"HUN"}


def test_both_of_whom_are_all_that_the_clause_hangs_on() -> None:
    text = "The coup was condemned by Ghana and Togo, both of whom recalled their ambassadors from Mali."
    assert sides(text, "SANCTION")[0] == ["GHA", "TGO"]


def test_what_several_refuse_they_do_not_refuse_each_other() -> None:
    assert sides("Moscow, Beijing veto resolution", "REJECT", True) == (["RUS", "CHN"], [])


def test_a_sentence_may_tell_two_events_of_a_type() -> None:
    text = "Cuba expelled fifteen Chilean diplomats, and Chile cut off its aid to Cuba on Friday."
    found = [e for e in code_text(text, on=date(2025, 6, 1)).events if e.type == "SANCTION"]
    assert {(e.source[0].country, e.target[0].country) for e in found} == {("CUB", "CHL"), ("CHL", "CUB")}


def test_a_second_word_gives_no_owner_to_what_is_nobodys() -> None:
    text = "Drones Seen Near Macron's Plane in Norway Prompt Alarm"
    found = code_text(text, on=date(2025, 12, 5), headline=True).events
    assert all(not e.source for e in found if e.type == "MOBILIZE")
