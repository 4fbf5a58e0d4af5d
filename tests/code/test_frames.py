"""Who does what to whom: one sentence for each way in which English says it."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code.coder import read_claims
from tocsin.code.coding import code_text
from tocsin.code.scoring import side
from tocsin.code.sides import Claim

ON = date(2024, 9, 5)


def found(text: str, type_: str, headline: bool = False) -> Claim | None:
    claims = [c for unit in read_claims(text, ON, headline) for c in unit.claims if c.type == type_]
    return claims[0] if claims else None


def sides(claim: Claim) -> tuple[str, str]:
    return "+".join(side(a) for a in claim.source) or "-", "+".join(side(a) for a in claim.target) or "-"


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("France condemned Iran over the arrests.", "ACCUSE", ("FRA", "IRN")),
        ("Iran was condemned by France on Friday.", "ACCUSE", ("FRA", "IRN")),
        ("Germany urged Serbia to recognise the accord.", "REQUEST", ("DEU", "SRB")),
        ("Turkey refused to meet the Greek delegation.", "REJECT", ("TUR", "GRC")),
        ("Russia issued an ultimatum to Ukraine.", "THREATEN", ("RUS", "UKR")),
        ("Japan and India signed a defence agreement in Tokyo.", "AGREE", ("JPN+IND", "JPN+IND")),
        ("Egypt held talks with Ethiopia about the dam.", "CONSULT", ("EGY", "ETH")),
        ("Police in Kenya arrested 40 protesters.", "COERCE", ("KEN", "KEN")),
        ("Ukraine received tanks from Poland.", "AID", ("POL", "UKR")),
        ("Canada, which has imposed sanctions on Belarus, welcomed the vote.", "SANCTION", ("CAN", "BLR")),
        ("Troops withdrawn by France from Mali went home.", "RETREAT", ("FRA", "MLI")),
        ("Indonesia came under criticism from Australia.", "ACCUSE", ("AUS", "IDN")),
        ("Thai and Cambodian soldiers clashed at the border.", "ASSAULT", ("THA+KHM", "THA+KHM")),
        ("The United States rejected a Russian proposal.", "REJECT", ("USA", "RUS")),
        ("Tens of thousands of people marched in Warsaw against the government.", "PROTEST", ("POL", "POL")),
    ],
)
def test_frames_in_body_text(text: str, type_: str, expected: tuple[str, str]) -> None:
    claim = found(text, type_)
    assert claim is not None
    assert sides(claim) == expected


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("China Urges Philippines to Remove Ship From Reef", "REQUEST", ("CHN", "PHL")),
        ("Norway, Ireland recognise Palestinian state", "SUPPORT", ("NOR+IRL", "PSE")),
        ("Finland to send howitzers to Ukraine", "AID", ("FIN", "UKR")),
        ("Russian drones hit Odesa port", "ASSAULT", ("RUS", "UKR")),
        ("Spain recalls ambassador from Argentina", "SANCTION", ("ESP", "ARG")),
    ],
)
def test_frames_in_headlines(text: str, type_: str, expected: tuple[str, str]) -> None:
    claim = found(text, type_, headline=True)
    assert claim is not None
    assert sides(claim) == expected


@pytest.mark.parametrize(
    ("text", "type_", "status"),
    [
        ("Israel bombed a bridge in Lebanon.", "ASSAULT", "happened"),
        ("Israel is bombing bridges in Lebanon.", "ASSAULT", "ongoing"),
        ("Sweden will send ammunition to Ukraine.", "AID", "planned"),
        ("Sweden plans to send ammunition to Ukraine.", "AID", "planned"),
        ("Sweden said it would send ammunition to Ukraine.", "AID", "planned"),
        ("Sweden may send ammunition to Ukraine.", "AID", "hypothetical"),
        ("Sweden is considering sending ammunition to Ukraine.", "AID", "hypothetical"),
        ("Iran did not attack Iraq.", "ASSAULT", "denied"),
        ("Iran denied attacking Iraq.", "ASSAULT", "denied"),
        ("China continued to shell Burma.", "ASSAULT", "ongoing"),
        ("Ghana held off sending doctors to Haiti.", "AID", "denied"),
        ("Ghana held back from imposing sanctions on Niger.", "SANCTION", "denied"),
        ("Ghana stopped short of sending tents to Libya.", "AID", "denied"),
    ],
)
def test_status(text: str, type_: str, status: str) -> None:
    claim = found(text, type_)
    assert claim is not None
    assert claim.status == status


def test_what_is_only_promised_or_demanded_is_not_done() -> None:
    assert found("Peru agreed to send police to Chile.", "AID") is None
    assert found("Peru urged Chile to withdraw its troops.", "RETREAT") is None


def test_what_is_ruled_out_is_a_refusal_alone() -> None:
    told = code_text("Iceland has ruled out sending medics to Ukraine.", on=ON, language="en").events
    assert [event.type for event in told] == ["REJECT"]


@pytest.mark.parametrize(
    "text",
    [
        "Chile will not join sanctions against Cuba, its foreign minister said.",
        "Bolivia will not expel Peruvian diplomats.",
        "Tonga would not deploy soldiers to Samoa, its premier said.",
    ],
)
def test_what_will_not_be_done_is_refused(text: str) -> None:
    claim = found(text, "REJECT")
    assert claim is not None
    assert claim.status == "happened"


def test_what_somebody_stops_short_of_is_denied() -> None:
    told = code_text("Latvia stopped short of sending guns to Kyiv.", on=ON, language="en").events
    assert [(event.type, event.status) for event in told] == [("AID", "denied")]


def test_ending_cooperation_is_a_sanction_and_ending_attacks_a_retreat() -> None:
    assert found("Denmark suspended aid to Mali.", "SANCTION") is not None
    assert found("Rwanda halted its offensive in Congo.", "RETREAT") is not None


def test_a_speaker_is_kept_apart_from_the_deed() -> None:
    claim = found("Pakistan said Indian troops had shelled two villages in Kashmir.", "ASSAULT")
    assert claim is not None
    assert claim.reporter is not None
    assert claim.reporter.country == "PAK"
    assert claim.source[0].country == "IND"


def test_pronouns_and_the_two_sides_find_their_antecedents() -> None:
    text = "Armenia's premier met Turkey's president in Ankara. The two leaders agreed to open the border."
    claim = found(text, "AGREE")
    assert claim is not None
    assert {a.country for a in claim.source} == {"ARM", "TUR"}


def test_a_vow_to_strike_is_a_threat() -> None:
    assert found("Iran vowed to strike Israel.", "THREATEN") is not None
