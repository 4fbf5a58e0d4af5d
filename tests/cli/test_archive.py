"""`tocsin archive`: a WARC in, the same Parquet files out of every engine, however often it is stopped."""

from __future__ import annotations

import gzip
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from tests.cli.conftest import Tocsin

PLACES = ("Arden", "Belmere", "Corvale", "Dunmoor", "Estby", "Fenwick", "Garnet Bay", "Holm")
DOINGS = ("opened talks on the border", "sent ships to the strait", "halted grain exports", "called up reserves")


def page(number: int) -> bytes:
    """A page of its own: a title, five paragraphs, and a list of other headlines around them."""
    chance = random.Random(number)
    place, doing = chance.choice(PLACES), chance.choice(DOINGS)
    said = (
        f"<p>{chance.choice(PLACES)} {chance.choice(DOINGS)} on day {chance.randint(2, 900)}, an official said, and "
        f"{chance.randint(2, 90)} people were told to wait in {chance.choice(PLACES)} until the matter was settled.</p>"
        for _ in range(5)
    )
    aside = "".join(f'<li><a href="/{n}">{chance.choice(PLACES)} {chance.choice(DOINGS)}</a></li>' for n in range(6))
    return (
        f"<html lang=en><head><title>{place} {doing} | Gazette {number}</title></head><body><nav><ul>{aside}</ul></nav>"
        f"<article><h1>{place} {doing}</h1>{''.join(said)}</article><aside><ul>{aside}</ul></aside></body></html>"
    ).encode()


def warc(path: Path, pages: int) -> Path:
    """An archive as CC-NEWS lays it out: one gzip member a record."""
    with path.open("wb") as file:
        for record in records(pages):
            file.write(gzip.compress(record, 1, mtime=0))
    return path


def records(pages: int) -> Iterator[bytes]:
    for number in range(pages):
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page(number)
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
            f"WARC-Target-URI: https://gazette.example/{number}\r\nWARC-Date: 2024-03-05T10:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body + b"\r\n\r\n"


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*"))}


def articles(folder: Path) -> list[str]:
    tables = [pq.read_table(path) for path in sorted(folder.glob("*.parquet"))]
    return [
        url for table in tables for url, form in zip(table["url"], table["form"], strict=True) if str(form) == "article"
    ]


def test_a_warc_becomes_one_file_and_one_marker_a_shard(tocsin: Tocsin, tmp_path: Path) -> None:
    source = warc(tmp_path / "news.warc.gz", 25)
    done = tocsin("archive", source, "--out", tmp_path / "here", "--documents", 10, "--json")
    assert (done.status, done.lines) == (0, [{"shards": 3, "out": str(tmp_path / "here")}]), done.err
    assert len(list((tmp_path / "here").glob("*.done"))) == 3
    assert len(articles(tmp_path / "here")) == 25
    whole = digests(tmp_path / "here")
    next((tmp_path / "here").glob("*-00001.done")).unlink()
    next((tmp_path / "here").glob("*-00001.parquet")).write_bytes(b"cut off")
    again = tocsin("archive", source, "--out", tmp_path / "here", "--documents", 10)
    assert again.err.count("news") == 1, "one shard was left to do"
    assert digests(tmp_path / "here") == whole


def test_a_pool_makes_the_same_files(tocsin: Tocsin, tmp_path: Path) -> None:
    source = warc(tmp_path / "news.warc.gz", 25)
    for engine in ("here", "pool"):
        out = tmp_path / engine
        done = tocsin("archive", source, "--out", out, "--documents", 10, "--engine", engine, "--workers", 2)
        assert done.status == 0, done.err
    assert digests(tmp_path / "pool") == digests(tmp_path / "here")


@pytest.mark.slow
def test_five_thousand_pages_are_the_same_from_every_engine(tocsin: Tocsin, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the [ray] extra is not installed")
    source = warc(tmp_path / "news.warc.gz", 5_000)
    for engine in ("here", "pool", "ray"):
        out = tmp_path / engine
        done = tocsin("archive", source, "--out", out, "--engine", engine, "--workers", 2, timeout=1200)
        assert done.status == 0, done.err
    assert len(articles(tmp_path / "here")) == 5_000
    assert digests(tmp_path / "here") == digests(tmp_path / "pool") == digests(tmp_path / "ray")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "name at least one archive"), (("nowhere.warc.gz",), "there is no archive at nowhere.warc.gz")],
)
def test_what_is_wrong_is_one_sentence(tocsin: Tocsin, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = tocsin("archive", *arguments, "--out", tmp_path / "out")
    assert done.status == 2
    assert said in done.err
