"""`tocsin evaluate`: the coder measured from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tocsin.cli.evaluation import evaluate
from tocsin.cli.jsonl import LineError

GOLD = """@ headline 2024-05-01 en
France condemns Iran
ACCUSE happened | FRA.GOV > IRN.GOV

@ sentence 2024-05-01 en
Poland expelled three Russian diplomats on 30 April.
SANCTION happened | POL.GOV > RUS.GOV | date 2024-04-30 | 3 diplomats

@ headline 2024-05-01 en
Arsenal beat Chelsea 2-0 to win the cup
none
"""


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    (tmp_path / "own.txt").write_text(GOLD, encoding="utf-8")
    return tmp_path


def test_the_table_has_types_statuses_forms_intervals_fields_and_the_curve(
    gold: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluate(part="all", gold=gold, resamples=20) == 0
    out = capsys.readouterr().out
    for word in ("headline", "body", "ACCUSE", "happened", "95 % interval of triple F1", "1 of 1", "confidence"):
        assert word in out


def test_as_json_it_is_one_object(gold: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert evaluate(part="all", gold=gold, resamples=20, json=True) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["all"]["items"] == 3
    assert found["all"]["triple"]["f1"] == 1
    assert found["all"]["false_alarm_rate"] == 0
    assert found["by_type"]["SANCTION"]["right"] == 1
    assert found["fields"]["date"] == {"right": 1, "stated": 1}
    assert found["fields"]["quantities"] == {"right": 1, "stated": 1}
    assert [point["confidence"] for point in found["curve"]][:2] == [0.0, 0.2]


def test_sets_of_others_are_read_by_their_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "plv.jsonl"
    file.write_text('{"text":"France condemned Iran.","type":"ACCUSE"}\n', encoding="utf-8")
    assert evaluate(form="plv", gold=file) == 0
    assert "type macro-F1 1.000" in capsys.readouterr().out


def test_what_is_missing_is_one_helpful_sentence(tmp_path: Path) -> None:
    with pytest.raises(LineError, match="no gold here"):
        evaluate(gold=tmp_path)
    with pytest.raises(LineError, match="name it with --gold"):
        evaluate(form="plv", gold=tmp_path)
