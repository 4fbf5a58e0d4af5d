"""The doctor tells what can be read and can still never work as it is meant to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.cli.checkup import look_into
from tocsin.config import load_workspace, make_workspace
from tocsin.data import texts

WATCH = """
title = "The quiet bay"
question = "Is the bay filling up?"
places = [{places}]

[[indicator]]
name = "barges"
title = "Barges in the bay"
query = '{query}'
"""
SOURCES = """
[[source]]
name = "office"
kind = "counts"
path = "bay.csv"
issuer = "bay-office"
fields = ["barges"]
"""


def found(root: Path, places: str = "", query: str = "barges from bay-office", sources: str = SOURCES) -> set[str]:
    root.mkdir()
    (root / "bay.csv").write_text("date,barges\n2024-01-01,3\n")
    make_workspace(root, sources, [("bay", WATCH.format(places=places, query=query))])
    return {f"{one.state} {one.subject}: {one.says}" for one in look_into(load_workspace(root)) if one.state != "ok"}


NOTHING = {"note store: not made yet; tocsin run makes it."}


def test_what_is_well_is_passed(tmp_path: Path) -> None:
    assert found(tmp_path / "a", '"Gotland", "Black Sea"') == NOTHING
    query = 'count events where source = "NATO" and target = RUS.MIL and actors = .MIL and place = "Gotland"'
    assert found(tmp_path / "b", query=query) == NOTHING
    assert found(tmp_path / "c", query="vessels from twn-mnd") == NOTHING, "a grammar reads its bulletins"


@pytest.mark.parametrize(
    ("places", "query", "said"),
    [
        (
            '"Gotlandia"',
            "barges from bay-office",
            "has no place by the name of 'Gotlandia': no event will bear that name.",
        ),
        ('"Gaza Strip"', "barges from bay-office", "has no place by the name of 'Gaza Strip': it says 'Gaza'."),
        ("", "barges from bayoffice", "no source brings 'barges' from 'bayoffice'; did you mean 'bay-office'?"),
        ("", "rafts from bay-office", "no source brings 'rafts' from 'bay-office'."),
        (
            "",
            'count events where source = "Bay Wardens of Ellery"',
            "has no actor by the name of 'Bay Wardens of Ellery'",
        ),
        ("", 'count events where place = "Ellery Roads"', "has no place by the name of 'Ellery Roads'"),
    ],
)
def test_names_and_figures_that_nothing_stands_behind_are_noted(
    tmp_path: Path, places: str, query: str, said: str
) -> None:
    (note,) = found(tmp_path / "desk", places, query) - NOTHING
    assert note.startswith("note watch bay")
    assert said in note


def test_a_path_that_is_not_there_and_a_day_to_come_are_wrong(tmp_path: Path) -> None:
    told = found(tmp_path / "desk", sources="today = 2999-01-01\n" + SOURCES.replace("bay.csv", "by.csv")) - NOTHING
    assert {one.split(":")[0] for one in told} == {"wrong source", "wrong today"}
    assert any(f"there is nothing at {tmp_path / 'desk' / 'by.csv'}" in one for one in told)


def test_the_shipped_watches_name_only_what_is_known(tmp_path: Path) -> None:
    make_workspace(tmp_path, "", texts("watches", ".toml"))
    assert {one.says for one in look_into(load_workspace(tmp_path)) if one.state != "ok"} == {
        "not made yet; tocsin run makes it."
    }
