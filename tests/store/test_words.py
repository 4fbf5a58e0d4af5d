"""Words are found whatever their case, width, accents or script."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.store.words import Wanted, wanted, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The PLA's drills", ["the", "pla", "s", "drills"]),
        ("Évêché naïve Straße", ["eveche", "naive", "strasse"]),
        ("ＰＬＡ　４０架次", ["pla", "40", "架", "次"]),
        ("國防部 MND", ["國", "防", "部", "mnd"]),
        ("東京のタワー", ["東", "京", "の", "タ", "ワ", "ー"]),
        ("हिन्दी", ["हिन्दी"]),
        ("snake_case e-mail 3.14", ["snake", "case", "e", "mail", "3", "14"]),
        ("  \x00\u200b ", []),
    ],
)
def test_a_text_is_cut_into_folded_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("army drills", [Wanted(("army",)), Wanted(("drills",))]),
        ('"army drills" -navy', [Wanted(("army", "drills")), Wanted(("navy",), absent=True)]),
        ("dril*", [Wanted(("dril",), begun=True)]),
        ("國防", [Wanted(("國", "防"))]),
        ('"never closed', [Wanted(("never", "closed"))]),
        ('- * "" --', []),
    ],
)
def test_a_query_says_what_must_and_must_not_occur(query: str, expected: list[Wanted]) -> None:
    assert wanted(query) == expected


@settings(max_examples=100)
@given(st.text())
def test_words_hold_only_letters_marks_and_digits(text: str) -> None:
    for word in words(text):
        assert not any(char.isspace() or char in "\"'*-_" for char in word)
    assert words(" ".join(words(text))) == words(text)
