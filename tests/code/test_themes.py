"""Modes, contexts and domains by words."""

from __future__ import annotations

import pytest

from tocsin.code.themes import contexts, domains, mode


@pytest.mark.parametrize(
    ("type_", "clause", "expected"),
    [
        ("COERCE", "police detained two editors", "arrest"),
        ("CONSULT", "spoke by telephone", "phone"),
        ("RETREAT", "released six hostages", "release"),
        ("ASSAULT", "shelled the port", "heavy-weapons"),
        ("AGREE", "signed a pact", None),
    ],
)
def test_mode(type_: str, clause: str, expected: str | None) -> None:
    assert mode(type_, clause, None) == expected


def test_a_rule_gives_the_mode_only_if_plover_knows_it() -> None:
    assert mode("CONSULT", "conferred", "visit") == "visit"
    assert mode("CONSULT", "conferred", "picnic") is None


def test_domains_come_in_the_order_of_the_records() -> None:
    assert domains("MOBILIZE", "sent warships and fighter jets") == ("air", "sea")
    assert domains("SANCTION", "punished the firm") == ("economic",)
    assert domains("REQUEST", "asked politely") == ()


def test_contexts_are_ranked() -> None:
    assert contexts("Hackers breached the ministry's network with malware")[0] == "cyber"
