"""A watch file is checked at load; what is wrong is told with file, line and the nearest right word."""

from __future__ import annotations

import pytest

from tocsin.data import texts
from tocsin.records import Watch
from tocsin.warn import WatchError, load_watch, load_watches

GOOD = """
title = "Strait"
question = "Is it calm?"
domains = ["sea"]

[[indicator]]
name = "ships"
title = "Ships"
query = "vessels from somebody"

[[indicator]]
name = "planes"
title = "Planes"
query = "aircraft from somebody"
"""


def load(text: str) -> Watch:
    return load_watch("strait", text, lambda query: None)


def test_a_watch_keeps_its_name_question_and_indicators_in_order() -> None:
    watch = load(GOOD)
    assert (watch.name, watch.question) == ("strait", "Is it calm?")
    assert [indicator.name for indicator in watch.indicators] == ["ships", "planes"]


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ('qurey = "x"', 'query = "aircraft from somebody"', "line 14: unknown key 'qurey'; did you mean 'query'?"),
        ("", 'question = "Is it calm?"\n', "'question' is missing"),
        ('domains = ["see"]', 'domains = ["sea"]', "line 4: 'see' is not one of"),
        ('name = "ships"', 'name = "planes"', "line 12: two indicators are called 'ships'; rename one."),
        ("title = ", 'title = "Strait"', "this is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(wrong: str, right: str, said: str) -> None:
    with pytest.raises(WatchError, match=r"strait\.toml") as error:
        load(GOOD.replace(right, wrong))
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'countries = ["ESTONIA"]',
            "line 5: 'ESTONIA' is no country; write ISO 3166-1 alpha-3 codes, such as 'EST'; did you",
        ),
        ('countries = ["FIN", "EE"]', "did you mean 'EST' (Estonia)?"),
        ('countries = ["Estonia"]', "did you mean 'EST' (Estonia)?"),
        ('countries = ["QQQQQQQQ"]', "'QQQQQQQQ' is no country"),
        ("box = [10, 66, 30.5, 53.5]", "line 5: the box ends south of where it begins (66, 53.5)"),
        ("box = [10, 53.5, 300, 66]", "line 5: the box is not on the globe"),
    ],
)
def test_what_no_event_could_ever_meet_is_told(line: str, said: str) -> None:
    with pytest.raises(WatchError, match=r"strait\.toml, line 5: ") as error:
        load(GOOD.replace('domains = ["sea"]', f'domains = ["sea"]\n{line}'))
    assert said in str(error.value)


def test_a_box_may_span_the_antimeridian() -> None:
    assert load(GOOD.replace('domains = ["sea"]', "box = [175, -22, -175, -12]")).box == (175, -22, -175, -12)


def test_a_query_that_cannot_be_understood_names_the_indicator_and_its_line() -> None:
    def check(query: str) -> None:
        if "aircraft" in query:
            raise ValueError("no such field")

    with pytest.raises(WatchError, match=r"strait.toml, line 14: indicator 'planes': no such field"):
        load_watch("strait", GOOD, check)


def test_every_shipped_watch_loads_and_names_its_countries() -> None:
    watches = load_watches(texts("watches", ".toml"), lambda query: None)
    assert {watch.name for watch in watches} >= {
        "taiwan-strait", "korea", "japan-australia", "caribbean", "gaza", "ukraine", "honduras", "rwanda-drc",
    }  # fmt: skip
    for watch in watches:
        assert watch.countries
        assert watch.question.endswith("?")
        assert watch.indicators
