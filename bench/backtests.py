"""`tocsin backtest` on the machine-coded events of the KEDS project, from `../shared/data`.

For evaluation only: the data stay where they are.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
RESULTS = Path(__file__).parent / "results" / "backtests.md"
DYADS = {
    "Iraq and Kuwait": (
        "gulf.csv", "IRQ,KUW", ["1990-08-02,invasion of Kuwait", "1994-10-08,troops at the border"],
    ),
    "United States and Iraq": (
        "gulf.csv", "USA,IRQ", [
            "1991-01-17,Desert Storm", "1993-06-26,strike on Baghdad", "1996-09-03,Desert Strike",
            "1998-12-16,Desert Fox",
        ],
    ),
    "Iraq and Iran": (
        "gulf.csv", "IRQ,IRN", [
            "1980-09-22,invasion of Iran", "1988-02-29,war of the cities", "1988-08-20,ceasefire",
        ],
    ),
    "Turkey and Greece": (
        "turkey.csv", "TUR,GRC", [
            "1996-01-30,Imia/Kardak", "1999-02-16,capture of Öcalan", "1999-08-17,earthquake diplomacy",
        ],
    ),
}  # fmt: skip


def backtest(file: Path, between: str, milestones: list[str]) -> list[dict[str, object]]:
    """What the command says of one pair, a line a detector."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as history:
        history.write("\n".join(["date,title", *milestones]))
        history.flush()
        command = [
            sys.executable, "-m", "tocsin", "backtest", "--series", str(file), "--between", between,
            "--history", history.name, "--json",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Measure, print and write the results; nothing where the data are absent."""
    folder = SHARED / "keds"
    if not folder.is_dir():
        print("the KEDS series are not beside this checkout (../shared/data/keds): nothing measured.")
        return
    lines = [
        "# Backtests on event data",
        "",
        "`python -m bench.backtests`: `tocsin backtest --series FILE --between A,B --history FILE` on the events of",
        "KEDS (Gulf, 1979 to 1999; Turkey, 1992 to 2006), counted by day, against events that everybody knows.",
        "Warning: mean days, 0 where an event was seen on its day, later or not at all. p, p (lead): the chance that",
        "the same alarms, turned round the calendar, see as many, and warn as long. With two to four events a pair, a",
        "single p says little.",
        "",
        "| pair | events | detector | seen | p | median lead, days | warning, days | p (lead) | false / 100 days |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, (file, between, milestones) in DYADS.items():
        for found in backtest(folder / file, between, milestones):
            lead = "–" if found["median_lead"] is None else f"{found['median_lead']:.0f}"
            hits = f"{found['detection']:.2f} | {found['p_value']:.3f}"
            leads = f"{lead} | {found['warning']:.1f} | {found['p_lead']:.3f}"
            told = f"{found['detector']} | {hits} | {leads} | {found['false_alarms']:.2f}"
            lines.append(f"| {name} | {len(milestones)} | {told} |")
    text = "\n".join(lines) + "\n"
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
