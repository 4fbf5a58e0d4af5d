"""The labelled items that the coder is trained and measured on: `tests/quality/gold/*.txt`, read and split by a hash.

The format is written down in `docs/coding-guide.md`. `python -m tocsin.code.gold train dev FILE…` prints the items
of the parts named and nothing of the others, so that whoever writes rules can read the gold without seeing the test.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import get_args

from tocsin.records import EventType, Status, content_id

TYPES = frozenset(get_args(EventType))
STATUSES = frozenset(get_args(Status))
KINDS = frozenset({"headline", "sentence", "passage"})
_QUANTITY = re.compile(r"([\d.,]+)\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class GoldActor:
    """`country` (ISO3) or None, `sector` or None, and the `name` of an organisation that has no country."""

    country: str | None
    sector: str | None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """One event line of an item."""

    type: str
    status: str
    source: tuple[GoldActor, ...] = ()
    target: tuple[GoldActor, ...] = ()
    reported_by: GoldActor | None = None
    place: str | None = None
    date: date | None = None
    mode: str | None = None
    quantities: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One labelled text. `part` is train, dev or test, decided by the hash of the text alone."""

    text: str
    kind: str
    on: date | None
    language: str
    tags: frozenset[str] = frozenset()
    events: tuple[GoldEvent, ...] = ()
    where: str = field(default="", compare=False)

    @property
    def id(self) -> str:
        return content_id("gold", self.text)

    @property
    def part(self) -> str:
        digit = int(self.id.removeprefix("gold-")[0], 16)
        return "train" if digit <= 9 else "dev" if digit <= 12 else "test"


class GoldError(ValueError):
    """A line of the gold cannot be read; the message says which and why."""


def read_gold(paths: Iterable[Path], parts: Iterable[str] = ("train", "dev", "test")) -> Iterator[GoldItem]:
    """The items of `paths` that belong to `parts`. Raises `GoldError` naming file and line."""
    wanted = frozenset(parts)
    for path in paths:
        for item in parse_gold(path.read_text(encoding="utf-8"), path.name):
            if item.part in wanted:
                yield item


def parse_gold(text: str, name: str = "gold") -> Iterator[GoldItem]:
    """Every item of one file's `text`."""
    block: list[str] = []
    first = 1
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            if not line.startswith("#"):
                first = first if block else number
                block.append(line.strip())
        elif block:
            yield _item(block, f"{name}:{first}")
            block = []


def _item(block: list[str], where: str) -> GoldItem:
    head, *rest = block
    if not head.startswith("@"):
        raise GoldError(f"{where}: an item begins with '@ KIND DATE LANG', found: {head[:60]}")
    words = head[1:].split()
    if len(words) < 3 or words[0] not in KINDS:
        raise GoldError(f"{where}: the first line of an item is '@ headline|sentence|passage DATE LANG [#tag …]'")
    lines = [line for line in rest if not _is_event(line)]
    events = tuple(_event(line, where) for line in rest if _is_event(line) and line != "none")
    if not lines:
        raise GoldError(f"{where}: the item has no text")
    return GoldItem(
        text=" ".join(lines),
        kind=words[0],
        on=None if words[1] == "-" else _date(words[1], where),
        language=words[2],
        tags=frozenset(word.removeprefix("#") for word in words[3:]),
        events=events,
        where=where,
    )


def _is_event(line: str) -> bool:
    first, _, _ = line.partition(" ")
    return line == "none" or (first in TYPES and "|" in line)


def _event(line: str, where: str) -> GoldEvent:
    head, actors, *more = [part.strip() for part in line.split("|")]
    words = head.split()
    if len(words) != 2 or words[1] not in STATUSES or ">" not in actors:
        raise GoldError(f"{where}: an event is 'TYPE status | SOURCES > TARGETS …', found: {line}")
    source, _, target = actors.partition(">")
    fields: dict[str, object] = {}
    quantities: list[tuple[float, str]] = []
    for part in more:
        key, _, value = part.partition(" ")
        value = value.strip()
        if key == "by":
            fields["reported_by"] = _actor(value.split(",")[0], where)
        elif key in ("place", "mode"):
            fields[key] = value
        elif key == "date":
            fields["date"] = _date(value, where)
        elif found := _QUANTITY.match(part):
            quantities.append((float(found[1].replace(",", "")), found[2]))
        elif key not in ("context", "contexts", "domain", "domains"):
            raise GoldError(f"{where}: cannot read '{part}' in: {line}")
    return GoldEvent(
        type=words[0],
        status=words[1],
        source=_actors(source, where),
        target=_actors(target, where),
        quantities=tuple(quantities),
        **fields,  # type: ignore[arg-type]
    )


def _actors(text: str, where: str) -> tuple[GoldActor, ...]:
    parts = [part.strip() for part in text.split(",")]
    return tuple(_actor(part, where) for part in parts if part and part != "-")


def _actor(text: str, where: str) -> GoldActor:
    name, _, sector = text.strip().rpartition(".") if "." in text else (text.strip(), "", "")
    if name.startswith(":"):
        return GoldActor(None, sector or None, name[1:].strip())
    if name and not re.fullmatch(r"[A-Z]{3}|-", name):
        raise GoldError(f"{where}: '{text}' is no actor; write ISO3.SECTOR or :Name.SECTOR")
    return GoldActor(name if len(name) == 3 else None, sector or None)


def _date(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise GoldError(f"{where}: '{text}' is no date YYYY-MM-DD") from None


def main(arguments: list[str]) -> int:
    """Print the items of some parts, and of no other: `python -m tocsin.code.gold train dev FILE…`."""
    parts = [word for word in arguments if word in ("train", "dev", "test")]
    paths = [Path(word) for word in arguments if word not in ("train", "dev", "test")]
    for item in read_gold(paths, parts or ("train",)):
        print(f"[{item.part} {item.where}] {item.kind} {item.on} {item.language} {sorted(item.tags)}\n{item.text}")
        for event in item.events:
            sides = " > ".join(
                ", ".join(f"{a.country or ':' + (a.name or '?')}.{a.sector or '?'}" for a in side) or "-"
                for side in (event.source, event.target)
            )
            print(
                f"    {event.type} {event.status} | {sides}"
                + (f" | by {event.reported_by}" if event.reported_by else "")
            )
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
