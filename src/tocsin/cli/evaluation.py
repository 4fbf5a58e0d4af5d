"""Measure the coder: on its own gold, or on sets that others labelled."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from tocsin.cli.app import DONE, app
from tocsin.cli.jsonl import LineError, emit

GOLD = Path("tests/quality/gold")
"""Where the source tree keeps the gold."""


@app.command
def evaluate(
    *,
    part: Literal["train", "dev", "test", "all"] = "dev",
    gold: Path = GOLD,
    language: str = "en",
    form: Annotated[Literal["own", "plv", "petrarch"], Parameter(name="--format")] = "own",
    resamples: int = 200,
    json: bool = False,
) -> int:
    """Measure the event coder on labelled text: per type, per status, headline against body, with intervals.

    The own gold is in the source tree. A triple is (source country, type, target country); intervals are 95 %, by
    bootstrap over the items; the curve shows what precision abstaining buys.

    Example: `tocsin evaluate --part dev --json`

    Parameters
    ----------
    part
        Part of the own gold. Who writes rules does not look at `test`.
    gold
        Folder of the own gold, or the JSON Lines file of another format.
    language
        Language of the items of the own gold: en or zh.
    form
        `plv`: one PLOVER type a sentence (Zero-Shot-PLOVER); `petrarch`: CAMEO triples (PETRARCH, UniversalPetrarch).
    resamples
        Draws of the bootstrap.
    json
        One JSON object instead of tables.
    """
    if form != "own":
        return _outside(form, gold, json)
    from tocsin.code.evaluate import evaluate as measure
    from tocsin.code.evaluate import summary, table
    from tocsin.code.gold import read_gold

    paths = sorted(gold.glob("*.txt"))
    if not paths:
        raise LineError(f"{gold}: no gold here (*.txt); name its folder with --gold, tests/quality/gold in the source.")
    parts = ("train", "dev", "test") if part == "all" else (part,)
    found = measure([item for item in read_gold(paths, parts) if item.language == language], resamples)
    if not found.all.items:
        raise LineError(f"{gold}: no item of part {part} in language {language!r}.")
    emit(summary(found)) if json else print(table(found))
    return DONE


def _outside(form: str, path: Path, json: bool) -> int:
    from tocsin.code.evaluate import rates_of
    from tocsin.code.outside import petrarch, plv, render

    if not path.is_file():
        raise LineError(f"{path}: --format {form} needs the set's JSON Lines file: name it with --gold.")
    lines = path.read_text(encoding="utf-8").splitlines()
    found = plv(lines) if form == "plv" else petrarch(lines, path.stem)
    if not json:
        print(render(found))
        return DONE
    rates = {name: rates_of(getattr(found, name)) for name in ("type", "triple", "dyad")}
    by_type = {kind: rates_of(one) for kind, one in sorted(found.by_type.items())}
    counts = {name: value for name, value in asdict(found).items() if isinstance(value, int | str)}
    emit({**counts, "macro_type": found.macro_type, **rates, "by_type": by_type})
    return DONE
