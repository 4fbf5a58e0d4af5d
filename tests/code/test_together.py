"""Several countries under one name: every line of the table, and what may stand around the name."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code import code_text
from tocsin.code.names import table
from tocsin.code.together import together

BALTIC = ("EST", "LVA", "LTU")


@pytest.mark.parametrize(
    ("phrase", "members", "sector"),
    [
        ("both Koreas", ("KOR", "PRK"), "GOV"),
        ("the leaders of the two Koreas", ("KOR", "PRK"), "GOV"),
        ("Baltic states", BALTIC, "GOV"),
        ("All three Baltic states", BALTIC, "GOV"),
        ("Baltic defence ministers", BALTIC, "MIL"),
        ("the Baltic", (), "GOV"),
        ("Baltic oil port", (), "GOV"),
        ("the Korean coast", (), "GOV"),
        ("", (), "GOV"),
    ],
)
def test_a_shared_name_tells_its_countries(phrase: str, members: tuple[str, ...], sector: str) -> None:
    assert together(phrase) == (members, sector)


def test_every_line_names_known_countries() -> None:
    known = {row["iso3"] for row in table("actors/countries")}
    for row in table("actors/together"):
        members = row["countries"].split()
        assert len(members) == len(set(members)) > 1, row
        assert set(members) <= known, row
        assert row["source"], row


def test_a_shared_name_gives_one_actor_for_each_country() -> None:
    (event,) = code_text("Russia threatens Baltic states", on=date(2025, 5, 1), headline=True).events
    assert tuple(a.country for a in event.target) == BALTIC
