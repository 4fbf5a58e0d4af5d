"""A news page saved as text: which lines are the article, its title, and the headlines of other articles.

No markup says where the article ends, so the lines' own shape has to: prose ends in sentence punctuation, runs to
several sentences or is long; a headline does none of these, or is in title case. The article is the run of lines
with the most prose and the fewest headlines (a maximum-sum segment); its title is found among the headlines before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby, pairwise
from statistics import median
from typing import Literal

from tocsin.read.dates import find_date
from tocsin.read.furniture import is_furniture, is_label, pointed_at

Kind = Literal["prose", "headline", "label", "meta"]

_BULLET = re.compile(r"^\s*(?:[-–—*•▪◦·»›▶►→●■◆]\s+|[•▪◦»›▶►●■◆]\s*|\(?\d{1,2}[.)、]\s+|#{1,6}\s+)")
_LINK = re.compile(r"\[([^\[\]]+)\]\((?:https?:)?[^()\s]*\)")
_CLOSING = "\"'”’»」』）)]】〉》"
_SENTENCE_END = re.compile(
    rf"[.!?。！？؟।۔…][{re.escape(_CLOSING)}]*(?:\s*[(（][^()（）]{{2,40}}[)）])?$"
)  # "… said. (AP)"
_SENTENCE_BREAK = re.compile(
    rf"(?<![A-Z])(?<!\b[A-Z][a-z])(?<!\b[A-Z][a-z][a-z])[.!?؟।][{re.escape(_CLOSING)}]*\s+[\"“‘«(]?\w|[。！？](?=[^{re.escape(_CLOSING)}])"
)
_INITIALS = re.compile(r"(?:\b[A-Z]\.)+$")
_BYLINE = re.compile(r"^(?:By|Por|Par|Von|Od|Автор:?|記者|记者|【?(?:記者|记者)|Reporting by)[\s:：]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"\w+")

_PER_HEADLINE, _PER_SUBHEADING, _PER_LABEL, _PER_META = -250, -60, -100, -10  # weights, in characters of prose
_SUMMARY = 200  # width of the longest summary under a headline
_MOST_PER_LINE = 600
_MOST_LINES = 5000  # a page that people read is shorter; a longer one is cut there


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank; `gap` counts the blank lines before it."""

    text: str
    gap: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class PlainPage:
    """What a page of plain text holds. `byline` is whatever stands between title and text."""

    title: str
    text: str
    published: datetime | date | None
    byline: str
    headlines: tuple[str, ...]


def read_plain(text: str) -> PlainPage:
    """Split a page saved as text into its article and the headlines of other articles that it lists."""
    lines = _lines(text)
    first, last = _article(lines)
    before, body, after = lines[:first], lines[first:last], lines[last:]
    pointed = [headline for line in body if (headline := pointed_at(line.text))]
    paragraphs = [line.text for line in body if line.kind in ("prose", "headline") and not pointed_at(line.text)]
    article = "\n".join(paragraphs)
    title, around = _title(before, article, body[0].gap if body else 0)
    published = next(
        (found[0] for line in [*around, *body[:2]] if line.kind == "meta" and (found := find_date(line.text))), None
    )
    byline = " ".join(line.text for line in around if line.kind == "meta")
    listed = [line for line in before if line.text != title] + after
    headlines = _headlines(listed, pointed, title)
    return PlainPage(title, article, published, byline, headlines)


def _lines(text: str) -> list[Line]:
    found: list[tuple[str, int]] = []
    gap = 0
    for raw in _unwrap(text.split("\n", 2 * _MOST_LINES)[: 2 * _MOST_LINES]):
        line = _LINK.sub(r"\1", _BULLET.sub("", raw)).strip()
        line = re.sub(r"\s+", " ", line)
        if line:
            found.append((line, gap))
            gap = 0
        else:
            gap += 1
        if len(found) == _MOST_LINES:
            break
    kinds = [_kind(line) for line, _ in found]
    lines = [Line(line, gap, kind) for (line, gap), kind in zip(found, kinds, strict=True)]
    return _short_blocks_are_lists(_listed_sentences(_without_teasers(lines)))


def _unwrap(raw: list[str]) -> list[str]:
    """Join the lines of paragraphs that were hard-wrapped at a fixed width (as e-mail and old agency wires are)."""
    joined: list[str] = []
    for is_blank, group in groupby((line.rstrip() for line in raw), key=lambda line: not line):
        block = list(group)
        joined += block if is_blank or not _is_wrapped(block) else [" ".join(line.strip() for line in block)]
    return joined


def _is_wrapped(block: list[str]) -> bool:
    """Whether a block is one paragraph: all lines but the last about as long, some continued in lower case."""
    width = max(map(len, block))
    full = sum(1 for line in block[:-1] if len(line) > 0.75 * width)
    continued = sum(1 for line in block[1:] if line[:1].islower())
    return len(block) >= 2 and 50 <= width <= 100 and full == len(block) - 1 and 3 * continued >= len(block) - 1


def _kind(line: str) -> Kind:
    if is_furniture(line) or _is_meta(line):
        return "meta"
    if is_label(line) or _is_short(line):
        return "prose" if _ends(line) and len(line) > 12 else "label"
    if pointed_at(line):
        return "label"
    if len(_SENTENCE_BREAK.findall(line)) >= 1 and (_ends(line) or _width(line) > 200):
        return "prose"
    if _width(line) > 240:
        return "prose"
    if not _ends(line):
        return "headline"
    return "headline" if _title_case(line) and _width(line) <= 200 else "prose"


def _is_meta(line: str) -> bool:
    if _BYLINE.match(line) and len(line.split()) <= 8 and not _ends(line):
        return True
    found = find_date(line[:200])
    if found is None:
        return False
    _, start, end = found
    rest = re.sub(
        r"\W|\b(?:updated|published|posted|on|at|by|utc|gmt|[ap]m|hkt|jst|est|edt)\b",
        "",
        line[:start] + line[end:],
        flags=re.I,
    )
    return len(rest) <= 0.6 * len(line) and len(line) < 120 and len(rest) <= 40


def _ends(line: str) -> bool:
    return _SENTENCE_END.search(line) is not None and _INITIALS.search(line) is None


def _width(line: str) -> int:
    """Length in Latin characters: a Chinese, Japanese or Korean character says about as much as 2.5 of them."""
    return int(len(line) + 1.5 * len(_CJK.findall(line)))


def _is_short(line: str) -> bool:
    cjk = len(_CJK.findall(line))
    return cjk < 6 if cjk > len(line) / 2 else len(line.split()) < 3 or len(line) < 15


def _title_case(line: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", line) if len(word) > 3]
    if len(words) < 4 or len(_SENTENCE_BREAK.findall(line)) > 0:
        return False
    capitals = sum(1 for word in words if word[0].isupper())
    return capitals >= 0.75 * len(words)


def _without_teasers(lines: list[Line]) -> list[Line]:
    """Set aside the summaries where headline and short summary follow one another at least twice."""
    pairs = {
        index
        for index, (first, second) in enumerate(pairwise(lines))
        if first.kind == "headline"
        and second.kind == "prose"
        and _width(second.text) <= _SUMMARY
        and not (index + 2 < len(lines) and lines[index + 2].kind == "prose")  # then it begins an article
    }
    for index in pairs:
        if index + 2 in pairs or index - 2 in pairs:
            lines[index + 1] = replace(lines[index + 1], kind="label")
    return lines


def _listed_sentences(lines: list[Line]) -> list[Line]:
    """A short sentence among headlines ("Is the Cape Route Safe?") is one of them."""
    nothing = Line("", 99, "meta")
    for index, line in enumerate(lines):
        if line.kind != "prose" or _width(line.text) > 110 or _SENTENCE_BREAK.search(line.text):
            continue
        before, after = lines[index - 1] if index else nothing, lines[index + 1] if index + 1 < len(lines) else nothing
        joins_before = before.kind == "headline" and line.gap <= after.gap
        joins_after = after.kind == "headline" and after.gap <= line.gap
        inside = before.kind == after.kind == "headline"
        if inside or (joins_before and line.gap < after.gap) or (joins_after and after.gap < line.gap):
            lines[index] = replace(line, kind="headline")
    return lines


def _short_blocks_are_lists(lines: list[Line]) -> list[Line]:
    """A block of three or more one-sentence lines beside much longer paragraphs is a list, full stops or not."""
    blocks = _blocks(lines)
    prose = [_width(line.text) for line in lines if line.kind == "prose"]
    if len(blocks) < 2 or not prose:
        return lines
    longest = max(
        blocks, key=lambda span: sum(_width(line.text) for line in lines[slice(*span)] if line.kind == "prose")
    )
    typical = median(_width(line.text) for line in lines[slice(*longest)])
    for span in blocks:
        block = lines[slice(*span)]
        if span == longest or len(block) < 3:
            continue
        short = all(
            _width(line.text) <= min(150, typical / 1.5) and not _SENTENCE_BREAK.search(line.text) for line in block
        )
        if short:
            lines[slice(*span)] = [replace(line, kind="headline") if line.kind == "prose" else line for line in block]
    return lines


def _blocks(lines: list[Line]) -> list[tuple[int, int]]:
    """Spans of lines between gaps that are wider than the page's usual one."""
    gaps = sorted(line.gap for line in lines[1:])
    if not gaps:
        return [(0, len(lines))]
    usual = gaps[len(gaps) // 2]
    starts = [0, *(index for index, line in enumerate(lines) if index and line.gap > usual), len(lines)]
    return list(pairwise(starts))


def _article(lines: list[Line]) -> tuple[int, int]:
    """The span with the greatest sum of prose less headlines (Kadane 1984); empty where there is no prose."""
    weight = {"label": _PER_LABEL, "meta": _PER_META}
    best, span = 0, (0, 0)
    total, start = 0, 0
    for index, line in enumerate(lines):
        if total <= 0:
            total, start = 0, index
        if line.kind == "prose":
            total += min(_width(line.text), _MOST_PER_LINE)
        elif line.kind == "headline":
            total += _PER_SUBHEADING if _is_subheading(lines, index) else _PER_HEADLINE
        else:
            total += weight[line.kind]
        if total > best:
            best, span = total, (start, index + 1)
    return _without_edges(lines, *span)


def _is_subheading(lines: list[Line], index: int) -> bool:
    return 0 < index < len(lines) - 1 and lines[index - 1].kind == lines[index + 1].kind == "prose"


def _without_edges(lines: list[Line], first: int, last: int) -> tuple[int, int]:
    """Give a list's question or exclamation back to the list when it stands nearer to it than to the article."""
    while last - first > 1 and last < len(lines):
        line, following = lines[last - 1], lines[last]
        one_sentence = _width(line.text) <= 160 and not _SENTENCE_BREAK.search(line.text)
        if not (one_sentence and following.kind == "headline" and line.gap > following.gap):
            break
        last -= 1
    return first, last


def _title(before: list[Line], article: str, gap: int) -> tuple[str, list[Line]]:
    """The article's own title among the headlines before it, and the lines around the text's beginning.

    It shares words with the text, stands next to it or on top of the page, and not at the end of a list (`gap` is the
    number of blank lines before the text).
    """
    candidates = [index for index, line in enumerate(before) if line.kind == "headline"]
    if not candidates:
        return "", before[-4:]
    words = set(_words(article[:3000]))
    nearest = candidates[-1]

    def merit(index: int) -> float:
        own = _words(before[index].text)
        shared = sum(word in words for word in own) / max(len(own), 1)
        follower = before[index + 1] if index + 1 < len(before) else Line("", gap, "prose")
        nearer_to_list = before[index].gap < follower.gap or (before[index].gap == follower.gap and index != nearest)
        listed = index > 0 and before[index - 1].kind == "headline" and nearer_to_list
        return shared + (0.25 if index == nearest else 0) + (0.2 if index == 0 else 0) - (0.5 if listed else 0)

    best = max(candidates, key=merit)
    alone = len(candidates) == 1
    if article and (alone or merit(best) >= 0.55):
        return before[best].text, [*before[best + 1 : best + 4], *before[-3:]]
    return "", before[-3:]


def _words(text: str) -> list[str]:
    """Content words; pairs of characters where the script does not separate words."""
    words = [word.lower()[:6] for word in _WORD.findall(text) if len(word) > 3 and not _CJK.match(word)]
    return words + ["".join(pair) for run in re.findall(f"(?:{_CJK.pattern})+", text) for pair in pairwise(run)]


def _headlines(lines: list[Line], pointed: list[str], title: str) -> tuple[str, ...]:
    found: dict[str, None] = dict.fromkeys(pointed)
    for previous, line in pairwise([Line("", 0, "label"), *lines]):
        if (headline := pointed_at(line.text)) is not None:
            found[headline] = None
        elif line.kind == "headline":
            found[_without_date(line.text)] = None
        elif line.kind == "prose" and _width(line.text) <= 170 and previous.kind != "headline":
            found[line.text] = None  # a list's question; after a headline it is that article's summary
    return tuple(headline for headline in found if headline and headline != title)


def _without_date(line: str) -> str:
    found = find_date(line)
    if found and (found[1] == 0 or found[2] == len(line)):
        return (line[: found[1]] + line[found[2] :]).strip(" |-–—·,:") or line
    return line
