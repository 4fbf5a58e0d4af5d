"""Which news agency a text credits: "TAIPEI, Dec 4 (CNA) -", "(Reuters)", "By AFP", "中央社台北4日電"."""

from __future__ import annotations

import csv
import io
import re
from functools import cache

from tocsin.data import text as data_text

_HEAD, _TAIL = 400, 250  # characters of a text in which an agency is credited


@cache
def _aliases() -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(data_text("reading/agencies.csv")))
    return {alias: row["name"] for row in rows for alias in row["aliases"].split("|")}


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    names = sorted(_aliases(), key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in names if name[0].isascii())
    every = "|".join(re.escape(name) for name in names)
    foreign = "|".join(re.escape(name) for name in names if not name[0].isascii() and len(name) > 1)
    head = re.compile(
        rf"[(（\[]\s*(?P<a>{every})(?:\s*[/,，、 –-][^()（）\[\]]{{0,40}})?\s*[)）\]]"
        rf"|^\W{{0,3}}(?P<b>{foreign})(?:記者|记者|[^\n。]{{1,12}}?\d{{1,2}}\s*日\s*(?:電|电)|[^\n。]{{1,14}}\s*[-—])"
        rf"|[(（]\s*(?P<c>{foreign})(?:記者|记者)"
        rf"|^\W{{0,3}}[A-Z][A-Z .,'’-]{{2,40}}[^\n]{{0,30}}?[-–—]\s*(?P<d>{latin})\s*[-–—:]"
        rf"|^\s*(?:By|Por|Par|Von|Source|Fuente|Agency)\s*:?\s+(?:The\s+)?(?P<e>{latin})\s*$"
        rf"|^\s*(?P<f>{latin})\s*[-–—]\s",
        re.MULTILINE,
    )
    tail = re.compile(
        rf"[(（\[]\s*(?:with|con|avec|mit|Source:?|Fuente:?|來源[:：])?\s*(?P<a>{every})(?:\s*[/,，、 ][^()（）]{{0,40}})?\s*[)）\]]\s*$"
        rf"|(?:^|[.\s])(?:—|–|-{{1,2}}|Source:?|Fuente:?)\s*(?P<b>{every})\s*\.?\s*$",
        re.MULTILINE,
    )
    byline = re.compile(rf"(?:^|[\s,;/(（])(?P<a>{every})(?=$|[\s,;/)）])")
    return head, tail, byline


def agency_of(text: str, byline: str = "") -> str | None:
    """The name (as `data/reading/agencies.csv` writes it) of the agency that the text's byline, opening or end credits."""
    head, tail, by = _patterns()
    for pattern, where in ((head, text[:_HEAD]), (tail, text[-_TAIL:].rstrip()), (by, byline)):
        if match := pattern.search(where):
            found = next(name for name in match.groups() if name)
            return _aliases()[found]
    return None
