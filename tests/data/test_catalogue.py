"""The outlet catalogue: every entry is well-formed, and an outlet is found by what a page or a user calls it."""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tocsin.data import text, texts
from tocsin.data.catalogue import catalogue_of, find_outlet, fold_name, outlets
from tocsin.records import Outlet

MATRIX = "State Media Matrix 2024-02 (one body's judgement): "
JUDGED = {
    "SC": "state-controlled",
    "CaPu": "captured public",
    "CaPr": "captured private",
    "ISFM": "independent, state-funded and state-managed",
    "ISF": "independent, state-funded",
    "ISM": "independent, state-managed",
    "IP": "independent public",
}
# Words of an entry's origin, and the letters that the rule then leaves open; the first that fits counts.
RULE = (
    ("graded as its office", "CD"),
    ("EU broadcasting ban", "E"),
    ("EU restrictive measures", "E"),
    ("its line is set in Pyongyang", "E"),
    ("no press can contradict", "DE"),
    (MATRIX + "state-controlled", "D"),
    ("so one grade higher", "C"),
    (MATRIX + "captured", "D"),
    ("so one grade lower", "C"),
    (MATRIX + "independent", "B"),
    ("an official body", "CD"),
    ("works from exile", "C"),
    ("works under", "C"),
    ("of an armed party", "D"),
    ("", "BCD"),
)
COUNTRIES = {line.split("\t")[0] for line in text("actors/countries.tsv").splitlines() if re.match(r"[A-Z]{3}\t", line)}
LANGUAGES = {
    "am", "ar", "az", "be", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he",
    "hi", "hr", "hu", "hy", "id", "it", "ja", "ka", "kk", "km", "ko", "ku", "lo", "lt", "lv", "mn", "ms",
    "my", "ne", "nl", "no", "pl", "ps", "pt", "ro", "ru", "rw", "sk", "so", "sr", "sv", "th", "tr", "uk",
    "ur", "vi", "zh",
}  # fmt: skip
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def test_every_entry_says_all_that_the_reference_asks() -> None:
    for outlet in outlets().values():
        assert outlet.domains, outlet.name
        assert outlet.country in COUNTRIES, outlet.name
        assert outlet.language in LANGUAGES, outlet.name
        assert outlet.ownership, outlet.name
        assert outlet.reliability, outlet.name
        assert outlet.owner, outlet.name
        assert all(DOMAIN.fullmatch(domain) and not domain.startswith("www.") for domain in outlet.domains), outlet.name
        assert all(urlsplit(feed).scheme in {"http", "https"} and urlsplit(feed).hostname for feed in outlet.feeds)
        for words in (outlet.name, *outlet.aliases, outlet.owner, outlet.origin):
            assert words
            assert words == words.strip(), outlet.name


def test_every_file_says_at_its_head_what_it_is() -> None:
    for name, toml in texts("outlets", ".toml"):
        assert toml.startswith("# Outlets of the theatre: "), name


def test_the_starter_catalogue_covers_the_countries_of_the_shipped_watches() -> None:
    watched = {country for _, toml in texts("watches", ".toml") for country in tomllib.loads(toml)["countries"]}
    covered = {outlet.country for outlet in outlets().values()}
    assert watched <= covered
    assert len(outlets()) >= 170


def test_every_agency_that_an_article_may_credit_is_in_the_catalogue() -> None:
    for line in text("group/agencies.txt").splitlines():
        if line and not line.startswith("#"):
            name, country, *_ = (part.strip() for part in line.split("|"))
            outlet = find_outlet(name, outlets())
            assert outlet is not None, name
            assert outlet.country == country, name


def test_reliability_follows_the_rule_of_the_reference() -> None:
    for outlet in outlets().values():
        allowed = next(letters for words, letters in RULE if words in outlet.origin)
        assert outlet.reliability is not None
        assert outlet.reliability in allowed, (outlet.name, outlet.origin)


def test_state_controlled_media_are_state_owned_and_independent_public_media_are_not() -> None:
    for outlet in outlets().values():
        judged = outlet.origin.removeprefix(MATRIX) if outlet.origin.startswith(MATRIX) else ""
        if judged.startswith("state-controlled"):
            assert outlet.ownership == "state", outlet.name
        if judged.startswith("independent"):
            assert outlet.ownership == "public", outlet.name
        if judged.startswith("captured private"):
            assert outlet.ownership == "private", outlet.name


@pytest.mark.shared
def test_what_is_said_to_be_from_the_state_media_matrix_is_in_it(shared: Path) -> None:
    found: dict[str, set[str]] = {}
    with (shared / "reference" / "state_media_matrix.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            company = row["Media company"].partition(" (")[0]
            for called in (row["URL"], row["Main assets"].rpartition(":")[2], row["Media company"], company):
                if outlet := find_outlet(called, outlets()):
                    found.setdefault(outlet.name, set()).add(JUDGED.get(row["Typology"].rstrip("?"), ""))
    for outlet in outlets().values():
        if outlet.origin.startswith(MATRIX):
            judged = outlet.origin.removeprefix(MATRIX).partition(";")[0]
            assert judged in found.get(outlet.name, set()), outlet.name


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
        ("outlet = 3\n", "mine.toml: write each outlet as a table"),
        ("outlet = [3]\n", "mine.toml, outlet 3: entry"),
        ('[[outlet]]\nname = "X"\n[[outlet]]\nname = "X"\n', "mine.toml: the outlet 'X' is listed a second time"),
    ],
)
def test_a_wrong_file_is_explained_in_one_sentence(toml: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)) as error:
        catalogue_of([("mine", toml)])
    assert "\n" not in str(error.value)


def test_an_outlet_of_ones_own_replaces_the_shipped_one_of_its_name() -> None:
    name = "Central News Agency"
    own = catalogue_of([("own", f'[[outlet]]\nname = "{name}"\nowner = "me"\n[[outlet]]\nname = "New"\n')], outlets())
    assert own[name].owner == "me"
    assert len(own) == len(outlets()) + 1
    assert find_outlet("中央社", own) is None
