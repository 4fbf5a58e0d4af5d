"""Archives: what one record has wrong stays with that record; bodies come out of the codings they were sent in."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tocsin.collect import make_source
from tocsin.collect.warc import Captured, captures
from tocsin.records import Page

HTML = b"<html><body><p>The harbour master counted nine barges at the northern quay.</p></body></html>"


def answer(*headers: str, body: bytes = HTML, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


def warc(url: str, content: bytes, length: int | None = None) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-06T07:08:09Z\r\n"
    head += "WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
    head += "Content-Type: application/http; msgtype=response\r\n"
    head += f"Content-Length: {len(content) if length is None else length}\r\n\r\n"
    return head.encode() + content + b"\r\n\r\n"


def good(name: str) -> bytes:
    return warc(f"http://port.example/{name}", answer("Content-Type: text/html"))


def found(path: Path, archive: bytes, begun: dict[str, int] | None = None) -> list[Captured]:
    path.write_bytes(archive)
    return [captured for captured in captures(path, begun) if captured.url or captured.damage]


def names(captured: list[Captured]) -> list[str]:
    return [one.url.rpartition("/")[2] for one in captured if not one.damage]


HTML_TYPE = "Content-Type: text/html"
DAMAGED = {
    "gzip": answer(HTML_TYPE, "Content-Encoding: gzip", body=b"\x1f\x8b\x08 is no gzip"),
    "chunks": answer(HTML_TYPE, "Transfer-Encoding: chunked", body=b"quay\r\nnine barges\r\n"),
    "brotli": answer(HTML_TYPE, "Content-Encoding: br", body=b"nine barges"),
}


@pytest.mark.parametrize("coding", DAMAGED)
def test_a_body_that_cannot_be_decoded_costs_no_other_record(tmp_path: Path, coding: str) -> None:
    archive = good("before") + warc("http://port.example/bad", DAMAGED[coding]) + good("after")
    seen = found(tmp_path / "a.warc", archive)
    assert names(seen) == ["before", "after"]
    assert [one.url for one in seen if one.damage] == ["http://port.example/bad"]


def test_reading_goes_on_behind_a_compressed_record_that_is_damaged(tmp_path: Path) -> None:
    broken = bytearray(gzip.compress(good("broken")))
    broken[len(broken) // 2] ^= 255
    pieces = [gzip.compress(good("before")), bytes(broken), bytes(broken), gzip.compress(good("after"))]
    seen = found(tmp_path / "a.warc.gz", b"".join(pieces))
    assert names(seen) == ["before", "after"]
    assert sum(bool(one.damage) for one in seen) == 2
    for number, one in enumerate(seen):
        again = found(tmp_path / "a.warc.gz", b"".join(pieces), one.place)
        assert again == seen[number + 1 :], "whatever place it is taken up from"


def test_a_stated_length_that_takes_in_the_next_record_does_not_lose_it(tmp_path: Path) -> None:
    archive = warc("http://port.example/long", answer(HTML_TYPE), length=90_000) + good("next")
    seen = found(tmp_path / "a.warc", archive)
    assert names(seen) == ["next"]
    assert "cut off" in str(seen[0].damage)


def test_a_damaged_archive_is_told_of_and_its_other_pages_are_collected(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(warc("http://port.example/bad", DAMAGED["gzip"]) + good("after"))
    source = make_source({"name": "it", "kind": "warc", "path": "a.warc"}, tmp_path)
    records = [record for batch in source.collect(None, datetime(2026, 1, 1, tzinfo=UTC)) for record in batch.records]
    assert [record.kind for record in records] == ["problem", "page"]


@pytest.mark.parametrize(
    ("headers", "status", "body"),
    [
        ((), "200 OK", HTML),
        (("Content-Type:",), "200 OK", HTML),
        ((HTML_TYPE,), "203 Non-Authoritative Information", HTML),
        ((HTML_TYPE, "Content-Encoding: gzip"), "200 OK", gzip.compress(HTML)),
        ((HTML_TYPE, "Content-Encoding: gzip"), "200 OK", HTML),
        ((HTML_TYPE, "Transfer-Encoding: chunked"), "200 OK", b"%x\r\n%s\r\n0\r\n\r\n" % (len(HTML), HTML)),
        (("Content-Type: application/rss+xml",), "200 OK", b"<rss><channel><title>Quay</title></channel></rss>"),
    ],
)
def test_documents_of_text_are_kept_decoded(tmp_path: Path, headers: tuple[str, ...], status: str, body: bytes) -> None:
    content = answer(*headers, status=status, body=body)
    expected = HTML if b"rss" not in body else body
    (one,) = found(tmp_path / "a.warc", warc("HTTP://port.example/1", content))
    assert (one.damage, one.body) == (None, expected)
    head = "filedesc://x.arc 0.0.0.0 20240506070809 text/plain 4\n1 0\n\n"
    row = f"http://port.example/1 192.0.2.1 20240506070809 no-type {len(content)}\n"
    (one,) = found(tmp_path / "a.arc", head.encode() + row.encode() + content + b"\n")
    assert (one.damage, one.body) == (None, expected)


@pytest.mark.parametrize(
    ("headers", "status", "body"),
    [
        (("Content-Type: image/png", "Content-Encoding: gzip"), "200 OK", b"no gzip"),
        ((HTML_TYPE,), "206 Partial Content", HTML),
        ((HTML_TYPE,), "404 Not Found", HTML),
        ((), "200 OK", b"\x89PNG"),
    ],
)
def test_what_is_no_document_of_text_is_passed_over(
    tmp_path: Path, headers: tuple[str, ...], status: str, body: bytes
) -> None:
    content = answer(*headers, status=status, body=body)
    assert found(tmp_path / "a.warc", warc("http://port.example/1", content)) == []


def test_a_feed_in_an_archive_is_collected_as_its_entries(tmp_path: Path) -> None:
    item = "<item><title>Barges counted at the quay</title><link>http://port.example/n1</link></item>"
    feed = f"<rss version='2.0'><channel><title>Port Wire</title>{item}</channel></rss>".encode()
    content = answer("Content-Type: application/rss+xml", body=feed)
    (tmp_path / "a.warc").write_bytes(warc("http://port.example/feed", content))
    source = make_source({"name": "it", "kind": "warc", "path": "a.warc"}, tmp_path)
    records = [record for batch in source.collect(None, datetime(2026, 1, 1, tzinfo=UTC)) for record in batch.records]
    assert [record.url for record in records if isinstance(record, Page)] == ["http://port.example/n1"]
