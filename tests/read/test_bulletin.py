"""Official bulletins, in the layouts and number forms that their issuers use. The texts are written for these tests."""
# ruff: noqa: E501 - the texts are as their publishers lay them out

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tocsin.read import ReadError, bulletin, observe, read_bulletin
from tocsin.records import Article

D, T = date, datetime

CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "2023-05-20",
        "中共解放軍臺海周邊海、空域動態 發布時間：112年5月20日0900時 一、日期： 中華民國112年5月19日（星期五）0600時至"
        "5月20日（星期六）0600時止。 二、活動動態： 迄0600時止，偵獲共機11架次(其中逾越海峽中線及其延伸線進入西南及東南"
        "空域5架次)、共艦6艘次，持續在臺海周邊活動。",
        {"period_start": T(2023, 5, 19, 6), "period_end": T(2023, 5, 20, 6), "aircraft": 11, "crossings": 5, "vessels": 6,
         "official_ships": None, "sectors": ("SE", "SW"), "regime": "all-detected"},
    ),
    (
        "2024-06-02",  # the order and units of 2024: no 次 after 艘, official ships, all four sides
        "一、日期：中華民國113年6月1日(星期六)0600時至6月2日(星期日)0600時止。二、活動動態：迄0600時止，偵獲共機３１架次"
        "（逾越中線進入北部、中部、西南及東部空域２２架次）、共艦９艘、公務船２艘，空飄氣球３顆。",
        {"aircraft": 31, "crossings": 22, "vessels": 9, "official_ships": 2, "balloons": 3, "sectors": ("N", "E", "SW", "C")},
    ),
    (
        "2025-02-11",  # nothing in the air is stated, balloons one by one
        "一、日期：中華民國114年2月10日0600時至2月11日0600時止。二、活動動態：迄0600時止，未偵獲共機，偵獲共艦6艘、官船1艘。"
        "三、中共空飄氣球：10日0910時偵獲1顆氣球，10日1502時偵獲1顆氣球。",
        {"aircraft": 0, "crossings": None, "vessels": 6, "official_ships": 1, "balloons": 2},
    ),
    (
        "2023-03-02",
        "一、日期：中華民國112年3月1日0600時至3月2日0600時止。二、活動動態：偵獲共艦3艘次，持續在臺海周邊活動。"
        "三、上述期間共機無逾越海峽中線及西南空域，故無提供航跡圖。",
        {"aircraft": None, "crossings": 0, "vessels": 3, "sectors": ()},
    ),
    (
        "2023-07-01",
        "一、日期：中華民國112年6月30日0600時至7月1日0600時止。二、活動動態：迄0600時止，無偵獲共機、共艦在臺海周邊活動。",
        {"period_start": T(2023, 6, 30, 6), "aircraft": 0, "vessels": 0, "activities": ("no_report",)},
    ),
    (
        "2022-09-30",  # a day of the month only: month and year are those of the listing
        "國防部今（29）日表示，迄1700時止，偵獲共機十二架次（其中逾越海峽中線三架次）、共艦兩艘次，執行聯合戰備警巡。",
        {"period_start": None, "period_end": T(2022, 9, 29, 17), "aircraft": 12, "crossings": 3, "vessels": 2,
         "activities": ("joint_combat_readiness_patrol",)},
    ),
    (
        "2025-01-01",  # a period across the year's end, the year stated once
        "一、日期：中華民國113年12月31日（星期二）0600時至1月1日（星期三）0600時止。二、活動動態：偵獲共機22架、共艦7艘。",
        {"period_start": T(2024, 12, 31, 6), "period_end": T(2025, 1, 1, 6), "aircraft": 22, "vessels": 7},
    ),
    (
        "2024-12-11",
        "更正：一、日期：中華民國113年12月10日0600時至12月11日0600時止。二、活動動態：偵獲共機47架次應為53架次、共艦12艘次、"
        "公務船9艘次。",
        {"aircraft": 53, "vessels": 12, "official_ships": 9, "activities": ("correction",)},
    ),
    (
        "2024-10-20",  # an announcement while it is going on: it began, and has not ended
        "國防部今(20)日表示，自1420時起，陸續偵獲共軍殲-16、運-8等各型主、輔戰機（含無人機）計18架次，其中逾越海峽中線進入"
        "北部及西南空域12架次，配合共艦執行「聯合戰備警巡」。",
        {"period_start": T(2024, 10, 20, 14, 20), "period_end": None, "aircraft": 18, "crossings": 12, "sectors": ("N", "SW")},
    ),
    (
        "2021-10-05",  # a list: its sum, shared counts, Chinese numerals, foreign aircraft left out
        "我西南空域空情動態 一、中共解放軍活動動態: (一)日期: 中華民國110年10月4日（星期一） (二)機型: 殲-16機、殲-10機 各四架次 "
        "轟－6機 12架次 運8反潛機 二架次 (三)活動概要: 示意圖 (四)空軍應處作為: 廣播驅離 二、美籍偵察機 1架次",
        {"period_start": D(2021, 10, 4), "period_end": D(2021, 10, 4), "aircraft": 22, "crossings": 22, "vessels": None,
         "types": {"J-16": 4, "J-10": 4, "H-6": 12, "Y-8 ASW": 2}, "sectors": ("SW",), "regime": "adiz-entries"},
    ),
    (
        "2025-03-04",  # simplified characters
        "一、日期：民国114年3月3日0600时至3月4日0600时止。二、活动动态：侦获共机9架次(其中进入西南空域2架次)、共舰7艘次。",
        {"period_end": T(2025, 3, 4, 6), "aircraft": 9, "crossings": 2, "vessels": 7, "sectors": ("SW",)},
    ),
    (
        "2025-04-02",
        "一、日期：中華民國114年4月1日0600時至4月2日0600時止。二、活動動態：偵獲共機76架次、直升機3架次、無人機2架次"
        "（逾越中線進入北部空域37架次）、共艦15艘次、公務船4艘。",
        {"aircraft": 76, "crossings": 37, "types": {"helicopter": 3, "UAV": 2}, "vessels": 15},
    ),
    (
        "2025-08-16",
        "19 sorties of PLA aircraft, 8 PLAN vessels and 1 official ship operating around Taiwan were detected up until 6 a.m. "
        "(UTC+8) today. 12 out of 19 sorties crossed the median line and entered Taiwan's northern, central, southwestern and "
        "eastern ADIZ. We have monitored the situation and responded.",
        {"period_end": T(2025, 8, 16, 6), "aircraft": 19, "crossings": 12, "vessels": 8, "official_ships": 1,
         "sectors": ("N", "E", "SW", "C")},
    ),
    (
        "2023-05-14",
        "Date: 6 to 6 a.m. (UTC+8) Saturday to Sunday, May. 13-14. PLA activities: Thirty-one PLA aircraft and four PLAN vessels "
        "around Taiwan were detected by 6 a.m. (UTC+8) today. 9 of the detected aircraft had crossed the median line of the "
        "Taiwan Strait or entered Taiwan's SW and SE ADIZ.",
        {"period_start": T(2023, 5, 13, 6), "period_end": T(2023, 5, 14, 6), "aircraft": 31, "crossings": 9, "vessels": 4,
         "sectors": ("SE", "SW")},
    ),
    (
        "2025-03-01",
        "6 PLAN vessels operating around Taiwan were detected up until 6 a.m. (UTC+8) today. Illustration of flight path is not "
        "provided because we did not detect PLA aircraft operating around Taiwan during this timeframe.",
        {"aircraft": 0, "vessels": 6, "crossings": None},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("listed", "text", "stated"), CASES, ids=[case[0] for case in CASES])
def test_a_defence_ministry_bulletin_is_read_as_stated(listed: str, text: str, stated: dict[str, Any]) -> None:
    found = read_bulletin(text, date.fromisoformat(listed))
    assert found is not None
    assert found.issuer == "twn-mnd"
    assert {name: getattr(found, name) for name in stated} == stated


@pytest.mark.parametrize(
    ("sentence", "crossings"),
    [
        ("16 out of the 40 detected PLA aircraft crossed the median line.", 16),
        ("Sixteen of the 40 detected PLA aircraft entered the northern ADIZ.", 16),
        ("Of the 40 PLA aircraft, 16 crossed the median line.", 16),
        ("Of these, 16 entered the southwestern ADIZ.", 16),
        ("1,016 out of 1,240 sorties crossed the median line.", 1016),
        ("16 out of 40 crossed the median line.", 16),
        ("16 crossed the median line and went on to the east.", 16),
        ("24 aircraft did not cross the median line; 16 crossed it.", 16),
        ("24 of the aircraft did not cross the median line.", None),
        ("Most of them did not cross the median line.", None),
        ("The aircraft did not cross the median line.", 0),
        ("No balloons were seen, and the aircraft crossed the median line.", None),
        ("No PLA aircraft entered the ADIZ.", 0),
        ("On March 3 the aircraft turned back.", None),
    ],
)
def test_crossings_are_those_that_crossed(sentence: str, crossings: int | None) -> None:
    found = read_bulletin(f"40 PLA aircraft around Taiwan were detected up until 6 a.m. (UTC+8) today. {sentence}")
    assert found is not None
    assert (found.aircraft, found.crossings) == (40, crossings)


def test_the_period_is_the_texts_not_the_listings() -> None:
    text = CASES[0][1]
    early, late, never = (read_bulletin(text, day) for day in (date(2001, 1, 1), date(2030, 1, 1), None))
    assert early is not None
    assert early.period_start == T(2023, 5, 19, 6)
    assert early == late == never


def test_without_a_listing_a_bare_day_of_the_month_is_no_date() -> None:
    found = read_bulletin(CASES[5][1])
    assert found is not None
    assert (found.period_end, found.aircraft) == (None, 12)


UKRAINIAN = (
    "Загальні бойові втрати противника з 24.02.22 по 07.03.25 орієнтовно склали: особового складу ‒ близько 882 190 (+1 130) "
    "осіб, танків ‒ 10 262 (+6) од, бойових броньованих машин ‒ 21 320 (+27) од, артилерійських систем – 24 203 (+53) од, "
    "РСЗВ – 1 309 (+2) од, засоби ППО ‒ 1 096 (+1) од, літаків – 370 (+0) од, гелікоптерів – 331 (+0) од, "
    "БПЛА оперативно-тактичного рівня – 28 251 (+143) од, кораблі /катери ‒ 28 (+0) од, підводні човни ‒ 1 (+0) од."
)
ENGLISH = (
    "The total combat losses of the enemy from 24.02.22 to 07.03.25 were approximately: personnel - about 882,190 (+1,130) "
    "persons, tanks – 10 262 (+6) units, troop-carrying AFVs ‒ 21 320 (+27), artillery systems – 24 203 (+53), MLRS – 1 309 (+2), "
    "anti-aircraft systems ‒ 1 096 (+1), aircraft – 370 (+0), helicopters – 331 (+0), UAVs operational-tactical level – 28 251 "
    "(+143), warships / boats ‒ 28 (+0), submarines - 1 (+0)."
)


@pytest.mark.parametrize("text", [UKRAINIAN, ENGLISH], ids=["ukrainian", "english"])
def test_a_second_issuers_loss_counts_are_read_by_the_same_engine(text: str) -> None:
    found = read_bulletin(text)
    assert found is not None
    assert (found.issuer, found.regime, found.aircraft) == ("ukr-general-staff", "claimed-losses", None)
    assert (found.period_start, found.period_end) == (D(2022, 2, 24), D(2025, 3, 7))
    counts = found.counts
    assert (counts["personnel"], counts["personnel_day"]) == (882190, 1130)
    assert (counts["tanks"], counts["tanks_day"], counts["drones"], counts["drones_day"]) == (10262, 6, 28251, 143)
    assert (counts["ships"], counts["submarines_day"], counts["rocket_launchers"]) == (28, 0, 1309)


def test_a_third_issuer_counts_in_imperial_years() -> None:
    found = read_bulletin(
        "令和6年度上半期の緊急発進実施状況について 令和6年4月1日から9月30日までの緊急発進回数は358回であり、"
        "このうち中国機に対する緊急発進回数は241回、ロシア機に対する緊急発進回数は110回であった。"
    )
    assert found is not None
    assert (found.issuer, found.period_start, found.period_end) == ("jpn-joint-staff", D(2024, 4, 1), D(2024, 9, 30))
    assert found.counts == {"scrambles": 358, "scrambles_china": 241, "scrambles_russia": 110}


def test_scrambles_are_counted_in_english_too() -> None:
    found = read_bulletin(
        "Joint Staff Office: aircraft of the JASDF scrambled 358 times from April 1, 2024 to September 30, 2024. "
        "Chinese aircraft: 241; Russian aircraft: 110."
    )
    assert found is not None
    assert (found.period_start, found.period_end) == (D(2024, 4, 1), D(2024, 9, 30))
    assert found.counts == {"scrambles": 358, "scrambles_china": 241, "scrambles_russia": 110}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Taiwan said on Friday that 12 Chinese aircraft had crossed the median line.",
        "（中央社記者王小明台北20日電）國防部今天表示，偵獲共機20架次、共艦6艘次。",
        "KYIV (Reuters) - Ukraine said Russia's losses had reached 882,190 personnel and 10,262 tanks. Losses of the enemy rose.",
        "The council met on Monday. No vessels were mentioned.",
    ],
)
def test_news_about_bulletins_is_no_bulletin(text: str) -> None:
    assert read_bulletin(text) is None


REPORTS = [
    "Two dozen ships and planes were seen off Taiwan: the R.O.C. Armed Forces detected 14 PLA aircraft and 5 PLAN vessels, "
    "a spokesman told a briefing, and Tokyo called in the envoy.",
    "14 PLA aircraft and 5 PLAN vessels around Taiwan were detected by 6 a.m. (UTC+8) today, the ministry reported.",
    "Taipei on Sunday detected 14 PLA aircraft and 5 PLAN ships around Taiwan, more than on any day since spring.",
    "2,210 PLA sorties were detected around Taiwan in the past year, which experts call a new normal.",
    "國防部昨天說，偵獲共機14架次、共艦5艘，外交部並提出抗議。",
    "國防部今（3）日公布，自2日6時至3日6時止，偵獲共機14架次、共艦5艘，行政院長強調國人不必恐慌。",
    "国防部今天侦获共机14架次、共舰5艘，专家认为数量偏多。",
    "The losses of Russian personnel and tanks mount: 900 men and 12 tanks in a day, by one count of the enemy's losses.",
    "За даними розвідки, втрати противника за добу сягнули 900 осіб особового складу та 12 танків.",
    "Fighters of Japan's Air Self-Defense Force made 310 scrambles in half a year, the minister said.",
]


@pytest.mark.parametrize("text", REPORTS)
def test_news_that_reports_comments_or_sums_up_is_no_bulletin(text: str) -> None:
    assert not bulletin.is_bulletin(text)
    assert read_bulletin(text, date(2025, 11, 3)) is None


@pytest.mark.parametrize(
    "text",
    [
        "No PLA aircraft and 5 PLAN vessels operating around Taiwan were detected up until 6 a.m. (UTC+8) today.",
        "Taiwan MND: fourteen sorties of PLA aircraft around Taiwan were detected by 6 a.m. (UTC+8) today.",
        "Since 6 a.m. (UTC+8) today the R.O.C. Armed Forces have detected 14 PLA aircraft and 5 PLAN vessels in the ADIZ.",
        "國防部：偵獲共機14架次、共艦5艘次，國軍嚴密監控。自2日6時至3日6時止。",
        "國防部今(3)日表示，迄1700時止，偵獲共機14架次；國防部對此表達譴責。",
    ],
)
def test_the_issuers_own_words_are_a_bulletin(text: str) -> None:
    assert bulletin.is_bulletin(text)


def test_from_the_issuers_address_or_by_its_name_less_is_asked() -> None:
    text = REPORTS[5]
    assert bulletin.is_bulletin(text, "https://www.mnd.gov.tw/news/1")
    assert not bulletin.is_bulletin(text, "https://notmnd.gov.tw.example/news/1")
    found = read_bulletin(text, date(2025, 11, 3), "twn-mnd")
    assert found is not None
    assert (found.aircraft, found.vessels) == (14, 5)
    own = article(text, date(2025, 11, 3)).model_copy(update={"url": "https://www.mnd.gov.tw/news/1"})
    assert {one.field: one.value for one in observe(own)} == {"aircraft": 14, "vessels": 5}


def article(text: str, published: date | None = None) -> Article:
    return Article(page="page-0", form="bulletin", text=text, published=published)


def test_every_figure_becomes_an_observation_with_the_words_it_rests_on() -> None:
    text = CASES[1][1]
    seen = {one.field: one for one in observe(article(text))}
    assert {name: one.value for name, one in seen.items()} == {
        "aircraft": 31, "crossings": 22, "vessels": 9, "official_ships": 2, "balloons": 3,
    }  # fmt: skip
    assert {one.day for one in seen.values()} == {D(2024, 6, 2)}
    for one in seen.values():
        assert one.quote is not None
        assert text[one.quote.start : one.quote.end] == one.quote.text
    assert "３１" in seen["aircraft"].quote.text  # type: ignore[union-attr]


def test_of_cumulative_claims_only_the_days_increase_is_observed() -> None:
    seen = {one.field: one.value for one in observe(article(UKRAINIAN))}
    assert seen["personnel_day"] == 1130
    assert "personnel" not in seen


def test_a_figure_of_an_unfinished_day_is_not_observed() -> None:
    assert observe(article(CASES[8][1], date(2024, 10, 20))) == []


def test_figures_of_no_day_that_can_be_read_are_not_passed_over() -> None:
    undated = (
        "Military news update\nOverall statistics: 7 sorties of PLA aircraft and 6 PLAN vessels operating around Taiwan "
        "were detected. 3 of the 7 sorties crossed the median line."
    )
    assert read_bulletin(undated) is not None
    with pytest.raises(ReadError, match="this bulletin of twn-mnd states no day that can be read"):
        observe(article(undated))


def test_a_listing_moment_may_carry_a_time() -> None:
    stamped = Article(page="p", form="bulletin", text=CASES[5][1], published=datetime(2022, 9, 29, 10, tzinfo=UTC))
    assert {one.day for one in observe(stamped)} == {D(2022, 9, 29)}


@pytest.mark.parametrize("unit", ["一", " ", "1 ", "nine ", "共機", "進入西南空域", "6 a.m. ", "1 234 ",
                                  "two of the ", "did not ", "of them 3 "])  # fmt: skip
def test_hostile_repetition_is_read_in_bounded_time(unit: str) -> None:
    begun = time.process_time()
    read_bulletin(unit * 100_000, None, "twn-mnd")
    assert time.process_time() - begun < 10
