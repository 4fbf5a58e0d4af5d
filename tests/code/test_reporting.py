"""Whose claim an event is, where and when it happened, and how far: what the coder says beside type and sides."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code import code_text
from tocsin.code.status import told_by_trigger
from tocsin.records import Event

WEDNESDAY = date(2025, 6, 11)


def coded(text: str, kind: str, headline: bool = False) -> Event:
    """The event of one type that a text tells."""
    found = [e for e in code_text(text, on=WEDNESDAY, headline=headline).events if e.type == kind]
    assert found, f"no {kind} in {text!r}"
    return found[0]


@pytest.mark.parametrize(
    ("text", "kind", "country"),
    [
        ("Russia launched 479 drones at Ukraine, Kyiv's air force said on Monday.", "ASSAULT", "UKR"),
        ("According to the Russian defence ministry, Ukraine attacked Belgorod.", "ASSAULT", "RUS"),
        ("Sri Lanka may ask India for another loan, a minister said.", "REQUEST", "LKA"),
        ("Ukrainian officials said Moscow claimed that Kyiv's forces had shelled the plant.", "ASSAULT", "RUS"),
        ("Hungary closed its border with Serbia, officials said.", "COERCE", "HUN"),
        ("Turkey closed its border with Syria, Defence Minister Yasar Guler said.", "COERCE", "TUR"),
        ("Poland closed its border with Belarus.", "COERCE", None),
    ],
)
def test_who_says_so(text: str, kind: str, country: str | None) -> None:
    told = coded(text, kind).reported_by
    assert (told.country if told else None) == country


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("Rwanda-backed rebels seized Bukavu.", "ASSAULT", "Bukavu"),
        ("Ukraine attacked Belgorod with 30 drones.", "ASSAULT", "Belgorod"),
        ("Turkey and Greece held talks in Ankara.", "CONSULT", "Ankara"),
        ("Houthi rebels fired two ballistic missiles at a container ship in the Red Sea.", "ASSAULT", "Red Sea"),
        ("Russia attacked Ukraine with missiles.", "ASSAULT", "Ukraine"),
        ("Japan scrambled fighter jets over the East China Sea.", "MOBILIZE", "East China Sea"),
        ("The US imposed new sanctions on Iran.", "SANCTION", None),
        ("France expelled three Russian diplomats, Moscow said.", "SANCTION", None),
        ("Beijing condemned Washington.", "ACCUSE", None),
    ],
)
def test_where_it_happened(text: str, kind: str, place: str | None) -> None:
    found = coded(text, kind).place
    assert (found.name if found else None) == place


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("Poland closed its border with Belarus on 12 September 2024.", "COERCE", date(2024, 9, 12)),
        ("France will sanction Iran on Friday.", "SANCTION", date(2025, 6, 13)),
        ("Chad will end its agreement with France, the foreign minister announced on 28 November.", "SANCTION", None),
        ("France condemned Iran on Monday over the strike planned for Friday.", "ACCUSE", date(2025, 6, 9)),
    ],
)
def test_a_day_is_the_events_own(text: str, kind: str, day: date | None) -> None:
    assert coded(text, kind).date == day


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("Hezbollah denied reports that it had fired rockets at Israel.", "ASSAULT", "denied"),
        ("There was no evidence that Iran had attacked the tanker, a U.N. official said.", "ASSAULT", "denied"),
        ("Japan denied that its destroyer had entered Chinese waters.", "MOBILIZE", "denied"),
        ("The US may sanction Iran.", "SANCTION", "hypothetical"),
        ("Germany is to impose sanctions on Russia.", "SANCTION", "planned"),
        ("Egypt is holding talks with Israel in Cairo.", "CONSULT", "ongoing"),
        ("France condemned Iran.", "ACCUSE", "happened"),
    ],
)
def test_how_far_it_went(text: str, kind: str, status: str) -> None:
    assert coded(text, kind).status == status


def test_a_quote_ends_with_a_word_of_its_own() -> None:
    text = "France condemned Iran, and Germany sanctioned Russia, too."
    for event in code_text(text, on=WEDNESDAY).events:
        assert not event.quote.text.endswith((",", "and", " "))


def test_a_verb_that_only_weighs_an_act_leaves_it_open() -> None:
    from tocsin.code.coder import read_claims
    from tocsin.code.lexicon import lexicon

    (unit,) = read_claims("Trump weighed sanctions on Iran.", WEDNESDAY, False)
    at = next(i for i, word in enumerate(unit.tree) if word.lemma == "weigh")
    assert told_by_trigger("happened", "SANCTION", unit.tree, at, lexicon()) == "hypothetical"
    assert told_by_trigger("happened", "REJECT", unit.tree, at, lexicon()) == "happened"
