"""The outlet catalogue: every entry is well-formed, and an outlet is found by what a page or a user calls it."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tocsin.data import text
from tocsin.data.catalogue import catalogue_of, find_outlet, fold_name, outlets
from tocsin.records import Outlet

COUNTRIES = {line.split("\t")[0] for line in text("actors/countries.tsv").splitlines() if re.match(r"[A-Z]{3}\t", line)}
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@pytest.mark.parametrize("outlet", outlets().values(), ids=lambda outlet: outlet.name)
def test_an_entry_says_all_that_the_reference_asks(outlet: Outlet) -> None:
    assert outlet.domains
    assert outlet.country in COUNTRIES
    assert outlet.language is not None
    assert re.fullmatch(r"[a-z]{2,3}", outlet.language)
    assert outlet.ownership is not None
    assert outlet.reliability is not None
    assert outlet.origin
    assert all(DOMAIN.fullmatch(domain) and not domain.startswith("www.") for domain in outlet.domains)
    assert all(feed.startswith(("https://", "http://")) for feed in outlet.feeds)
    assert all(field == field.strip() and field for field in (outlet.name, *outlet.aliases, outlet.origin))


def test_a_domain_belongs_to_one_outlet() -> None:
    count = Counter(domain for outlet in outlets().values() for domain in outlet.domains)
    assert [domain for domain, times in count.items() if times > 1] == []


def test_a_name_or_alias_belongs_to_one_outlet() -> None:
    names = [{fold_name(name) for name in (outlet.name, *outlet.aliases)} for outlet in outlets().values()]
    assert all(all(own) for own in names)
    count = Counter(name for own in names for name in own)
    assert [name for name, times in count.items() if times > 1] == []


def test_an_alias_adds_to_the_name() -> None:
    for outlet in outlets().values():
        folded = [fold_name(name) for name in (outlet.name, *outlet.aliases)]
        assert len(folded) == len(set(folded)), outlet.name


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Central News Agency", "Central News Agency"),
        ("central news agency", "Central News Agency"),
        ("The Taipei Times", "Taipei Times"),
        ("CNA", "Central News Agency"),
        ("中央社", "Central News Agency"),
        ("cna.com.tw", "Central News Agency"),
        ("www.cna.com.tw", "Central News Agency"),
        ("https://focustaiwan.tw/politics/202308190005", "Central News Agency"),
        ("https://NEWS.LTN.com.tw:443/news/1?page=2#top", "Liberty Times"),
        ("//news.ltn.com.tw./", "Liberty Times"),
        ("https://mna.mnd.gov.tw/news", "Military News Agency (Taiwan)"),
        ("https://www.mnd.gov.tw/news", "Ministry of National Defense (Taiwan)"),
    ],
)
def test_an_outlet_is_found(asked: str, found: str) -> None:
    outlet = find_outlet(asked, outlets())
    assert outlet is not None
    assert outlet.name == found


@pytest.mark.parametrize(
    "asked",
    ["", "  ", "the", "…", "An Unknown Gazette", "example.org", "notcna.com.tw", "com.tw", "http://[broken", "1.2"],
)
def test_what_the_catalogue_does_not_know_is_not_guessed(asked: str) -> None:
    assert find_outlet(asked, outlets()) is None


def test_diacritics_case_and_apostrophes_do_not_matter() -> None:
    known = {"Público": Outlet(name="Público", aliases=("People’s Paper",))}
    assert find_outlet("publico", known) is known["Público"]
    assert find_outlet("The PEOPLE'S paper", known) is known["Público"]


def test_the_longest_domain_wins() -> None:
    paper, army = Outlet(name="paper", domains=("people.cn",)), Outlet(name="army", domains=("army.people.cn",))
    known = {"paper": paper, "army": army}
    assert find_outlet("https://army.people.cn/a", known) is army
    assert find_outlet("https://en.people.cn/a", known) is paper


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("[[outlet]\n", "mine.toml is not TOML"),
        ('[[outlet]]\nname = "X"\nreliability = "G"\n', "mine.toml, outlet 'X': reliability"),
        ('[[outlet]]\ncountry = "TWN"\n', "mine.toml, outlet 'without a name': name"),
        ('[[outlet]]\nname = "X"\n[[outlet]]\nname = "X"\n', "mine.toml: the outlet 'X' is listed a second time"),
    ],
)
def test_a_wrong_file_is_explained_in_one_sentence(toml: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)) as error:
        catalogue_of([("mine", toml)])
    assert "\n" not in str(error.value)
