"""The event coder: speed, and what it gets right. `python -m bench.coder` needs `../shared/data`.

Speed on `stories_dev/news_clusters.jsonl`; the own gold's dev and test part; the sample of plain news; PLV's and
PETRARCH's sentences in `events_dev`.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from tocsin.code import code_text
from tocsin.code.coder import read_claims, units
from tocsin.code.evaluate import evaluate, table
from tocsin.code.gazetteer import Gazetteer
from tocsin.code.gold import read_gold
from tocsin.code.outside import petrarch, plv, render
from tocsin.code.parsing import parse
from tocsin.code.places import Places
from tocsin.code.sentences import sentences

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared/data"
DATA = SHARED / "stories_dev/news_clusters.jsonl"
RESULTS = ROOT / "bench/results/coder.md"
ARTICLES, ROUNDS = 60, 3
"""The fastest of some rounds counts: others on the machine only slow one down."""


def _coded(texts: list[str]) -> tuple[float, int]:
    """CPU seconds that coding takes, and the events that it gives."""
    started = time.process_time()
    events = sum(len(code_text(text, on=None).events) for text in texts)
    return time.process_time() - started, events


def main() -> int:
    """Print and write CPU seconds per 500 words, sentences per CPU second, the share of each step, and peak memory."""
    if not DATA.is_file():
        print(f"{DATA} is not there: the evaluation data is needed", file=sys.stderr)
        return 1
    texts = [json.loads(line)["text"] for line in DATA.read_text(encoding="utf-8").splitlines()[:ARTICLES]]
    code_text(texts[0], on=None)
    words = sum(len(text.split()) for text in texts)
    count = sum(1 for text in texts for _ in sentences(text))
    total, events = min(_coded(texts) for _ in range(ROUNDS))
    steps = {"names": 0.0, "places": 0.0, "gate and words": 0.0, "parse": 0.0, "unheard": 0.0, "all claims": 0.0}
    gated = 0
    for text in texts:
        clock = time.process_time()
        mentions = Gazetteer.load().find(text, None)
        clock = _lap(steps, "names", clock)
        located = Places.load().find(text, mentions)
        clock = _lap(steps, "places", clock)
        passed = units(text, mentions, located, False)
        gated += len(passed)
        clock = _lap(steps, "gate and words", clock)
        parse(unit.readings[0] for unit in passed)
        clock = _lap(steps, "parse", clock)
        read_claims(text, None, False, listening=False)
        clock = _lap(steps, "unheard", clock)
        read_claims(text, None, False)
        _lap(steps, "all claims", clock)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [
        "# Speed of the event coder",
        "",
        f"{len(texts)} news articles, {words} words, one process; the fastest of {ROUNDS} rounds.",
        "",
        f"* CPU seconds per 500 words: {total * 500 / words:.4f}",
        f"* sentences per CPU second: {count / total:.0f}",
        f"* sentences that pass the gate: {gated} of {count} ({gated / count:.0%})",
        f"* events: {events}",
        f"* peak memory: {memory:.0f} MB",
        "",
        "| step | share of the coder's time |",
        "| --- | --- |",
    ]
    reading = sum(steps[name] for name in ("names", "places", "gate and words", "parse"))
    lines += [f"| {name} | {steps[name] / total:.0%} |" for name in ("names", "places", "gate and words", "parse")]
    lines += [f"| frames, status, participants | {(steps['unheard'] - reading) / total:.0%} |"]
    lines += [f"| encoder | {(steps['all claims'] - steps['unheard']) / total:.0%} |"]
    lines += [f"| model, dates, themes, records | {max(0.0, total - steps['all claims']) / total:.0%} |"]
    out = "\n".join([*lines, "", *accuracy()]) + "\n"
    print(out)
    RESULTS.write_text(out, encoding="utf-8")
    return 0


def accuracy() -> list[str]:
    """What the coder gets right, as Markdown: the own gold, English and Chinese, and the sets of others."""
    paths = sorted((ROOT / "tests/quality/gold").glob("*.txt"))
    out = ["# What the event coder gets right", ""]
    for language, name in (("en", "English"), ("zh", "Chinese")):
        for part in ("dev", "test"):
            found = evaluate(item for item in read_gold(paths, (part,)) if item.language == language)
            out += [f"## Own gold, {part} part, {name}", "", "```", table(found), "```", ""]
    plain = read_gold(sorted((ROOT / "tests/quality/plain").glob("*.txt")))
    out += ["## Plain world news, English", "", "```", table(evaluate(plain)), "```", ""]
    others = SHARED / "events_dev"
    read = plv, petrarch, petrarch
    for measure, name in zip(read, ("plv_train", "universal_petrarch_en", "petrarch_unit_tests"), strict=True):
        lines = (others / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        out += [f"## {name}", "", "```", render(measure(lines)), "```", ""]
    out += ["The sets of others are evaluated only. PETRARCH's sentences are mostly about invented countries (Arnor),"]
    out += ["whose names no gazetteer of the world holds: only those between real countries have triples and dyads."]
    return out


def _lap(steps: dict[str, float], name: str, since: float) -> float:
    now = time.process_time()
    steps[name] += now - since
    return now


if __name__ == "__main__":
    sys.exit(main())
