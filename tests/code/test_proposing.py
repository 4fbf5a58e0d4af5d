"""Words that have no event of a type of their own, however loud the encoder hears it there."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from tocsin.code.coding import code_text

ON = date(2024, 9, 5)


def types(text: str) -> Counter[str]:
    return Counter(event.type for event in code_text(text, on=ON, language="en").events)


@pytest.mark.parametrize(
    "text",
    [
        "Peru's president addressed reporters in Lima.",
        "Malta's premier talked to journalists after the vote.",
        "The Omani foreign minister briefed the press on the summit.",
    ],
)
def test_what_is_said_to_reporters_is_no_meeting(text: str) -> None:
    assert types(text)["CONSULT"] == 0


def test_what_is_said_to_ministers_is_one() -> None:
    assert types("Malta's premier talked to Danish ministers after the vote.")["CONSULT"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "Togo denied accusations that it was hiring mercenaries.",
        "Ghana rejected accusations that its soldiers had crossed the border.",
    ],
)
def test_a_charge_that_nobody_is_said_to_make_is_only_denied(text: str) -> None:
    told = types(text)
    assert (told["REJECT"], told["ACCUSE"]) == (1, 0)


def test_a_charge_by_somebody_is_made() -> None:
    assert types("Togo denied accusations by Benin that it had armed gunmen.")["ACCUSE"] == 1


def test_who_tells_of_a_strike_strikes_nobody() -> None:
    assert types("Ukrainian drones hit an oil terminal in the Belgorod region, the regional governor said.") == {
        "ASSAULT": 1
    }


def test_a_broker_of_talks_holds_them_once() -> None:
    assert types("Kuwait mediated talks between Yemen and Iran.") == {"CONSULT": 1}


def test_a_contract_under_which_jets_are_bought_is_no_second_event() -> None:
    assert types("Peru will buy 12 jets from Sweden under a contract worth two billion euros.")["AGREE"] == 0


def test_a_loan_that_a_board_approves_is_agreed_and_not_yet_aid() -> None:
    assert types("The Asian Development Bank approved a 90 million dollar loan for Nepal.") == {"AGREE": 1}


def test_the_encoder_says_whether_a_crowd_that_ends_a_blockade_yields_or_withdraws() -> None:
    headline = code_text("Polish truckers dismantle barricades on Ukrainian border", on=ON, headline=True).events
    assert [event.type for event in headline] == ["RETREAT"]
    assert types("Taxi drivers in Kenya lifted their blockade of the airport.") == {"CONCEDE": 1}
