"""What the world sends instead of news: other languages, spoiled text, a megabyte without a full stop."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tocsin.code import code_text
from tocsin.code.gold import read_gold
from tocsin.code.tongue import tongue

ON = date(2024, 9, 5)
GOLD = sorted((Path(__file__).parents[1] / "quality" / "gold").glob("*.txt"))
STRAY = [
    "\x00", "\ud800", "\udfff", "\u202e", "\u200f", "\ufeff", "\U0010ffff", "\u0301", "😀", "👩\u200d👧", "𠀀", "İ",
    "中", "国", "美", "，", "。", "被", "П", "ا", "<b>", "</p>", "&nbsp;", "&#39;", "’", "“", "”", "’s", "--", "—", ":",
    "&", "%", "#", "@", "…", "...", "!!!", "?", "(", ")", "[", "]", "{", "}", "$", "$5bn", "1,2,3", "½", "٣", "U.S.",
    "ß", "ﬁ", ";", "|", "9" * 30,
]  # fmt: skip


# Languages


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Macron rencontre Merz à Berlin", "fr"),
        ("El gobierno de México expulsa a tres diplomáticos", "es"),
        ("Russland greift Kiew mit Drohnen an", "de"),
        ("Россия нанесла удар по Киеву", "ru"),
        ("日本政府は中国に抗議した", "ja"),
        ("북한이 미사일을 발사했다", "ko"),
        ("أدانت إيران الغارة الإسرائيلية", "ar"),
    ],
)
def test_text_plainly_in_another_language_gives_no_event_but_a_note_that_names_it(text: str, language: str) -> None:
    coding = code_text(text, on=ON, headline=True)
    assert coding.events == ()
    assert coding.note == f"no coder for language '{language}'; name its language in the input if this is wrong"


@pytest.mark.parametrize(
    "headline",
    [
        "Putin visits Pyongyang",
        "Rusia",
        "EU pulls plug on RT, Sputnik",
        "Sunak, von der Leyen seal Windsor deal on N. Ireland",
        "Venezuelan lawmakers declare Trinidad PM 'persona non grata'",
        "N. Korea fires ICBM toward East Sea: JCS",
    ],
)
def test_a_short_english_headline_is_not_taken_for_another_language(headline: str) -> None:
    assert tongue(headline, None) == "en"


def test_no_english_item_of_the_gold_is_taken_for_another_language() -> None:
    items = [item for item in read_gold(GOLD, ["train", "dev"]) if item.language in ("en", "zh")]
    assert [item.text for item in items if tongue(item.text, None) != item.language] == []


@pytest.mark.parametrize(
    ("said", "meant"), [("EN", "en"), ("en-US", "en"), ("eng", "en"), ("zh_TW", "zh"), ("und", "en"), ("", "en")]
)
def test_languages_are_named_in_many_ways(said: str, meant: str) -> None:
    assert tongue("China protested.", said) == meant


def test_text_given_as_english_in_other_letters_gives_a_note() -> None:
    coding = code_text("Россия нанесла удар по Киеву", on=ON, language="en")
    assert coding.events == ()
    assert coding.note == "given as English, but not written in Latin letters"


# Spoiled text


def test_markup_and_marks_of_direction_do_not_hide_an_event() -> None:
    text = "<p>Iran&nbsp;seized a <b>tanker</b> \u202ein the Gulf of Oman\u202c.</p> 😀"
    (event,) = code_text(text, on=ON).events
    assert event.type == "COERCE"
    assert event.place is not None
    assert event.place.name == "Gulf of Oman"
    assert text[event.quote.start : event.quote.end] == event.quote.text


def test_half_a_surrogate_is_one_character() -> None:
    text = "\ud83d\ud83d Poland expelled two Russian diplomats \udc00 on Tuesday."
    (event,) = code_text(text, on=ON).events
    as_read = "".join("\ufffd" if 0xD800 <= ord(char) < 0xE000 else char for char in text)
    assert event.quote.text == as_read[event.quote.start : event.quote.end]
    event.model_dump_json()


@cache
def seeds() -> list[str]:
    return [item.text for item in read_gold(GOLD, ["train"])]


def spoiled(count: int, seed: int) -> Iterator[str]:
    """Items of the gold as the world spoils them: cut, shuffled, mixed, shouting, repeated, with stray marks."""
    draw = random.Random(seed)
    for _ in range(count):
        text = draw.choice(seeds())
        for _ in range(draw.randrange(1, 6)):
            at = draw.randrange(len(text) + 1)
            match draw.randrange(6):
                case 0:
                    text = text[:at] + draw.choice(STRAY) + text[at:]
                case 1:
                    text = text[:at] + text[at + draw.randrange(12) :]
                case 2:
                    text = text[:at] + draw.choice(seeds())[: draw.randrange(60)] + text[at:]
                case 3:
                    text = text.upper() if draw.random() < 0.3 else text[:at] + text[at:].title()
                case 4:
                    text = text[:at] + text[at : at + 20] * draw.randrange(4) + text[at:]
                case _:
                    text = " ".join(draw.sample(text.split(), len(text.split())))
        yield text


def check(texts: Iterator[str]) -> None:
    days = (None, ON, date(1, 1, 1), date(9999, 12, 31))
    for number, text in enumerate(texts):
        language = (None, "en", "zh")[number % 3]
        for event in code_text(text, on=days[number % 4], headline=bool(number % 2), language=language).events:
            assert 0 <= event.quote.start < event.quote.end <= len(text)
            told = [event.reported_by] if event.reported_by else []
            assert all(0 <= one.start <= one.end <= len(text) for one in (*event.source, *event.target, *told))
            assert all(0 <= one.start < one.end <= len(text) for one in event.quantities)
            event.model_dump_json()


def test_spoiled_texts_do_no_harm() -> None:
    check(spoiled(200, 1))


@pytest.mark.slow
def test_ten_thousand_spoiled_texts_do_no_harm() -> None:
    check(spoiled(10_000, 2))


# Length


def cost(text: str, headline: bool) -> float:
    """CPU seconds, the least of two runs."""
    return min(_timed(text, headline) for _ in range(2))


def _timed(text: str, headline: bool) -> float:
    begun = time.process_time()
    code_text(text, on=ON, headline=headline, language="en")
    return time.process_time() - begun


@pytest.mark.parametrize(
    "piece",
    [
        "Iran attacked Iraq on Tuesday and killed 12 soldiers near Basra. ",
        "Iran seized a tanker and ",
        "Paris Springfield Athens ",
        "<b>&amp;1,234,",
        "May 5 to ",
    ],
)
@pytest.mark.parametrize("headline", [False, True])
def test_ten_times_the_text_costs_about_ten_times_as_much(piece: str, headline: bool) -> None:
    short = piece * (3000 // len(piece))
    code_text(short, on=ON, headline=headline, language="en")
    assert cost(short * 10, headline) <= 12 * cost(short, headline) + 0.3


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["Russia attacked Ukraine and ", "a", "(. ", "Iran struck Iraq. ", "$1,", "“", "<"])
def test_a_megabyte_costs_no_more_than_its_length(piece: str) -> None:
    assert len(code_text(piece * (1_000_000 // len(piece)), on=ON, language="en").events) < 1_000_000
