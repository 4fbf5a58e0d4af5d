"""Places: found in text, told apart by size, qualifier and neighbourhood, and given coordinates."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.code.gazetteer import Gazetteer
from tocsin.code.places import Located, Places

GAZETTEER, PLACES = Gazetteer.load(), Places.load()


def located(text: str, *context: str) -> list[Located]:
    return PLACES.find(text, GAZETTEER.find(text), context)


def where(text: str, *context: str) -> dict[str, tuple[str | None, float, float]]:
    """Written name → country and point, rounded to a degree."""
    return {
        text[found.start : found.end]: (found.place.country, round(found.place.lat or 0), round(found.place.lon or 0))
        for found in located(text, *context)
    }


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Shelling hit Kharkiv overnight.", "Kharkiv", ("UKR", 50, 36)),
        ("Fighting near Goma in North Kivu", "Goma", ("COD", -2, 29)),
        ("A meeting in Paris with Macron", "Paris", ("FRA", 49, 2)),
        ("A meeting in Paris, Texas", "Paris", ("USA", 34, -96)),
        ("The mayor of Athens, Georgia, spoke to reporters", "Athens", ("USA", 34, -83)),
        ("The mayor of Athens, Georgia, spoke to reporters", "Georgia", ("USA", 32, -83)),
        ("Protesters in Tbilisi, Georgia, rallied", "Georgia", ("GEO", 42, 44)),
        ("Police in St. Petersburg, Fla., and Tampa said", "St. Petersburg", ("USA", 28, -83)),
        ("Police in St. Petersburg and Moscow said", "St. Petersburg", ("RUS", 60, 30)),
        ("Crews in London, Ontario, responded", "London", ("CAN", 43, -81)),
        ("Warships crossed the Taiwan Strait", "Taiwan Strait", (None, 24, 120)),
        ("Ships were attacked in the Gulf of Aden", "Gulf of Aden", (None, 12, 48)),
        ("Aid entered Gaza", "Gaza", ("PSE", 31, 34)),
        ("Nothing was left of Darfur", "Darfur", ("SDN", 14, 24)),
        ("Springfield, Illinois, is the state capital", "Springfield", ("USA", 40, -90)),
        ("Troops in Washington state and in Seattle", "Washington state", ("USA", 47, -120)),
        ("Washington accused Moscow", "Washington", ("USA", 39, -77)),
        ("軍方說在哈爾科夫", "哈爾科夫", ("UKR", 50, 36)),
    ],
)  # fmt: skip
def test_a_place_is_the_one_meant(text: str, name: str, expected: tuple[str | None, float, float]) -> None:
    assert where(text)[name] == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Lebanese soldiers shot a smuggler in Tripoli", "Tripoli", ("LBN", 34, 36)),
        ("Dominican police broke up a march in Santiago", "Santiago", ("DOM", 19, -71)),
        ("Gunmen in Mexico shot two policemen in La Paz", "La Paz", ("MEX", 24, -110)),
        ("Iraqi oil workers marched in Amara", "Amara", ("IRQ", 32, 47)),
        ("Venezuelan soldiers shot two miners in Sucre", "Sucre", ("VEN", 10, -63)),
        ("Rebels shot at Mozambican police near Palma", "Palma", ("MOZ", -11, 40)),
        ("Pakistani police broke up rallies in Punjab", "Punjab", ("PAK", 31, 73)),
        ("Turkish drones were seen in Tripoli", "Tripoli", ("LBY", 33, 13)),
        ("Canadian students marched in London", "London", ("GBR", 52, 0)),
        ("Lebanon's premier holds talks in Tripoli", "Tripoli", ("LBY", 33, 13)),
        ("Lebanese and Libyan officers were seen in Tripoli", "Tripoli", ("LBY", 33, 13)),
        ("Palestinian families marched in Jerusalem", "Jerusalem", ("ISR", 32, 35)),
        ("Tourists filled Palma, said Spanish hotels", "Palma", ("ESP", 40, 3)),
        ("Farmers blocked trains in Punjab", "Punjab", ("IND", 31, 76)),
    ],
)  # fmt: skip
def test_where_something_happens_is_a_sizeable_namesake_at_home_sooner_than_a_place_abroad(
    text: str, name: str, expected: tuple[str | None, float, float]
) -> None:
    assert where(text)[name] == expected


def test_context_of_the_article_decides_where_the_text_does_not() -> None:
    assert where("Police in Richmond said", "US.KY")["Richmond"][1:] == (38, -84)
    assert where("Police in Richmond said", "US.VA")["Richmond"][1:] == (38, -77)


def test_neighbours_decide_between_places_of_one_name() -> None:
    text = "The roads between Hamilton, Rotorua and Tauranga were closed; in Hamilton shops stayed open."
    assert where(text)["Hamilton"][0] == "NZL"


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("a raid in Mosul", "city"), ("talks in Iraq", "country"), ("a fire in Kentucky", "region"),
        ("sailing in the Black Sea", "sea"), ("through the Strait of Hormuz", "strait"),
    ],
)  # fmt: skip
def test_a_place_says_how_precise_it_is(text: str, precision: str) -> None:
    (found,) = located(text)
    assert found.place.precision == precision
    assert found.place.lat is not None


def test_a_town_has_its_geonames_id() -> None:
    (found,) = located("a raid in Mosul")
    assert found.place.geonames_id == 99072


@pytest.mark.parametrize(
    "text",
    [
        "Michael Jordan and Paris Hilton met President Lincoln",
        "Most men in uniform said Best was nice",
        "He lives at 12 Oxford Street",
        "Chad Smith and Mr Washington",
        "",
    ],
)
def test_what_is_no_place_is_not_found(text: str) -> None:
    assert located(text) == []


@given(st.text(max_size=200) | st.text(alphabet=string.ascii_letters + " .,'-\u200f\x00é", max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_an_exception(text: str) -> None:
    found = located(text)
    assert [f.start for f in found] == sorted(f.start for f in found)
    assert all(0 <= f.start < f.end <= len(text) for f in found)


def test_a_very_long_text_is_read_in_runs() -> None:
    names = [PLACES._atlas.names[i] for i in range(0, len(PLACES._atlas.names), 200)]
    text = " and in ".join(names)
    assert len(located(text)) > 300


def test_places_are_loaded_once() -> None:
    assert Places.load() is PLACES
