"""Numbers that a text states: how many aircraft, ships, killed, arrested, how much money.

"Dozens", "hundreds" and "tens of thousands" state no number and give none. Of "30 to 40" the second is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from tocsin import data
from tocsin.code.actors import sector_of
from tocsin.code.names import split, table
from tocsin.records import Quantity

_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_DECADES = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_TENS = {word: 20.0 + 10 * i for i, word in enumerate(_DECADES)}
_SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "lakh": 1e5,
    "million": 1e6,
    "mln": 1e6,
    "m": 1e6,
    "crore": 1e7,
    "billion": 1e9,
    "bln": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "trn": 1e12,
    "tn": 1e12,
}
_NUMBER = r"(?:\d{1,3}(?:,\d{2,3})+|\d{1,15})(?:\.\d{1,6})?"
_SPELLED = "|".join([*_UNITS, *_TENS])
_WORDED = rf"(?:{_SPELLED})(?:[- ](?:{'|'.join(_UNITS[1:10])}))?"
_ROUND = r"half an?|an?(?=[\s-](?:dozen|hundred|thousand|million|billion)\b)"
_BIG = r"million|billion|trillion|thousand|lakh crore|lakh|crore|mln|bln|bn|trn|tn|m|k|b"
_CURRENCY = (
    r"dollars?|euros?|pounds|sterling|yen|yuan|renminbi|won|rupees?|roubles?|rubles?|rand|francs?|kron(?:er|or|a|e)|"
    r"kroner|shekels?|riyals?|rials?|dirhams?|dinars?|lira|pesos?|reais|naira|rupiah|ringgit|baht|dong|hryvnias?|"
    r"zlotys?|forint|lei|leva|tenge|taka|cedis?|shillings?|birr|kwacha"
)
_CODES = r"USD|EUR|GBP|JPY|CNY|RMB|CHF|AUD|CAD|INR|RUB|KRW|TRY|NOK|SEK|DKK|PLN|UAH|SAR|AED|Rs\.?"
_MONEY = re.compile(
    rf"(?:(?:US|A|C|CA|AU|NZ|NT|HK|S|R)?\$|[€£¥₽₴₩₪₹₺₱]|\b(?-i:{_CODES})\s?)\s?(?P<n1>{_NUMBER})[\s-]?(?:(?P<s1>{_BIG})\b)?"
    rf"|(?<![\w.,])(?P<n2>{_NUMBER}|{_WORDED}|{_ROUND})[\s-]?(?:(?P<s2>{_BIG})[\s-])?\s?"
    rf"(?:(?:US|U\.S\.|American|Australian|Canadian|Taiwan|Hong\sKong|Singapore|New\sZealand|Swiss|Norwegian|Swedish|"
    rf"Danish|Egyptian|Indian|Pakistani|Chinese|Russian|Turkish|Kenyan|Philippine|Mexican|Saudi|CFA)\s)?"
    rf"(?:{_CURRENCY}|(?-i:{_CODES}))\b",
    re.IGNORECASE,
)
_HEDGE = (
    r"(?:at\sleast|about|around|some|nearly|almost|roughly|approximately|more\sthan|over|up\sto|as\smany\sas|"
    r"an\sestimated|another|a\sfurther|a\stotal\sof)\s"
)
_COUNT = re.compile(
    rf"(?<![\w$€£¥.,/:–-])(?P<n>{_NUMBER}|{_WORDED}|{_ROUND})(?:[\s-](?P<scale>hundred[\s-](?:thousand|million)|hundred|"
    r"thousand|million|billion|dozen|lakh|mln|bn))?(?=\s)",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\s(?:of\s)?(?P<word>[^\W\d_](?:[\w’'.-]*[\w’'])?)")
_JOINED = re.compile(r"\s[A-Z][\w.-]*(?:, [A-Z][\w.-]*)* and (?P<word>[A-Z][\w.-]*)")
"""Names before a counted noun: 12 Cambodian and Chinese soldiers."""
_STOPS = frozenset([
    "and", "or", "in", "on", "at", "by", "from", "to", "with", "against", "after", "before", "for", "over", "that",
    "who", "which", "was", "were", "is", "are", "as", "it", "its",
])  # fmt: skip
REACH = 5
"""Words that may stand between a number and the noun it counts."""
_KILL = r"kill(?:s|ed|ing)?|execut(?:es?|ed|ing)|massacr(?:es?|ed|ing)|behead(?:s|ed|ing)?|hang(?:s|ed|ing)?|slain|slay"
_HURT = r"injur(?:es?|ed|ing)|wound(?:s|ed|ing)?|hurt(?:s|ing)?"
_HELD = (
    r"arrest(?:s|ed|ing)?|detain(?:s|ed|ing)?|jail(?:s|ed|ing)?|round(?:s|ed|ing)?\sup|pick(?:s|ed|ing)?\sup|"
    r"nab(?:s|bed|bing)?"
)
_TOOK = r"abduct(?:s|ed|ing)?|kidnap(?:s|ped|ping)?|snatch(?:es|ed|ing)?"
_FATE = {
    "killed": re.compile(rf"\b(?:{_KILL}|dead|died|dies?|deaths?|lives|gunned\sdown)\b", re.I),
    "injured": re.compile(rf"\b(?:{_HURT})\b", re.I),
    "arrested": re.compile(
        rf"\b(?:{_HELD}|arrests|(?:was|were|are|been|being)\sheld|held\s(?:for|over|in|after))\b", re.I
    ),
    "abducted": re.compile(rf"\b(?:{_TOOK}|taken\shostage)\b", re.I),
}
"""What happened to people, by the words around their number; the earlier wins."""
_FITTING = {
    "killed": ("ASSAULT",),
    "injured": ("ASSAULT",),
    "arrested": ("COERCE",),
    "abducted": ("ASSAULT", "COERCE"),
    "protesters": ("PROTEST",),
    "money": ("AID", "AGREE", "SANCTION"),
    "diplomats": ("SANCTION",),
}
"""Types of event that a quantity belongs to before others."""
_AFTER = re.compile(
    rf"\b(?:(?P<killed>{_KILL}|guns?\sdown|gunned\sdown|(?:shot|shoots?)\sdead)|(?P<injured>{_HURT})|"
    rf"(?P<arrested>{_HELD})|(?P<abducted>{_TOOK}))\s(?:{_HEDGE})?"
    rf"(?P<n>{_NUMBER}|{_WORDED})(?:\s(?P<scale>hundred|thousand|dozen))?"
    r"(?!\s?(?:%|percent|per\scent|-))(?=[\s.,;:)”\"]|$)",
    re.IGNORECASE,
)
_THEN = re.compile(
    rf"(?<![\w$€£¥.,/:-])(?P<n>{_NUMBER}|{_WORDED})(?:\s(?P<scale>hundred|thousand|dozen))?"
    r"(?:\s(?!and\b|or\b|in\b)[\w’'-]+){0,2}?\s(?:(?:was|were|have\sbeen|had\sbeen|has\sbeen|are|is)\s(?:also\s)?)?"
    rf"(?:(?P<killed>killed|dead|died?|shot\sdead|executed|massacred)|(?P<injured>injured|wounded|hurt)|"
    rf"(?P<arrested>arrested|detained|rounded\sup|taken\sinto\scustody|taken\saway)|"
    rf"(?P<abducted>abducted|kidnapped|taken\shostage))\b",
    re.IGNORECASE,
)
_CROWD = re.compile(
    rf"(?<![\w$€£¥.,/:-])(?P<n>{_NUMBER}|{_WORDED}|{_ROUND})(?:\s(?P<scale>hundred\sthousand|hundred|thousand|million))?"
    r"\s(?:people\s)?(?:protest(?:ed)?|march(?:ed)?|rall(?:y|ied)|demonstrated?|(?:take|took)\sto\s(?:the\s)?streets)\b",
    re.IGNORECASE,
)
_PERSONS = re.compile(r"(?:men|[eo]rs|ists|[ae]nts|ians|ees|ives)$")
PEOPLE = frozenset({"people", "troops", "protesters", "refugees", "prisoners"})
_FLYING = re.compile(
    r"\b(?:jets?|planes?|aircraft|air\s?force|airspace|warplanes?|bombers?|scrambl|intercept|f(?:lew|ly|lown|lying)\b|"
    r"stealth|squadron|sorties?|f-\d|su-\d|mig)",
    re.IGNORECASE,
)


@cache
def kinds() -> dict[str, str]:
    """What a counted noun counts (`data/lexicon/quantities.txt`)."""
    found: dict[str, str] = {}
    for line in data.text("lexicon/quantities.txt").splitlines():
        if line and not line.startswith("#"):
            kind, _, nouns = line.partition(":")
            found.update(dict.fromkeys(nouns.split(), kind))
    return found


@cache
def _peoples() -> frozenset[str]:
    """Words such as "Haitians": what the people of a country are called."""
    return frozenset(word.lower() for row in table("actors/countries") for word in split(row["demonyms"]) if word)


@lru_cache(maxsize=20_000)
def _kind(word: str) -> str | None:
    """What a word counts where a number stands before it; capitalised states and nations are names."""
    low = word.lower().removesuffix("'s").removesuffix("’s")
    kind = kinds().get(low)
    if kind is not None:
        return None if kind == "countries" and word[0].isupper() else kind
    if low in _peoples() and low.endswith("s"):
        return "people"
    return "people" if word.islower() and _PERSONS.search(low) and sector_of([low]) is not None else None


def number(text: str, scale: str | None = None) -> float:
    """The value of a number in figures or words, with its scale word."""
    low = " ".join(text.lower().replace(",", "").replace("-", " ").split())
    factor = 1.0
    for word in (scale or "").lower().replace("-", " ").split():
        factor *= _SCALES.get(word, 1.0)
    if low in ("half a", "half an"):
        return factor / 2
    if low in ("a", "an"):
        return factor
    if low == "a dozen":
        return 12.0
    if re.fullmatch(r"\d+(?:\.\d+)?", low):
        return round(float(low) * factor, 6)
    return factor * sum(_UNITS.index(part) if part in _UNITS else _TENS.get(part, 0) for part in low.split())


def quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """The quantities stated between two offsets of `text`, in order, none overlapping."""
    stop = len(text) if end is None else end
    found: list[Quantity] = []
    for one in (*_money(text, start, stop), *_counts(text, start, stop), *_fates(text, start, stop)):
        if not any(one.start < other.end and other.start < one.end for other in found[-200:]):
            found.append(one)
    return sorted(found, key=lambda q: q.start)


def divided(types: Sequence[str], spans: Sequence[tuple[int, int]], stated: Sequence[Quantity]) -> list[list[Quantity]]:
    """The quantities of a sentence by the events that it tells, of which types and offsets are given.

    A number belongs to the events whose words hold it; else to those it befits (the killed to an assault, prisoners to
    an arrest); else to the nearest.
    """
    found: list[list[Quantity]] = [[] for _ in types]
    for one in stated:
        away = [max(start - one.start, one.end - end, 0) for start, end in spans]
        owners = [i for i, far in enumerate(away) if not far] or [i for i, kind in enumerate(types) if _fits(one, kind)]
        for i in owners or [away.index(min(away))]:
            found[i].append(one)
    return found


def followed(types: Sequence[str], stated: Sequence[Quantity]) -> list[list[Quantity]]:
    """What the next sentence, which tells no event itself, says of the people whom events of given types befell."""
    return [[one for one in stated if one.what in _FATE and _fits(one, kind)] for kind in types]


def _fits(one: Quantity, kind: str) -> bool:
    return kind in _FITTING.get(one.what, ())


def _money(text: str, start: int, stop: int) -> Iterator[Quantity]:
    for m in _MONEY.finditer(text, start, stop):
        value = number(m["n1"] or m["n2"], m["s1"] or m["s2"])
        yield Quantity(what="money", value=value, start=m.start(), end=m.end())


def _counts(text: str, start: int, stop: int) -> Iterator[Quantity]:
    """Numbers before counted nouns; people who are killed, injured, arrested or abducted count as that."""
    for m in _COUNT.finditer(text, start, stop):
        counted = _noun(text, m.end(), stop)
        if counted is None:
            continue
        kind, end = counted
        around = text[max(start, m.start() - 48) : min(stop, end + 32)]
        if kind == "aircraft" and "fighters" in text[m.end() : end].lower() and not _FLYING.search(around):
            kind = "people"
        if kind in PEOPLE:
            kind = next((what for what, words in _FATE.items() if words.search(around)), kind)
        yield Quantity(what=kind, value=number(m["n"], m["scale"]), start=m.start("n"), end=end)


def _noun(text: str, at: int, stop: int) -> tuple[str, int] | None:
    """What the words after a number count, and where the counted noun ends."""
    plain: tuple[str, int] | None = None
    for _ in range(REACH):
        following = (
            _NEXT.match(text, at, stop) if plain else _JOINED.match(text, at, stop) or _NEXT.match(text, at, stop)
        )
        if following is None or following["word"].lower() in _STOPS:
            return plain
        at = following.end()
        kind = _kind(following["word"])
        if kind is not None:
            plain = kind, at
        elif plain is not None:
            return plain
    return plain


def _fates(text: str, start: int, stop: int) -> Iterator[Quantity]:
    """Numbers right after or before what befell people: "killing 12", "3 died and 27 were hurt"."""
    for pattern in (_AFTER, _THEN):
        for m in pattern.finditer(text, start, stop):
            what = next(name for name in _FATE if m[name])
            last = m.end("scale") if m["scale"] else m.end("n")
            yield Quantity(what=what, value=number(m["n"], m["scale"]), start=m.start("n"), end=last)
    for m in _CROWD.finditer(text, start, stop):
        last = m.end("scale") if m["scale"] else m.end("n")
        yield Quantity(what="protesters", value=number(m["n"], m["scale"]), start=m.start("n"), end=last)
