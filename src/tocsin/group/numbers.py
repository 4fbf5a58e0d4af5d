"""Figures and calendar dates of a text, read alike in English and Chinese."""

from __future__ import annotations

import re

from tocsin.group.terms import fold, stopwords

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATES = (
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?![a-z])"),
    re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"),
    re.compile(r"(?<!\d)(?:19|20)\d\d-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)"),
)
_FIGURE = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?![\d年月日号时]|[:/]\d)\s*(thousand|million|billion|千|万|亿)?"
)
_TIMES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "千": 1e3, "万": 1e4, "亿": 1e8}
_CHINESE = re.compile(r"[一二两三四五六七八九十百千]{1,7}(?=[名人架艘枚次辆具个起座所国])")
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "dozen": 12,
}  # fmt: skip
_COUNT = re.compile(
    rf"(?<![\w.,])(?:(?P<word>{'|'.join(_WORDS)})|(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}(?:\.\d+)?))"
    r"(?:th|st|nd|rd)?(?:[\s-]+(?P<times>thousand|million|billion))?[\s-](?=(?P<after>[^\d.,;:!?\n]{2,48}))"
)
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b")


def dates(text: str) -> list[str]:
    """The days of the year that lower-case `text` names, as `MM-DD`; impossible ones are left out."""
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = int(parts["month"]) if parts.get("month") else _MONTHS.index(match[_of(match)][:3]) + 1
            if 1 <= month <= 12 and 1 <= int(parts["day"]) <= 31:
                found.append(f"{month:02}-{int(parts['day']):02}")
    return found


def _of(match: re.Match[str]) -> int:
    return next(i for i in range(1, match.re.groups + 1) if not (match[i] or "0")[0].isdigit())


def figures(text: str) -> list[str]:
    """The figures that lower-case `text` states, in full (`3万` and `30,000` are `30000`); years and 0, 1 left out."""
    found: list[float] = []
    for pattern in _DATES:
        text = pattern.sub(" ", text)
    for match in _FIGURE.finditer(text):
        value = float(match[1].replace(",", "") + (match[2] or "")) * _TIMES.get(match[3] or "", 1)
        if not (match[2] is None and match[3] is None and 1900 <= value <= 2100):
            found.append(value)
    found.extend(_spoken(match[0]) for match in _CHINESE.finditer(text))
    found.extend(_WORDS[match[0]] for match in _WORD.finditer(text))
    return [f"{value:g}" for value in found if value > 1]


def counted(text: str) -> set[tuple[str, str]]:
    """What lower-case `text` counts, as pairs of a figure and a word beside it: ("20", "aircraft"), ("13", "package").

    Which of the words up to the next function word is the thing counted is not decided: up to four stand for it.
    """
    for pattern in _DATES:
        text = pattern.sub(" ", text)
    found: set[tuple[str, str]] = set()
    for match in _COUNT.finditer(text):
        digits = float((match["digits"] or "0").replace(",", "")) * _TIMES.get(match["times"] or "", 1)
        value = _WORDS[match["word"]] if match["word"] else digits
        if value > 1:
            found.update((f"{value:g}", kind) for kind in _phrase(match["after"]))
    return found


def _phrase(words: str) -> list[str]:
    """The folded words before the first function word, at most four."""
    found = [fold(word) for word in re.findall(r"[^\W\d_]+", words)]
    end = next((n for n, word in enumerate(found) if word in stopwords() or word in _WORDS), len(found))
    return found[: min(end, 4)]


def _spoken(number: str) -> float:
    total, digit = 0, 0
    for sign in number:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            total += (digit or 1) * _PLACES[sign]
            digit = 0
    return float(total + digit)
