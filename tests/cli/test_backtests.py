"""`tocsin backtest` on files: a series, or coded events, and milestones."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from tocsin.cli.backtests import _words, backtest
from tocsin.cli.jsonl import LineError
from tocsin.config import ConfigError
from tocsin.measure import Backtest

START = date(1990, 1, 1)
CRISES = (200, 420, 610)


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Two years of one pair's events, three crises among them that rise two days ahead, and of others."""
    chance = random.Random(3)
    rows = ["date,source,target,code,goldstein"]
    for number in range(730):
        day = START + timedelta(days=number)
        many = chance.randint(0, 3) + (12 if any(-2 <= number - crisis <= 4 for crisis in CRISES) else 0)
        rows += [f"{day},{chance.choice(['AAA,BBB', 'BBBMIL,AAAGOV'])},173,-5.0" for _ in range(many)]
        rows += [f"{day},AAA,CCC,042,1.9" for _ in range(chance.randint(0, 4))]
    path = tmp_path / "events.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "milestones.csv"
    lines = [f"{START + timedelta(days=crisis)},crisis {crisis}" for crisis in CRISES]
    path.write_text("\n".join(["date,title", *lines]), encoding="utf-8")
    return path


def test_coded_events_go_the_way_of_a_watch(events: Path, history: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert backtest(series=events, between="AAA,BBB", history=history, json=True) == 0
    found = {line["detector"]: line for line in map(json.loads, capfd.readouterr().out.splitlines())}
    assert set(found) == {"surge", "burden", "creep", "rolling z-score", "EARS C2", "always"}
    surge = found["surge"]
    assert (surge["indicator"], surge["detection"], surge["median_lead"], surge["warning"]) == ("events", 1, 2, 2)
    assert surge["p_value"] < 0.05
    assert surge["p_lead"] < 0.2, "two days are soon had by chance"
    assert (found["always"]["p_value"], found["always"]["p_lead"]) == (1, 1)


def test_both_p_values_are_printed(events: Path, history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert backtest(series=events, between="AAA,BBB", history=history, until=START + timedelta(days=500)) == 0
    out = capsys.readouterr().out
    assert "p 0." in out
    assert "p (lead) 0." in out
    assert "crisis 420: surge 1991-02-23" in out
    assert "crisis 610" not in out, "after the last day scored"


def test_a_plain_series_does_as_well(tmp_path: Path, history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "counts.csv"
    rows = [f"{START + timedelta(days=n)},{3 + n % 4 + 30 * any(0 <= n - c < 5 for c in CRISES)}" for n in range(730)]
    path.write_text("\n".join(["date,value", *rows]), encoding="utf-8")
    assert backtest(series=path, history=history) == 0
    assert "counts           surge            seen 100%" in capsys.readouterr().out


def test_half_a_day_behind_is_no_negative_zero() -> None:
    result = Backtest("surge", (), 1.0, -0.5, 0.0, 0.5, 0.0, 0.5)
    assert "lead  +0 days" in _words("vessels", result)


def test_what_is_missing_is_one_helpful_sentence(events: Path, history: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="name a watch to backtest, or a file"):
        backtest()
    with pytest.raises(ConfigError, match="name a watch to backtest, or a file"):
        backtest("taiwan-strait", series=events)
    with pytest.raises(ConfigError, match="name them with --history"):
        backtest(series=events)
    with pytest.raises(ConfigError, match="say between whom"):
        backtest(series=events, history=history)
    with pytest.raises(ConfigError, match="no milestone falls within the days scored"):
        backtest(series=events, history=history, between="AAA,BBB", since=date(1991, 12, 1))
    (tmp_path / "bad.csv").write_text("date,title\n8 April,drills\n", encoding="utf-8")
    with pytest.raises(LineError, match="line 2: '8 April' is not a date"):
        backtest(series=events, history=tmp_path / "bad.csv", between="AAA,BBB")
