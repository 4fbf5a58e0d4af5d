"""Lists of equipment by type in a bulletin: "Y-8 ASW, two sorties; J-16, four" → {"Y-8 ASW": 2, "J-16": 4}."""

from __future__ import annotations

import re

from tocsin.read.grammar import Form, TypeRule
from tocsin.read.numerals import value


def listed_types(form: Form, rule: TypeRule, text: str) -> tuple[dict[str, int], int | None]:
    """Counts by type name, and their sum (None where nothing is listed).

    Types joined before one count share it when the text says "each"; otherwise the count goes to the sum alone, for
    nobody can tell how it divides.
    """
    types: dict[str, int] = {}
    total: int | None = None
    waiting: list[str] = []
    where = _within(form, rule, text)
    shape, count, joint = form.pattern(rule.shape), form.pattern(rule.count), form.pattern(rule.joint or r"(?!)")
    position = 0
    for match in shape.finditer(where):
        if match.start() < position or (rule.skip and _skipped(form, rule, where, match)):
            continue
        name = _name(form, rule, match)
        counted = _count_before(count, where, match) if rule.count_first else count.match(where, match.end())
        if counted is None:
            follows = joint.match(where, match.end())
            waiting = [*waiting, name] if follows else []
            continue
        number = value(counted["n"])
        names, waiting = [*waiting, name], []
        each = bool(rule.each and form.pattern(rule.each).search(counted.group()))
        total = (total or 0) + number * (len(names) if each else 1)
        if each or len(names) == 1:
            for one in names:
                types[one] = types.get(one, 0) + number
        if not rule.count_first:
            position = counted.end()
    return types, total


def _within(form: Form, rule: TypeRule, text: str) -> str:
    if rule.within and (match := form.pattern(rule.within).search(text)):
        return match["clause"]
    return text


def _skipped(form: Form, rule: TypeRule, text: str, match: re.Match[str]) -> bool:
    return form.pattern(rule.skip).search(text, max(0, match.start() - 6), match.end()) is not None


def _count_before(count: re.Pattern[str], text: str, match: re.Match[str]) -> re.Match[str] | None:
    found = None
    for candidate in count.finditer(text, max(0, match.start() - 40), match.start()):
        found = candidate
    return found if found is not None and not text[found.end() : match.start()].strip() else None


def _name(form: Form, rule: TypeRule, match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups.get("whole"):
        return _lookup(form, rule.whole, groups["whole"])
    base = _lookup(form, rule.base, groups.get("base") or "")
    number = str(value(groups["number"])) if groups.get("number") else ""
    variant = (groups.get("variant") or "").upper()
    role = _lookup(form, rule.role, (groups.get("role") or "").strip())
    return " ".join(part for part in (f"{base}-{number}{variant}" if number else base, role) if part)


def _lookup(form: Form, names: dict[str, str], found: str) -> str:
    for source, name in names.items():
        if form.pattern(source).fullmatch(found):
            return name
    return found.upper()
