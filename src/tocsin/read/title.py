"""The title of an HTML page: its article's headline, without the name of the site that pages add to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urlsplit

from lxml.html import HtmlElement  # type: ignore[import-untyped]

_SEPARATOR = re.compile(r"\s+(?:[|•·»«—–:-]|::|\|\|)\s+|(?<=\S)\s*[|｜]\s*|_(?=[^\s_]+$)")
_EDGES = " |｜•·»«—–:-_"
_COLON = re.compile(r"\s*:{1,2}\s*")
_NO_SITE = frozenset({"www", "com", "net", "org", "gov", "edu", "amp", "mobile"})
_SHORTEST_HEADING = 8  # characters: a shorter h1 is a section's, or a logo's


def title_of(tree: HtmlElement, meta: Mapping[str, str], linked: Mapping[str, str], site: str, url: str) -> str:
    """What JSON-LD, meta elements, `<title>` or a heading say, in this order; a heading that is part of it is believed.

    What a page states for its readers elsewhere (JSON-LD, og:title) loses only the name of the site: a headline's last
    words may be who said it ("… – state TV"). From `<title>`, where pages add their names, any short name is cut.
    """
    labels = _labels(url)
    headings = [text for h1 in tree.iter("h1") if (text := " ".join(h1.text_content().split()))]
    stated = linked.get("headline") or meta.get("og:title") or meta.get("twitter:title") or ""
    stated = " ".join(unescape(stated).split())
    own = bool(stated)
    if not stated:
        stated = _page_title(tree) or (headings[0] if headings else "")
    for heading in headings:
        part = heading in stated or stated in heading
        if part and len(heading) >= _SHORTEST_HEADING and not _names(heading, site, labels):
            return heading if len(heading) < 300 else stated
    return _without_site(stated, site, labels, own)


def site_named(tree: HtmlElement) -> str:
    """The site that a page's title names after its heading ("Ships enter strait | Gazette"), if it does."""
    title = _page_title(tree)
    for h1 in tree.iter("h1"):
        heading = " ".join(h1.text_content().split())
        rest = title.removeprefix(heading)
        if len(heading) >= _SHORTEST_HEADING and rest != title and _SEPARATOR.match(f"x{rest}", 1):
            site = rest.strip(_EDGES)
            return site if 1 < len(site) <= 40 and len(site.split()) <= 4 else ""
    return ""


def headings_of(tree: HtmlElement, title: str) -> frozenset[str]:
    """The lines that may repeat a page's title above its text: the title, its parts, the page's headings."""
    stated = {title, _page_title(tree), *(" ".join(h1.text_content().split()) for h1 in tree.iter("h1"))}
    parts = {part for one in stated for part in _SEPARATOR.split(one)}
    return frozenset({*stated, *parts} - {""})


def _page_title(tree: HtmlElement) -> str:
    return " ".join((tree.findtext(".//title") or "").split())


def _without_site(title: str, site: str, labels: tuple[str, ...], own: bool) -> str:
    """Cut the site's name off either end of a title; if the title is not the article's `own`, any last short name."""
    breaks = list(_SEPARATOR.finditer(title))
    if not breaks:
        return title
    if _names(title[: breaks[0].start()], site, labels):
        return title[breaks[0].end() :].lstrip(_EDGES)
    last = title[breaks[-1].end() :]
    short = len(last.split()) <= 4 and len(last) < 0.5 * len(title)
    named = _names(last, site, labels) or _short_for(last, site)
    if named or (short and not own and not last[:1].islower() and not _COLON.fullmatch(breaks[-1].group())):
        return title[: breaks[-1].start()].rstrip(_EDGES)
    return title


def _names(part: str, site: str, labels: tuple[str, ...]) -> bool:
    """Whether a part of a title is the site's name: as the page gives it, or as its address does."""
    if part[:1].islower() and part.casefold() != site.casefold():
        return False
    name, stated = _squeezed(part), _squeezed(site)
    if not name:
        return False
    if stated and (name == stated or (len(stated) >= 3 and stated in name)):
        return len(name) <= 2 * len(stated) + 20
    initials = "".join(word[0] for word in part.casefold().split())
    return any(
        label in (name, initials) or (len(label) >= 4 and label in name and len(name) <= 2 * len(label) + 20)
        for label in labels
    )


def _short_for(part: str, site: str) -> bool:
    """Whether `part` is some of the words of the site's name: "Gazette" of The Karsk Gazette."""
    words = part.casefold().removeprefix("the ").split()
    return not part[:1].islower() and bool(words) and set(words) <= set(site.casefold().split())


def _labels(url: str) -> tuple[str, ...]:
    """The labels of an address's host that may be a site's name: "gazette" of www.gazette.example."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ()
    return tuple(label.replace("-", "") for label in host.split(".")[:-1] if len(label) >= 3 and label not in _NO_SITE)


def _squeezed(name: str) -> str:
    return re.sub(r"\W+", "", name.casefold().removeprefix("the "))
