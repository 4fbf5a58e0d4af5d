"""An HTML page: its main text (trafilatura, set for precision), its metadata, and the headlines of other articles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import unescape
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement, tostring  # type: ignore[import-untyped]
from resiliparse.extract.html2text import extract_plain_text
from trafilatura import bare_extraction, load_html

from tocsin.read.bounds import bounded, stripped, too_many_elements
from tocsin.read.dates import find_date, parse_iso
from tocsin.read.furniture import begins_comments, is_furniture, is_label, pointed_at
from tocsin.read.joiners import has_joiners, with_joiners, without_joiners
from tocsin.read.metadata import Metadata, guessed_date, metadata_of
from tocsin.read.title import headings_of

_BESIDE = ("nav", "footer", "form", "button", "select", "figure", "address")
_BESIDE_NAMES = re.compile(
    r"(?:^|[-_ ])(?:nav|navbar|menu|breadcrumbs?|footer|cookie|tags?|share|social|login|lang)(?:$|[-_ ])", re.I
)
_NOT_ARTICLES = re.compile(
    r"/(?:tags?|category|categories|topics?|authors?|about|contact|privacy|terms|login|subscribe|search|help)(?:/|$)"
    r"|\.(?:jpe?g|png|gif|pdf|mp[34]|zip)$", re.I
)  # fmt: skip
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MOST_LINKS = 200
_ARTICLE_CELL = 600  # characters of a table's cell that holds an article
_OPENING, _DATE_LINE = 5, 60  # lines at the start of a text, and characters of a line, that may tell its date
_MOST_COMMENTS = 5  # blocks of readers' comments on a page
_BEFORE_COMMENTS = 100  # characters before a heading in its block that make it the end of an article
_MOST_STORIES = 50  # whole articles on a page
_SHORTEST_HEADING, _PARAGRAPH = 8, 40  # characters of an article's heading and of its paragraphs
_LONG = 2000  # characters; measured: below it the quick extraction misses more


@dataclass(frozen=True, slots=True)
class Story:
    """One more article that stands whole on a page, with its own address if its heading leads there."""

    title: str
    text: str
    published: datetime | date | None
    url: str


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """What an HTML page holds; `headlines` are (title, address) of other articles, `links` the text's own.

    `more` are the articles below the first where the page holds several.
    """

    metadata: Metadata
    text: str
    language: str | None
    headlines: tuple[tuple[str, str], ...]
    links: tuple[str, ...]
    more: tuple[Story, ...] = ()


def read_html(html: str, url: str) -> HtmlPage:
    """Take the main text and the listed headlines out of an HTML page, in bounded time and memory."""
    html = bounded(html)
    return _joined(_read_html(without_joiners(html), url)) if has_joiners(html) else _read_html(html, url)


def _joined(page: HtmlPage) -> HtmlPage:
    """`page` with the joiners back that were taken out of its HTML."""
    about = page.metadata
    title, author, site = with_joiners(about.title), with_joiners(about.author), with_joiners(about.site)
    return replace(
        page,
        metadata=replace(about, title=title, author=author, site=site),
        text=with_joiners(page.text),
        headlines=tuple((with_joiners(headline), with_joiners(address)) for headline, address in page.headlines),
        links=tuple(with_joiners(link) for link in page.links),
        more=tuple(
            replace(story, title=with_joiners(story.title), text=with_joiners(story.text), url=with_joiners(story.url))
            for story in page.more
        ),
    )


def _read_html(html: str, url: str) -> HtmlPage:
    if too_many_elements(html):
        return HtmlPage(Metadata("", None, "", ""), _streamed(html), None, (), ())
    tree = load_html(html)
    if tree is None:
        return HtmlPage(Metadata("", None, "", ""), stripped(html), None, (), ())
    metadata = metadata_of(tree, url)
    base = _base(tree, url)
    _drop_hidden(tree)
    _drop_comments(tree)
    metadata, more = _parted(tree, metadata, url, base)
    headings = headings_of(tree, metadata.title)
    _unfold_layout(tree)
    text, told, heading = _opened(_main_text(tree, html, url), headings)
    if len(heading) > len(metadata.title) / 2 and metadata.title.endswith(heading):  # the site stands before it
        metadata = replace(metadata, title=heading)
    if len(metadata.body) > 2 * len(text):
        body = read_fragment(unescape(metadata.body))
        text = body if len(body) > 2 * len(text) else text  # only a script fills the page, or it shows the beginning
    if metadata.published is None:
        metadata = replace(metadata, published=told or guessed_date(tree, url))
    text = _without_leaks(text, ())
    headlines, links = _anchors(tree, text, url, base, metadata.title)
    return HtmlPage(metadata, _without_leaks(text, headlines), _stated_language(tree), headlines, links, more)


def read_fragment(html: str) -> str:
    """The text of a piece of HTML that is all content (a feed entry's body): nothing in it is left out."""
    if "<" not in html and "&" not in html:
        return html.strip()
    return str(extract_plain_text(bounded(html), main_content=False, alt_texts=False, links=False)).strip()


def _parted(tree: HtmlElement, about: Metadata, url: str, base: str) -> tuple[Metadata, tuple[Story, ...]]:
    """Take all whole articles but the first out of a page that holds several; and what then is said of the first."""
    parts = [part for part in tree.iter("article") if _is_whole(part)]
    inside = set(parts)
    outside = [h1 for h1 in tree.iter("h1") if inside.isdisjoint(h1.iterancestors("article"))]
    if len(parts) < 2 or any(len(_words(h1)) >= _SHORTEST_HEADING for h1 in outside):
        return about, ()
    stories = tuple(_story(part, url, base) for part in parts[1:_MOST_STORIES])
    for part in parts[1:]:
        part.drop_tree()
    return replace(about, title=_words(_heading(parts[0]))), stories


def _heading(part: HtmlElement) -> HtmlElement:
    """The heading of an article's element; the element itself where it has none."""
    return next(part.iter("h1", "h2", "h3"), part)


def _is_whole(part: HtmlElement) -> bool:
    """Whether an element holds an article and not its summary: a heading and more than one paragraph."""
    heading = _heading(part)
    if heading is part or len(_words(heading)) < _SHORTEST_HEADING:
        return False
    if next(part.iterdescendants("article"), None) is not None or next(part.iterancestors("article"), None) is not None:
        return False
    return sum(len(_words(paragraph)) >= _PARAGRAPH for paragraph in part.iter("p")) >= 2


def _story(part: HtmlElement, url: str, base: str) -> Story:
    title = _words(_heading(part))
    anchor = next((anchor for anchor in part.iter("a") if _words(anchor) == title), None)
    address = _address(base, anchor.get("href") or "") if anchor is not None else None
    html = f"<html><body>{tostring(part, encoding='unicode', with_tail=False)}</body></html>"
    text, told, _ = _opened(_main_text(load_html(html), html, url), frozenset({title}))
    return Story(title, _without_leaks(text, ()), told or _dated(part), address or url)


def _dated(part: HtmlElement) -> datetime | date | None:
    """The first date that stands alone in an article's element, as its `<time>` gives it or as it is printed."""
    for element in part.iter("time", "div", "span", "p"):
        words = _words(element)
        told = parse_iso(element.get("datetime")) or (parse_iso(words) if len(words) <= _DATE_LINE else None)
        if told is not None:
            return told
    return None


def _base(tree: HtmlElement, url: str) -> str:
    """The address that a page's relative links start from: its own, or the one of its `<base>`."""
    stated = next((href for element in tree.iter("base") if (href := element.get("href"))), "")
    return _address(url, stated) or url


def _drop_hidden(tree: HtmlElement) -> None:
    """Take out what the page says is not to be shown."""
    for element in tree.xpath("//body//*[@hidden and not(@hidden='until-found')]"):
        element.drop_tree()


def _drop_comments(tree: HtmlElement) -> None:
    """Take out what readers write below an article: the block that a heading such as "24 comments" opens."""
    headings = [one for one in tree.iter("h2", "h3", "h4", "h5", "h6", "legend") if begins_comments(_words(one))]
    for heading in headings[:_MOST_COMMENTS]:
        part = heading
        while (block := part.getparent()) is not None and block.tag != "body" and _words(block) == _words(heading):
            part = block
        if block is None:
            continue
        before = sum(len(_words(one)) for one in part.itersiblings(preceding=True) if isinstance(one.tag, str))
        if before >= _BEFORE_COMMENTS:
            following = [part, *part.itersiblings()]
        else:
            following = [block] if not before and block.tag in ("div", "section", "aside", "form", "fieldset") else []
        for one in following:
            if next(one.iter("h1", "main"), None) is None:
                one.tail = None
                one.drop_tree()


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _unfold_layout(tree: HtmlElement) -> None:
    """Make plain blocks of tables that lay out a page (a cell holds an article): their columns are not rows."""
    for table in list(tree.iter("table")):
        if any(len(cell.text_content()) > _ARTICLE_CELL for cell in table.iter("td")):
            for part in table.iter("table", "tbody", "tr", "td"):
                part.tag = "div"


def _opened(text: str, headings: frozenset[str]) -> tuple[str, date | datetime | None, str]:
    """The text without the headings and the date on lines of their own at its start; that date; the longest heading."""
    lines = text.split("\n")
    told: date | datetime | None = None
    heading = ""
    kept: list[str] = []
    for line in lines[:_OPENING]:
        bare = line.strip()
        found = find_date(bare) if len(bare) <= _DATE_LINE else None
        told = told or (found[0] if found else None)
        if bare in headings:
            heading = max(heading, bare, key=len)
        elif not (found and found[2] - found[1] >= 0.6 * len(bare)):
            kept.append(line)
    return "\n".join([*kept, *lines[_OPENING:]]).strip(), told, heading


def _main_text(tree: HtmlElement, html: str, url: str) -> str:
    """trafilatura's quick extraction where that finds a long text, else the slower one with second opinions."""
    for fast in (True, False):
        document = bare_extraction(tree, url=url or None, fast=fast, favor_precision=True, include_comments=False)
        text = document.text if document is not None and not isinstance(document, dict) else None
        if text and (len(text) > _LONG or not fast):
            return text
    return _streamed(html)


def _streamed(html: str) -> str:
    return str(extract_plain_text(html, main_content=True, alt_texts=False, links=False, list_bullets=False))


def _stated_language(tree: HtmlElement) -> str | None:
    stated = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip().lower()
    return stated[:2] if re.match(r"[a-z]{2}(?:[-_]|$)", stated) else None


def _anchors(
    tree: HtmlElement, text: str, url: str, base: str, title: str
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Tell the anchors that are headlines of other articles from those that the main text links to."""
    headlines: dict[str, str] = {}
    links: dict[str, None] = {}
    lines = {line.strip(" -•") for line in text.split("\n")}
    for anchor in tree.iter("a"):
        href = anchor.get("href") or ""
        words = _headline_text(anchor)
        if not href or not words or words == title:
            continue
        listed = _is_headline(words) and (words not in text or words in lines)
        if listed and not _beside(anchor) and _stands_alone(anchor, words):
            address = _address(base, href)
            if address is not None and _leads_on(address, url):
                headlines.setdefault(words, address)
        elif not listed and words in text and (address := _address(base, href)) is not None:
            links.setdefault(address)
        if len(headlines) >= _MOST_LINKS or len(links) >= _MOST_LINKS:
            break
    return tuple(headlines.items()), tuple(links)


def _address(base: str, href: str) -> str | None:
    href = href.strip()
    if not href or href[0] == "#" or len(href) > 2000 or re.match(r"(?i)(?!https?:)[a-z][a-z0-9+.-]*:", href):
        return None
    try:
        return urljoin(base, href)
    except ValueError:
        return None


def _headline_text(anchor: HtmlElement) -> str:
    heading = next(anchor.iter("h1", "h2", "h3", "h4", "h5"), anchor)
    return " ".join("".join(heading.itertext()).split()) if len(heading) else " ".join((heading.text or "").split())


def _is_headline(words: str) -> bool:
    cjk = len(_CJK.findall(words))
    long_enough = cjk >= 8 if cjk > len(words) / 3 else len(words.split()) >= 4 and len(words) >= 20
    return long_enough and len(words) <= 220 and not is_label(words) and not is_furniture(words)


def _stands_alone(anchor: HtmlElement, words: str) -> bool:
    """An anchor inside a sentence is a reference, not a headline: in its paragraph it must be most of the text."""
    block = anchor.getparent()
    while block is not None and block.tag in ("span", "b", "strong", "em", "i", "u", "font", "small"):
        block = block.getparent()
    if block is None or block.tag != "p":
        return True
    return len(" ".join(block.text_content().split())) <= 1.5 * len(words) + 20


def _beside(anchor: HtmlElement) -> bool:
    for above in anchor.iterancestors():
        if above.tag in _BESIDE:
            return True
        if _BESIDE_NAMES.search(f"{above.get('class') or ''} {above.get('id') or ''}"[:300]) and above.tag not in (
            "body",
            "html",
        ):
            return True
    return False


def _leads_on(address: str, url: str) -> bool:
    """Whether an address looks like an article's: not this page, not a section, with a path that says something."""
    there, here = urlsplit(address), urlsplit(url)
    if (there.netloc, there.path.rstrip("/")) == (here.netloc, here.path.rstrip("/")) and there.query == here.query:
        return False
    last = there.path.rstrip("/").rsplit("/", 1)[-1]
    says = len(last) >= 12 or any(char.isdigit() for char in there.path + there.query) or last.count("-") >= 2
    return says and not _NOT_ARTICLES.search(there.path)


def _without_leaks(text: str, headlines: tuple[tuple[str, str], ...]) -> str:
    """Drop the lines of the main text that are another article's headline, or point at one."""
    other = {headline for headline, _ in headlines}
    kept = [line for line in text.split("\n") if line.strip(" -•") not in other and not _is_foreign(line)]
    return "\n".join(kept).strip()


def _is_foreign(line: str) -> bool:
    bare = line.strip(" -•")
    return pointed_at(bare) is not None or is_furniture(bare) or (bare.endswith((":", "：")) and is_label(bare))
