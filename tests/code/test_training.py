"""Training: what the coder does not listen to teaches nothing, and does not stop it."""

from __future__ import annotations

from pathlib import Path

from tocsin.code.gold import GoldItem, read_gold
from tocsin.code.train_choosing import gathered
from tocsin.code.train_rows import known, matrix
from tocsin.code.train_statuses import train

COLOUR = "The minister, a keen gardener who grew up in Lyon, recalls the smell of bread and a blow to his pride."
"""It passes the gate, and no rule claims anything in it."""


def gold(folder: Path, kind: str, text: str, label: str) -> list[GoldItem]:
    path = folder / "gold.txt"
    path.write_text(f"@ {kind} 2024-05-02 en\n{text}\n{label}\n", encoding="utf-8")
    return list(read_gold([path], ("train", "dev", "test")))


def test_a_sentence_that_promises_nothing_is_passed_over(tmp_path: Path) -> None:
    items = gold(tmp_path, "sentence", "Peru's army attacked a camp.", "ASSAULT happened | PER.MIL > -")
    found = gathered([*items, *gold(tmp_path, "sentence", COLOUR, "none")])
    assert {number for number, _ in found.sentences} == {0}


def test_a_feature_seen_once_is_not_learned_from() -> None:
    rows = [["a", "b", "b"], ["a"], ["c"]]
    assert known(rows) == ["a"]
    assert matrix(rows, ["a", "b"]).toarray().tolist() == [[1, 2], [1, 0], [0, 0]]


def test_statuses_are_learned_from_the_events_that_are_found(tmp_path: Path) -> None:
    items: list[GoldItem] = []
    for doer, code in (("Peru", "PER"), ("Chile", "CHL"), ("Ghana", "GHA")):
        items += gold(tmp_path, "sentence", f"{doer}'s army attacked a camp.", f"ASSAULT happened | {code}.MIL > -")
        text = f"{doer}'s army is still attacking a camp."
        items += gold(tmp_path, "sentence", text, f"ASSAULT ongoing | {code}.MIL > -")
    learned = train(items)
    weights = dict(zip(learned["names"], learned["weights"].T.tolist(), strict=True))
    assert list(learned["statuses"]) == ["happened", "ongoing"]
    happened, ongoing = weights["advmod=still"]
    assert ongoing > 0 > happened
