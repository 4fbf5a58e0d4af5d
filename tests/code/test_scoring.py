"""How answers are held against the gold."""

from __future__ import annotations

from tocsin.code.gold import GoldActor, GoldEvent
from tocsin.code.scoring import Score, agrees, dyads

A, B = GoldActor("USA", "GOV"), GoldActor("CHN", "GOV")
NATO = GoldActor(None, "IGO", "NATO")


def event(
    type_: str = "ACCUSE", source: tuple[GoldActor, ...] = (A,), target: tuple[GoldActor, ...] = (B,)
) -> GoldEvent:
    return GoldEvent(type_, "happened", source, target)


def test_dyads_of_reciprocal_open_and_stateless_events() -> None:
    assert dyads(event("AGREE", (A, B), (A, B))) == {("USA", "CHN"), ("CHN", "USA")}
    assert dyads(event(target=())) == {("USA", "-")}
    assert dyads(event(source=(NATO,))) == {(":IGO", "CHN")}
    assert dyads(event("COERCE", (A,), (A,))) == {("USA", "USA")}


def test_agreement_needs_the_type_and_one_dyad() -> None:
    assert agrees(event(), event())
    assert not agrees(event("REJECT"), event())
    assert not agrees(event(target=()), event())


def test_rates_false_alarms_and_calibration() -> None:
    score = Score()
    score.add([event()], [event()], [0.9])
    score.add([event("REJECT")], [event()], [0.6])
    score.add([event()], [], [0.5])
    score.add([], [])
    assert (score.triple.right, score.triple.wrong, score.triple.missed) == (1, 2, 1)
    assert score.dyad.f1 == 2 * 2 / (2 * 2 + 1 + 0)
    assert score.false_alarm_rate == 0.5
    assert score.status_accuracy == 1.0
    assert abs(score.ece - (0.1 + 0.6 + 0.5) / 3) < 1e-9
