"""Floors for grouping: stories, copies, origins, and reports in two languages. They fail when quality falls."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tocsin.group import Grouper, Settings
from tocsin.records import Outlet

STORIES = Path(__file__).parent / "stories"
Line = dict[str, Any]


@dataclass(frozen=True)
class Labelled:
    """A story of `stories/origins.txt`: how many origins a careful reader counts, and its articles as lines."""

    origins: int
    lines: list[Line]


def labelled_origins() -> tuple[dict[str, Outlet], list[Labelled]]:
    catalogue: dict[str, Outlet] = {}
    stories: list[Labelled] = []
    for number, row in enumerate((STORIES / "origins.txt").read_text(encoding="utf-8").splitlines()):
        if row.startswith("@"):
            name, country, ownership, owner = (part.strip(" *@") for part in row.split("|"))
            catalogue[name] = Outlet(name=name, country=country, ownership=ownership, owner=owner or None)  # type: ignore[arg-type]
        elif row.startswith("="):
            stories.append(Labelled(int(row[1:]), []))
        elif row and not row.startswith("#"):
            outlet, title, text = (part.strip() for part in row.split("|", 2))
            named = re.fullmatch(r"(?P<name>[^\[*]+?)\s*\*?\s*(?:\[(?P<ownership>\w+) (?P<country>\w+)\])?", outlet)
            assert named, row
            line = {"id": f"line-{number}", "title": title, "text": text, "published": None, "outlet": named["name"]}
            if named["ownership"]:
                line |= {"ownership": named["ownership"], "outlet_country": named["country"]}
            stories[-1].lines.append(line)
    return catalogue, stories


def answers(lines: Iterable[Line], grouper: Grouper) -> dict[str, Line]:
    """The last word on every line."""
    said: dict[str, Line] = {}
    for answer in (*(answer for line in lines for answer in grouper.line(line)), *grouper.end()):
        said[answer["id"]] = answer.get("revised", answer)
    return said


def counted(catalogue: dict[str, Outlet], story: Labelled) -> int:
    said = answers(story.lines, Grouper(catalogue, settings=Settings(embed=False)))
    return len({answer["origin"] for answer in said.values()})


def test_origins_are_counted_as_a_careful_reader_counts_them() -> None:
    catalogue, stories = labelled_origins()
    off = [(story.origins, counted(catalogue, story), story.lines[0]["title"]) for story in stories]
    assert len(stories) >= 100
    assert sum(expected == found for expected, found, _ in off) / len(off) >= 0.9, [o for o in off if o[0] != o[1]]
    assert max(found - expected for expected, found, _ in off) <= 1, "never over by more than one"


def pairs_of_two_languages() -> list[tuple[Line, Line]]:
    text = (STORIES / "two_languages.txt").read_text(encoding="utf-8")
    blocks = ["\n".join(row for row in block.splitlines() if not row.startswith("#")) for block in text.split("\n\n")]
    pairs = []
    for number, block in enumerate(blocks):
        rows = [[part.strip() for part in row.split("|")] for row in block.strip().splitlines()]
        english, chinese = (
            {"id": f"{number}-{lang}", "published": day, "title": title, "text": body, "lang": lang, "outlet": None}
            for lang, (day, title, body) in zip(("en", "zh"), rows, strict=True)
        )
        pairs.append((english, chinese))
    return pairs


def meetings(pairs: list[tuple[Line, Line]], settings: Settings) -> tuple[float, float]:
    """The share of pairs that met, and of stories that hold nothing else among those that hold two languages."""
    lines = sorted((line for pair in pairs for line in pair), key=lambda line: (line["published"], line["id"]))
    said = answers(lines, Grouper(settings=settings))
    told = defaultdict(set)
    for identifier, answer in said.items():
        told[answer["story"]].add(identifier)
    met = sum(said[english["id"]]["story"] == said[chinese["id"]]["story"] for english, chinese in pairs)
    mixed = [story for story in told.values() if len({name.split("-")[1] for name in story}) == 2]
    pure = sum(len({name.split("-")[0] for name in story}) == 1 for story in mixed)
    return met / len(pairs), pure / max(1, len(mixed))
