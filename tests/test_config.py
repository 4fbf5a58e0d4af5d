"""A workspace says what is wrong with it in one sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tocsin.config import ConfigError, add_watches, load_workspace, make_workspace

TEXT = """
name = "Desk"
store = "kept.db"
today = 2024-01-01

[[source]]
name = "wire"
kind = "feed"
url = "https://example.org/feed"
"""


def workspace(root: Path, text: str = TEXT) -> Path:
    make_workspace(root, text, [("strait", 'title = "Strait"')])
    return root


def test_a_workspace_is_read_as_it_was_made(tmp_path: Path) -> None:
    loaded = load_workspace(workspace(tmp_path / "new"))
    assert (loaded.name, loaded.today) == ("Desk", date(2024, 1, 1))
    assert loaded.store_location == str(tmp_path / "new" / "kept.db")
    assert loaded.sources[0]["kind"] == "feed"
    assert list(loaded.watch_texts()) == [("strait", 'title = "Strait"')]


def test_a_database_address_is_left_as_it_stands(tmp_path: Path) -> None:
    text = TEXT.replace("kept.db", "postgresql://localhost/tocsin")
    assert load_workspace(workspace(tmp_path, text)).store_location == "postgresql://localhost/tocsin"


def test_making_a_workspace_twice_changes_nothing(tmp_path: Path) -> None:
    workspace(tmp_path)
    with pytest.raises(ConfigError, match="already there; nothing was changed"):
        make_workspace(tmp_path, "name = 'other'", [])
    assert load_workspace(tmp_path).name == "Desk"


def test_a_further_watch_is_added_and_one_that_is_there_stays(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    assert add_watches(root, [("strait", "title = 'Other'"), ("gulf", "title = 'Gulf'")]) == ["gulf"]
    assert dict(load_workspace(root).watch_texts()) == {"strait": 'title = "Strait"', "gulf": "title = 'Gulf'"}


def test_where_there_is_no_workspace_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tocsin init"):
        load_workspace(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nmae = 'x'", "unknown key 'nmae'; did you mean 'name'?"),
        ("today = 'soon'", "today: 'soon' is no day; write it as 2023-04-09"),
        ("name = ", "is not TOML"),
        ("[[source]]\nkind = 'feed'", "source 1 has no name"),
        ("[[source]]\nname = 'a'\n[[source]]\nname = 'a'", "two sources are called 'a'"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_the_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=r"tocsin\.toml") as error:
        load_workspace(workspace(tmp_path, text))
    assert said in str(error.value)
