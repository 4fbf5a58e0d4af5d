"""Whether it happened: what the words around an event say beyond the rules, and what both must leave alone."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code import code_text
from tocsin.code.explain import explain
from tocsin.code.statuses import Statuses

ON = date(2025, 3, 5)


def statuses_of(text: str) -> dict[str, str]:
    return {event.type: event.status for event in code_text(text, on=ON, language="en").events}


@pytest.mark.parametrize(
    ("text", "kind", "status"),
    [
        ("The strike by dockworkers in Chile entered its third week on Monday.", "PROTEST", "ongoing"),
        ("Russian forces are still shelling Ukrainian towns.", "ASSAULT", "ongoing"),
        ("The blockade of Gaza by Israel continues.", "COERCE", "ongoing"),
        ("Japan and India will hold joint naval drills in May.", "COOPERATE", "planned"),
        ("India is expected to ban Chinese apps.", "COERCE", "planned"),
        ("Iran could strike Israel within days.", "ASSAULT", "hypothetical"),
        ("Peru has yet to recall its ambassador from Mexico.", "SANCTION", "denied"),
        ("There was no Israeli strike on Beirut overnight, the army said.", "ASSAULT", "denied"),
        ("Kenya sent 300 police officers to Haiti.", "AID", "happened"),
        ("Germany condemned Iran for the attack.", "ACCUSE", "happened"),
        ("After weeks of threats Turkey attacked Syria on Tuesday.", "ASSAULT", "happened"),
    ],
)
def test_the_status_that_a_sentence_tells(text: str, kind: str, status: str) -> None:
    assert statuses_of(text)[kind] == status


def test_what_the_model_changed_is_explained() -> None:
    text = "The strike by dockworkers in Chile entered its third week on Monday."
    reasons = [r for one in explain(text, on=ON).sentences for r in one.reasons if r.given]
    assert [(r.ruled, r.status) for r in reasons] == [("happened", "ongoing")]
    assert "happened by the rules, ongoing by the words around it" in explain(text, on=ON).render()


def test_what_a_rule_says_of_the_verb_itself_is_no_change_of_the_model() -> None:
    reasons = [
        r for one in explain("US weighs sanctions on Georgia", on=ON, headline=True).sentences for r in one.reasons
    ]
    assert [(r.ruled, r.status) for r in reasons if r.given] == [(None, "hypothetical")]


def test_chances_are_shared_out_among_the_statuses() -> None:
    model = Statuses(("denied", "happened"), {"bias": (0.0, 1.0), "neg=not": (3.0, 0.0)})
    plain, negated = model.chances(["bias", "unknown"]), model.chances(["bias", "neg=not"])
    assert plain["happened"] > 0.7 > 0.3 > plain["denied"]
    assert negated["denied"] > negated["happened"]
    assert sum(negated.values()) == pytest.approx(1)
