"""The names that actors go by, read from the tables in `data/actors` and folded for matching.

A table is tab-separated with a header line; empty cells mean "not stated". In a list of aliases, separated by `|`,

* `~Lai` needs support: a title before it, its full name or its country elsewhere in the text (`~PDP` capitals, too);
* `=Malé` counts only when spelled exactly so;
* `the Gulf` counts only after the article, which is not part of the name;
* anything else counts whenever it is written as a name (or, for scripts without capitals, wherever it stands).
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from tocsin import data

KINDS = frozenset([
    "country", "demonym", "capital", "palace", "person", "org", "group", "role", "city", "region", "sea",
    "strait", "agency", "outlet", "none",
])  # fmt: skip
TABLES = (
    "actors/bodies", "actors/groups", "actors/organisations", "actors/parties", "actors/persons", "actors/leaders",
    "actors/seats",
    "actors/not_actors", "places/regions", "places/us", "places/waters",
)  # fmt: skip
"""The tables beside `countries`; `persons` holds office holders, `not_actors` what only looks like an actor."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody or somewhere a name may stand for, from `since` to `until` (None: open)."""

    key: str
    name: str
    country: str | None
    sector: str | None
    kind: str
    since: date | None = None
    until: date | None = None
    role: str = ""
    language: str = ""

    def holds(self, on: date) -> bool:
        """Whether the entry is valid on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Alias:
    """One spelling of an entry. `form` is `name`, `acronym`, `exact`, `plain` (any case), `article` or `support`."""

    spelling: str
    form: str
    entry: Entry


_KIND_OF = {"actors/persons": "person", "actors/leaders": "person", "actors/groups": "group", "actors/seats": "palace"}
_LIGATURES = {"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ß": "s", "æ": "a", "œ": "o", "ð": "d", "ħ": "h", "ŧ": "t"}
_MARKS = {"’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'", "´": "'", "–": "-", "‑": "-", "‐": "-", "−": "-"}
_BLANKS = dict.fromkeys("\n\r\t\xa0\u2009\u202f\u3000", " ")
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ة": "ه", "ى": "ي", "ک": "ك", "ی": "ي"}


@cache
def _folding() -> dict[int, str]:
    table = {ord(k): v for k, v in (_MARKS | _BLANKS | _ARABIC).items()}
    for code in [*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x386, 0x530), *range(0x1E00, 0x1F00)]:
        low = chr(code).lower()
        base = unicodedata.normalize("NFKD", low)[0] if code > 0x7F else low
        folded = _LIGATURES.get(low, base if len(low) == 1 or base.isalpha() else chr(code))
        if folded != chr(code):
            table[code] = folded
    return table


def fold(text: str) -> str:
    """`text` in small letters without accents, code point for code point, so that offsets stay true."""
    if text.isascii() and text.isalpha():  # most words, and quicker
        return text.lower()
    return text.translate(_folding())


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of `data/<name>.tsv`: comment lines start with `#`."""
    lines = (line for line in data.text(f"{name}.tsv").splitlines() if line and not line.startswith("#"))
    yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval="", strict=True)


def day(cell: str, last: bool = False) -> date | None:
    """A date cell: `2019-05-20`, `2019-05` or `2019`; a month or year means its first day, or its last one."""
    if not cell:
        return None
    year, month, dom = (*(int(part) for part in cell.split("-")), 0, 0)[:3]
    if dom:
        return date(year, month, dom)
    if not last:
        return date(year, month or 1, 1)
    after = date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
    return date.fromordinal(after.toordinal() - 1)


def alias(spelling: str, entry: Entry) -> Alias:
    """How a spelling from a table is to be matched (see the module's words on `~` and `=`)."""
    if spelling.startswith(("the ", "=the ")):
        return Alias(spelling.lstrip("=").removeprefix("the "), "article", entry)
    if spelling[0] in "~=":
        return Alias(spelling[1:], "support" if spelling[0] == "~" else "exact", entry)
    letters = [c for c in spelling if c.isalpha()]
    if len(letters) <= 5 and len(letters) > 1 and all(c.isupper() for c in letters):
        return Alias(spelling, "acronym", entry)
    return Alias(spelling, "name" if any(c.isupper() for c in spelling) else "plain", entry)


def split(cell: str) -> list[str]:
    """The items of a list cell."""
    return [item for item in cell.split("|") if item]


def countries() -> Iterator[Alias]:
    """Every country by its names, adjectives and capitals, in English, Spanish, Chinese and Arabic."""
    columns = {"aliases": "country", "es": "country", "zh": "country", "ar": "country"} | {
        "demonyms": "demonym", "es_demonyms": "demonym", "ar_demonyms": "demonym", "capitals": "capital",
    }  # fmt: skip
    for row in table("actors/countries"):
        iso3 = row["iso3"]
        yield alias(row["name"], Entry(iso3, row["name"], iso3, None, "country"))
        for column, kind in columns.items():
            cells = split(row[column])
            for cell in cells:
                name = (cell if cell.isascii() else cells[0].lstrip("=~")) if kind == "capital" else row["name"]
                sector, language = ("GOV" if kind == "capital" else None), ("es" if column == "es_demonyms" else "")
                key = iso3 if kind == "country" else f"{iso3}.{kind}"
                yield alias(cell, Entry(key, name, iso3, sector, kind, language=language))


def entries(name: str) -> Iterator[Alias]:
    """Every alias of one of the other tables; the first column `name` is itself an alias."""
    for row in table(name):
        entry = Entry(
            key=f"{name}:{row['name'].lstrip('=~')}",
            name=row["name"].lstrip("=~"),
            country=row.get("iso3") or None,
            sector=row.get("sector") or None,
            kind=row.get("kind") or _KIND_OF.get(name, "org"),
            since=day(row.get("from", "")),
            until=day(row.get("to", ""), last=True),
            role=row.get("role", ""),
        )
        for spelling in dict.fromkeys([row["name"], *split(row.get("aliases", ""))]):
            yield alias(spelling, entry)


@cache
def aliases() -> dict[str, tuple[Alias, ...]]:
    """Every folded spelling with what it may stand for, in the order of the tables."""
    found: dict[str, list[Alias]] = {}
    for item in [*countries(), *(a for name in TABLES for a in entries(name))]:
        found.setdefault(fold(item.spelling), []).append(item)
    return {spelling: tuple(items) for spelling, items in found.items()}
