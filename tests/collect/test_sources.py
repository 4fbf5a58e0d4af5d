"""Every kind of source: what it brings, that it brings it once, and what it does when it cannot."""
# ruff: noqa: E501 - rows of tables are as long as they are

from __future__ import annotations

import gzip
import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from tests.collect.conftest import Site
from tocsin.collect import Batch, Source, SourceError, make_source, pulse, unfold
from tocsin.collect.source import make_page
from tocsin.records import Event, Observation, Page, Problem, Record

NOW = datetime(2025, 3, 4, 12, tzinfo=UTC)
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Ellery Post</title><link>http://e.example/</link>{items}</channel></rss>"""
ITEM = """<item><title>Story {n}</title><link>{link}</link><guid>{n}</guid><pubDate>Mon, 03 Mar 2025 0{n}:00:00 GMT</pubDate>
<description>&lt;p&gt;Text of story {n}.&lt;/p&gt;</description></item>"""


def source(base: Path = Path(), **table: Any) -> Source:
    return make_source({"name": "it", **table}, base)


def gather(it: Source, state: bytes | None = None, now: datetime = NOW) -> tuple[list[Record], bytes]:
    """All records, and the last state; as a store would, going on from each batch's state."""
    records: list[Record] = []
    for batch in it.collect(state, now):
        records += batch.records
        assert batch.state is not None
        state = batch.state
    assert state is not None
    return records, state


def first_batch(it: Source) -> Batch:
    return next(iter(it.collect(None, NOW)))


def feed(site: Site, *numbers: int) -> bytes:
    items = "".join(ITEM.format(n=n, link=f"{site.url}/story-{n}?utm_source=feed") for n in numbers)
    return RSS.format(items=items).encode()


LOCAL = {"allow_networks": ["127.0.0.0/8"], "pause": 0}


def test_every_kind_is_an_entry_point() -> None:
    kinds = {point.name for point in entry_points(group="tocsin.sources")}
    assert kinds == {"counts", "eventfile", "feed", "folder", "page", "sitemap", "warc"}


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"kind": "feed", "url": "http://a/"} | {"name": ""}, "has no name"),
        ({"kind": "fede", "url": "x"}, "'fede' is unknown; known are counts, eventfile, feed"),
        ({"kind": "feed"}, 'needs url = "…"'),
        ({"kind": "feed", "url": "http://a.example/", "folow": True}, "does not know 'folow'"),
        ({"kind": "feed", "url": "http://a.example/", "follow": "yes"}, "follow must be true or false"),
        ({"kind": "page", "url": "http://a.example/", "rhythm": "often"}, "is not an interval"),
        ({"kind": "sitemap", "url": "http://a.example/", "limit": -1}, "must be a number"),
        ({"kind": "page", "url": "http://a.example/", "allow_networks": ["loopback"]}, "allow_networks"),
        ({"kind": "counts", "path": "x.csv"}, 'needs issuer = "…"'),
    ],
)
def test_a_table_that_cannot_be_is_one_sentence(table: dict[str, Any], complaint: str) -> None:
    with pytest.raises(SourceError) as caught:
        source(**table)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_feeds_entries_are_pages_and_come_once(site: Site) -> None:
    it = source(kind="feed", url=f"{site.url}/feed", **LOCAL)
    site.answers["/feed"] = (200, {"ETag": '"1"'}, feed(site, 1, 2))
    pages, state = gather(it)
    assert [page.url for page in pages if isinstance(page, Page)] == [f"{site.url}/story-2", f"{site.url}/story-1"]
    first = pages[1]
    assert isinstance(first, Page)
    assert (first.outlet, first.published) == ("Ellery Post", datetime(2025, 3, 3, 1, tzinfo=UTC))
    assert json.loads(first.body)["items"][0]["content_html"] == "<p>Text of story 1.</p>"

    site.answers["/feed"] = (200, {}, feed(site, 1, 2, 3))
    again, state = gather(it, state)
    assert [page.url for page in again if isinstance(page, Page)] == [f"{site.url}/story-3"]
    assert site.asked[-1][1]["if-none-match"] == '"1"'

    site.answers["/feed"] = (304, {}, b"")
    assert gather(it, state)[0] == []


def test_a_feeds_server_may_name_its_encoding(site: Site) -> None:
    item = "<item><title>Île</title><link>https://post.example/1</link></item>"
    site.answers["/feed"] = (200, {"Content-Type": "text/xml; charset=cp850"}, RSS.format(items=item).encode("cp850"))
    (page,), _ = gather(source(kind="feed", url=f"{site.url}/feed", **LOCAL))
    assert isinstance(page, Page)
    assert json.loads(page.body)["items"][0]["title"] == "Île"


def test_a_feed_may_follow_its_teasers(site: Site) -> None:
    site.answers |= {
        "/feed": (200, {}, feed(site, 1, 2)),
        "/story-1": (200, {"Content-Type": "text/html"}, b"<html><p>All of it.</p></html>"),
    }
    records, _ = gather(source(kind="feed", url=f"{site.url}/feed", follow=True, **LOCAL))
    bodies = {record.url: record.body for record in records if isinstance(record, Page)}
    assert bodies[f"{site.url}/story-1"] == b"<html><p>All of it.</p></html>"
    assert b"Text of story 2" in bodies[f"{site.url}/story-2"]  # what could not be followed is kept as the feed has it
    assert [record.subject for record in records if isinstance(record, Problem)] == [f"{site.url}/story-2"]


def test_a_saved_feed_unfolds_into_its_entries_and_a_page_into_itself() -> None:
    items = ITEM.format(n=1, link="https://post.example/1") + ITEM.format(n=2, link="https://post.example/2")
    saved = make_page("file:///feed.xml", RSS.format(items=items).encode(), NOW, source="file")
    assert [page.url for page in unfold(saved)] == ["https://post.example/1", "https://post.example/2"]
    plain = make_page("file:///a.html", b"<html><p>about &lt;rss&gt;</p></html>", NOW, source="file")
    assert list(unfold(plain)) == [plain]


FEEDS = {
    "a prefix": '<?xml version="1.0"?><atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:title>Ellery Post</atom:title>'
    '<atom:entry><atom:title>Story 1</atom:title><atom:link href="https://post.example/1"/></atom:entry></atom:feed>',
    "a long preamble": f"<?xml version='1.0'?><!-- {'terms of use ' * 900} -->"
    + RSS.format(items=ITEM.format(n=1, link="https://post.example/1")).removeprefix('<?xml version="1.0"?>'),
    "a page in its text": RSS.format(items="<item><title>Story 1</title><link>https://post.example/1</link>"
                                     "<description><![CDATA[<html><body><p>Text.</p></body></html>]]></description></item>"),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("what", FEEDS)
def test_a_feed_is_known_by_its_first_element(what: str, encoding: str) -> None:
    saved = make_page("file:///feed.xml", FEEDS[what].encode(encoding), NOW, source="file")
    assert [page.url for page in unfold(saved)] == ["https://post.example/1"]


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [((404, {}, b""), "status 404"), ((200, {}, b""), "empty"), ((200, {}, b"<html><body>hello"), "no feed")],
)
def test_a_feed_that_fails_is_a_problem_and_no_exception(site: Site, answer: Any, complaint: str) -> None:
    site.answers["/feed"] = answer
    records, state = gather(source(kind="feed", url=f"{site.url}/feed", **LOCAL))
    assert len(records) == 1
    assert isinstance(records[0], Problem)
    assert complaint in records[0].says
    assert pulse("it", state, NOW).state == "blind"


@pytest.mark.parametrize("cut", ["</channel></rss>", "3.&lt;/p&gt;</description></item></channel></rss>"])
def test_a_feed_cut_short_gives_what_is_whole_and_says_so(site: Site, cut: str) -> None:
    whole = feed(site, 1, 2, 3)
    site.answers["/feed"] = [(200, {"ETag": "x"}, whole.removesuffix(cut.encode())), (200, {"ETag": "x"}, whole)]
    it = source(kind="feed", url=site.url + "/feed", **LOCAL)
    records, state = gather(it)
    pages = [record for record in records if isinstance(record, Page)]
    (told,) = (record for record in records if isinstance(record, Problem))
    assert f"ends in the middle: {len(pages)} entries before the cut were read" in told.says
    assert len(pages) == (2 if "</item>" in cut else 3), "half an entry is no entry"
    rest, _ = gather(it, state)
    assert len(pages) + len(rest) == 3, "the rest comes with the next whole answer, nothing twice"
    assert "if-none-match" not in site.asked[-1][1], "an answer that was cut is not remembered as had"


def test_entities_that_unfold_without_end_do_not(site: Site) -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "'
        + b"&a;" * 100
        + b'"><!ENTITY c "'
        + b"&b;" * 100
    )
    bomb += (
        b'"><!ENTITY d "'
        + b"&c;" * 100
        + b'">]><rss version="2.0"><channel><title>&d;</title><item><title>T&d;</title>'
    )
    bomb += b"<link>http://a.example/1</link></item></channel></rss>"
    site.answers["/feed"] = (200, {}, bomb)
    records, _ = gather(source(kind="feed", url=f"{site.url}/feed", **LOCAL))
    assert sum(len(record.body) for record in records if isinstance(record, Page)) < 10_000


def test_a_page_is_kept_when_it_has_changed(site: Site) -> None:
    it = source(kind="page", url=f"{site.url}/p", **LOCAL)
    site.answers["/p"] = (200, {"Content-Type": "text/html"}, b"<p>one</p>")
    records, state = gather(it)
    assert [record.body for record in records if isinstance(record, Page)] == [b"<p>one</p>"]
    assert gather(it, state)[0] == []
    site.answers["/p"] = (200, {"Content-Type": "text/html"}, b"<p>two</p>")
    assert len(gather(it, state)[0]) == 1


def test_a_news_sitemap_leads_to_its_pages(site: Site) -> None:
    index = f"<sitemapindex><sitemap><loc>{site.url}/news.xml.gz</loc></sitemap></sitemapindex>"
    news = f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
    <url><loc>{site.url}/a?utm_source=x</loc><news:news><news:publication><news:name>Ellery Post</news:name></news:publication>
    <news:publication_date>2025-03-03T10:00:00+01:00</news:publication_date></news:news></url>
    <url><loc>{site.url}/b</loc><lastmod>2025-03-02</lastmod></url><url><loc>{site.url}/gone</loc></url></urlset>"""
    site.answers |= {
        "/sitemap.xml": (200, {}, index.encode()),
        "/news.xml.gz": (200, {}, gzip.compress(news.encode())),
        "/a": (200, {}, b"<p>a</p>"),
        "/b": (200, {}, b"<p>b</p>"),
    }
    it = source(kind="sitemap", url=f"{site.url}/sitemap.xml", **LOCAL)
    records, state = gather(it)
    pages = {record.url: record for record in records if isinstance(record, Page)}
    assert set(pages) == {f"{site.url}/a", f"{site.url}/b"}
    assert pages[f"{site.url}/a"].outlet == "Ellery Post"
    assert [record.subject for record in records if isinstance(record, Problem)] == [f"{site.url}/gone"]
    assert gather(it, state)[0] == []


def test_a_page_of_a_sitemap_that_fails_is_asked_for_again(site: Site) -> None:
    urls = "".join(f"<url><loc>{site.url}/{name}</loc></url>" for name in ("late", "dead", "gone"))
    site.answers |= {
        "/sitemap.xml": (200, {}, f"<urlset>{urls}</urlset>".encode()),
        "/late": [(503, {"Retry-After": "9000"}, b""), (200, {}, b"<p>late</p>")],
        "/dead": (503, {"Retry-After": "9000"}, b""),
        "/gone": (404, {}, b""),
    }
    it = source(kind="sitemap", url=f"{site.url}/sitemap.xml", **LOCAL)
    state: bytes | None = None
    pages = []
    for _ in range(8):
        records, state = gather(it, state)
        pages += [record.url for record in records if isinstance(record, Page)]
    assert pages == [f"{site.url}/late"]
    asked = [path for path in site.paths() if path != "/sitemap.xml"]
    assert {path: asked.count(path) for path in asked} == {"/late": 2, "/dead": 5, "/gone": 1}


def test_a_folder_brings_new_and_changed_files(tmp_path: Path) -> None:
    (tmp_path / "saved" / "deep").mkdir(parents=True)
    (tmp_path / "saved" / "a.html").write_text("<p>a</p>")
    (tmp_path / "saved" / "deep" / "b.txt").write_text("b")
    it = source(tmp_path, kind="folder", path="saved", outlet="Ellery Post")
    records, state = gather(it)
    assert [(record.body, record.media_type) for record in records if isinstance(record, Page)] == [
        (b"<p>a</p>", "text/html"),
        (b"b", "text/plain"),
    ]
    assert gather(it, state)[0] == []
    (tmp_path / "saved" / "a.html").write_text("<p>changed</p>")
    assert [record.body for record in gather(it, state)[0] if isinstance(record, Page)] == [b"<p>changed</p>"]


def test_a_folders_files_come_once_touched_moved_or_copied(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    (saved / "a.html").write_text("<p>a</p>")
    it = source(tmp_path, kind="folder", path="saved", rhythm="1d")
    _, state = gather(it)
    later = NOW + timedelta(days=9)
    os.utime(saved / "a.html", (1e9, 1e9))
    shutil.copy(saved / "a.html", saved / "copy.html")
    (saved / "a.html").rename(saved / "moved.html")
    records, state = gather(it, state, later)
    assert records == []
    assert pulse("it", state, later).state == "blind", "nothing new has come"
    (saved / "copy.html").write_text("<p>b</p>")
    assert [record.body for record in gather(it, state, later)[0] if isinstance(record, Page)] == [b"<p>b</p>"]


def test_a_file_that_cannot_be_read_is_tried_again(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    (saved / "a.html").write_text("<p>a</p>")
    whole = "a" * 100
    (saved / "b.txt").write_text(whole)
    it = source(tmp_path, kind="folder", path="saved")
    with pytest.MonkeyPatch.context() as small:
        small.setattr("tocsin.collect.folder._LARGEST", 50)
        _, state = gather(it)
        again, state = gather(it, state)
    assert [record.subject for record in again if isinstance(record, Problem)] == [str(saved / "b.txt")]
    (last,) = it.collect(state, NOW)
    assert [record.body for record in last.records if isinstance(record, Page)] == [whole.encode()]
    assert last.solved == (str(saved / "b.txt"),)


@pytest.mark.parametrize(
    ("kind", "more"), [("folder", {}), ("warc", {}), ("eventfile", {}), ("feed", {}), ("counts", {"issuer": "x"})]
)
def test_what_is_not_there_is_a_problem_that_says_where(tmp_path: Path, kind: str, more: dict[str, str]) -> None:
    records, _ = gather(source(tmp_path, kind=kind, path="nowhere", **more))
    assert len(records) == 1
    assert isinstance(records[0], Problem)
    assert records[0].subject == "it"
    assert "nowhere" in records[0].says
    assert "Errno" not in records[0].says


COUNTS = "date,aircraft,vessels,regime\n2023-01-01,24,4,all-detected\n2023-01-02,,3,all-detected\n2023-01-03,0,5,\n"


def test_counts_become_observations_and_empty_is_not_zero(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text(COUNTS)
    it = source(tmp_path, kind="counts", path="counts.csv", issuer="twn-mnd", regime="unknown")
    records, state = gather(it)
    seen = {(one.field, one.day): (one.value, one.regime) for one in records if isinstance(one, Observation)}
    assert seen == {
        ("aircraft", date(2023, 1, 1)): (24, "all-detected"), ("vessels", date(2023, 1, 1)): (4, "all-detected"),
        ("vessels", date(2023, 1, 2)): (3, "all-detected"),
        ("aircraft", date(2023, 1, 3)): (0, "unknown"), ("vessels", date(2023, 1, 3)): (5, "unknown"),
    }  # fmt: skip
    page = next(record for record in records if isinstance(record, Page))
    assert {one.article for one in records if isinstance(one, Observation)} == {page.id}
    assert gather(it, state)[0] == []
    (tmp_path / "counts.csv").write_text(COUNTS + "2023-01-04,7,1,\n")
    new = [one for one in gather(it, state)[0] if isinstance(one, Observation)]
    assert {one.day for one in new} == {date(2023, 1, 4)}


def test_a_figure_emptied_later_is_taken_back_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(COUNTS)
    it = source(tmp_path, kind="counts", path="counts.csv", issuer="twn-mnd", regime="unknown")
    first, state = gather(it)
    file.write_text(COUNTS.replace("01,24,4", "01,,4").replace("02,,3", "02,,9"))
    second, state = gather(it, state)
    told = [(one.field, one.day.day, one.value, one.coverage) for one in second if isinstance(one, Observation)]
    assert sorted(told) == [("aircraft", 1, 24, 0.0), ("vessels", 1, 4, 1.0), ("vessels", 2, 9, 1.0)]
    assert not {one.id for one in first} & {one.id for one in second}
    assert gather(it, state)[0] == []
    file.write_text("date,vessels\n2023-01-03,5\n")
    assert not any(one.coverage == 0 for one in gather(it, state)[0] if isinstance(one, Observation))


def test_a_day_in_two_rows_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text("date,aircraft,vessels\n2023-01-01,24,\n2023-01-01,,4\n")
    it = source(tmp_path, kind="counts", path="counts.csv", issuer="twn-mnd")
    records, state = gather(it)
    assert {one.field: one.coverage for one in records if isinstance(one, Observation)} == {"aircraft": 1, "vessels": 1}
    assert gather(it, state)[0] == []


def test_bad_rows_are_told_and_the_others_counted(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text("date,vessels\n2023-02-30,4\n2023-03-01,many\n2023-03-02,inf\n2023-03-03,6\n")
    records, _ = gather(source(tmp_path, kind="counts", path="counts.csv", issuer="x"))
    assert [one.value for one in records if isinstance(one, Observation)] == [6]
    assert [one.subject for one in records if isinstance(one, Problem)] == [
        "counts.csv:2",
        "counts.csv:3",
        "counts.csv:4",
    ]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("date;barges\n2023-03-01;4\n2023-03-02;4,5\n", [4, 4.5]),
        ("Date,Barges,Regime\n2023-03-01 00:00:00,4,new\n2023-03-02,NA,new\n", [4]),
        ("# of the bay office\n\ndate\tbarges\n2023-03-01\t4\n", [4]),
        ('date,barges,note\n2023-03-01,4,"two\nlines"\n2023-03-02,5,\n', [4, 5]),
    ],
)
def test_counts_are_read_as_people_write_tables(tmp_path: Path, table: str, values: list[float]) -> None:
    (tmp_path / "bay.csv").write_text(table)
    records, _ = gather(source(tmp_path, kind="counts", path="bay.csv", issuer="bay-office", fields=["barges"]))
    assert [one.value for one in records if isinstance(one, Observation)] == values
    assert {one.field for one in records if isinstance(one, Observation)} == {"barges"}
    assert not [one for one in records if isinstance(one, Problem)]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("22.11.2023,4", "'22.11.2023' is not a date; write it as 2023-04-09"),
        ("2023-03-02x,4", "'2023-03-02x' is not a date"),
        ("2023-03-02;4", "'2023-03-02;4' is not a date"),
        ('2023-03-02,"1,004"', "barges '1,004' has a mark for thousands"),
        ("2023-03-02,-5", "barges '-5' is out of range"),
        ("2023-03-02,5,2", "coverage '2' is out of range"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_until_it_can(tmp_path: Path, row: str, told: str) -> None:
    table = "date,barges,coverage\n2023-03-01,4,1\n"
    (tmp_path / "bay.csv").write_text(table + row + "\n")
    it = source(tmp_path, kind="counts", path="bay.csv", issuer="bay-office")
    records, state = gather(it)
    (problem,) = [one for one in records if isinstance(one, Problem)]
    assert problem.says.startswith(f"bay.csv, line 3: {told}")
    assert [one.value for one in records if isinstance(one, Observation)] == [4]
    (tmp_path / "bay.csv").write_text(table + "2023-03-02,5,1\n")
    batches = list(it.collect(state, NOW))
    assert [subject for batch in batches for subject in batch.solved] == [problem.subject]
    assert [one.value for batch in batches for one in batch.records if isinstance(one, Observation)] == [5]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("date,barges\n2023-03-01,4\n".encode("utf-16"), "it is not UTF-8 text"),
        (b"day,barges\n2023-03-01,4\n", "it has no column 'date' (columns are day, barges)"),
        (b"", "it has no column 'date' (columns are none)"),
    ],
)
def test_a_table_that_is_none_is_one_problem_with_its_name(tmp_path: Path, body: bytes, told: str) -> None:
    (tmp_path / "bay.csv").write_bytes(body)
    (problem,) = gather(source(tmp_path, kind="counts", path="bay.csv", issuer="bay-office"))[0]
    assert isinstance(problem, Problem)
    assert "bay.csv cannot be read: " + told in problem.says


def warc(*documents: tuple[str, str]) -> bytes:
    out = b""
    for url, body in documents:
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-06T07:08:09Z\r\n"
        head += "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\nContent-Type: application/http; msgtype=response\r\n"
        out += gzip.compress(head.encode() + f"Content-Length: {len(answer)}\r\n\r\n".encode() + answer + b"\r\n\r\n")
    return out


def test_an_archive_is_streamed_and_taken_up_where_it_stopped(tmp_path: Path) -> None:
    documents = [(f"http://news.example/{n}", f"<p>document {n}</p>") for n in range(120)]
    (tmp_path / "news.warc.gz").write_bytes(warc(*documents))
    it = source(tmp_path, kind="warc", path="news.warc.gz")
    whole, state = gather(it)
    assert [page.url for page in whole if isinstance(page, Page)] == [url for url, _ in documents]
    assert isinstance(whole[0], Page)
    assert whole[0].fetched == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert gather(it, state)[0] == []
    begun = first_batch(it)  # killed after the first batch was stored
    rest, _ = gather(it, begun.state)
    assert [*begun.records, *rest] == whole


def test_every_archive_of_the_collection_is_read_or_reported(shared: Path, tmp_path: Path) -> None:
    shutil.copytree(shared / "warc", tmp_path / "warc")
    records, state = gather(source(tmp_path, kind="warc", path="warc", glob="*"))
    pages = [record for record in records if isinstance(record, Page)]
    problems = {record.subject.split("#")[0] for record in records if isinstance(record, Problem)}
    assert len(pages) == 14
    assert problems == {"bad.arc", "example-space-in-url.arc"}
    assert gather(source(tmp_path, kind="warc", path="warc", glob="*"), state)[0] == []


GDELT = "\t".join(
    ["1", "20240301", "202403", "2024", "2024.16", "CHNMIL", "CHINA", "CHN", "", "", "", "", "MIL", "", "", "TWNGOV", "TAIWAN",
     "TWN", "", "", "", "", "GOV", "", "", "1", "190", "190", "19", "4", "-10", "1", "1", "1", "-2",
     *[""] * 16, "4", "Taipei, T'ai-pei, Taiwan", "TW", "TW03", "", "25.0", "121.5", "-1", "20240301000000", "http://a.example/1"]
)  # fmt: skip


def test_gdelt_rows_are_events_with_iso_countries_and_plover_types(tmp_path: Path) -> None:
    statement = GDELT.replace("\t190\t190\t19\t", "\t010\t010\t01\t")
    (tmp_path / "export.CSV").write_text(f"{GDELT}\n{statement}\nshort\trow\n")
    records, state = gather(source(tmp_path, kind="eventfile", path="export.CSV"))
    events = [record for record in records if isinstance(record, Event)]
    assert len(events) == 1  # a statement is no event; the short row is a problem
    event = events[0]
    assert (event.type, event.date, event.coder, event.rule) == ("ASSAULT", date(2024, 3, 1), "GDELT 2.0", "gdelt2 190")
    assert [(actor.country, actor.sector) for actor in (*event.source, *event.target)] == [
        ("CHN", "MIL"),
        ("TWN", "GOV"),
    ]
    assert event.place is not None
    assert (event.place.country, event.place.lat) == ("TWN", 25.0)
    for actor in (*event.source, *event.target):
        assert event.quote.text[actor.start : actor.end] == actor.name
    assert "http://a.example/1" in event.quote.text
    assert [record.subject for record in records if isinstance(record, Problem)] == ["export.CSV:3"]
    assert gather(source(tmp_path, kind="eventfile", path="export.CSV"), state)[0] == []


POLECAT = (
    "Event ID\tEvent Date\tEvent Type\tEvent Mode\tContexts\tActor Name\tActor Country\tActor Primary Sector\tRecipient Name\t"
    "Recipient Country\tRecipient Primary Sector\tCountry\tLatitude\tLongitude\tGeoNames ID\tPlacename\tSource\n"
    "POL1\t2023-05-06\tSANCTION\texpel\tdiplomatic;military\tCanada\tCAN\tGOV\tChina\tCHN\tGOV\tCanada\t45.4\t-75.7\t6094817\t"
    "Ottawa\tExample Times\n"
)
UCDP = (
    "id,year,type_of_violence,side_a,side_b,source_headline,where_coordinates,latitude,longitude,country,date_start,date_end,best\n"
    "7,2023,1,Government of DR Congo (Zaire),M23,Fighting near the town,Sake town,-1.57,29.04,DR Congo (Zaire),2023-02-01 00:00:00.000,2023-02-01 00:00:00.000,12\n"
)


def test_polecat_rows_keep_their_types_and_places(tmp_path: Path) -> None:
    (tmp_path / "p.tsv").write_text(POLECAT)
    (event,) = (
        record for record in gather(source(tmp_path, kind="eventfile", path="p.tsv"))[0] if isinstance(record, Event)
    )
    assert (event.type, event.mode, event.contexts) == ("SANCTION", "expel", ("diplomatic", "military"))
    assert event.place is not None
    assert (event.place.name, event.place.country, event.place.geonames_id) == ("Ottawa", "CAN", 6094817)


def test_ucdp_rows_count_the_dead(tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text(UCDP)
    (event,) = (
        record for record in gather(source(tmp_path, kind="eventfile", path="u.csv"))[0] if isinstance(record, Event)
    )
    assert (event.type, event.date) == ("ASSAULT", date(2023, 2, 1))
    assert [(quantity.what, quantity.value) for quantity in event.quantities] == [("killed", 12)]
    quantity = event.quantities[0]
    assert event.quote.text[quantity.start : quantity.end] == "12"


def test_a_file_of_no_known_format_names_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    (problem,) = gather(source(tmp_path, kind="eventfile", path="x.csv"))[0]
    assert isinstance(problem, Problem)
    assert "gdelt2" in problem.says
    assert "acled" in problem.says


def test_the_samples_of_every_format_are_read(shared: Path) -> None:
    files = source(
        kind="eventfile", path=str(shared / "event_files"), glob="**/*sample*", themes=["PROTEST", "MILITARY"]
    )
    records, _ = gather(files)
    assert not [record for record in records if isinstance(record, Problem)]
    coders = {record.coder for record in records if isinstance(record, Event)}
    assert coders == {"GDELT 1.0", "GDELT 2.0", "ICEWS", "ACLED"}
    assert {record.field for record in records if isinstance(record, Observation)} == {"PROTEST", "MILITARY"}


def test_a_source_falls_blind_when_its_own_rhythm_breaks(site: Site) -> None:
    it = source(kind="page", url=f"{site.url}/p", **LOCAL)
    state: bytes | None = None
    for hour in range(0, 48, 4):
        site.answers["/p"] = (200, {}, f"<p>{hour}</p>".encode())
        _, state = gather(it, state, NOW + timedelta(hours=hour))
    last = NOW + timedelta(hours=44)
    assert pulse("it", state, last + timedelta(hours=4)).state == "ok"
    for hour in range(4, 24, 4):  # it answers, with nothing new
        _, state = gather(it, state, last + timedelta(hours=hour))
    silent = pulse("it", state, last + timedelta(hours=20))
    assert silent.state == "blind"
    assert "nothing new" in silent.says
