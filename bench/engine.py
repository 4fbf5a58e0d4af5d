"""What an engine costs: 64 shards of plain work on each engine, rows a second: `python -m bench.engine`."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from tocsin.engine import Engine, InProcess, OnRay, Pool, Shard, run

RESULTS = Path(__file__).parent / "results" / "engine.md"
SHARDS = [Shard(f"shard-{number:03}", number) for number in range(64)]
ROWS = 20_000


def work(number: int) -> pa.Table:
    """Something that takes a while: sums of digits."""
    values = range(number * ROWS, (number + 1) * ROWS)
    return pa.table({"value": values, "digits": [sum(map(int, str(value))) for value in values]})


def seconds(engine: Engine) -> float:
    """Wall-clock seconds for all shards, with the engine's own start."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        run(work, SHARDS, Path(folder), engine)
        return time.perf_counter() - begun


def main() -> None:
    """Print the table and write it to `bench/results/engine.md`."""
    rows = ["# Engine (2 cores)", "", "| engine | seconds for 64 shards | rows a second |", "| --- | ---: | ---: |"]
    engines: list[tuple[str, Engine]] = [
        ("in process", InProcess()),
        ("pool of 2", Pool(2)),
        ("Ray, 2 workers", OnRay(workers=2)),
    ]
    for name, engine in engines:
        try:
            taken = seconds(engine)
        except Exception as error:  # noqa: BLE001 - an engine that does not start here is a row that says so
            print(f"{name}: {error}", file=sys.stderr)
            rows.append(f"| {name} | did not start | |")
            continue
        rows.append(f"| {name} | {taken:.1f} | {ROWS * len(SHARDS) / taken:,.0f} |")
    table = "\n".join(rows)
    print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(table + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
