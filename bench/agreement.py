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
SIZE, SEED = 150, 20251201
Pair = tuple[GoldItem, Sequence[GoldEvent]]


def draw(size: int = SIZE, seed: int = SEED) -> list[GoldItem]:
    """English items of the dev and test parts, drawn at random without regard to their labels."""
    items = [i for i in read_gold(sorted(GOLD.glob("*.txt")), ("dev", "test")) if i.language == "en"]
    return random.Random(seed).sample(sorted(items, key=lambda item: item.id), size)


def compare(pairs: Iterable[Pair]) -> tuple[Score, Score, int]:
    """The second annotator's labels held against the others', the same where both find events, and the items where neither does."""
    everything, with_events, neither = Score(), Score(), 0
    for item, others in pairs:
        everything.add(item.events, others)
        if item.events and others:
            with_events.add(item.events, others)
        neither += not item.events and not others
    return everything, with_events, neither


def rows(pairs: Sequence[Pair]) -> list[str]:
    """The figures of one comparison, one to a table row."""
    score, with_events, neither = compare(pairs)
    one_side = sum(bool(item.events) != bool(others) for item, others in pairs)
    exact = sum(set(shape(item.events)) == set(shape(others)) for item, others in pairs)
    count = len(pairs)
    return [
        f"{score.type.f1:.3f}",
        f"{score.dyad.f1:.3f}",
        f"{score.triple.f1:.3f}",
        f"{with_events.triple.f1:.3f}",
        f"{score.status_accuracy:.3f} of {score.status.total()}",
        f"{score.sector_accuracy:.3f} of {score.sector.total()}",
        f"{neither} of {count} ({neither / count:.0%})",
        f"{one_side} of {count}",
        f"{exact} of {count} ({exact / count:.0%})",
    ]


def shape(events: Iterable[GoldEvent]) -> list[tuple[object, ...]]:
    """What two annotators must share to count as wholly agreed: type, status, and the actors' countries or sectors."""
    return [
        (e.type, e.status, *(tuple(sorted(a.country or f":{a.sector}" for a in side)) for side in (e.source, e.target)))
        for e in events
    ]


NAMES = [
    "F1 of types",
    "F1 of dyads",
    "F1 of triples",
    "F1 of triples, items where both find events",
    "same status, of events both find",
    "same sector, of actors both find",
    "both say: no event",
    "only one says: no event",
    "wholly the same (type, status, countries)",
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
        f"{len(second)} English items, drawn at random (seed {SEED}) from the dev and test parts, labelled a second time from",
        "the text and the [coding guide](../../docs/coding-guide.md) alone: without the first labels, and without what the",
        "coder answers. The project's own scorer compares them. No coder can be asked to agree with the gold more than",
        "annotators agree with each other: the first column is the ceiling.",
        "",
        "| | second against first annotator | second annotator's first labels against the gold today |",
        "| --- | --- | --- |",
        *(f"| {name} | {one} | {two} |" for name, one, two in zip(NAMES, before, after, strict=True)),
        "",
        NOTES.read_text(encoding="utf-8").rstrip() if NOTES.is_file() else "",
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
