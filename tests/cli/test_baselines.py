"""A baseline moves only by a named person's act, with a reason; and history can be replayed against the yardsticks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Tocsin

ACT = ("--from", "2023-09-01", "--by", "A. Analyst", "--reason", "a new radar counts more of the same ships")


@pytest.fixture
def desk(demo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo, tmp_path / "desk"))


def creeping(tocsin: Tocsin, desk: Path) -> bool:
    lines = tocsin("warnings", "-w", desk, "--json", "--state", "open").lines
    return any(line["detector"] == "creep" for line in lines)


def test_a_rebased_normal_creeps_no_more_until_the_act_is_undone(tocsin: Tocsin, desk: Path) -> None:
    assert creeping(tocsin, desk)
    assert tocsin("rebase", "taiwan-strait/vessels", *ACT, "-w", desk).status == 0
    assert tocsin("run", "-w", desk).status == 0
    assert not creeping(tocsin, desk)
    assert tocsin("rebase", "taiwan-strait/vessels", *ACT, "--undo", "-w", desk).status == 0
    assert tocsin("run", "-w", desk).status == 0
    assert creeping(tocsin, desk)
    kept = [line["action"] for line in tocsin("audit", "list", "-w", desk, "--json").lines]
    assert kept == ["rebase", "rebase undone"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("taiwan-strait/vessels", "--from", "2023-09-01", "--reason", "x"), "by a named person for a reason"),
        (("taiwan-strait/ships", *ACT), "taiwan-strait has taiwan-strait/aircraft"),
        (("nowhere/vessels", *ACT), "no watch is called 'nowhere'"),
        (("taiwan-strait/vessels", *ACT, "--undo"), "was not re-based on 2023-09-01"),
    ],
)
def test_an_act_without_a_name_a_reason_or_an_object_is_refused(
    tocsin: Tocsin, desk: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = tocsin("rebase", *arguments, "-w", desk)
    assert done.status == 2
    assert said in done.err


def test_a_backtest_stands_beside_the_yardsticks(tocsin: Tocsin, demo: Path) -> None:
    done = tocsin("backtest", "taiwan-strait", "--from", "2022-08-01", "-w", demo, "--json")
    assert done.status == 0, done.err
    vessels = {line["detector"]: line for line in done.lines if line["indicator"] == "vessels"}
    assert {"surge", "burden", "creep", "rolling z-score", "EARS C2", "always"} <= set(vessels)
    assert vessels["surge"]["false_alarms"] < vessels["EARS C2"]["false_alarms"]
    assert all(0 < line["p_value"] <= 1 for line in done.lines)
    said = tocsin("backtest", "taiwan-strait", "--from", "2022-08-01", "-w", demo).out
    assert "2023-04-08  Three days of drills (Joint Sword): surge 2023-04-09" in said, "each milestone: by what, when"
    refused = tocsin("backtest", "ukraine", "-w", demo)
    assert refused.status == 2
    assert "[[history]]" in refused.err
