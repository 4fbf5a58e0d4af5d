"""What a site asks of robots (RFC 9309): longest matching rule wins, Allow before Disallow, `*` and `$` understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LONGEST = 500_000  # bytes that RFC 9309 section 2.5 asks a crawler to read at least


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one user agent on one host: (allowed, pattern) pairs and the delay asked for, in seconds."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float | None = None
    sitemaps: tuple[str, ...] = field(default=())

    def allows(self, path: str) -> bool:
        """Whether `path` (with its query) may be fetched."""
        best_length, allowed = -1, True
        for allow, pattern in self.rules:
            if len(pattern) >= best_length and _matches(pattern, path):
                if len(pattern) > best_length or allow:
                    allowed = allow
                best_length = len(pattern)
        return allowed


EVERYTHING = Robots()
NOTHING = Robots(rules=((False, "/"),))


def parse_robots(text: str, agent: str) -> Robots:
    """The rules in a robots.txt that apply to `agent` (a product name such as "tocsin"), or to everybody."""
    groups: dict[str, list[tuple[bool, str]]] = {}
    delays: dict[str, float] = {}
    sitemaps: list[str] = []
    agents: list[str] = []
    in_rules = False
    for line in text[:_LONGEST].splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            agents = [value.lower()] if in_rules else [*agents, value.lower()]
            in_rules = False
            groups.setdefault(value.lower(), [])
        elif name in ("allow", "disallow") and agents:
            in_rules = True
            if value:
                for one in agents:
                    groups[one].append((name == "allow", value))
        elif name == "crawl-delay" and agents:
            in_rules = True
            if re.fullmatch(r"\d+(?:\.\d+)?", value):
                delays.update(dict.fromkeys(agents, float(value)))
        elif name == "sitemap":
            sitemaps.append(value)
    mine = next((one for one in groups if one != "*" and one and agent.lower().startswith(one)), "*")
    return Robots(tuple(groups.get(mine, [])), delays.get(mine), tuple(sitemaps))


def _matches(pattern: str, path: str) -> bool:
    anchored = pattern.endswith("$")
    parts = (pattern[:-1] if anchored else pattern).split("*")
    if not path.startswith(parts[0]):
        return False
    position = len(parts[0])
    for index, part in enumerate(parts[1:], start=1):
        if anchored and index == len(parts) - 1:
            return len(path) - len(part) >= position and path.endswith(part)
        found = path.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return not anchored or position == len(path)
