"""How far two annotators of the gold agree: `python -m bench.agreement`, and what the gold says today beside them.

`python -m bench.agreement draw` prints the sample without its labels, for a second annotator to label blind; the two
sets of labels, as they were before anybody spoke about them, stay in `tests/quality/gold/second/`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tocsin.code.gold import GoldEvent, GoldItem, read_gold
from tocsin.code.scoring import Score

GOLD = Path(__file__).resolve().parents[1] / "tests/quality/gold"
FIRST, SECOND, NOTES = (GOLD / "second" / name for name in ("first.txt", "agreement.txt", "notes.md"))
DEV_FIRST, DEV_SECOND = (GOLD / "second" / name for name in ("dev-first.txt", "dev.txt"))
SIZE, SEED, RESAMPLES = 150, 20251201, 1000
Pair = tuple[GoldItem, Sequence[GoldEvent]]


def draw(size: int = SIZE, seed: int = SEED) -> list[GoldItem]:
    """English items of the dev and test parts, drawn at random without regard to their labels."""
    items = [i for i in read_gold(sorted(GOLD.glob("*.txt")), ("dev", "test")) if i.language == "en"]
    return random.Random(seed).sample(sorted(items, key=lambda item: item.id), size)


def rows(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """What is measured, and its figure: each item's second labels held against those paired with it."""
    score = compare(pairs)
    count = len(pairs)
    neither = sum(not item.events and not others for item, others in pairs)
    one_side = sum(bool(item.events) != bool(others) for item, others in pairs)
    exact = sum(shape(item.events) == shape(others) for item, others in pairs)
    generator = random.Random(SEED)
    samples = [compare(generator.choices(pairs, k=count)) for _ in range(RESAMPLES)]
    return [
        ("F1 of types", spread(score.type.f1, [s.type.f1 for s in samples])),
        ("F1 of dyads", spread(score.dyad.f1, [s.dyad.f1 for s in samples])),
        ("F1 of triples", spread(score.triple.f1, [s.triple.f1 for s in samples])),
        ("same status, of events both find", f"{score.status_accuracy:.3f} of {score.status.total()}"),
        ("same sector, of actors both find", f"{score.sector_accuracy:.3f} of {score.sector.total()}"),
        ("both say: no event", f"{neither} of {count} ({neither / count:.0%})"),
        ("only one says: no event", f"{one_side} of {count}"),
        ("wholly the same (type, status, countries)", f"{exact} of {count} ({exact / count:.0%})"),
    ]


def by_gold(pairs: Sequence[Pair]) -> list[str]:
    """The lines of a table of F1 by the gold file that an item stands in, newest last, and by kind."""
    files = {item.id: path.name[0] for path in sorted(GOLD.glob("*.txt")) for item in read_gold([path])}
    letters = "".join(sorted({files[item.id] for item, _ in pairs if item.id in files}))
    groups = [
        (f"`{letter}-`", [p for p in pairs if files.get(p[0].id) == letter]) for letter in letters if letter > "e"
    ]
    old = [p for p in pairs if files.get(p[0].id, "z") <= "e"]
    kinds = [(f"{kind}s", [p for p in pairs if p[0].kind == kind]) for kind in ("headline", "sentence", "passage")]
    lines = ["| | items | triple | dyad | type |", "| --- | --- | --- | --- | --- |"]
    for name, some in [("all", list(pairs)), ("`a-` to `e-`", old), *groups, *kinds]:
        score = compare(some)
        figures = " | ".join(f"{rates.f1:.3f}" for rates in (score.triple, score.dyad, score.type))
        lines.append(f"| {name} | {len(some)} | {figures} |")
    return lines


def compare(pairs: Iterable[Pair]) -> Score:
    """The project's own score of the second annotator against the labels paired with each item."""
    score = Score()
    for item, others in pairs:
        score.add(item.events, others)
    return score


def spread(value: float, samples: list[float]) -> str:
    """A figure with the interval that 95 of 100 resamples of the items fall into."""
    ordered = sorted(samples)
    return f"{value:.3f} ({ordered[len(ordered) // 40]:.2f}–{ordered[-len(ordered) // 40]:.2f})"


def shape(events: Iterable[GoldEvent]) -> set[object]:
    """What two annotators must share to count as wholly agreed: type, status, and the actors' countries or sectors."""
    return {
        (e.type, e.status, *(tuple(sorted(a.country or f":{a.sector}" for a in side)) for side in (e.source, e.target)))
        for e in events
    }


def _of_dev() -> list[str]:
    """The lines on the sample of the dev part."""
    first = {item.id: item.events for item in read_gold([DEV_FIRST])}
    pairs = [(item, first[item.id]) for item in read_gold([DEV_SECOND])]
    return [
        "# Agreement on the dev part",
        "",
        f"{len(pairs)} English items of the dev part, drawn at random from 6,919 in November 2026, were labelled again",
        "by four annotators, 240 each, from the text and the coding guide alone, without the first labels and without",
        "what the coder answers. Neither set was changed afterwards. F1 of the second labels against the first:",
        "",
        *by_gold(pairs),
    ]


def main() -> int:
    """Write `bench/results/agreement.md`."""
    second = list(read_gold([SECOND]))
    first = {item.id: item.events for item in read_gold([FIRST])}
    today = {item.id: item.events for item in read_gold(sorted(GOLD.glob("*.txt")))}
    before = rows([(item, first[item.id]) for item in second])
    after = rows([(item, today[item.id]) for item in second if item.id in today])
    lines = [
        "# Agreement between two annotators of the gold",
        "",
        f"{len(second)} English items, drawn at random (seed {SEED}) from the dev and test parts, were labelled again",
        "from the text and the [coding guide](../../docs/coding-guide.md) alone: without the first labels, and without",
        "what the coder answers. The project's own scorer compares them (in brackets: 95 % of resamples of the items).",
        "No coder can be asked to agree with the gold more than annotators agree with each other: the first column",
        "is the ceiling, measured before the guide's last decisions were written.",
        "",
        "| | second against first annotator | second annotator's first labels against the gold today |",
        "| --- | --- | --- |",
        *(f"| {name} | {one} | {two} |" for (name, one), (_, two) in zip(before, after, strict=True)),
        "",
        NOTES.read_text(encoding="utf-8").rstrip() if NOTES.is_file() else "",
        "",
        *_of_dev(),
    ]
    out = "\n".join(lines).rstrip() + "\n"
    print(out)
    (Path(__file__).parent / "results/agreement.md").write_text(out, encoding="utf-8")
    return 0


if __name__ == "__main__":
    if "draw" in sys.argv[1:]:
        for item in draw():
            print(f"@ {item.kind} {item.on or '-'} en\n{item.text}\n")
        sys.exit(0)
    sys.exit(main())
