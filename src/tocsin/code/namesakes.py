"""Bodies that many countries have under one name: "New Zealand's Labour Party", "Canada's House of Commons"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tocsin.code.gazetteer import Mention

_SECTORS = {"PTY": "PTY", "OPP": "PTY", "LEG": "LEG"}
"""Sectors of such bodies, and what one is of which only the name is known."""
_OWNERS = frozenset({"country", "demonym"})
_BETWEEN = re.compile(
    r"(?:['’]s?)?(?: (?:main|ruling|governing|opposition|cent(?:re|er)-(?:left|right)|conservative|leftist|liberal|"
    r"left-wing|right-wing|far-left|far-right|populist))* "
)
"""What may stand between a country and the body: its mark of possession, and words on parties."""


def owned(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """`mentions`, in order, each such body of another country being that of the country named right before it."""
    found = list(mentions)
    for at in range(1, len(found)):
        owner, body = found[at - 1], found[at]
        sector = _SECTORS.get(body.sector or "")
        if sector is None or owner.kind not in _OWNERS or not body.country or owner.country in (None, body.country):
            continue
        if _BETWEEN.fullmatch(text, owner.end, body.start):
            found[at] = replace(body, country=owner.country, sector=sector)
    return found
