"""Headlines made readable: case, tense, infinitives, lists, speakers."""

from __future__ import annotations

import pytest

from tocsin.code.gazetteer import Gazetteer
from tocsin.code.headlines import blank_markup, clauses, past, readings, true_case
from tocsin.code.parsing import Piece, pieces


def prepared(text: str) -> list[Piece]:
    words = pieces(text, Gazetteer.load().find(text, None))
    true_case(words)
    return words


def rewritten(text: str) -> list[str]:
    (clause,) = clauses(prepared(text), text)
    return [p.text for p in readings(clause.pieces)[0] if p.mention is None]


def test_ordinary_words_are_written_small_and_unknown_names_kept() -> None:
    words = [
        p.text for p in prepared("Taiwan Opposition Criticizes Plan to Block Chinese App Rednote") if not p.mention
    ]
    assert {"criticizes", "plan", "to", "block"} <= set(words)


def test_a_sentence_case_headline_is_left_alone() -> None:
    words = [p.text for p in prepared("Kremlin says Brodnik letter was forged by activists")]
    assert "Brodnik" in words


@pytest.mark.parametrize(
    ("headline", "word"),
    [
        ("China ends drills around Taiwan", "ended"),
        ("Moscow to station missiles in Belarus", "will"),
        ("Nine sailors held for spying in Manila", "were"),
        ("Ghana mayor accused of taking bribes", "was"),
        ("Two sailors convicted of piracy", "were"),
        ("Hungary vetoes aid for Ukraine", "vetoed"),
        ("Greece, Turkey sign gas accord", "and"),
    ],
)
def test_tense_passive_and_lists_are_filled_in(headline: str, word: str) -> None:
    assert word in rewritten(headline)


def test_a_warning_of_something_is_not_suffered() -> None:
    assert "was" not in rewritten("Cyprus warned of floods")


def test_plans_keep_their_infinitive() -> None:
    assert "will" not in rewritten("Lawmakers reject plan to bar foreign ships")


def test_every_word_keeps_its_place() -> None:
    text = "Kyiv: Russia to Halt Gas Flow via Ukraine, Gazprom Confirms"
    for clause in clauses(prepared(text), text):
        for reading in readings(clause.pieces):
            for piece in reading:
                assert 0 <= piece.start <= piece.end <= len(text)


@pytest.mark.parametrize(
    ("headline", "speaker"),
    [
        ("Kremlin: talks will go on", "Kremlin"),
        ("Border closed to lorries, Poland says", "Poland"),
        ("Sea drill over, says Japan", "Japan"),
        ("Israel strikes Beirut suburb", None),
    ],
)
def test_the_speaker_of_a_headline(headline: str, speaker: str | None) -> None:
    found = clauses(prepared(headline), headline)[0].speaker
    assert (headline[found[0] : found[1]] if found else None) == speaker


@pytest.mark.parametrize(
    ("base", "form"), [("strike", "struck"), ("deny", "denied"), ("urge", "urged"), ("slam", "slammed")]
)
def test_past_tense(base: str, form: str) -> None:
    assert past(base) == form


def test_markup_and_control_characters_become_blanks_in_place() -> None:
    text = "<b>Iran</b>&nbsp;says\x00 no\u202e"
    clean = blank_markup(text)
    assert len(clean) == len(text)
    assert clean.split() == ["Iran", "says", "no"]
