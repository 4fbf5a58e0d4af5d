"""Numbers as bulletins write them: digits with separators, Chinese numerals, English words."""

from __future__ import annotations

import re

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_ENGLISH = {word: value for value, word in enumerate(f"{_UNITS} seventeen eighteen nineteen".split())} | {
    word: 10 * tens
    for tens, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000}
_CHINESE = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "兩": 2, "两": 2, "壹": 1, "貳": 2, "參": 3, "肆": 4, "伍": 5, "陸": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TEN_THOUSANDS = ("萬", "万")

_WORD = "(?:" + "|".join(sorted([*_ENGLISH, *_SCALES], key=len, reverse=True)) + ")"
KINDS = {
    "digits": r"(?<![\d.])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)",
    "spaced": r"(?<![\d.])(?:\d{1,3}(?:[ ,.']\d{3})+(?!\d)|\d+)",
    "chinese": "[" + "".join([*_CHINESE, *_POWERS, *_TEN_THOUSANDS]) + "]{1,12}",
    "english": rf"(?<![a-z]){_WORD}(?:(?:[ -]|\s+and\s+){_WORD}){{0,7}}(?![a-z])",
}
"""The regular expression of each kind of numeral that a grammar may allow."""


def value(numeral: str) -> int:
    """The number that `numeral` (a match of one of `KINDS`) stands for."""
    if any(char.isdecimal() for char in numeral):
        return int(re.sub(r"\D", "", numeral))
    if numeral[0] in _CHINESE or numeral[0] in _POWERS or numeral[0] in _TEN_THOUSANDS:
        return _chinese(numeral)
    return _english(numeral)


def _chinese(numeral: str) -> int:
    for mark in _TEN_THOUSANDS:
        if mark in numeral:
            high, low = numeral.split(mark, 1)
            return 10_000 * (_chinese(high) if high else 1) + (_chinese(low) if low else 0)
    if not any(char in _POWERS for char in numeral):  # 一二〇: read digit by digit
        return int("".join(str(_CHINESE[char]) for char in numeral))
    total, digit = 0, None
    for char in numeral:
        if char in _POWERS:
            total += (1 if digit is None else digit) * _POWERS[char]
            digit = None
        else:
            digit = _CHINESE[char]
    return total + (digit or 0)


def _english(numeral: str) -> int:
    total = group = 0
    for word in re.findall(r"[a-z]+", numeral.lower()):
        if word == "thousand":
            total, group = total + max(group, 1) * 1000, 0
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in _ENGLISH:
            group += _ENGLISH[word]
    return total + group
