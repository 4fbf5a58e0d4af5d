"""Which sentences are parsed, and that names go to the parser as one word and come back whole."""

from __future__ import annotations

import pytest

from tocsin.code import model_files
from tocsin.code.gate import passes
from tocsin.code.gazetteer import Gazetteer
from tocsin.code.parsing import parse, pieces, subtree


@pytest.mark.parametrize(
    ("sentence", "through"),
    [
        ("Israel bombed the bridge.", True),
        ("Gunmen abducted nine villagers.", True),
        ("The weather in Israel is mild.", False),
        ("The committee published minutes.", False),
    ],
)
def test_a_sentence_needs_somebody_and_something_done(sentence: str, through: bool) -> None:
    assert passes(sentence, Gazetteer.load().find(sentence, None)) is through


def test_a_long_name_is_one_word_with_its_own_span() -> None:
    text = "The United States and the European Union sanctioned Russia's army."
    (tree,) = parse([pieces(text, Gazetteer.load().find(text, None))])
    named = {text[w.start : w.end] for w in tree if w.mention}
    assert {"United States", "European Union"} <= named
    assert sorted(subtree(tree, next(i for i, w in enumerate(tree) if w.head == i))) == list(range(len(tree)))


def test_a_changed_parser_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    model_files.model_dir.cache_clear()
    monkeypatch.setitem(model_files.SHA256, "parser/model", "0" * 64)
    with pytest.raises(model_files.ModelError, match="pinned"):
        model_files.model_dir()
    monkeypatch.undo()
    model_files.model_dir.cache_clear()
    assert model_files.model_dir().is_dir()
