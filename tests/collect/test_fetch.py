"""The one fetcher: polite, bounded, and never led inside."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest

from tests.collect.conftest import Site, Time
from tocsin.collect import fetch as fetching
from tocsin.collect.address import Permitted
from tocsin.collect.errors import AddressRefused, FetchFailed
from tocsin.collect.fetch import Fetcher, Manners, user_agent

OK = {"Content-Type": "text/html; charset=utf-8"}


def test_a_page_comes_with_what_the_server_says_of_it(site: Site, fetcher: Fetcher) -> None:
    site.answers["/a"] = (200, {**OK, "ETag": '"1"', "Last-Modified": "Sat, 01 Jan 2022 00:00:00 GMT"}, b"<p>hello</p>")
    found = fetcher.fetch(f"{site.url}/a")
    assert (found.body, found.media_type, found.etag, found.unchanged) == (
        b"<p>hello</p>",
        OK["Content-Type"],
        '"1"',
        False,
    )
    assert site.asked[-1][1]["user-agent"] == user_agent()


def test_an_unchanged_page_is_not_sent_again(site: Site, fetcher: Fetcher) -> None:
    site.answers["/a"] = (304, {"ETag": '"1"'}, b"")
    found = fetcher.fetch(f"{site.url}/a", etag='"1"', modified="Sat, 01 Jan 2022 00:00:00 GMT")
    assert found.unchanged
    assert site.asked[-1][1]["if-none-match"] == '"1"'
    assert site.asked[-1][1]["if-modified-since"] == "Sat, 01 Jan 2022 00:00:00 GMT"


def test_robots_txt_is_asked_once_and_obeyed(site: Site, fetcher: Fetcher) -> None:
    site.answers |= {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private\nAllow: /private/open$\n"),
        "/a": (200, OK, b"a"),
        "/private/open": (200, OK, b"b"),
    }
    fetcher.fetch(f"{site.url}/a")
    fetcher.fetch(f"{site.url}/private/open")
    with pytest.raises(FetchFailed, match=r"robots\.txt"):
        fetcher.fetch(f"{site.url}/private/else")
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a", "/private/open"]


def test_a_site_that_cannot_say_its_rules_is_left_alone(site: Site, fetcher: Fetcher) -> None:
    site.answers |= {"/robots.txt": (500, {}, b""), "/a": (200, OK, b"a")}
    with pytest.raises(FetchFailed, match=r"robots\.txt"):
        fetcher.fetch(f"{site.url}/a")


def test_a_host_is_given_a_pause_between_requests(site: Site, make_fetcher: Callable[..., Fetcher], time: Time) -> None:
    site.answers |= {
        "/robots.txt": (200, {}, b"User-agent: tocsin\nCrawl-delay: 7\nDisallow:\n"),
        "/a": (200, OK, b"a"),
    }
    fetcher = make_fetcher(pause=2)
    for _ in range(3):
        fetcher.fetch(f"{site.url}/a")
    assert time.slept == [7, 7]


def test_failure_is_tried_again_with_growing_random_pauses(
    site: Site, make_fetcher: Callable[..., Fetcher], time: Time
) -> None:
    site.answers["/a"] = [(503, {}, b""), (502, {}, b""), (200, OK, b"at last")]
    assert make_fetcher(pause=0, first_wait=1).fetch(f"{site.url}/a").body == b"at last"
    assert time.slept == [1.0, 2.0]  # half of 2, half of 4: chance is 0.5 here


def test_retry_after_is_kept(site: Site, make_fetcher: Callable[..., Fetcher], time: Time) -> None:
    site.answers["/a"] = [(429, {"Retry-After": "30"}, b""), (200, OK, b"ok")]
    make_fetcher(pause=0).fetch(f"{site.url}/a")
    assert time.slept == [30]


def test_a_long_retry_after_is_told_and_not_waited_for(
    site: Site, make_fetcher: Callable[..., Fetcher], time: Time
) -> None:
    site.answers["/a"] = (503, {"Retry-After": "86400"}, b"")
    with pytest.raises(FetchFailed) as caught:
        make_fetcher(pause=0).fetch(f"{site.url}/a")
    assert caught.value.retry_after == 86400
    assert time.slept == []


@pytest.mark.parametrize("path", ["/missing", "/missing-429"])
def test_not_found_is_not_tried_again(site: Site, fetcher: Fetcher, path: str) -> None:
    with pytest.raises(FetchFailed, match="status 404"):
        fetcher.fetch(f"{site.url}{path}")
    assert site.paths() == [path]


def test_a_request_that_timed_out_is_tried_again(site: Site, fetcher: Fetcher) -> None:
    site.answers["/a"] = [(408, {}, b""), (200, OK, b"ok")]
    assert fetcher.fetch(f"{site.url}/a").body == b"ok"


def test_redirects_are_followed_and_checked(site: Site, fetcher: Fetcher) -> None:
    site.answers |= {"/old": (301, {"Location": "/new"}, b""), "/new": (200, OK, b"new")}
    assert fetcher.fetch(f"{site.url}/old").url == f"{site.url}/new"


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://0x0a000001/", "http://[::1]/", "file:///etc/passwd",
     "http://localhost.localdomain/", "//192.168.0.1/", "http://x@127.0.0.1/"],
)  # fmt: skip
def test_a_redirect_cannot_lead_inside(site: Site, fetcher: Fetcher, target: str) -> None:
    site.answers["/out"] = (302, {"Location": target}, b"")
    with pytest.raises(AddressRefused):
        fetcher.fetch(f"{site.url}/out")


def test_redirects_end(site: Site, fetcher: Fetcher) -> None:
    site.answers["/round"] = (302, {"Location": "/round"}, b"")
    with pytest.raises(FetchFailed, match="redirects"):
        fetcher.fetch(f"{site.url}/round")


def test_without_the_opt_in_loopback_is_refused_at_the_door_and_at_the_socket(site: Site) -> None:
    fetcher = Fetcher(Manners(pause=0), resolver=lambda host, port: ["127.0.0.1"])
    for url in (site.url, f"http://innocent.example.org:{site.url.rsplit(':', 1)[1]}/"):
        with pytest.raises((AddressRefused, FetchFailed), match=r"refused|robots"):
            fetcher.fetch(url)
    fetcher.close()
    assert site.asked == []


def test_the_connection_goes_to_the_checked_address(site: Site) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["10.1.2.3"]])
    fetcher = Fetcher(
        Manners(pause=0), permitted=Permitted.of("127.0.0.0/8"), resolver=lambda host, port: next(answers, ["10.1.2.3"])
    )
    site.answers["/a"] = (200, OK, b"a")
    assert fetcher.fetch(f"http://site.example.org:{site.url.rsplit(':', 1)[1]}/a").body == b"a"
    fetcher.close()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate"])
def test_compressed_bodies_are_unpacked(site: Site, fetcher: Fetcher, encoding: str) -> None:
    text = b"word " * 50_000
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = {
        "gzip": gzip.compress(text),
        "deflate": zlib.compress(text),
        "raw deflate": bare.compress(text) + bare.flush(),
    }
    site.answers["/a"] = (200, {**OK, "Content-Encoding": encoding.split()[-1]}, packed[encoding])
    assert fetcher.fetch(f"{site.url}/a").body == text


def test_a_body_that_unfolds_without_end_is_given_up(
    site: Site, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 1_000_000)
    site.answers["/bomb"] = (200, {**OK, "Content-Encoding": "gzip"}, gzip.compress(bytes(30_000_000), 9))
    with pytest.raises(FetchFailed, match="larger than 1 MB"):
        fetcher.fetch(f"{site.url}/bomb")


@pytest.mark.parametrize(
    ("headers", "body", "complaint"),
    [({"Content-Encoding": "gzip"}, b"no gzip at all", "damaged"), ({"Content-Encoding": "br"}, b"x", "not asked for")],
)
def test_bodies_that_cannot_be_unpacked_are_told(
    site: Site, fetcher: Fetcher, headers: dict[str, str], body: bytes, complaint: str
) -> None:
    site.answers["/a"] = (200, {**OK, **headers}, body)
    with pytest.raises(FetchFailed, match=complaint):
        fetcher.fetch(f"{site.url}/a")
