"""Make HTML safe to parse: bounded in size, nesting and attributes, whatever it holds, in time linear in its length."""

from __future__ import annotations

import re

LONGEST = 1_500_000  # characters without scripts; the text of a news page is in the first few hundred thousand
DEEPEST = 250  # libxml2 drops what is nested deeper than 256
MOST_ELEMENTS = 12_000  # above this a tree costs seconds, and a streaming extractor is used

_HUGE_TAG = re.compile(r"<[a-zA-Z/!?][^<>]{8000,}(?:>|$)")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,30})(?=[\s/>])[^<>]*?(/?)>")
_SCRIPT = re.compile(r"<(script|style|svg)\b(?![^<>]{0,200}ld\+json)", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)[^<>\[]*\[.*?\]\s*>", re.IGNORECASE | re.DOTALL)
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td tr th option".split()  # noqa: SIM905
)


def bounded(html: str) -> str:
    """`html` without huge tags, entity declarations, and nesting deeper than `DEEPEST`."""
    if len(html) > LONGEST:
        html = _without_scripts(html[: 20 * LONGEST])[:LONGEST]
    html = _HUGE_TAG.sub(" ", html)
    html = _without(html, _DOCTYPE)
    return _flatten(html) if _deepest(html) > DEEPEST else html


def _without_scripts(html: str) -> str:
    """Cut scripts and styles out, looking at every character once: large pages are mostly these."""
    kept: list[str] = []
    folded = html.lower() if len(html.lower()) == len(html) else html
    position = 0
    while (start := _next(folded, position)) is not None:
        name, begin = start
        end = folded.find(f"</{name}", begin)
        if end < 0:
            break
        kept.append(html[position:begin])
        position = end
    return "".join([*kept, html[position:]])


def _next(folded: str, position: int) -> tuple[str, int] | None:
    match = _SCRIPT.search(folded, position)
    return (match.group(1), match.start()) if match else None


def too_many_elements(html: str) -> bool:
    """Whether a tree of `html` would be large enough to cost seconds."""
    return html.count("<") > 2 * MOST_ELEMENTS


def stripped(html: str) -> str:
    """The text of `html` by removing tags alone: for pages that no parser should see."""
    text = re.sub(r"<(script|style)\b.{0,200000}?</\1\s*>", " ", html, flags=re.IGNORECASE | re.DOTALL)
    return re.sub(r"[ \t]+", " ", re.sub(r"<[^<>]{0,8000}>", "\n", text)).strip()


def _without(html: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(" ", html) if "<!entity" in html[:100_000].lower() else html


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
