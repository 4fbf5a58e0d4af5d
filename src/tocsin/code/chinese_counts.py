"""Numbers, days and places in Chinese text: 三艘公务船, 11人死亡, 20亿美元, 4月8日, 在釜山."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from tocsin.code.gazetteer import Gazetteer
from tocsin.code.places import Located, Places
from tocsin.records import Place, Quantity

_DIGITS = {char: i for i, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS = {"十": 10.0, "百": 100.0, "千": 1000.0}
_MYRIADS = {"万": 1e4, "亿": 1e8}
_NUMBER = r"(?P<n>\d[\d,]*(?:\.\d+)?[万亿]*|[一二两三四五六七八九十百千万亿]+)"
_MONEY = re.compile(rf"{_NUMBER}(?:多|余)?(?:美元|欧元|日元|人民币|英镑|卢布|韩元|台币|新台币|元)")
_COUNTED = (
    ("aircraft", re.compile(rf"{_NUMBER}(?:多|余)?(?:架次|架)(?!无人机|次?无人机)")),
    ("drones", re.compile(rf"{_NUMBER}(?:多|余)?架(?:次)?无人机")),
    ("vessels", re.compile(rf"{_NUMBER}(?:多|余)?艘(?:次)?")),
    ("missiles", re.compile(rf"{_NUMBER}(?:多|余)?(?:枚|发)(?=.{{0,8}}(?:弹|火箭))")),
    (
        "killed",
        re.compile(rf"{_NUMBER}(?:多|余)?(?:人|名[^，。0-9]{{0,8}}?)(?:死亡|丧生|遇难|身亡|被杀|被打死|罹难|死)"),
    ),
    ("injured", re.compile(rf"{_NUMBER}(?:多|余)?(?:人|名[^，。0-9]{{0,8}}?)(?:受伤|负伤|轻伤|重伤|伤)")),
    ("arrested", re.compile(rf"{_NUMBER}(?:多|余)?(?:人|名[^，。0-9]{{0,8}}?)(?:被捕|被拘|被逮捕|被拘留|遭逮捕)")),
    ("diplomats", re.compile(rf"{_NUMBER}(?:多|余)?名[^，。0-9]{{0,6}}?外交官")),
    ("troops", re.compile(rf"{_NUMBER}(?:多|余)?名[^，。0-9]{{0,4}}?(?:士兵|官兵|军人|部队)")),
    ("firms", re.compile(rf"{_NUMBER}(?:多|余)?家")),
    ("people", re.compile(rf"{_NUMBER}(?:多|余)?(?:名|人)(?!次)")),
)
_DAY = re.compile(
    r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]|(?<![\d月])(?P<only>\d{1,2})日(?!元)"
    r"|(?P<word>前天|昨天|昨日|昨晚|今天|今日|今晨|今晚|明天|明日|后天)|(?:周|星期)(?P<week>[一二三四五六日天])"
)
_WORDS = {"前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "明天": 1, "明日": 1, "后天": 2}
_WEEK = "一二三四五六日"
_AT = "在于抵访赴"


def number(text: str) -> float:
    """The value of a number in figures or characters, with 万 and 亿."""
    found = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)([万亿]*)", text)
    if found:
        value = float(found[1].replace(",", ""))
        for char in found[2]:
            value *= _MYRIADS[char]
        return value
    total = section = digit = 0.0
    for char in text:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _TENS:
            section, digit = section + (digit or 1) * _TENS[char], 0.0
        else:
            total, section, digit = (total + section + digit or 1) * _MYRIADS[char], 0.0, 0.0
    return total + section + digit


def counts(folded: str, start: int, end: int) -> list[Quantity]:
    """The quantities between two offsets of simplified text, none overlapping."""
    found: list[Quantity] = []
    for what, pattern in (("money", _MONEY), *_COUNTED):
        for m in pattern.finditer(folded, start, end):
            one = Quantity(what=what, value=number(m["n"]), start=m.start(), end=m.end())
            if not any(one.start < other.end and other.start < one.end for other in found):
                found.append(one)
    return sorted(found, key=lambda q: q.start)


def day(folded: str, start: int, end: int, on: date | None, ahead: bool) -> date | None:
    """The first day stated between two offsets; a day without month or year is the nearest on the event's side."""
    for m in _DAY.finditer(folded, start, end):
        try:
            found = _day(m, on, ahead)
        except (ValueError, OverflowError):
            continue
        if found is not None and (on is None or (found >= on if ahead else found <= on)):
            return found
    return None


def _day(m: re.Match[str], on: date | None, ahead: bool) -> date | None:
    if m["y"]:
        return date(int(m["y"]), int(m["m"]), int(m["d"]))
    if on is None:
        return None
    if m["word"]:
        return on + timedelta(days=_WORDS.get(m["word"], 0))
    if m["week"]:
        back = (on.weekday() - _WEEK.index(m["week"].replace("天", "日"))) % 7
        return on + timedelta(days=7 - back) if ahead else on - timedelta(days=back)
    if m["only"]:
        this = date(on.year, on.month, int(m["only"]))
        if this <= on or ahead:
            return this
        last = on.replace(day=1) - timedelta(days=1)
        return date(last.year, last.month, int(m["only"]))
    this = date(on.year, int(m["m"]), int(m["d"]))
    if ahead:
        return this if this >= on else date(on.year + 1, this.month, this.day)
    return this if this <= on else date(on.year - 1, this.month, this.day)


def places(text: str) -> Sequence[Located]:
    """The places that a Chinese text names."""
    return Places.load().find(text, Gazetteer.load().find(text, None))


def place_in(located: Sequence[Located], text: str, start: int, end: int) -> Place | None:
    """The most precise place of a clause; a country only right after 在."""
    inside = [one for one in located if start <= one.start and one.end <= end]
    precise = [one for one in inside if one.place.precision not in ("country", None)]
    tied = [one for one in inside if one.start and text[one.start - 1] in _AT]
    return next((one.place for one in (*(t for t in tied if t in precise), *precise, *tied)), None)
