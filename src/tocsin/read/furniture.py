"""What stands on a news page and is neither article nor headline, from `data/reading/furniture.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from tocsin.data import text


@cache
def _rules(name: str) -> re.Pattern[str]:
    return re.compile("|".join(tomllib.loads(text("reading/furniture.toml"))[name]), re.IGNORECASE)


def is_label(line: str) -> bool:
    """Whether `line` names a section or a list ("Most read", "延伸閱讀")."""
    return _rules("labels").fullmatch(line.strip(" :：|»>›-–—#")) is not None


def is_furniture(line: str) -> bool:
    """Whether `line` belongs to no text: advertisement, sharing, an appeal to subscribe, copyright, "3 hours ago"."""
    return _rules("furniture").fullmatch(line.strip()) is not None


def pointed_at(line: str) -> str | None:
    """The headline that a line such as "Read more: …" points at; None where the line is no pointer."""
    match = _rules("pointers").match(line)
    return line[match.end() :].strip(" \"“”'") if match and match.end() < len(line) else None


def begins_comments(line: str) -> bool:
    """Whether `line` is the heading of what readers write below an article ("24 comments", "網友留言")."""
    return _rules("comments").fullmatch(line.strip(" :：|»>›-–—#")) is not None
