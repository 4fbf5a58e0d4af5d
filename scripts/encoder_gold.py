"""The gold as the encoder learns from it: the coder's own sentences, names and candidates, varied anew each epoch."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.code import coder, train_roles
from tocsin.code.encoder import TYPES
from tocsin.code.gold import GoldItem, read_gold
from tocsin.code.names import split, table

ROOT = Path(__file__).resolve().parents[1]
SWAPPED = 0.4
"""The share of items whose countries are swapped each time they are seen."""
JOINED, SHORT = 0.3, 200
"""The share of one-sentence items, none of more characters than that, that are read as the halves of one sentence."""
LINKS = ("; ", ", while ", ", and ", " as ", ", after ", ", but ", ", ")
Span = tuple[int, int]


@dataclass
class Asked:
    """An event told at a word: for each side, who may be meant, and the chance that the gold gives each."""

    kind: int
    word: Span
    sides: tuple[list[Span | str], list[Span | str]]
    wanted: tuple[list[float], list[float]]


@dataclass
class Sample:
    """One item: its text and sentences, the spans that name countries, what it tells, and whom its events ask for.

    `told` are the chances of any event and of each type.
    """

    text: str
    sentences: list[Span]
    names: list[tuple[int, int, str, str]]
    told: list[float]
    asked: list[Asked]


def samples(part: str) -> list[Sample]:
    """The English items of a part of the gold, as the coder's own sentences, names and candidates cut them."""
    items = read_gold(sorted((ROOT / "tests/quality/gold").glob("*.txt")), (part,))
    items = [item for item in items if item.language == "en"]
    found = [_sample(item) for item in items]
    for one in (*train_roles.samples(items), *train_roles.made(items)):
        sides = (one.source, one.target)
        wanted = [train_roles.shares(side.right).tolist() if side.right.max() > 0 else [] for side in sides]
        spots = [list(side.spots) for side in sides]
        found[one.item].asked.append(
            Asked(TYPES.index(one.type), one.word, (spots[0], spots[1]), (wanted[0], wanted[1]))
        )
    return found


def _sample(item: GoldItem) -> Sample:
    units = coder.read_claims(item.text, item.on, item.kind == "headline", listening=False)
    names = {(m.start, m.end, m.kind, m.country) for unit in units for m in unit.mentions if m.country}
    sentences = sorted({(unit.start, unit.end) for unit in units}) or [(0, len(item.text))]
    kinds = {event.type for event in item.events}
    told = [float(bool(kinds)), *(float(kind in kinds) for kind in TYPES)]
    return Sample(item.text, sentences, sorted(names), told, [])


def spellings() -> dict[str, dict[str, str]]:
    """What each country is called, by kind of name."""
    return {
        row["iso3"]: {
            "country": row["name"],
            "demonym": (split(row["demonyms"]) or [row["name"]])[0],
            "capital": (split(row["capitals"]) or [row["name"]])[0],
        }
        for row in table("actors/countries")
    }


def shown(items: Sequence[Sample], known: dict[str, dict[str, str]]) -> list[Sample]:
    """What one epoch sees: some items with other countries, some short ones joined in pairs."""
    found = [swapped(one, known) if random.random() < SWAPPED else one for one in items]  # noqa: S311
    able = [one for one in found if len(one.sentences) == 1 and len(one.text) < SHORT]
    pairs = random.sample(able, int(JOINED * len(able)) // 2 * 2)
    taken = {id(one) for one in pairs}
    rest = [one for one in found if id(one) not in taken]
    return rest + [joined(one, other) for one, other in zip(pairs[::2], pairs[1::2], strict=True)]


def swapped(one: Sample, known: dict[str, dict[str, str]]) -> Sample:
    """The sample with each of its countries exchanged for another, in name, adjective and capital."""
    found = [n for n in one.names if n[2] in ("country", "demonym", "capital") and n[3] in known]
    others = {country: random.choice(list(known)) for country in {n[3] for n in found}}  # noqa: S311
    text, at, shifts = "", 0, []
    for start, end, kind, country in found:
        if start < at:
            continue
        text += one.text[at:start] + known[others[country]][kind]
        shifts.append((start, end, len(text)))
        at = end

    def moved(offset: int) -> int:
        last = next((s for s in reversed(shifts) if s[1] <= offset or s[0] < offset), None)
        return offset if last is None else last[2] + max(0, offset - last[1])

    def along(spot: Span) -> Span:
        return moved(spot[0]), max(moved(spot[0]) + 1, moved(spot[1]))

    sentences = [(moved(start), moved(end)) for start, end in one.sentences]
    return Sample(text + one.text[at:], sentences, [], one.told, [_moved(a, along) for a in one.asked])


def joined(one: Sample, other: Sample) -> Sample:
    """Two samples as one sentence, so that each event has the other's actors to be told from."""
    begun = one.text.rstrip(" .") + random.choice(LINKS)  # noqa: S311
    shift = len(begun)
    moved = [_moved(a, lambda spot: (spot[0] + shift, spot[1] + shift)) for a in other.asked]
    asked = [_beside(a, moved) for a in one.asked] + [_beside(a, one.asked) for a in moved]
    text = begun + other.text
    told = [max(pair) for pair in zip(one.told, other.told, strict=True)]
    return Sample(text, [(0, len(text))], [], told, asked)


def _moved(one: Asked, along: Callable[[Span], Span]) -> Asked:
    sides = _both((spot if isinstance(spot, str) else along(spot) for spot in side) for side in one.sides)
    return Asked(one.kind, along(one.word), sides, one.wanted)


def _both(some: Iterable[Iterable[Span | str]]) -> tuple[list[Span | str], list[Span | str]]:
    first, second = map(list, some)
    return first, second


def _beside(one: Asked, others: Sequence[Asked]) -> Asked:
    """An event with the actors of other events as further answers, all wrong."""
    further = [
        list(dict.fromkeys(spot for other in others for spot in other.sides[side] if not isinstance(spot, str)))
        for side in range(2)
    ]
    first, second = (
        [*wanted, *(0.0 for _ in more)] if wanted else [] for wanted, more in zip(one.wanted, further, strict=True)
    )
    return Asked(one.kind, one.word, _both([*one.sides[side], *further[side]] for side in range(2)), (first, second))
