"""Run the benchmarks, one after the other: `python -m bench [NAME …]`. Each writes `bench/results/NAME.md`."""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent

ELSEWHERE = {"medallion_peer"}
"""What runs by itself, in an environment of its own."""


def main(names: list[str]) -> int:
    """Run the benchmarks named (all by default); returns how many failed."""
    known = sorted(path.stem for path in HERE.glob("[a-z]*.py") if path.stem not in ELSEWHERE)
    if unknown := [name for name in names if name not in known]:
        print(f"no benchmark is called {unknown[0]!r}; there are {', '.join(known)}.", file=sys.stderr)
        return 2
    failed = 0
    for name in names or known:
        started = time.perf_counter()
        print(f"## {name}", flush=True)
        try:
            importlib.import_module(f"bench.{name}").main()
        except Exception as error:  # noqa: BLE001 - one benchmark that cannot run must not stop the others
            failed += 1
            print(f"{name} failed: {type(error).__name__}: {error}", file=sys.stderr)
        print(f"({time.perf_counter() - started:.0f} s)\n", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
