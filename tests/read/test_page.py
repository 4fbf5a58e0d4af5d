"""Reading a page: forms, metadata, encodings, and every kind of bad input. All texts are invented."""
# ruff: noqa: E501 - pages are as wide as they are

from __future__ import annotations

import hashlib
import json
import resource
import time
from datetime import UTC, date, datetime

import pytest

from tocsin.read import ReadError, read
from tocsin.read.bounds import bounded, stripped
from tocsin.read.html import read_html
from tocsin.records import Article, Outlet, Page

NOW = datetime(2025, 3, 4, 12, tzinfo=UTC)
PARAGRAPHS = [
    "The harbour authority of Port Ellery said on Tuesday that it would close the northern channel to tankers for two weeks, "
    "after the buoys that mark it were found adrift.",
    "“We have no choice,” said its director, Ada Quill, who added that ships bound for the refinery would be sent around the "
    "cape, a voyage some nine hours longer than the usual one.",
    "The authority expects to reopen the channel by the end of the month. It did not say who had cut the moorings, and the "
    "coast guard declined to comment on the inquiry.",
]
LISTED = {
    "Coast guard finds a fourth buoy near the disputed reef": "/news/2025/03/fourth-buoy-reef",
    "Dockers at Port Ellery vote to strike over night shifts": "/news/2025/03/dockers-vote-strike",
    "Two navies hold talks on the channel incident": "/news/2025/03/navies-hold-talks",
}


def page(
    body: str | bytes,
    media_type: str | None = None,
    url: str = "https://post.example/news/2025/03/channel",
    **more: object,
) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(url=url, fetched=NOW, sha256=hashlib.sha256(raw).hexdigest(), media_type=media_type, body=raw, **more)  # type: ignore[arg-type]


def html(paragraphs: list[str] = PARAGRAPHS, head: str = "", listed: dict[str, str] | None = None) -> str:
    aside = "".join(
        f'<li><h3><a href="{href}">{title}</a></h3></li>'
        for title, href in (LISTED if listed is None else listed).items()
    )
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="en"><head><title>Port Ellery closes northern channel | Ellery Post</title>{head}</head>
    <body><nav><a href="/world">World news from all continents today</a></nav>
    <article><h1>Port Ellery closes northern channel</h1>{body}
    <p>See the <a href="/chart/channel-2025">chart of the channel</a> for details of the soundings taken there.</p></article>
    <aside><h2>Most read</h2><ul>{aside}</ul></aside><footer><a href="/privacy-policy-2025">Our privacy policy and terms</a></footer></body></html>"""


def test_an_html_page_gives_its_article_and_every_listed_headline() -> None:
    head = '<meta property="article:published_time" content="2025-03-03T18:40:00+01:00"><meta property="og:site_name" content="Ellery Post">'
    article, *headlines = read(page(html(head=head), "text/html"))
    assert article.form == "article"
    assert article.title == "Port Ellery closes northern channel"
    assert article.published == datetime.fromisoformat("2025-03-03T18:40:00+01:00")
    assert (article.outlet, article.language) == ("Ellery Post", "en")
    assert all(paragraph in article.text for paragraph in PARAGRAPHS)
    assert article.links == ("https://post.example/chart/channel-2025",)
    assert {one.title: one.url for one in headlines} == {
        title: f"https://post.example{href}" for title, href in LISTED.items()
    }
    assert not any(title in article.text for title in LISTED)
    assert {one.form for one in headlines} == {"headline"}
    assert {one.page for one in (article, *headlines)} == {article.page}


def test_the_outlet_is_the_one_known_by_its_address_before_the_one_that_the_page_names() -> None:
    one = page(html(), "text/html")
    known = {"Own": Outlet(name="Own", domains=("post.example",))}
    assert {article.outlet for article in read(one, known)} == {"Own"}
    assert "Own" not in {article.outlet for article in read(one)}
    assert {article.outlet for article in read(one.model_copy(update={"outlet": "Told"}), known)} == {"Told"}


def test_json_ld_is_believed_first() -> None:
    data = {"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle", "headline": "Channel closes", "datePublished": "2025-03-02",
                                            "author": [{"name": "Reuters"}]}]}  # fmt: skip
    article = read(page(html(head=f'<script type="application/ld+json">{json.dumps(data)}</script>'), "text/html"))[0]
    assert (article.title, article.published, article.agency) == ("Channel closes", date(2025, 3, 2), "Reuters")


@pytest.mark.parametrize("stated", ["2031-01-01", "1823-05-05", "0000-99-99", "tomorrow"])
def test_future_and_impossible_dates_are_not_believed(stated: str) -> None:
    text = html(head=f'<meta property="article:published_time" content="{stated}">')
    article = read(page(text, "text/html", published=date(2025, 3, 1)))[0]
    assert article.published is None or article.published == date(2025, 3, 1)


def test_a_page_of_text_gives_the_same_kinds_of_items() -> None:
    items = read(page("\n".join(PARAGRAPHS) + "\n\n\n" + "\n".join(LISTED)))
    assert [item.form for item in items] == ["article", *["headline"] * 3]
    assert items[0].text == "\n".join(PARAGRAPHS)
    assert [item.title for item in items[1:]] == list(LISTED)


def test_a_bulletin_is_one_item_of_its_own_form() -> None:
    text = "一、日期：中華民國113年6月1日0600時至6月2日0600時止。\n二、活動動態：迄0600時止，偵獲共機3架次、共艦6艘次。"
    (item,) = read(page(text))
    assert (item.form, item.language) == ("bulletin", "zh")


def test_a_json_feed_gives_one_article_an_item() -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Ellery Post", "items": [
        {"url": "https://post.example/1", "title": "One", "content_html": "<p>First &amp; last.</p><p>Second.</p>",
         "date_published": "2025-03-03T01:00:00Z"},
        {"url": "https://post.example/2", "title": "A headline and nothing else"}]}  # fmt: skip
    first, second = read(page(json.dumps(feed), "application/feed+json"))
    assert (first.form, first.url, first.outlet) == ("article", "https://post.example/1", "Ellery Post")
    assert "First & last." in first.text
    assert "<" not in first.text
    assert (second.form, second.title) == ("headline", "A headline and nothing else")


def test_items_of_a_saved_json_feed_are_found_on_their_site() -> None:
    feed = {"home_page_url": "https://post.example/", "items": [
        {"id": "1", "url": "/rel/1", "title": "Quay&#8217;s end", "content_text": "Text."},
        {"id": "2", "external_url": "https://other.example/2", "title": "Two", "date_published": "2025年3月2日 09:30"}]}  # fmt: skip
    first, second = read(page(json.dumps(feed), "application/json", "file:///feeds/saved.json"))
    assert (first.url, first.title) == ("https://post.example/rel/1", "Quay’s end")
    assert (second.url, second.published) == ("https://other.example/2", datetime.fromisoformat("2025-03-02T09:30"))


CYRILLIC = "Портовая администрация во вторник сообщила, что на две недели закроет северный канал для танкеров."
CHINESE = "艾勒里港務局星期二宣布，北航道將對油輪關閉兩週，直到浮標修復為止。前往煉油廠的船隻將繞行海角。"


@pytest.mark.parametrize(
    ("text", "encoding", "media_type"),
    [
        (CYRILLIC, "cp1251", "text/plain; charset=windows-1251"), (CYRILLIC, "koi8-r", "text/plain; charset=koi8-r"),
        (CYRILLIC * 3, "cp1251", None), (CHINESE, "big5", "text/plain; charset=big5"), (CHINESE, "utf-16", None),
        (CHINESE, "utf-8-sig", "text/plain"), (CHINESE, "utf-8", "text/plain; charset=iso-8859-1"), (CHINESE, "utf-8", "text/plain; charset=x"),
        (CHINESE, "big5", "text/plain; charset=iso-8859-1"),
    ],
)  # fmt: skip
def test_encodings_are_found(text: str, encoding: str, media_type: str | None) -> None:
    assert read(page(text.encode(encoding), media_type))[0].text.startswith(text[:40])


def test_a_cut_off_character_does_not_change_the_encoding() -> None:
    assert CHINESE[:-2] in read(page((CHINESE * 50).encode()[:-1]))[0].text


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "is empty"), (b" \r\n\x00\x00\t ", "is empty"), (b"\xef\xbb\xbf", "is empty"),
        (b"%PDF-1.7 ...", "a PDF document"), (b"PK\x03\x04....", "ZIP"), (b"\x89PNG\r\n\x1a\n", "a picture"),
        (bytes(range(256)) * 40, "binary data"), (b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"ti', "not complete JSON"),
        (b'{"a": 1}', "no JSON Feed"), (b"[" * 200_000, None), (b'{"items":' + b"[" * 200_000, "not complete JSON"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', "is a feed"),
        (b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"></a:feed>', "is a feed"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_sentence(body: bytes, complaint: str | None) -> None:
    if complaint is None:
        assert isinstance(read(page(body)), list)
        return
    with pytest.raises(ReadError) as caught:
        read(page(body))
    assert complaint in str(caught.value)
    assert "post.example" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_of_figures_holds_no_article() -> None:
    assert read(page("date,vessels\n2025-03-01,4\n", "text/csv")) == []


DEEP = "<div>" * 100_000 + "<p>" + PARAGRAPHS[0] + "</p>"
BOMBS = {
    "deep": f"<html><body>{DEEP}",
    "inline": "<html><body>" + "<b><i>" * 60_000 + PARAGRAPHS[0],
    "tables": "<html><body>" + "<table><tr><td>" * 20_000 + PARAGRAPHS[0],
    "attributes": "<html><body><div " + " ".join(f'a{n}="x"' for n in range(150_000)) + f"><p>{PARAGRAPHS[0]}</p>",
    "entities": '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "'
    + "&a;" * 1000
    + '">]><html><body><p>'
    + "&b;" * 1000
    + f"</p><p>{PARAGRAPHS[0]}</p>",
    "unclosed": "<html><body><p>" + "<a href=" * 50_000,
    "wide": "<html><body>" + "<p>One of very many short paragraphs.</p>" * 120_000,
    "comments": "<html><body>" + "<!--" * 100_000 + PARAGRAPHS[0],
    "one line": "<html><body><p>" + "word " * 3_000_000,
    "plain line": "word " * 3_000_000,
    "plain lines": "Some headline without an end\n" * 200_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_read_in_bounded_time_and_memory(bomb: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    found = read(page(BOMBS[bomb]))
    assert time.process_time() - begun < 12
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 900_000  # kB
    assert all(isinstance(item, Article) for item in found)


@pytest.mark.parametrize(
    "unit",
    ["<!ENTITY a [ ", "<!DOCTYPE a [", "] ", "<script ", "<style>", "<svg", "<!entity a [ ]>", "<script></script>"],
)
def test_markup_is_bounded_in_time_linear_in_its_length(unit: str) -> None:
    html = "<!DOCTYPE r [<!entity a 'b'>" + unit * 64_000
    begun = time.process_time()
    stripped(bounded(html))
    assert time.process_time() - begun < 1


def test_declarations_are_cut_out_up_to_their_ends() -> None:
    html = '<!DOCTYPE r [<!ENTITY a "ha">] ><p>One.</p><!ENTITY b [ "x" ]><p>Two.</p><!ENTITY c [ <p>Three.</p>'
    assert bounded(html) == " <p>One.</p> <p>Two.</p><!ENTITY c [ <p>Three.</p>"


def test_nesting_is_flattened_and_the_text_kept() -> None:
    assert PARAGRAPHS[0] in read_html(f"<html><body>{'<div>' * 5000}<p>{PARAGRAPHS[0]}</p>", "").text


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("TAIPEI, Dec 4 (CNA) The ministry said on Thursday.", "CNA"), ("SEOUL (Reuters) - The two sides met.", "Reuters"),
        ("KYIV, March 3 (AP) — Shelling went on.", "AP"), ("The talks ended. (Xinhua)", "Xinhua"), ("（中央社記者王小明台北4日電）國防部表示。", "CNA"),
        ("新华社北京3月4日电 外交部发言人表示。", "Xinhua"), ("The Palestinian Authority (PA) said no such thing.", None),
        ("Reuters reported on Monday that the channel was closed.", None),
    ],
)  # fmt: skip
def test_an_agency_is_credited_only_where_a_text_credits_it(text: str, agency: str | None) -> None:
    assert (
        read(page(f"{text} {PARAGRAPHS[0]}" if not text.endswith("(Xinhua)") else f"{PARAGRAPHS[0]} {text}"))[0].agency
        == agency
    )


def test_reading_twice_makes_the_same_records() -> None:
    assert read(page(html(), "text/html")) == read(page(html(), "text/html"))
