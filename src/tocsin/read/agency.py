"""Which news agency a text credits: "TAIPEI, Dec 4 (CNA) -", "(Reuters)", "By AFP", "中央社台北4日電"."""

from __future__ import annotations

import re
from functools import cache

from tocsin.data.agencies import agencies

_HEAD, _TAIL = 400, 250  # characters of a text in which an agency is credited


@cache
def _names() -> dict[str, str]:
    """Every name of an agency → the name it goes by, from the list that `group` counts origins with."""
    return {called: agency.name for agency in reversed(agencies()) for called in agency.names if len(called) > 1}


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    longest_first = sorted(_names(), key=len, reverse=True)
    every = "|".join(re.escape(name) for name in longest_first)
    latin = "|".join(re.escape(name) for name in longest_first if name[0].isascii())
    foreign = "|".join(re.escape(name) for name in longest_first if not name[0].isascii())
    more = r"(?:\s*[/,，、 –-][^()（）\[\]\n]{0,40})?"  # "(AFP/Jiji)", "(新华社记者)"
    dateline = r"[A-Z][\w .,'’-]{1,40}?,?\s+(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]{2,8}\.?)"
    head = re.compile(
        rf"^\W{{0,3}}[(（\[]\s*(?P<a>{every}){more}\s*[)）\]]"  # alone at the beginning of a line
        rf"|[(（\[]\s*(?P<b>{every}){more}\s*[)）\]]\s*(?:[-–—―:：]|$)"
        rf"|^\W{{0,3}}{dateline}\s*[(（]\s*(?P<c>{every}){more}\s*[)）]"
        rf"|^\W{{0,3}}(?P<d>{foreign})(?:記者|记者|[^\n。]{{1,12}}?\d{{1,2}}\s*日\s*(?:電|电)|[^\n。]{{1,14}}\s*[-—])"
        rf"|[(（【]\s*(?P<e>{foreign})(?:記者|记者|[^\n。()（）]{{1,16}}(?:電|电)[)）】])"
        rf"|^\W{{0,3}}[A-Z][A-Z .,'’-]{{2,40}}[^\n]{{0,30}}?[-–—]\s*(?P<f>{latin})\s*[-–—:]"
        rf"|^\s*(?:By|Por|Par|Von|Source|Fuente|Agency)\s*:?\s+(?:The\s+)?(?P<g>{latin})\s*$"
        rf"|^\s*(?P<h>{latin})\s*[-–—]\s",
        re.MULTILINE,
    )
    tail = re.compile(
        rf"[(（\[]\s*(?:with|con|avec|mit|Source:?|Fuente:?|來源[:：])?\s*(?P<a>{every}){more}\s*[)）\]]\s*$"
        rf"|(?:^|[.\s])(?:—|–|-{{1,2}}|Source:?|Fuente:?)\s*(?P<b>{every})\s*\.?\s*$",
        re.MULTILINE,
    )
    byline = re.compile(rf"(?:^|[\s,;/(（])(?P<a>{every})(?=$|[\s,;/)）])")
    return head, tail, byline


def agency_of(text: str, byline: str = "") -> str | None:
    """The agency (named as in `data/group/agencies.txt`) that the text's byline, opening or end credits."""
    head, tail, by = _patterns()
    for pattern, where in ((head, text[:_HEAD]), (tail, text[-_TAIL:].rstrip()), (by, byline)):
        if match := pattern.search(where):
            found = next(name for name in match.groups() if name)
            return _names()[found]
    return None
