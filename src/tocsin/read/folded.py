"""Text made uniform for matching (width, dashes, spaces, spelling variants) that still knows its original offsets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_BLANKS = re.compile(r"\s+")
_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_QUOTES = {"’": "'", "‘": "'", "“": '"', "”": '"'}


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is what patterns see; character i of it stands at `offsets[i]` of the original."""

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that `text[start:end]` came from."""
        return self.offsets[start], self.offsets[end - 1] + 1


def fold_text(text: str, variants: Mapping[str, str]) -> str:
    """What `fold(text, variants).text` would be, without offsets: fast enough to try on every page."""
    table: dict[str, str | int | None] = {**_DASHES, **_QUOTES, "\x00": None}
    spaces: dict[str, str | int | None] = {"\n": " ", "\t": " ", "\r": " ", **variants}
    plain = unicodedata.normalize("NFKC", text.translate(str.maketrans(table)))
    return _BLANKS.sub(" ", plain.translate(str.maketrans(spaces)))


def fold(text: str, variants: Mapping[str, str]) -> Folded:
    """Fold width and compatibility forms (NFKC), dashes, quotation marks, runs of blanks, the grammar's `variants`."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        for part in _plain(char):
            if part == " " and characters[-1:] == [" "]:
                continue
            characters.append(variants.get(part, part))
            offsets.append(offset)
    return Folded("".join(characters), tuple(offsets))


@lru_cache(maxsize=20_000)
def _plain(char: str) -> str:
    """What one character is folded to: nothing for NUL, a space for every white space."""
    plain = _DASHES.get(char) or _QUOTES.get(char) or unicodedata.normalize("NFKC", char)
    return "".join(" " if part.isspace() else part for part in plain if part != "\x00")
