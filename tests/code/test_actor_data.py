"""Every line of the actor and place tables is loaded and checked; what the tables must cover is stated here."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from tocsin.code.ambiguity import common_words, given_names, senses
from tocsin.code.geonames import atlas
from tocsin.code.names import KINDS, TABLES, aliases, day, fold, split, table

SECTORS = frozenset([
    "GOV", "MIL", "JUD", "LEG", "COP", "SPY", "OPP", "PTY", "REB", "UAF", "CVL", "BUS", "EDU", "MED", "NGO", "IGO",
    "LAB", "CRM", "ACT", "REL", "REF",
])  # fmt: skip
G20 = ["ARG", "AUS", "BRA", "CAN", "CHN", "FRA", "DEU", "IND", "IDN", "ITA", "JPN", "MEX", "RUS", "SAU", "ZAF", "KOR",
       "TUR", "GBR", "USA"]  # fmt: skip
WATCHED = ["TWN", "PRK", "PHL", "VNM", "CUB", "VEN", "HTI", "HND", "NIC", "GTM", "SLV", "COL", "ISR", "EGY", "QAT",
           "LBN", "IRN", "SYR", "YEM", "UKR", "BLR", "POL", "RWA", "COD", "UGA", "BDI", "AGO", "KEN"]  # fmt: skip
HEAD = (
    r"(acting )?(president|prime minister|king|monarch|emir|supreme leader|chancellor|premier|co-president)\b"
    r"|leader$|head of the \w+ council"
)
ROLES = {
    "head": HEAD,
    "foreign": r"foreign (minister|secretary)|secretary of state",
    "defence": r"(acting )?defen[cs]e (minister|secretary)|secretary of defense",
}
FIRST, LAST = date(2015, 1, 1), date(2026, 6, 30)


def countries() -> dict[str, dict[str, str]]:
    return {row["iso3"]: row for row in table("actors/countries")}


@pytest.mark.parametrize("name", TABLES)
def test_every_line_of_a_table_is_sound(name: str) -> None:
    known = countries()
    header: list[str] | None = None
    for row in table(name):
        header = header or list(row)
        assert None not in row, row  # more cells than columns
        assert row["name"], row
        assert row["source"], row
        assert not row.get("iso3") or row["iso3"] in known, row
        assert not row["sector"] or row["sector"] in SECTORS, row
        assert row.get("kind", "") in KINDS | {""}, row
        spellings = split(row["aliases"])
        assert len(spellings) == len(set(spellings)), row
        assert all(s == s.strip() and s.lstrip("~=") for s in spellings), row
        since, until = day(row.get("from", "")), day(row.get("to", ""), last=True)
        assert since is None or until is None or since <= until, row
    assert header is not None or name.endswith("us")


def test_every_country_has_names_people_capital_and_a_point() -> None:
    for iso3, row in countries().items():
        assert re.fullmatch("[A-Z]{3}", iso3)
        assert re.fullmatch("[A-Z]{2}", row["iso2"])
        assert -90 <= float(row["lat"]) <= 90
        assert -180 <= float(row["lon"]) <= 180
        assert int(row["geonames_id"]) > 0
        assert row["es"], iso3
        assert row["zh"], iso3
    assert len(countries()) >= 230
    assert sum(bool(row["demonyms"]) for row in countries().values()) >= 200
    assert sum(bool(row["capitals"]) for row in countries().values()) >= 200


def test_every_sector_word_has_a_sector_of_plover() -> None:
    rows = list(table("actors/sectors"))
    assert len(rows) >= 1000
    assert {row["strength"] for row in rows} == {"strong", "weak"}
    assert all(row["sector"] in SECTORS | {""} and row["source"] for row in rows)
    assert not [w for w, n in Counter(fold(row["words"]) for row in rows).items() if n > 1]


def test_every_sense_is_of_a_known_name_and_key() -> None:
    keys = {a.entry.key for items in aliases().values() for a in items} | {"none"}
    keys |= {f"{a.entry.kind}:{a.entry.country}" for items in aliases().values() for a in items}
    for name, options in senses().items():
        for option in options:
            assert option.key in keys or name not in aliases(), (name, option.key)


def test_seas_straits_and_regions_have_points() -> None:
    kinds = Counter(row["kind"] for name in ("waters", "regions") for row in table(f"places/{name}") if row["lat"])
    assert kinds["sea"] >= 60
    assert kinds["strait"] >= 25
    assert kinds["region"] >= 150
    for name in ("waters", "regions", "us"):
        for row in table(f"places/{name}"):
            if row["lat"]:
                assert -90 <= float(row["lat"]) <= 90, row
                assert -180 <= float(row["lon"]) <= 180, row


def test_the_tables_are_broad() -> None:
    organisations = list(table("actors/organisations"))
    assert sum(row["sector"] == "IGO" for row in organisations) >= 180
    assert sum(row["sector"] in {"IGO", "NGO"} for row in organisations) >= 250
    assert len({row["name"] for row in table("actors/groups")}) >= 300
    assert len({row["name"] for row in table("actors/persons")}) >= 1500
    assert len(list(table("actors/bodies"))) >= 280
    assert len(list(table("actors/parties"))) >= 170
    assert len(list(table("actors/seats"))) >= 100
    assert len(given_names()) >= 500
    assert common_words()


def days_without(iso3: str, pattern: str) -> int:
    """On how many of the days since 2015 nobody is known to have held the office."""
    held = set()
    for row in table("actors/persons"):
        if row["iso3"] == iso3 and re.match(pattern, row["role"]):
            since, until = day(row["from"]) or FIRST, day(row["to"], last=True) or LAST
            held.update(range(max(since, FIRST).toordinal(), min(until, LAST).toordinal() + 1))
    return LAST.toordinal() - FIRST.toordinal() + 1 - len(held)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("iso3", G20)
def test_the_offices_of_the_g20_are_known_since_2015(iso3: str, role: str) -> None:
    assert days_without(iso3, ROLES[role]) <= 130


@pytest.mark.parametrize("iso3", WATCHED)
def test_heads_of_watched_countries_are_known_since_2015(iso3: str) -> None:
    assert days_without(iso3, ROLES["head"]) <= 250


def test_offices_of_watched_countries_are_mostly_known_since_2015() -> None:
    total = (LAST - FIRST).days * 2 * len(WATCHED)
    missing = sum(days_without(iso3, ROLES[role]) for iso3 in WATCHED for role in ("foreign", "defence"))
    assert missing / total <= 0.12


def test_the_atlas_knows_the_world_and_stays_small() -> None:
    a = atlas()
    assert len(a.ids) > 150_000
    assert len(a.countries) > 230
    assert [a.name(i) for i in a.candidates("khartoum")][:1] == ["Khartoum"]
    assert {a.region_of(i) for i in a.candidates("springfield")} >= {"US.IL", "US.MA", "US.MO", "US.OH"}
