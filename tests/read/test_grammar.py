"""Grammars are data: every file loads, a bad one says where it is bad, a new issuer needs only a file."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.read import GrammarError, bulletin, read_bulletin
from tocsin.read.grammar import grammars, parse

HARBOUR = """
issuer = "port-of-nowhere"
publisher = "Harbour Office of Nowhere"
origin = "written for this test"

[[regime]]
name = "since-1990"
since = 1990-01-01

[[form]]
name = "english"
recognise = [['Harbour Office', 'ships entered']]
numerals = ["digits", "english"]
period = ['on {date@end}']

[form.calendar]
months = { jan = 1, may = 5 }

[form.words]
date = '(?P<day>\\d{1,2}) (?P<month>jan|may)[a-z]* (?P<year>\\d{4})'

[[form.field]]
name = "vessels"
total = ['{n} ships entered']

[[form.field]]
name = "tugs"
parts = ['{n} tugs']
none = ['no tugs']
"""


def test_every_shipped_grammar_loads_and_names_its_origin() -> None:
    assert {grammar.issuer for grammar in grammars()} >= {"twn-mnd", "ukr-general-staff", "jpn-joint-staff"}
    assert all(grammar.origin and grammar.publisher for grammar in grammars())


def test_a_new_issuer_needs_a_file_and_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulletin, "grammars", lambda: (parse("harbour.toml", HARBOUR),))
    found = read_bulletin("Harbour Office: twelve ships entered on 3 May 1999; 2 tugs at noon, 3 tugs at night.")
    assert found is not None
    assert (found.issuer, found.vessels, found.counts, found.regime) == (
        "port-of-nowhere",
        12,
        {"tugs": 5},
        "since-1990",
    )
    assert found.period_end == date(1999, 5, 3)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("[[form]]", "[[form"), "is not TOML"),
        (('name = "tugs"', 'nmae = "tugs"'), "form.0.field.1"),
        (("{n} tugs", "{n} tugs ("), "a pattern cannot be used"),
        (("{n} tugs", "{nought} tugs"), "a pattern cannot be used"),
        (('"digits", "english"', '"digits", "klingon"'), "unknown numerals"),
    ],
)
def test_a_bad_grammar_says_where(change: tuple[str, str], complaint: str) -> None:
    with pytest.raises(GrammarError, match=r"harbour\.toml") as caught:
        parse("harbour.toml", HARBOUR.replace(*change))
    assert complaint in str(caught.value)
