"""What grouping looks at in an article: its weighted terms, the concepts any language shares, its day, its meaning."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tocsin.group.concepts import concepts
from tocsin.group.numbers import counted, dates
from tocsin.group.standing import common, things
from tocsin.group.terms import fold, is_cjk, stopwords, terms, words
from tocsin.records import Article

Weights = dict[int, float]
Vector = NDArray[np.float32]

READ = 12_000  # characters of an article that are looked at for its story
LEAD = 900  # characters of it that tell the story in short
REMEMBERED = 183  # days back to which a day without a year is taken to refer
EPOCH = date(1970, 1, 1)
CALENDAR = frozenset({  # names that tell neither who nor where
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december",
})  # fmt: skip
_SENTENCE = re.compile(r"(?<=[.!?”\"'’])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Sketch:
    """One article as the stories compare it; `day` counts from 1970, `tongue` is its language or script.

    `mentioned` are the days of the last half year that the text names ("the July 14 attack"): a late report of a story
    is as near to it as the day it tells of. Of title and lead, `names` tell who and where, `things` are those of them
    that are not in the news every week, and `counted` what was counted ("20 aircraft") beside the `kinds` of things
    that were ("aircraft"): they tell like events apart.
    """

    tongue: str
    day: float | None
    mentioned: tuple[float, ...]
    terms: Weights
    concepts: Weights
    titles: Weights
    names: Weights
    things: Weights
    counted: Weights
    kinds: Weights
    vector: Vector | None


def sketch(article: Article, vector: Vector | None = None) -> Sketch:
    """Look at `article` once: a term counts more in title and lead, and as a name (capitals inside a sentence)."""
    text = article.text[:READ]
    found = Counter(terms(text))
    lead = set(terms(f"{article.title} {text[:LEAD]}"))
    for term in lead:
        found[term] += 1
    names = _names(article.title, text)
    weights = {
        key(term): (1 + math.log(count)) * (1 + (term in lead) + (term in names)) for term, count in found.items()
    }
    told = f"{article.title}\n{text[:LEAD]}"
    shared = concepts(f"{article.title}\n{text[: 3 * LEAD]}")
    counts = counted(told.casefold())
    return Sketch(
        tongue=tongue(article),
        day=(published := day(article.published)),
        mentioned=_mentioned(text[:4000], published),
        terms=_unit(weights),
        concepts=_unit({key("=" + name): 1 + math.log(count) for name, count in shared.items()}),
        titles=_unit({key(term): 1.0 for term in terms(article.title)}),
        names={key(name): 1.0 for name in sorted((names & lead) - CALENDAR)},
        things={key(name): 1.0 for name in sorted(things(names & lead, told))},
        counted={key(f"{figure} {kind}"): 1.0 for figure, kind in sorted(counts)},
        kinds={key(kind): 1.0 for kind in sorted({kind for _, kind in counts})},
        vector=vector,
    )


def key(term: str) -> int:
    """A term as 32 bits: what the document frequencies and the state count by."""
    return zlib.crc32(term.encode("utf-8", "surrogatepass"))


def day(published: datetime | date | None) -> float | None:
    """Days since 1970, with the time of day as a fraction; a date alone counts as its noon, no zone as UTC."""
    if published is None:
        return None
    if not isinstance(published, datetime):
        return (published - EPOCH).days + 0.5
    aware = published if published.tzinfo else published.replace(tzinfo=UTC)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() / 86_400


def _mentioned(text: str, published: float | None) -> tuple[float, ...]:
    if published is None:
        return ()
    today = EPOCH + timedelta(days=math.floor(published))
    found = set()
    for name in dates(text.casefold()):
        month, of_month = map(int, name.split("-"))
        for year in (today.year, today.year - 1):
            with suppress(ValueError, OverflowError):
                named = date(year, month, of_month)
                if named <= today:
                    found.add((named - EPOCH).days + 0.5)
                    break
    return tuple(sorted(named for named in found if published - named <= REMEMBERED))


def tongue(article: Article) -> str:
    """The language as stated, or what the script tells: `zh` for Chinese characters, else the script's name."""
    letters = words(f"{article.title} {article.text[:600]}")
    if letters and 2 * sum(map(is_cjk, letters)) > len(letters):
        return "zh"
    if article.language:
        return article.language.casefold()[:2]
    scripts = Counter(_script(letter[0]) for letter in letters if letter[0].isalpha())
    return scripts.most_common(1)[0][0] if scripts else "en"


def _script(letter: str) -> str:
    code = ord(letter)
    if code < 0x250:
        return "en"
    for name, first, last in (("ru", 0x400, 0x52F), ("ar", 0x600, 0x77F), ("ko", 0xAC00, 0xD7AF)):
        if first <= code <= last:
            return name
    return "other"


def _names(title: str, text: str) -> set[str]:
    """Words that stand with a capital inside a sentence and never without: names, in scripts that have capitals.

    In a title, where all words may have capitals, those that ordinary news does not use.
    """
    capital: set[str] = set()
    small: set[str] = set()
    for sentence in _SENTENCE.split(text):
        found = _WORD.findall(sentence)
        heading = sum(word[0].isupper() for word in found) > 0.6 * len(found)
        for position, word in enumerate(found):
            if word[0].islower():
                small.add(fold(word.casefold()))
            elif position and not heading and len(word) > 1:
                capital.add(fold(word.casefold()))
    heads = {fold(word.casefold()) for word in _WORD.findall(title) if word[0].isupper() and len(word) > 2}
    return (capital | (heads - common())) - small - stopwords()


def _unit(weights: Weights) -> Weights:
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()} if length else {}


def strongest(weights: Iterable[tuple[int, float]], many: int) -> Weights:
    """The `many` heaviest of `weights`, ties by key."""
    return dict(sorted(weights, key=lambda item: (-item[1], item[0]))[:many])
