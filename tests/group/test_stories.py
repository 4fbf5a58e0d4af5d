"""Stories: reports of one happening meet, happenings that are merely alike stay apart."""

from __future__ import annotations

from typing import Any

from tocsin.group import Grouper, Settings

PLAIN = Settings(embed=False)


def stories(*lines: tuple[str | None, str, str], settings: Settings = PLAIN) -> list[str]:
    """The story of each line (date, title, text), by the last word on it."""
    grouper = Grouper(settings=settings)
    said: dict[str, Any] = {}
    for number, (day, title, text) in enumerate(lines):
        line = {"id": str(number), "published": day, "title": title, "text": text, "outlet": f"Paper {number}"}
        said.update((answer["id"], answer.get("revised", answer)) for answer in grouper.line(line))
    said.update((answer["id"], answer["revised"]) for answer in grouper.end())
    return [said[str(number)]["story"] for number in range(len(lines))]


TEST = (
    "North Korea fired a ballistic missile from Sunan towards the sea off its east coast, South Korea's military said."
)


def test_two_reports_of_one_missile_test_are_one_story() -> None:
    first, second = stories(
        ("2023-03-14", "North Korea fires missile", TEST),
        (
            "2023-03-14",
            "Missile launched by North Korea",
            "A ballistic missile was fired by North Korea from Sunan, Seoul said.",
        ),
    )
    assert first == second


def test_two_missile_tests_three_weeks_apart_are_two_stories() -> None:
    first, second = stories(
        ("2023-03-14", "North Korea fires missile", TEST + " It flew 620 km."),
        (
            "2023-04-06",
            "North Korea fires missile again",
            TEST.replace("Sunan", "Wonsan") + " It flew 1,000 km and was the tenth test.",
        ),
    )
    assert first != second


SHELLED = (
    "Shells that hit a bakery in Orikhiv on Sunday killed three people and wounded eleven, the mayor said. People had "
    "been queueing for bread since dawn, and the street was covered with glass."
)


def test_two_attacks_of_one_day_in_two_towns_with_other_tolls_are_two_stories() -> None:
    first, second = stories(
        ("2023-05-07T09:00:00Z", "Three killed as shells hit bakery in Orikhiv", SHELLED),
        (
            "2023-05-07T11:00:00Z",
            "Seven killed as shells hit bakery in Beryslav",
            "Shells that hit a bakery in Beryslav on Sunday killed seven people and wounded twenty, a prosecutor said. "
            "Two ovens blew up, and firemen searched the cellar for an apprentice until the evening.",
        ),
    )
    assert first != second


def test_a_toll_that_rises_in_the_same_town_is_one_story() -> None:
    first, second = stories(
        ("2023-05-07T09:00:00Z", "Three killed as shells hit bakery in Orikhiv", SHELLED),
        (
            "2023-05-07T15:00:00Z",
            "Toll of shelled bakery rises to six",
            "Six people are now known to have been killed when shells hit a bakery in Orikhiv on Sunday, and fourteen "
            "are in hospital, doctors said.",
        ),
    )
    assert first == second


def test_one_kind_of_event_in_two_places_is_two_stories() -> None:
    first, second = stories(
        (
            None,
            "Flood in Lagos kills nine",
            "Nine people died in Lagos when floodwater swept through Ajegunle, rescuers said.",
        ),
        (
            None,
            "Flood in Chiang Mai",
            "The Ping river rose over its banks in Chiang Mai; shops along Charoen Road were shut, officials said.",
        ),
    )
    assert first != second


def test_a_late_report_that_names_the_day_belongs_to_the_story() -> None:
    first, second = stories(
        (
            "2016-07-15",
            "Truck attack in Nice",
            "A man drove a truck into a crowd on the Promenade des Anglais in Nice on July 14, killing 84.",
        ),
        (
            "2016-08-05",
            "Nice truck attack toll rises to 85",
            "A man hurt when a truck was driven into a crowd in Nice on July 14 has died, and the toll is 85.",
        ),
    )
    assert first == second


def test_english_and_chinese_reports_meet() -> None:
    first, second, third = stories(
        (
            "2023-03-26",
            "Honduras cuts ties with Taiwan",
            "Honduras ended diplomatic relations with Taiwan and opened them with China.",
        ),
        ("2023-03-26", "洪都拉斯與台灣斷交", "洪都拉斯外交部宣布與台灣斷絕外交關係，並與中國建交。"),
        ("2023-03-26", "摩洛哥发生地震", "摩洛哥发生6.8级地震，超过800人死亡。"),
    )
    assert first == second != third


def test_a_story_with_no_words_stands_alone() -> None:
    first, second = stories((None, "", ""), (None, "", ""))
    assert first != second
