"""Every run keeps its forecasts; a later run brings the days that judge them."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.conftest import Tocsin


def test_a_forecast_is_kept_as_issued_and_scored_when_its_days_have_come(
    tocsin: Tocsin, demo: Path, tmp_path: Path
) -> None:
    desk = Path(shutil.copytree(demo, tmp_path / "desk", ignore=shutil.ignore_patterns("tocsin.db*")))
    assert tocsin("run", "-w", desk, "--as-of", "2023-12-20").status == 0
    assert tocsin("run", "-w", desk).status == 0
    lines = tocsin("scoreboard", "-w", desk, "--watch", "taiwan-strait", "--json").lines
    vessels = {line["target"]: line for line in lines if line["indicator"] == "vessels"}
    assert vessels["days"]["count"] == 7
    assert vessels["total"]["count"] == 1
    assert vessels["days"]["reliability"]
    assert any(line["indicator"] is None for line in lines), "all together"
    said = tocsin("scoreboard", "-w", desk).out
    assert "90 % intervals held" in said
    assert "caribbean: no forecast is kept yet" in said
    assert tocsin("run", "-w", desk).out.strip() == "Nothing new.", "what was said is not said again"


def test_a_forecast_whose_days_are_to_come_is_kept_and_not_scored(tocsin: Tocsin, demo: Path) -> None:
    assert "3 weekly forecasts kept, none of which has met its days yet." in tocsin("scoreboard", "-w", demo).out
    lines = tocsin("scoreboard", "-w", demo, "--json").lines
    assert {"watch": "taiwan-strait", "indicator": None, "kept": 3, "count": 0} in lines
    assert not any(line["count"] for line in lines)
