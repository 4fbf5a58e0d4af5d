"""Feeds taken apart: what publishers write, and what they break. All texts are invented."""
# ruff: noqa: E501 - feeds are as wide as they are

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest

from tocsin.collect import SourceError
from tocsin.collect.entries import Entry, as_json_feed, parse_feed

ADDRESS = "https://post.example/feeds/all.xml"


def rss(item: str, about: str = "<title>Ellery Post</title>", head: str = '<?xml version="1.0"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel>{about}<item>{item}</item></channel></rss>'.encode()


def only(body: bytes, address: str = ADDRESS) -> Entry:
    (entry,) = parse_feed(body, address).entries
    return entry


@pytest.mark.parametrize("guid", ["12", "1234", "may", "2026110", "post-2019", "tag:post.example,2011:99"])
def test_a_guid_is_no_date(guid: str) -> None:
    entry = only(rss(f"<title>Buoy found adrift</title><link>https://post.example/1</link><guid>{guid}</guid>"))
    assert (entry.key, entry.published, entry.stated) == (guid, None, "")


def test_entities_of_html_are_read_although_xml_has_none() -> None:
    feed = parse_feed(
        rss("<title>R&eacute;union &agrave; Brest &mdash; minist&egrave;re</title><description>L&rsquo;escale dure.</description>",
            "<title>D&eacute;p&ecirc;che</title>"), ADDRESS
    )  # fmt: skip
    assert (feed.title, feed.entries[0].title) == ("Dépêche", "Réunion à Brest — ministère")
    assert feed.entries[0].html == "L’escale dure."


def test_bare_ampersands_and_brackets_are_kept() -> None:
    entry = only(rss("<title>R&D fleet: 3 < 4 & rising</title><link>https://post.example/a?id=1&part=2</link>"
                     "<description><![CDATA[<p>Fuel & stores</p>]]></description>"))  # fmt: skip
    assert (entry.title, entry.url) == ("R&D fleet: 3 < 4 & rising", "https://post.example/a?id=1&part=2")
    assert entry.html == "<p>Fuel & stores</p>"


def test_an_entity_nobody_knows_stays_as_written() -> None:
    assert only(rss("<title>Dock &quay; reopens</title>")).title == "Dock &quay; reopens"


def test_the_whole_text_and_the_language_of_an_rdf_feed_are_taken() -> None:
    body = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
    <channel><title>港新聞</title><dc:language>ja</dc:language></channel><item><title>航路を閉鎖</title>
    <link>https://post.example/3</link><dc:date>2025-03-02T09:30:00+09:00</dc:date><description>要約</description>
    <content:encoded><![CDATA[<p>港湾局は北側の航路を閉鎖した。</p>]]></content:encoded></item></rdf:RDF>"""
    feed = parse_feed(body.encode(), ADDRESS)
    assert feed.language == "ja"
    assert feed.entries[0].html == "<p>港湾局は北側の航路を閉鎖した。</p>"
    assert feed.entries[0].published == datetime(2025, 3, 2, 0, 30, tzinfo=UTC)


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Ellery Post</title><entry>{}</entry></feed>"""


def test_an_atom_entry_is_at_its_alternate_and_not_at_its_enclosure() -> None:
    entry = only(ATOM.format('<title>Tug aground</title><id>7</id><link rel="enclosure" href="https://post.example/tug.mp3"/>'
                             '<link rel="alternate" href="../tug"/>').encode())  # fmt: skip
    assert (entry.key, entry.url) == ("7", "https://post.example/tug")


def test_plain_text_of_atom_is_not_taken_for_html() -> None:
    entry = only(
        ATOM.format("<title>Draught</title><id>8</id><summary>Draught &lt; 9 m, R&amp;D says.</summary>").encode()
    )
    assert (entry.html, entry.text) == ("", "Draught < 9 m, R&D says.")
    item = json.loads(as_json_feed(parse_feed(b"<rss/>", ADDRESS), entry))["items"][0]
    assert item["content_text"] == entry.text


@pytest.mark.parametrize(
    ("stated", "plain"),
    [
        ("Harbour&amp;#8217;s &amp;quot;quiet&amp;quot; zone &amp;amp; quay", 'Harbour’s "quiet" zone & quay'),
        ("<![CDATA[Ferry <em>leaves</em> port<br/>late]]>", "Ferry leaves port late"),
        ("What the &lt;rss&gt; element holds", "What the <rss> element holds"),
        ("H&lt;sub&gt;2&lt;/sub&gt;S leak", "H2S leak"),
    ],
)
def test_a_title_is_plain_words(stated: str, plain: str) -> None:
    assert only(rss(f"<title>{stated}</title>")).title == plain


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("utf-8", "cp1251", "Портовая администрация закрыла канал для танкеров"), ("utf-8", "cp1252", "La marée a cassé la jetée, créée à Noël"),
        ("iso-8859-1", "big5", "港務局星期二宣布，北航道將對油輪關閉兩週"), ("windows-1251", "utf-8", "Портовая администрация"),
        ("utf-16", "utf-16", "Портовая администрация"),
    ],
)  # fmt: skip
def test_the_bytes_are_believed_before_the_declaration(declared: str, encoding: str, text: str) -> None:
    body = rss(f"<title>{text}</title>", head=f'<?xml version="1.0" encoding="{declared}"?>').decode().encode(encoding)
    assert only(body).title == text


def test_a_guid_is_an_address_only_where_it_looks_like_one() -> None:
    assert only(rss("<title>A</title><guid>https://post.example/9</guid>")).url == "https://post.example/9"
    assert only(rss("<title>A</title><guid>a1b2</guid>")).url == ADDRESS


def test_a_body_that_names_a_file_is_not_opened(tmp_path: Path) -> None:
    saved = tmp_path / "secret.xml"
    saved.write_bytes(rss("<title>Nobody's business</title>"))
    with pytest.raises(SourceError, match="no feed"):
        parse_feed(str(saved).encode(), ADDRESS)


@pytest.mark.parametrize("unit", ["<", "&", " ", "<item>", "<![CDATA[", "<!--", "<!DOCTYPE x [", "<div>", "&a;"])
def test_hostile_repetition_is_taken_apart_in_bounded_time(unit: str) -> None:
    begun = process_time()
    parse_feed(f"<rss><channel><title{unit * (150_000 // len(unit))}".encode(), ADDRESS)
    assert process_time() - begun < 8


def json_feed(*items: object, **about: object) -> bytes:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Ellery Post", "items": items, **about}
    ).encode()


def test_an_item_of_json_feed_is_taken_whatever_its_text_speaks_of() -> None:
    feed = parse_feed(json_feed({"id": "1", "url": "https://post.example/1", "title": "What an <rss> element is",
                                 "content_text": "It begins with <rss> or <feed>."}), ADDRESS)  # fmt: skip
    assert not feed.cut
    assert [(entry.title, entry.text) for entry in feed.entries] == [
        ("What an <rss> element is", "It begins with <rss> or <feed>.")
    ]


def test_a_byte_order_mark_does_not_hide_json() -> None:
    assert parse_feed(b"\xef\xbb\xbf" + json_feed({"id": "1", "title": "A"}), ADDRESS).title == "Ellery Post"


def test_json_items_have_their_key_address_author_and_date() -> None:
    first, second = parse_feed(
        json_feed(
            {"id": 7, "title": "Quay&#8217;s end", "external_url": "https://other.example/x", "author": {"name": "Ada Quill"},
             "date_published": "2025-03-02T09:30:00+08:00", "content_html": "<p>Text</p>", "language": "fr"},
            {"id": "8", "url": "/rel/8", "summary": "Only a summary"},
        ), ADDRESS
    ).entries  # fmt: skip
    assert (first.key, first.url, first.title) == ("7", "https://other.example/x", "Quay’s end")
    assert (first.author, first.language, first.published) == (
        "Ada Quill",
        "fr",
        datetime(2025, 3, 2, 1, 30, tzinfo=UTC),
    )
    assert (second.url, second.text) == ("https://post.example/rel/8", "Only a summary")


def test_relative_addresses_of_a_saved_feed_are_relative_to_its_site() -> None:
    saved = "file:///feeds/saved.xml"
    assert (
        only(json_feed({"id": "1", "url": "/1"}, home_page_url="https://post.example"), saved).url
        == "https://post.example/1"
    )
    about = "<title>P</title><link>https://post.example/</link>"
    assert only(rss("<title>A</title><link>/1</link>", about), saved).url == "https://post.example/1"


@pytest.mark.parametrize(
    "body", [b'{"version": "x", "items": [{"id', b'{"a": 1}', b"<html><p>Log in</p></html>", b"plain words"]
)
def test_what_is_no_feed_is_one_sentence(body: bytes) -> None:
    with pytest.raises(SourceError, match=r"is no feed: .*\.$") as caught:
        parse_feed(body, ADDRESS)
    assert "\n" not in str(caught.value)


def test_a_date_in_other_words_is_kept_for_whoever_reads_the_entry() -> None:
    entry = only(rss("<title>A</title><pubDate>2025年3月2日 09:30</pubDate>"))
    assert (entry.published, entry.stated) == (None, "2025年3月2日 09:30")
    item = json.loads(as_json_feed(parse_feed(b"<rss/>", ADDRESS), entry))["items"][0]
    assert item["date_published"] == "2025年3月2日 09:30"


def test_the_same_entry_is_the_same_page() -> None:
    body = rss("<title>A</title><pubDate>Sun, 02 Mar 2025 09:30:00 +08:00</pubDate><description>Text</description>")
    feed = parse_feed(body, ADDRESS)
    assert as_json_feed(feed, feed.entries[0]) == as_json_feed(parse_feed(body, ADDRESS), only(body))
