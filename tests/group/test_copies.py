"""Copies: wire copy is found however it was cut; reports of one event and issues of one bulletin are none."""

from __future__ import annotations

import random

from tocsin.group.copies import KEPT, Copies, containment, shingles

WORDS = ("harbour", "minister", "convoy", "bridge", "signal", "winter", "market", "engine", "council", "village")
WORDS += ("northern", "border", "railway", "doctor", "letter", "tariff", "island", "vessel", "storm", "company")


def text(seed: int, words: int = 300) -> str:
    chance = random.Random(seed)
    return " ".join(f"{chance.choice(WORDS)}{chance.randrange(40)}" for _ in range(words))


def cut(original: str, share: float) -> str:
    words = original.split()
    return " ".join(words[: int(len(words) * share)])


def known(*texts: str) -> Copies:
    copies = Copies(candidate=0.3, contained=0.4)
    for key, seen in enumerate(texts):
        copies.add(key, shingles("", seen))
    return copies


def test_a_text_cut_to_a_third_is_a_copy() -> None:
    originals = [text(seed) for seed in range(40)]
    copies = known(*originals)
    found = [copies.of(shingles("", cut(original, 0.35))) for original in originals]
    assert sum(key in keys for key, keys in enumerate(found)) >= 38
    assert all(set(keys) <= {key} for key, keys in enumerate(found)), "and a copy of nothing else"


def test_a_long_text_is_compared_by_a_sample_of_its_shingles() -> None:
    whole, half = shingles("", text(1, 5000)), shingles("", cut(text(1, 5000), 0.5))
    assert len(whole) == KEPT
    assert containment(whole, half) > 0.9


def test_a_new_issue_of_a_bulletin_is_no_copy_of_the_last() -> None:
    form = (
        "The ministry said that as of 6 a.m. on {day} April {a} aircraft and {b} vessels had been detected around the "
        "island. "
        "{c} of the aircraft crossed the median line and entered the northern sector. The armed forces monitored the "
        "situation and employed aircraft, naval vessels and coastal missile systems in response to these activities."
    )
    monday, tuesday = form.format(day=8, a=11, b=6, c=4), form.format(day=9, a=37, b=9, c=22)
    assert containment(shingles("", monday), shingles("", tuesday)) == 0
    assert known(monday).of(shingles("", monday)) == [0]


def test_two_short_reports_of_one_fact_are_no_copies() -> None:
    one = "BAGHDAD, June 1 (Xinhua) -- A pipeline was leaking in the south, an oil official said."
    other = "A pipeline was leaking in the south, a source said."
    assert known(one).of(shingles("", other)) == []


def test_chinese_copies_are_found_by_characters() -> None:
    original = (
        "國防部今天表示，上午六時起偵獲多架次軍機在台海周邊空域活動，國軍運用任務機、艦艇及岸置飛彈系統"
        "嚴密監控與應處，並提醒漁民注意安全。"
    )
    assert known(original).of(shingles("", original[:40])) == [0]


def test_an_empty_text_copies_nothing() -> None:
    copies = known("", text(1))
    assert copies.of(shingles("", "")) == []


def test_a_forgotten_text_is_found_no_more() -> None:
    copies = known(text(1), text(2))
    copies.forget(0)
    assert copies.of(shingles("", text(1))) == []
    assert copies.of(shingles("", text(2))) == [1]
