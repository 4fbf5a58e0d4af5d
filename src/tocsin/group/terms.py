"""The words of a text, in whatever script, as terms that two reports of one event share.

Scripts without spaces (Chinese, Japanese) are cut into pairs of neighbouring characters; everything else into words,
lower case, with English plurals folded. Function words of the larger languages (`data/group/stopwords.txt`) are left
out.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from tocsin import data

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+(?:['’][^\W\d_{_CJK}]+)*(?:[.,]\d+)*")
_FIRST_CJK = re.compile(rf"[{_CJK}]")


@cache
def stopwords() -> frozenset[str]:
    """Function words of all languages in the table, folded as `terms` folds words."""
    lines = data.text("group/stopwords.txt").splitlines()
    listed = (word for line in lines if not line.startswith("#") for word in line.partition(":")[2].split())
    return frozenset(fold(word) for word in listed)


def normal(text: str) -> str:
    """`text` with full-width forms, ligatures and letter case folded away (NFKC, case-folded)."""
    return unicodedata.normalize("NFKC", text).casefold()


def fold(word: str) -> str:
    """A word without its possessive ending or English plural (Harman's S stemmer, 1991)."""
    word = word.replace("’", "'")
    word = word.removesuffix("'s").removesuffix("'")
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith("ies") and word[-4] not in "ae":
        return word[:-3] + "y"
    if word.endswith("es") and word[-3] not in "aeo":
        return word[:-1]
    return word if word.endswith(("us", "ss")) else word[:-1]


def words(text: str) -> list[str]:
    """Every word of `text` in order, unfolded but in lower case; a Chinese or Japanese character is a word."""
    found: list[str] = []
    for run in _RUN.findall(normal(text)):
        if _FIRST_CJK.match(run):
            found.extend(run)
        else:
            found.append(run)
    return found


def terms(text: str) -> list[str]:
    """The content terms of `text` in order: folded words without function words, and pairs of CJK characters."""
    found: list[str] = []
    ignored = stopwords()
    for run in _RUN.findall(normal(text)):
        if _FIRST_CJK.match(run):
            found.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
        elif (word := fold(run)) not in ignored and (len(word) > 1 or word.isdigit()):
            found.append(word)
    return found


def is_cjk(word: str) -> bool:
    """Whether a word of `words` is a Chinese or Japanese character."""
    return bool(_FIRST_CJK.match(word))
