"""Who may have a side of an event: everybody in the sentence, and those whom its words leave unnamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from tocsin.code import code_text
from tocsin.code.antecedents import Scene
from tocsin.code.candidates import Candidate, candidates, ordered, whereabouts
from tocsin.code.coder import read_claims
from tocsin.code.encoder import Impression
from tocsin.code.parsing import Tree
from tocsin.code.participants import Participants
from tocsin.code.roles import Roles
from tocsin.code.sides import Claim
from tocsin.records import Actor

Named = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Listed(Roles):
    """Keeps whom each claim could be by and on, and leaves it as it is."""

    found: dict[str, tuple[list[Candidate], list[Candidate]]] = field(default_factory=dict)
    spots: dict[str, list[tuple[int, int] | str]] = field(default_factory=dict)

    def cast(self, claim: Claim, tree: Tree, who: Participants, scene: Scene, heard: Impression | None = None) -> None:
        ones = candidates(claim, tree, who, scene)
        self.found[claim.type] = ordered(ones, claim, None), ordered(ones, claim, claim.source)
        self.spots[claim.type] = [whereabouts(one, tree) for one in ones if "clause" in one.tags]


def listed(text: str, headline: bool = False) -> Listed:
    kept = Listed()
    read_claims(text, None, headline, casting=kept, listening=False)
    return kept


def tagged(ones: Sequence[Candidate], tag: str) -> list[set[str]]:
    return [set(one.keys) for one in ones if tag in one.tags]


def test_a_headlines_other_clauses_name_candidates_where_they_stand() -> None:
    headline = "Ghana shuts its embassy, warns of 'painful steps' as Togo holds envoy"
    kept = listed(headline, headline=True)
    assert {"TGO"} in tagged(kept.found["THREATEN"][1], "clause")
    assert [headline[spot[0] : spot[1]] for spot in kept.spots["THREATEN"] if isinstance(spot, tuple)] == ["Togo"]


def test_those_last_spoken_of_are_candidates_unless_the_sentence_names_them() -> None:
    kept = listed("Kenya's minister met Ugandan envoys in Kampala. The group rejected the offer from Kenya.")
    assert {"UGA"} in tagged(kept.found["REJECT"][0], "earlier")
    assert {"KEN"} not in tagged(kept.found["REJECT"][0], "earlier")


def test_officials_without_a_country_may_be_of_that_around_them_or_of_none() -> None:
    ones = listed("Ambassadors criticised the raid in Kampala.").found["ACCUSE"][0]
    assert {"UGA"} in tagged(ones, "filled")
    assert {":GOV"} in tagged(ones, "unfilled")


@pytest.mark.parametrize(
    ("text", "kind", "own"),
    [
        ("Jakarta pardoned 300 prisoners.", "CONCEDE", ("IDN", "CVL")),
        ("Peru's judges criticised the reform.", "ACCUSE", ("PER", "GOV")),
        ("NATO agreed on a plan.", "AGREE", (None, "IGO")),
    ],
)
def test_a_state_may_deal_with_its_own_people_and_a_body_with_its_members(
    text: str, kind: str, own: tuple[str | None, str]
) -> None:
    targets = listed(text).found[kind][1]
    (one,) = [one for one in targets if "own" in one.tags] or [one for one in targets if "rule" in one.tags]
    assert (one.actors[0].country, one.actors[0].sector) == own


def test_several_sources_may_act_on_each_other() -> None:
    targets = listed("Peru and Chile agreed on a treaty.").found["AGREE"][1]
    assert {"PER", "CHL"} in [set(one.keys) for one in targets]


def test_without_weights_the_rules_sides_stand() -> None:
    source = [Actor(name="Peru", country="PER", start=0, end=4)]
    claim = Claim(type="ACCUSE", rule="accuse:1", trigger=0, source=list(source), target=[])
    Roles().cast(claim, [], Participants([], Scene()), Scene())
    assert claim.source == source


@pytest.mark.parametrize(
    "headline",
    [
        "Drones Spotted Near Airport in Ireland",
        "Balloon detected over Lithuania",
        "Drones seen over Danish air base",
        "Missiles strike market in Kharkiv, killing 12",
    ],
)
def test_whose_an_unmarked_craft_is_its_place_does_not_tell(headline: str) -> None:
    for event in code_text(headline, on=None, headline=True).events:
        assert not event.source, event


@pytest.mark.parametrize(
    ("headline", "source", "target"),
    [
        ("Two Chinese drones were seen off Kinmen", "CHN", "TWN"),
        ("Russian jets spotted off Alaska", "RUS", "USA"),
        ("Taiwan detects 45 Chinese aircraft", "CHN", "TWN"),
    ],
)
def test_what_is_sighted_acts_on_whose_shore_it_is_off(headline: str, source: str, target: str) -> None:
    sides = {(e.source[0].country, e.target[0].country) for e in code_text(headline, on=None, headline=True).events}
    assert sides == {(source, target)}


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("China began drills on Monday. Taiwan's defence ministry detected 45 aircraft and 12 ships.", ["CHN"]),
        (
            "Lai met Americans. China began drills around the island. Taiwan's defence ministry detected 42 aircraft.",
            [],
        ),
        ("Taiwan detected 71 aircraft.", []),
        ("Norway tracked a submarine near Tromso.", []),
    ],
)
def test_who_detects_unmarked_craft_is_not_whose_they_are(text: str, source: list[str]) -> None:
    last = code_text(text, on=None).events[-1]
    assert last.type == "MOBILIZE"
    assert [actor.country for actor in last.source] == source
    assert last.target[0].country in ("TWN", "NOR")
