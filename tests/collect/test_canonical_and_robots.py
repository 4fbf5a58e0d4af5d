"""One spelling for each address; what sites ask of robots."""

from __future__ import annotations

import pytest

from tocsin.collect.canonical import canonical
from tocsin.collect.robots import parse_robots


@pytest.mark.parametrize(
    ("url", "same_as"),
    [
        ("HTTP://News.Example.ORG:80/a%7Eb?utm_source=x&id=3&fbclid=y#top", "http://news.example.org/a~b?id=3"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org:443/x?utm_medium=rss", "https://example.org/x"),
        ("https://example.org/x?b=2&a=1", "https://example.org/x?b=2&a=1"),
        ("https://example.org/%e4%b8%ad?gclid=1", "https://example.org/%E4%B8%AD"),
        ("https://example.org/x;jsessionid=AB12?q=%20", "https://example.org/x?q=%20"),
        ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
        ("https://example.org/a/./b/../c/..", "https://example.org/a/"),
        ("https://example.org/../../x/%2e%2e/y", "https://example.org/y"),
        ("https://example.org/a/..b/.c?q=/../", "https://example.org/a/..b/.c?q=/../"),
        ("https://example.org/n?partner=rss&CMP=share_btn&rss=yes&at_medium=RSS&WT.mc_id=7", "https://example.org/n"),
        ("https://example.org/n?sid=9f8e7d6c5b4a39281706f5e4d3c2b1a0&page=2", "https://example.org/n?page=2"),
        ("mailto:somebody", "mailto:somebody"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_an_address_has_one_spelling(url: str, same_as: str) -> None:
    assert canonical(url) == same_as
    assert canonical(same_as) == same_as


@pytest.mark.parametrize(
    "name", ["sid", "msid", "gid", "ytid", "twid", "fbid", "rss", "partner", "cmp", "id", "articleid"]
)
def test_an_articles_own_number_is_kept(name: str) -> None:
    url = f"https://example.org/show.php?file=article&{name}=4711"
    assert canonical(url) == url
    assert canonical(f"{url}&fbclid=x") == url


def test_a_relative_address_is_made_absolute() -> None:
    assert canonical("../b?utm_campaign=z", "https://example.org/a/c/") == "https://example.org/a/b"


ROBOTS = """
User-agent: other
Disallow: /

User-agent: tocsin
User-agent: third
Disallow: /search
Allow: /search/about
Disallow: /*.pdf$
Crawl-delay: 2.5

User-agent: *
Disallow: /everything
Sitemap: https://example.org/sitemap.xml
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/", True), ("/search", False), ("/search/x", False), ("/search/about", True), ("/a.pdf", False),
     ("/a.pdf?x", True), ("/everything", True)],
)  # fmt: skip
def test_the_longest_rule_of_our_own_group_decides(path: str, allowed: bool) -> None:
    assert parse_robots(ROBOTS, "tocsin").allows(path) is allowed


def test_delays_and_sitemaps_are_read() -> None:
    robots = parse_robots(ROBOTS, "tocsin")
    assert (robots.delay, robots.sitemaps) == (2.5, ("https://example.org/sitemap.xml",))


def test_everybodys_rules_hold_for_those_not_named() -> None:
    assert not parse_robots(ROBOTS, "stranger").allows("/everything")
    assert parse_robots("", "tocsin").allows("/anything")
    assert parse_robots("\x00\xff garbage : \n::::", "tocsin").allows("/anything")
