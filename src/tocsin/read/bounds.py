"""Make HTML safe to parse: bounded in size, nesting and attributes, whatever it holds, in time linear in its length."""

from __future__ import annotations

import re

LONGEST = 1_500_000  # characters without scripts; the text of a news page is in the first few hundred thousand
DEEPEST = 250  # libxml2 drops what is nested deeper than 256
MOST_ELEMENTS = 12_000  # above this a tree costs seconds, and a streaming extractor is used

_HUGE_TAG = re.compile(r"<[a-zA-Z/!?][^<>]{8000,}(?:>|$)")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30})(?=[\s/>])[^<>]*?(/?)>")
_SCRIPT = re.compile(r"<(script|style|svg)\b(?![^<>]{0,200}ld\+json)", re.IGNORECASE)
_ANY_SCRIPT = re.compile(r"<(script|style|svg)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"<!(?:DOCTYPE|ENTITY)[^<>\[]*\[", re.IGNORECASE)
_END_OF_DECLARATION = re.compile(r"\]\s*>")
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td tr th option".split()  # noqa: SIM905
)


def bounded(html: str) -> str:
    """`html` without huge tags, entity declarations, and nesting deeper than `DEEPEST`."""
    if len(html) > LONGEST:
        html = _without_scripts(html[: 20 * LONGEST])[:LONGEST]
    html = _HUGE_TAG.sub(" ", html)
    html = _without_declarations(html)
    return _flatten(html) if _deepest(html) > DEEPEST else html


def _without_scripts(html: str, opening: re.Pattern[str] = _SCRIPT) -> str:
    """Cut scripts and styles out, looking at every character once: large pages are mostly these."""
    kept: list[str] = []
    folded = html.lower() if len(html.lower()) == len(html) else html
    position = 0
    while begin := opening.search(folded, position):
        end = folded.find(f"</{begin.group(1)}", begin.start())
        if end < 0:
            break
        kept.append(html[position : begin.start()])
        position = end
    return "".join([*kept, html[position:]])


def too_many_elements(html: str) -> bool:
    """Whether a tree of `html` would be large enough to cost seconds."""
    return html.count("<") > 2 * MOST_ELEMENTS


def stripped(html: str) -> str:
    """The text of `html` by removing tags alone: for pages that no parser should see."""
    text = _without_scripts(html, _ANY_SCRIPT)
    return re.sub(r"[ \t]+", " ", re.sub(r"<[^<>]{0,8000}>", "\n", text)).strip()


def _without_declarations(html: str) -> str:
    """Cut out the declarations that may define entities, each up to its end, looking at every character once."""
    if "<!entity" not in html[:100_000].lower():
        return html
    kept: list[str] = []
    position = 0
    while (begin := _DECLARATION.search(html, position)) and (end := _END_OF_DECLARATION.search(html, begin.end())):
        kept.append(html[position : begin.start()])
        position = end.end()
    return " ".join([*kept, html[position:]])


def _deepest(html: str) -> int:
    depth = deepest = 0
    for closing, name, closed in _TAG.findall(html):
        if closed or name.lower() in _VOID:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _flatten(html: str) -> str:
    """Drop the tags that open below `DEEPEST`, and as many closings; their text stays."""
    depth = dropped = 0

    def keep(match: re.Match[str]) -> str:
        nonlocal depth, dropped
        closing, name, closed = match.groups()
        if closed or name.lower() in _VOID:
            return match.group() if depth < DEEPEST else " "
        if closing:
            if dropped:
                dropped -= 1
                return " "
            depth = max(0, depth - 1)
            return match.group()
        if depth >= DEEPEST - 50:
            dropped += 1
            return " "
        depth += 1
        return match.group()

    return _TAG.sub(keep, html)
