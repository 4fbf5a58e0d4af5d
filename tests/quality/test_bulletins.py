"""Bulletins against what independent readers made of them: values of `counts.csv` that at least two agree on."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from tocsin.read import read_bulletin
from tocsin.records import Bulletin

FLOOR = 0.995
AGREED = {
    "aircraft": "aircraft_agree",
    "crossings": "crossings_agree",
    "vessels": "vessels_agree",
    "balloons": "balloons_agree",
}

# Every value that differs from what two or more readers agree on, and why. There is none.
EXPLAINED: dict[tuple[str, str], str] = {}

# Values that only one reader gives, where the bulletin says something else. Trackers write 0 aircraft (or vessels) for
# bulletins that speak of ships (or aircraft) alone: not stated is not none. On 2 August 2023 the bulletin writes 艦 for
# 共艦, and a tracker missed the ten ships.
ONLY_SHIPS_OR_ONLY_AIRCRAFT = {
    "2023-02-06", "2023-03-26", "2023-03-27", "2023-03-30", "2023-04-20", "2023-05-08", "2023-07-26", "2023-07-27",
    "2023-07-29", "2023-07-30", "2023-09-04", "2023-09-05", "2023-09-07", "2023-10-10", "2023-12-05", "2023-12-17",
}  # fmt: skip


@pytest.fixture(scope="module")
def bulletins(shared: Path) -> dict[str, Bulletin]:
    lines = (shared / "taiwan_bulletins" / "bulletins.jsonl").read_text(encoding="utf-8").splitlines()
    found = {}
    for entry in map(json.loads, lines):
        bulletin = read_bulletin(entry["text"], date.fromisoformat(entry["listed"]))
        assert bulletin is not None, entry["id"]
        found[entry["listed"]] = bulletin
    return found


@pytest.fixture(scope="module")
def counts(shared: Path) -> list[dict[str, str]]:
    with (shared / "taiwan_bulletins" / "counts.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def differences(
    bulletins: dict[str, Bulletin], counts: list[dict[str, str]], least: int
) -> tuple[set[tuple[str, str]], int]:
    """(day, field) of every value that differs, of those that exactly one (`least` 1) or two and more readers give."""
    wrong, compared = set(), 0
    for row in counts:
        for field, agree in AGREED.items():
            readers = int(row[agree] or 0)
            if row["date"] in bulletins and row[field] and (readers >= 2 if least == 2 else readers == 1):
                compared += 1
                if getattr(bulletins[row["date"]], field) != int(row[field]):
                    wrong.add((row["date"], field))
    return wrong, compared


def test_values_that_two_readers_agree_on(bulletins: dict[str, Bulletin], counts: list[dict[str, str]]) -> None:
    wrong, compared = differences(bulletins, counts, 2)
    assert compared > 1300
    assert 1 - len(wrong) / compared >= FLOOR
    assert wrong == set(EXPLAINED)


def test_values_that_one_reader_alone_gives(bulletins: dict[str, Bulletin], counts: list[dict[str, str]]) -> None:
    wrong, _ = differences(bulletins, counts, 1)
    stated_nothing = {day for day, field in wrong if field in ("aircraft", "vessels")} - {"2023-08-02"}
    assert stated_nothing == ONLY_SHIPS_OR_ONLY_AIRCRAFT
    assert bulletins["2023-08-02"].vessels == 10
    # lists without a title do not say that all aircraft entered the zone, nor do those of 3 to 5 August 2022
    assert all(bulletins[day].crossings is None for day, field in wrong if field == "crossings")
    assert sum(field == "crossings" for _, field in wrong) <= 20


def test_every_bulletin_has_a_period_that_ends_when_the_text_says(bulletins: dict[str, Bulletin]) -> None:
    late = []
    for listed, bulletin in bulletins.items():
        end = bulletin.period_end
        day = end.date() if isinstance(end, datetime) else end
        if day != date.fromisoformat(listed):
            late.append(listed)
    assert late == ["2020-09-17"]  # its text is dated the day before


def test_regimes_change_when_the_ministry_changed_its_reporting(bulletins: dict[str, Bulletin]) -> None:
    regimes = Counter((bulletin.regime, listed >= "2022-08-06") for listed, bulletin in bulletins.items())
    assert set(regimes) == {("adiz-entries", False), ("all-detected", True)}


def test_patrols_exercises_and_days_of_nothing_are_named(bulletins: dict[str, Bulletin]) -> None:
    named = {listed: bulletin.activities for listed, bulletin in bulletins.items() if bulletin.activities}
    assert named["2022-08-16"] == ("joint_combat_readiness_patrol",)
    assert named["2022-08-06"] == ("exercise",)
    assert named["2023-07-28"] == ("no_report",)
    assert bulletins["2023-07-28"].aircraft == bulletins["2023-07-28"].vessels == 0
