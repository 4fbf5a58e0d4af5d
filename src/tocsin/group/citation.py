"""Whom an article credits or cites: the agency in its dateline or byline, the outlet or state media its lead rests on.

Only title and lead are asked for citations: an article that reports for itself and mentions another further down
is a report of its own. "X could not verify", "did not reply to X" and a reporter of X who is news himself cite nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from tocsin import data
from tocsin.data.agencies import agencies
from tocsin.group.terms import is_cjk

HEAD, TAIL, LEAD = 220, 240, 700
SENTENCES = 2

_DASH = r"\s*(?:[-–—―:]|--)\s*"
_SENTENCE_END = re.compile(r"(?<=[.!?])[”\"'’)]*\s+(?=[\"“'‘]?[^\Wa-z])|(?<=[。！？])|\n+")
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Gen|Col|Maj|Lt|Adm|Sgt|Capt|Mr|Mrs|Ms|Dr|Prof|Rev|Sen|Rep|Gov|St|No|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.$"
)
_VERB = (
    r"(?:reports?|reported|has\s+reported|had\s+reported|is\s+reporting|was\s+reporting|said|says|announced|quoted|"
    r"cited|citing|quoting|claims?|claimed|wrote|writes|revealed|reveals|learned|carried|broadcast|aired|published|"
    r"has\s+learned|first\s+reported|also\s+reported|added|noted|informó|reportó|rapporte|a\s+rapporté|berichtet|berichtete)"
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A name that the article rests on, and how it says so ("dateline", "credit line", "citation")."""

    name: str
    how: str


def credited(title: str, text: str) -> Cited | None:
    """The agency that the article's dateline, byline or closing line names as its author, if any."""
    head, tail = text[:HEAD], text[-TAIL:]
    for pattern, where in ((_DATELINES, head), (_BYLINES, head), (_CLOSINGS, tail), (_TITLES, title)):
        if found := pattern().search(where):
            name = next(group for group in found.groups() if group)
            return Cited(name, "dateline" if pattern is _DATELINES else "credit line")
    return None


def cited(title: str, text: str, known: Callable[[str], bool]) -> Iterator[Cited]:
    """The outlets and state media that title and lead rest on, in the order they are named.

    `known` tells whether a name is an outlet's; a state whose media are cited is given as `state:ISO3`.
    """
    lead = f"{title.strip()}\n{_lead(text)}"
    found = list(_state_media(lead))
    for pattern in _CITATIONS:
        for match in pattern.finditer(lead):
            name = _resolved(match["name"], known) or (_bare(match["name"]) if "unknown" in match.groupdict() else None)
            if name and not _DENIALS.search(lead[max(0, match.start() - 60) : match.end() + 60]):
                found.append((match.start("name"), name))
    yield from (Cited(name, "citation") for _, name in sorted(found))


def own(title: str, text: str, names: Iterable[str]) -> bool:
    """Whether title or lead tell of reporting of its own: "told this newspaper", "our correspondent", "X has seen"."""
    lead = f"{title}\n{_lead(text)}"
    if _OURS.search(lead):
        return True
    mine = _any(name for name in names if len(name) > 2)
    pattern = (
        rf"(?:told|tells|to|with|by|for)\s+(?:the\s+|The\s+)?(?:{mine})\b|"
        rf"(?:{mine})\s+(?:has|have|had)\s+(?:seen|learned|verified|obtained|reviewed)|(?:{mine})记者"
    )
    return bool(mine and re.search(pattern, lead))


_OURS = re.compile(
    r"\b(?:this newspaper|our (?:own )?(?:correspondent|reporter)s?|"
    r"this (?:news )?(?:site|outlet|publication|channel|station)|"
    r"told us|a reporter for this|本报记者|本報記者|本台记者|本台記者|本刊记者|本网记者|本報訊|本报讯)"
)


def _lead(text: str) -> str:
    sentences: list[str] = []
    for part in _SENTENCE_END.split(unicodedata.normalize("NFC", text[:LEAD])):
        if sentences and _ABBREVIATED.search(sentences[-1]):
            sentences[-1] += " " + part
        elif part.strip():
            sentences.append(part.strip())
        if len(sentences) > SENTENCES:
            break
    return "\n".join(sentences[:SENTENCES])


_DENIALS = re.compile(
    r"could not (?:immediately |independently )*(?:verify|confirm|reach)|"
    r"(?:unable|not able) to (?:independently )?(?:verify|confirm)|"
    r"did(?: not|n't) (?:immediately )?(?:respond|reply|return)|declined to (?:comment|speak)|"
    r"(?:denied|dismissed|disputed|rejected|contradict\w*) (?:a|an|the)[\w ]{0,20} report|"
    r"无法(?:独立)?(?:核实|证实)",
)


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(set(names), key=lambda name: (-len(name), name)))


@cache
def _agency_names() -> str:
    return _any(name for agency in agencies() if agency.kind != "outlet" for name in agency.names)


@cache
def _DATELINES() -> re.Pattern[str]:  # noqa: N802 - a compiled pattern, made once
    name = _agency_names()
    return re.compile(
        rf"[(（\[]\s*(?:By\s+)?({name})(?:[/,;&\s][^)）\]]{{0,40}})?\s*[)）\]]|"
        rf"^[^a-z\n]{{2,60}}?[,/\s]\s*({name}){_DASH}|"
        rf"^({name}){_DASH}(?=\S)|"
        rf"^[（(【\[]?\s*({name})[^，。\n]{{0,20}}?(?:电|電|讯|訊)"
    )


@cache
def _BYLINES() -> re.Pattern[str]:  # noqa: N802
    name = _agency_names()
    return re.compile(
        rf"(?:^|\n)\s*(?:By|BY|Source|Sources|SOURCE|来源|來源|Fuente|Quelle)\s*[:：]?\s*(?:[^\n]{{0,50}}?[,|/]\s*)?({name})\b(?!['’]s)|"
        rf"^\s*(?:By|BY)\s+[A-Z][A-Z.'’ -]{{3,40}}\s({name})\b(?!['’]s)"
    )


@cache
def _CLOSINGS() -> re.Pattern[str]:  # noqa: N802
    name = _agency_names()
    return re.compile(
        rf"[(（\[](?:[^)）\]\n]{{0,30}}\b)?({name})[)）\]]\s*\.?\s*$|"
        rf"(?:^|\s)[-–—©]+\s*({name})\s*\.?\s*$|"
        rf"[.!?。”\"]\s+({name})\s*$|"
        rf"(?i:with (?:inputs?|agency inputs|reporting|material) from)\s+(?:the\s+)?({name})\b|"
        rf"(?:Source|来源|來源)\s*[:：]\s*({name})\s*\.?\s*$"
    )


@cache
def _TITLES() -> re.Pattern[str]:  # noqa: N802
    return re.compile(rf"\s[|–—-]\s({_agency_names()})\s*$")


_NAME = r"(?P<name>(?:[A-Z][\w'’.&-]*)(?:[ -](?:[A-Z0-9][\w'’.&-]*|of|the|and|de|la|al|el)){0,5})"
_KIND = (
    r"(?:\s+(?:newspaper|daily|television|website|magazine|news\s+agency|news\s+site|network|radio|channel|"
    r"broadcaster))?"
)
_WHEN = r"(?:,?\s+(?:on|late|early)\s+\w+(?:\s+\w+)?,?)?"
_ITSELF = r"(?!\s+(?:its|it|his|her|their|one\s+of\s+its)\b)"
_SOURCES = (
    r"according\s+to|as\s+reported\s+by|reported\s+by|reports?\s+(?:by|in|from)|citing|quoting|quoted\s+by|cited\s+by|"
    r"carried\s+by|published\s+(?:by|in)|broadcast\s+by|seen\s+by|obtained\s+by|told|interview\s+(?:with|to)|"
    r"según|selon|laut|nach\s+Angaben\s+von"
)
_BETWEEN = r"(?:(?:the|a|an)\s+)?(?:(?!and\b|that\b|who\b)[a-z][\w'’-]*\s+){0,5}?"
_HAN = r"(?P<name>[《「]?[A-Za-z\u4e00-\u9fff]{2,14}[》」]?)"
_PAPER = r"(?:newspaper|daily|website|magazine|weekly|news\s+agency|news\s+site|broadcaster|news\s+channel)"
_OWNED = r"(?:public|private|national|local|regional|opposition|independent|pro-government|online)"
_CITATIONS = (
    re.compile(rf"\b(?i:{_SOURCES})\s+(?:(?:the|a)\s+)?(?:[a-z-]+\s+){{0,2}}(?P<unknown>{_PAPER})\s+{_NAME}"),
    re.compile(rf"(?<![\w-]){_NAME}\s+(?:{_OWNED}\s+)?(?P<unknown>{_PAPER}){_WHEN}\s+{_VERB}\b"),
    re.compile(
        rf"\b(?:newspaper|news\s+site|news\s+agency|broadcaster|magazine|website)\s+(?P<unknown>){_NAME}{_WHEN}\s+{_VERB}\b"
    ),
    re.compile(rf"(?<![\w-]){_NAME}{_KIND}{_WHEN}\s+{_VERB}\b{_ITSELF}"),
    re.compile(rf"\b(?i:{_SOURCES})\s+{_BETWEEN}{_NAME}"),
    re.compile(rf"^[^\n]*?(?:[,:;]|\s[–—-])\s+{_NAME}(?:\s+reports?)?\s*$", re.MULTILINE),
    re.compile(rf"^{_NAME}:\s", re.MULTILINE),
    re.compile(rf"(?:据|據|根据|援引|引述|引用|综合)(?:[^，。\n]{{0,8}}?)(?={_HAN})"),
    re.compile(rf"(?={_HAN}(?:[^，。\n]{{0,12}}?)(?:报道|報道|報導|报导|消息|援引|称|稱|指出|披露|获悉))"),
)


def _bare(phrase: str) -> str:
    """The name of an outlet that no list knows, without what introduces it."""
    pieces = phrase.split(" ")
    start = max((n for n in range(1, len(pieces)) if _introduces(pieces[:n])), default=0)
    return " ".join(pieces[start:]).rstrip(".")


_INTRODUCTIONS = frozenset(
    ("The", "A", "An", "And", "But", "On", "In", "State", "Earlier", "Later", "Meanwhile", "Yesterday", "Today")
)


def _introduces(before: list[str]) -> bool:
    """Whether capital words before a name are not part of it: "China's", "South Korean", "Meanwhile"."""
    last = before[-1]
    named = _state_media_patterns()[1]
    return last.endswith(("'s", "’s")) or last in _INTRODUCTIONS or last in named or " ".join(before[-2:]) in named


def _resolved(phrase: str, known: Callable[[str], bool]) -> str | None:
    """The longest part of `phrase` that names an outlet or agency; in Chinese any run of characters may."""
    if is_cjk(phrase[-1]) or is_cjk(phrase[0]):
        pieces, glue = list(phrase.strip("《》「」")), ""
    else:
        pieces, glue = phrase.rstrip(".").split(" "), " "
    for size in range(len(pieces), 0, -1):
        for first in range(len(pieces) - size + 1):
            name = re.sub(r"['’]s?$", "", glue.join(pieces[first : first + size]))
            apart = not glue or not first or _introduces(pieces[:first])
            if len(name) > 1 and apart and known(name):
                return name
    return None


_OFFICIAL = r"(?:state|state-run|state-owned|state-controlled|official|government-run)\s+"
_MEDIA = r"(?:news\s+)?(?:media|television|TV|broadcaster|agency|radio|newspaper|outlets?)\b"
_CHINESE_MEDIA = r"(?:官媒|官方媒体|官方媒體|国家电视台|國家電視台|国营媒体|國營媒體|官方通讯社|官方通訊社|国家通讯社)"
_STATE_SPEAKS = re.compile(f"{_OFFICIAL}{_MEDIA}|{_CHINESE_MEDIA}")


@cache
def _state_media_patterns() -> tuple[re.Pattern[str], dict[str, str]]:
    """ "Iranian state television", "China's official news agency", 俄罗斯官媒: which state speaks."""
    rows = [line.split("\t") for line in data.text("actors/countries.tsv").splitlines() if line and line[0] != "#"]
    columns = rows[0]
    named: dict[str, str] = {}
    for row in rows[1:]:
        country = dict(zip(columns, row, strict=False))
        for column in ("name", "demonyms", "zh"):
            for form in country[column].split("|"):
                if form:
                    named.setdefault(form, country["iso3"])
    forms = _any(named)
    english = rf"\b({forms})(?:'s|’s|n)?\s+{_OFFICIAL}{_MEDIA}"
    chinese = rf"({forms})的?{_CHINESE_MEDIA}"
    return re.compile(f"{english}|{chinese}"), named


def _state_media(lead: str) -> Iterator[tuple[int, str]]:
    if not _STATE_SPEAKS.search(lead):
        return
    pattern, named = _state_media_patterns()
    for match in pattern.finditer(lead):
        yield match.start(), f"state:{named[match[1] or match[2]]}"
