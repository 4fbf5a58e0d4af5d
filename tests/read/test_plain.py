"""News pages saved as text: where the article ends and the headlines of others begin. All pages are invented."""
# ruff: noqa: E501 - the texts are as their publishers lay them out

from __future__ import annotations

from datetime import date, datetime

import pytest

from tocsin.read.plain import read_plain

ENGLISH = [
    "The harbour authority of Port Ellery said on Tuesday that it would close the northern channel to tankers for two weeks.",
    "“We have no choice,” said its director, Ada Quill. “The buoys were found adrift on Sunday night.”",
    "Ships bound for the refinery will be sent around the cape, which adds about nine hours to the voyage. The authority "
    "expects to reopen the channel by the end of the month, weather permitting.",
    "It did not say who had cut the moorings.",
]
SENTENCE_CASE = [
    "Minister denies knowledge of the missing buoys",
    "Refinery warns of fuel shortage before the holidays",
    "Why the northern channel matters to three countries",
    "Fishermen block the old bridge for a second day",
]
TITLE_CASE = [
    "Coast Guard Finds Fourth Buoy Near Disputed Reef",
    "Port Ellery Dockers Vote to Strike Over Night Shifts",
    "Is the Cape Route Safe in Winter?",
    "Quill: “We Have No Choice.”",
    "Two Navies Hold Talks on Channel Incident",
]


def lines(*blocks: list[str], between: str = "\n\n") -> str:
    return between.join("\n".join(block) for block in blocks)


@pytest.mark.parametrize("headlines", [SENTENCE_CASE, TITLE_CASE], ids=["sentence case", "title case"])
@pytest.mark.parametrize("between", ["\n", "\n\n", "\n\n\n"], ids=["no gap", "one blank", "two blanks"])
def test_headlines_after_the_article_are_not_part_of_it(headlines: list[str], between: str) -> None:
    page = read_plain(lines(ENGLISH, headlines, between=between))
    assert page.text == "\n".join(ENGLISH)
    assert page.headlines == tuple(headlines)
    assert page.title == ""


def test_paragraphs_parted_by_blank_lines_are_one_article() -> None:
    page = read_plain("\n\n".join(ENGLISH) + "\n\n\n" + "\n\n".join(SENTENCE_CASE))
    assert page.text == "\n".join(ENGLISH)
    assert page.headlines == tuple(SENTENCE_CASE)


def test_headlines_may_come_first() -> None:
    page = read_plain(lines(TITLE_CASE, ENGLISH))
    assert page.text == "\n".join(ENGLISH)
    assert set(page.headlines) == set(TITLE_CASE)


@pytest.mark.parametrize("mark", ["- ", "• ", "* ", "1. ", "» ", "– "])
def test_lists_may_be_bulleted_or_numbered(mark: str) -> None:
    marked = [mark.replace("1", str(number)) + headline for number, headline in enumerate(SENTENCE_CASE, start=1)]
    assert read_plain(lines(ENGLISH, ["MOST READ"], marked)).headlines == tuple(SENTENCE_CASE)


def test_the_title_byline_and_date_stand_before_the_text() -> None:
    head = ["Port Ellery closes northern channel after buoys are cut", "By Tom Reed", "March 3, 2024 18:40"]
    page = read_plain(lines(head, ENGLISH, ["Related articles:"], TITLE_CASE))
    assert page.title == head[0]
    assert page.published == datetime(2024, 3, 3, 18, 40)  # noqa: DTZ001 - the page's local time
    assert "Tom Reed" in page.byline
    assert page.text == "\n".join(ENGLISH)
    assert page.headlines == tuple(TITLE_CASE)


def test_the_title_is_told_from_a_list_that_comes_before_it() -> None:
    title = "Northern channel at Port Ellery to close for two weeks"
    page = read_plain(lines(["Latest news"], SENTENCE_CASE, [title], ENGLISH))
    assert page.title == title
    assert page.headlines == tuple(SENTENCE_CASE)


def test_subheadings_stay_in_the_article() -> None:
    text = [*ENGLISH[:2], "What happens to the refinery", *ENGLISH[2:]]
    page = read_plain(lines(text, SENTENCE_CASE, between="\n\n\n"))
    assert page.text == "\n".join(text)


def test_pointers_and_furniture_do_not_stay_in_the_article() -> None:
    text = [
        ENGLISH[0],
        "Advertisement",
        "Read more: Coast guard finds a fourth buoy",
        *ENGLISH[1:],
        "Share",
        "© 2024 Ellery Post",
    ]
    page = read_plain(lines(text, SENTENCE_CASE))
    assert page.text == "\n".join(ENGLISH)
    assert page.headlines == ("Coast guard finds a fourth buoy", *SENTENCE_CASE)


def test_teasers_under_headlines_are_not_articles() -> None:
    teasers = [
        line for headline in SENTENCE_CASE for line in (headline, "A short summary of that story, in one sentence.")
    ]
    page = read_plain(lines(ENGLISH, teasers, between="\n\n\n"))
    assert page.text == "\n".join(ENGLISH)
    assert page.headlines == tuple(SENTENCE_CASE)


def test_hard_wrapped_paragraphs_are_joined() -> None:
    wrapped = (
        "The harbour authority of Port Ellery said on Tuesday that it would\n"
        "close the northern channel to tankers for two weeks, because the\n"
        "buoys that mark it had been cut loose during the weekend and could\n"
        "not be replaced before the end of the month.\n"
        "\n"
        "Ships bound for the refinery will be sent around the cape, which\n"
        "adds about nine hours to the voyage.\n"
    )
    page = read_plain(wrapped + "\n\n" + "\n".join(SENTENCE_CASE))
    first, second = page.text.split("\n")
    assert first.endswith("before the end of the month.")
    assert second.endswith("nine hours to the voyage.")
    assert page.headlines == tuple(SENTENCE_CASE)


OTHERS = {
    "es": (
        ["La autoridad portuaria anunció el martes que cerrará el canal norte a los petroleros durante dos semanas.",
         "«No tenemos otra opción», dijo su directora. Los barcos rodearán el cabo, lo que añade unas nueve horas al viaje."],
        ["El ministro niega conocer el paradero de las boyas", "Los pescadores bloquean el puente viejo por segundo día",
         "¿Por qué importa el canal norte?"],
    ),
    "zh": (
        ["艾勒里港務局星期二宣布，北航道將對油輪關閉兩週，直到浮標修復為止。",
         "局長奎爾表示：「我們別無選擇。」前往煉油廠的船隻將繞行海角，航程增加約九小時。當局預計月底前重新開放航道。"],
        ["部長否認知悉失蹤浮標下落", "煉油廠警告節前燃料恐短缺", "漁民連續第二天封鎖舊橋", "北航道為何牽動三國？"],
    ),
    "uk": (
        ["Портова влада у вівторок повідомила, що на два тижні закриє північний канал для танкерів.",
         "«У нас немає вибору», — сказала директорка. Судна обходитимуть мис, що додасть близько дев'яти годин до рейсу."],
        ["Міністр заперечує, що знав про зниклі буї", "Рибалки другий день блокують старий міст",
         "Завод попереджає про нестачу пального"],
    ),
    "ar": (
        ["أعلنت سلطة الميناء يوم الثلاثاء أنها ستغلق القناة الشمالية أمام ناقلات النفط لمدة أسبوعين.",
         "وقالت المديرة: «ليس لدينا خيار آخر». وستدور السفن حول الرأس مما يضيف نحو تسع ساعات إلى الرحلة."],
        ["الوزير ينفي علمه بمكان العوامات المفقودة", "الصيادون يغلقون الجسر القديم لليوم الثاني",
         "المصفاة تحذر من نقص الوقود قبل العطلة"],
    ),
    "ja": (
        ["港湾当局は火曜日、北航路を二週間にわたりタンカーに対して閉鎖すると発表した。",
         "局長は「ほかに選択肢はない」と述べた。製油所に向かう船は岬を回ることになり、航海はおよそ九時間延びる。"],
        ["大臣、行方不明の浮標について関知を否定", "漁師らが二日連続で旧橋を封鎖", "製油所、年末の燃料不足を警告"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("order", ["after", "before"])
def test_other_languages_are_told_apart_by_the_same_shapes(language: str, order: str) -> None:
    article, headlines = OTHERS[language]
    blocks = (article, headlines) if order == "after" else (headlines, article)
    page = read_plain(lines(*blocks))
    assert page.text == "\n".join(article)
    assert set(page.headlines) == set(headlines)


def test_a_page_of_headlines_alone_holds_no_article() -> None:
    page = read_plain("\n".join(SENTENCE_CASE))
    assert (page.text, page.headlines) == ("", tuple(SENTENCE_CASE))


def test_an_article_alone_has_no_headlines() -> None:
    page = read_plain("\n".join(ENGLISH))
    assert (page.text, page.headlines) == ("\n".join(ENGLISH), ())


def test_a_dated_headline_loses_its_date() -> None:
    page = read_plain(
        lines(ENGLISH, [f"2024-03-0{day} {headline}" for day, headline in enumerate(SENTENCE_CASE, start=1)])
    )
    assert page.headlines == tuple(SENTENCE_CASE)


def test_a_date_line_is_the_date() -> None:
    assert read_plain(
        lines(["Port Ellery Closes Northern Channel to Tankers", "2 May 2023"], ENGLISH)
    ).published == date(2023, 5, 2)
