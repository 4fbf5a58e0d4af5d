"""Numbers that a text states: how many aircraft, ships, killed, arrested, how much money."""

from __future__ import annotations

import re
from functools import cache

from tocsin import data
from tocsin.records import Quantity

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = {
    word: 20 + 10 * i
    for i, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])
}
_SCALES = {
    "hundred": 100.0,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "mln": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bln": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SPELLED = "|".join([*_UNITS, *_TENS])
_MONEY = re.compile(
    rf"(?P<sign>US\$|A\$|[$€£¥])\s?(?P<n1>{_NUMBER})\s?(?P<s1>million|billion|trillion|thousand|mln|bln|bn|m|k)?\b"
    rf"|(?P<n2>{_NUMBER})\s?(?P<s2>million|billion|trillion|mln|bln|bn)?\s"
    r"(?P<unit>dollars|euros?|pounds|yen|yuan|won|rupees|roubles|rubles)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?<![\w$€£.,/:-])(?P<n>{_NUMBER}|(?:{_SPELLED})(?:-(?:{_SPELLED}))?|a dozen)"
    r"(?:\s(?P<scale>hundred|thousand|million|billion|dozen))?(?=\s)",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\s(?:of\s)?(?P<word>[^\W\d_][\w’'.-]*)")
_STOPS = frozenset(
    [
        "and",
        "or",
        "in",
        "on",
        "at",
        "from",
        "to",
        "by",
        "with",
        "against",
        "after",
        "before",
        "for",
        "over",
        "that",
        "who",
        "which",
        "was",
        "were",
        "is",
        "are",
    ]
)
REACH = 5
"""Words that may stand between a number and the noun it counts."""
_FATE = {
    "killed": re.compile(
        r"\b(?:kill(?:s|ed|ing)?|dead|died|deaths?|execut(?:ed|ing)|lives|beheaded|massacred)\b", re.I
    ),
    "injured": re.compile(r"\b(?:injured|injures|injure|wounded|wounds|wounding|injuring|hurt)\b", re.I),
    "arrested": re.compile(r"\b(?:arrest(?:s|ed|ing)|detain(?:s|ed|ing)|jailed|held|rounded up)\b", re.I),
}
_AFTER = re.compile(
    rf"\b(?P<verb>kill(?:s|ed|ing)?|injur(?:es?|ed|ing)|wound(?:s|ed|ing)?|arrest(?:s|ed|ing)?|detain(?:s|ed|ing)?)"
    r"\s(?:at least |about |around |some |nearly |more than |over |up to )?"
    rf"(?P<n>{_NUMBER}|{_SPELLED})(?!\s?(?:%|percent|per cent))\b",
    re.IGNORECASE,
)


@cache
def _kinds() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in data.text("lexicon/quantities.txt").splitlines():
        if line and not line.startswith("#"):
            kind, _, nouns = line.partition(":")
            found.update(dict.fromkeys(nouns.split(), kind))
    return found


def number(text: str, scale: str | None = None) -> float:
    """The value of a number in figures or words, with its scale word."""
    low = text.lower().replace(",", "")
    factor = _SCALES.get((scale or "").lower(), 12.0 if (scale or "").lower() == "dozen" else 1.0)
    if re.fullmatch(r"\d+(?:\.\d+)?", low):
        return float(low) * factor
    if low == "a dozen":
        return 12.0
    total = 0.0
    for part in low.split("-"):
        total += _UNITS.index(part) if part in _UNITS else _TENS.get(part, 0)
    return total * factor


def quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """The quantities stated between two offsets of `text`, in order, none overlapping."""
    stop = len(text) if end is None else end
    found: list[Quantity] = []
    for m in _MONEY.finditer(text, start, stop):
        value = number(m["n1"] or m["n2"], m["s1"] or m["s2"])
        found.append(Quantity(what="money", value=value, start=m.start(), end=m.end()))
    for m in _COUNT.finditer(text, start, stop):
        one = _counted(text, m, stop)
        if one is not None and not _overlaps(one, found):
            found.append(one)
    for m in _AFTER.finditer(text, start, stop):
        verb = m["verb"].lower()
        what = "killed" if verb.startswith("kill") else "arrested" if verb[0] in "ad" else "injured"
        one = Quantity(what=what, value=number(m["n"]), start=m.start("n"), end=m.end("n"))
        if not _overlaps(one, found):
            found.append(one)
    return sorted(found, key=lambda q: q.start)


def _counted(text: str, m: re.Match[str], stop: int) -> Quantity | None:
    """A number before a counted noun; people who are killed, injured or arrested count as that."""
    at = m.end()
    for _ in range(REACH):
        following = _NEXT.match(text, at, stop)
        if following is None or following["word"].lower() in _STOPS:
            return None
        at = following.end()
        noun = following["word"].lower()
        fate = next((what for what, words in _FATE.items() if words.fullmatch(noun)), None)
        kind = fate or _kinds().get(noun)
        if kind is not None:
            break
    else:
        return None
    if kind in ("people", "troops", "protesters", "refugees", "prisoners"):
        around = text[max(0, m.start() - 48) : min(stop, at + 32)]
        kind = next((what for what, words in _FATE.items() if words.search(around)), kind)
    return Quantity(what=kind, value=number(m["n"], m["scale"]), start=m.start("n"), end=at)


def _overlaps(one: Quantity, others: list[Quantity]) -> bool:
    return any(one.start < o.end and o.start < one.end for o in others)
