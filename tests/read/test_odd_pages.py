"""Pages in markup that no news site should write and many do: the article stays whole, and alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tocsin.read import read
from tocsin.read.furniture import begins_comments, is_furniture
from tocsin.records import Article, Page

TITLE = "Two ships enter strait near Holm"
SAID = (
    "The navy of Arden said on Tuesday that two patrol ships had entered the strait near Holm and stayed six hours.",
    "A spokesman for the coast guard of Belmere told reporters that its cutters had followed them and warned them by "
    "radio eleven times during the morning.",
    "The foreign ministry in Dunmoor called in the ambassador and handed him a note of protest, officials said.",
    "Fishermen at Garnet Bay have been told to keep away until Friday, and the ferry leaves from the southern pier.",
    "It was the third such incident this year, after two in March, when a survey ship was turned back under escort.",
)
OTHERS = (
    "Storm leaves thousands without power in Corvale",
    "Fenwick elects its first woman mayor",
    "Grain prices rise for a fifth week",
    "Court frees two editors in Dunmoor",
    "Rail strike called off after talks",
    "Fishing boats held at Estby for a month",
)
ITEMS = "".join(f'<li><a href="/news/{n}">{title}</a></li>' for n, title in enumerate(OTHERS))
PARAGRAPHS = "".join(f"<p>{said}</p>" for said in SAID)
READ_MORE = "".join(
    f'<p>{said}</p><p><strong>Read more: <a href="/news/{n}">{other}</a></strong></p>'
    for n, (said, other) in enumerate(zip(SAID, OTHERS, strict=False))
)
DIVS = "".join(f"<div>{said}</div>" for said in SAID)
LINKS = "<br>".join(f'<a href="/news/{n}">{title}</a>' for n, title in enumerate(OTHERS))
PAGES = {
    "no article element": f"<title>{TITLE} | Gazette</title></head><body><ul>{ITEMS}</ul><div><h1>{TITLE}</h1>"
    f"<div>5 March 2024</div>{DIVS}</div>",
    "a layout table": f"<title>{TITLE}</title></head><body><table><tr><td>{LINKS}</td><td><font size=5><b>{TITLE}</b>"
    f"</font><br>March 5, 2024<br><br>{'<br><br>'.join(SAID)}</td></tr></table>",
    "teasers between paragraphs": f"<title>{TITLE} | Gazette</title></head><body><article><h1>{TITLE}</h1>"
    f"<p>5 March 2024</p>{READ_MORE}<ul>{ITEMS}</ul></article>",
    "AMP": '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "' + TITLE + '", "datePublished": '
    '"2024-03-05", "publisher": {"name": "Gazette"}}</script></head><body><amp-sidebar><ul>' + ITEMS + "</ul>"
    f"</amp-sidebar><main>{PARAGRAPHS}<amp-list>{ITEMS}</amp-list></main>",
}
DUMP = "\n".join(
    ("Gazette", "Subscribe", TITLE, "By Jane Roe", "March 5, 2024", *SAID, "Related", *OTHERS, "About us", "Contact")
)
CHINESE = (
    "<html lang=zh-TW><head><title>兩艦進入荷姆海峽 - 島報</title></head><body><h1>兩艦進入荷姆海峽</h1>"
    "<span>2024年3月5日</span><p>（中央社台北5日電）國防部表示，五日上午有兩艘巡邏艦進入荷姆附近海峽，停留六小時後向北離去。</p>"
    "<p>海巡署發言人說，巡防艦當天上午以無線電警告十一次，對方沒有回應，外交部已召見大使並遞交抗議書。</p>"
    "<h3>延伸閱讀</h3><ul><li><a href=/1>颱風過後數千戶停電</a></li><li><a href=/2>芬威克選出首位女市長</a></li></ul>"
)


def articles(body: str, media: str = "text/html") -> tuple[Article, list[str]]:
    """The main article, and the other headlines."""
    main, *others = read(page(body, media))
    return main, [other.title for other in others]


@pytest.mark.parametrize("name", PAGES)
def test_the_article_is_whole_and_alone(name: str) -> None:
    main, others = articles(f"<html lang=en><head>{PAGES[name]}</body></html>")
    assert main.title == TITLE
    assert [said for said in SAID if said not in main.text] == []
    assert [other for other in OTHERS if other in main.text] == []
    assert set(others) == set(OTHERS), "and each headline is an item of its own"
    assert str(main.published)[:10] == "2024-03-05"
    assert main.outlet == (None if name == "a layout table" else "Gazette")


def test_a_dump_of_text_is_read_alike() -> None:
    main, others = articles(DUMP, "text/plain")
    assert (main.title, main.text) == (TITLE, "\n".join(SAID))
    assert set(others) >= set(OTHERS)


def test_a_chinese_page_gives_its_date_outlet_and_agency() -> None:
    main, others = articles(CHINESE)
    assert (main.title, str(main.published), main.outlet) == ("兩艦進入荷姆海峽", "2024-03-05", "島報")
    assert (main.agency, main.language) == ("CNA", "zh")
    assert others == ["颱風過後數千戶停電", "芬威克選出首位女市長"]
    assert not any(other in main.text for other in others)


def page(body: str, media: str = "text/html") -> Page:
    return Page(
        url="https://gazette.example/a", source="test", media_type=media, body=body.encode(), sha256="0" * 64,
        fetched=datetime(2024, 3, 6, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("shown", ["", f"<p>{SAID[0]}</p>"])
@pytest.mark.parametrize("between", ["\\n\\n", "</p><p>", "&lt;/p>&lt;p>"])
def test_a_text_that_only_json_ld_holds_is_read(shown: str, between: str) -> None:
    whole = between.join(SAID)
    script = '{"@type": "NewsArticle", "headline": "' + TITLE + '", "articleBody": "<p>' + whole + '</p>"}'
    script = script if "p>" in between else script.replace("<p>", "").replace("</p>", "")
    main, others = articles(
        f'<html lang=en><head><script type="application/ld+json">{script}</script></head>'
        f"<body><div id=app>{shown}</div><noscript>Please turn scripts on.</noscript></body></html>"
    )
    assert main.title == TITLE
    assert [line for line in main.text.split("\n") if line] == list(SAID)
    assert others == []


def test_a_page_that_holds_no_more_than_its_title_holds_no_article() -> None:
    head = f"<html lang=en><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>5 March 2024</p>"
    assert (
        read(page(head + "<figure><img src=1.jpg><figcaption>The strait. [Photo: J. Roe]</figcaption></figure>")) == []
    )
    listed = read(page(f"{head.replace(TITLE, 'Gazette')}<ul>{ITEMS}</ul>"))
    assert {one.form for one in listed} == {"headline"}
    assert {one.title for one in listed} == set(OTHERS)


def test_the_headline_above_a_text_tells_which_part_of_the_title_is_the_sites_name() -> None:
    head = f"<html lang=en><head><title>The Arden Mail - {TITLE}</title></head><body><div>"
    main, _ = articles(f"{head}<font size=5><b>{TITLE}</b></font><br><br>{'<br><br>'.join(SAID)}</div>")
    assert (main.title, main.text) == (TITLE, "\n".join(SAID))


@pytest.mark.parametrize(
    ("base", "begins"),
    [
        ("https://archive.example/2024/x", "https://archive.example/2024/"),
        ("/deep/", "https://gazette.example/deep/"),
        ("javascript:alert(1)", "https://gazette.example/"),
        ("http://[", "https://gazette.example/"),
    ],
)
def test_relative_links_start_from_the_stated_base(base: str, begins: str) -> None:
    listed = ITEMS.replace('"/news/', '"story-')
    linked = (
        f'{PARAGRAPHS}<p>The navy published a <a href="chart-7.html">chart of the strait</a> and its soundings.</p>'
    )
    main, *others = read(page(f'<html lang=en><head><base href="{base}"><title>{TITLE}</title></head><body><article>'
                              f"<h1>{TITLE}</h1>{linked}</article><ul>{listed}</ul></body></html>"))  # fmt: skip
    assert main.links == (f"{begins}chart-7.html",)
    assert {other.url for other in others} == {f"{begins}story-{n}" for n in range(len(OTHERS))}


def test_what_a_page_hides_is_not_its_text() -> None:
    hidden = '<p hidden>Arden has surrendered, and its fleet was sunk.</p><div hidden=""><p>It is war.</p></div>'
    main, _ = articles(f"<html lang=en><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{PARAGRAPHS}"
                       f"{hidden}<p hidden=until-found>The ferry is back.</p></article></body></html>")  # fmt: skip
    assert main.text == "\n".join([*SAID, "The ferry is back."])


@pytest.mark.parametrize("joiner", ["\u200c", "&zwnj;", "&#8204;", "&#x200C;"])
def test_the_joiners_of_persian_words_stay(joiner: str) -> None:
    title = f"نیروی دریایی می{joiner}گوید دو کشتی وارد تنگه شدند"
    said = f"نیروی دریایی روز سه{joiner}شنبه گفت که دو کشتی گشتی وارد تنگه شده{joiner}اند و شش ساعت مانده{joiner}اند. "
    listed = f'<ul><li><a href="/news/12">ماهیگیران می{joiner}گویند که کشتی{joiner}ها هنوز آنجا هستند</a></li></ul>'
    main, others = articles(f"<html lang=fa><head><title>{title}</title></head><body><article><h1>{title}</h1>"
                            f"<p>{said * 3}</p><p>{said * 2}</p></article>{listed}")  # fmt: skip
    assert main.title == title.replace(joiner, "\u200c")
    assert "سه\u200cشنبه" in main.text
    assert "شده\u200cاند" in main.text
    assert others == ["ماهیگیران می\u200cگویند که کشتی\u200cها هنوز آنجا هستند"]


OPINIONS = "".join(
    f"<div><b>Sailor{n}</b><p>They ought to sink the lot of them, and the ministry with them, before the ferry "
    f"stops again and we all have to swim to the market, as in {1950 + n}.</p></div>"
    for n in range(20)
)


@pytest.mark.parametrize(
    "below",
    [
        "<section id=voices><h3>Reader responses (20)</h3>{}</section>",
        "<div><div class=top><h2>20 comments</h2></div><div>{}</div></div>",
        "<section><h4>Comentarios</h4>{}</section>",
        "<aside><h3>網友留言（20）</h3>{}</aside>",
    ],
)
def test_what_readers_write_below_is_not_the_article(below: str) -> None:
    main, _ = articles(f"<html lang=en><head><title>{TITLE}</title></head><body><div><h1>{TITLE}</h1>{PARAGRAPHS}</div>"
                       f"{below.format(OPINIONS)}</body></html>")  # fmt: skip
    assert main.text == "\n".join(SAID)


def test_readers_comments_end_an_article_that_they_share_a_block_with() -> None:
    main, _ = articles(f"<html lang=en><head><title>{TITLE}</title></head><body><div><h1>{TITLE}</h1>{PARAGRAPHS}"
                       f"<h3>Comments</h3>{OPINIONS}</div></body></html>")  # fmt: skip
    assert main.text == "\n".join(SAID)


def test_a_count_of_comments_above_an_article_takes_nothing_away() -> None:
    main, _ = articles(f"<html lang=en><head><title>{TITLE}</title></head><body><div><h5>20 comments</h5>"
                       f"<h1>{TITLE}</h1>{PARAGRAPHS}</div></body></html>")  # fmt: skip
    assert main.text == "\n".join(SAID)


@pytest.mark.parametrize(
    "appeal",
    [
        "This story is available only to our premium members. Take out a plan today from two crowns a week.",
        "Already a subscriber? Log in to go on where you stopped, or ask for help with your account.",
        "Fine reporting costs money. By subscribing you agree to the conditions of the Gazette company of Dunmoor.",
        "Sign up for the Gazette at Sea newsletter and have the tides and the rumours in your inbox each Friday.",
        "Cet article est réservé à nos abonnés. Lisez la suite pour un euro par mois, sans engagement de durée.",
        "Dieser Artikel ist nur für Abonnenten. Testen Sie das Angebot einen Monat lang, wann immer Sie wollen.",
        "Подписывайтесь на наш канал, чтобы первыми узнавать о погоде в проливе и о паромах.",
        "訂閱本報電子報，每天早上收到海峽氣象與渡輪消息。",
    ],
)
def test_appeals_to_subscribe_are_furniture(appeal: str) -> None:
    main, _ = articles(f"<html lang=en><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>{PARAGRAPHS}"
                       f"<p>{appeal}</p></article></body></html>")  # fmt: skip
    assert main.text == "\n".join(SAID)


@pytest.mark.parametrize(
    "said",
    [
        "The report is for the members of the council alone, and its authors would not speak of it.",
        "Subscribers to the fund will get their money back by May, the ministry said on Monday.",
        "Readers of the paper wrote 24 comments on the minister's letter within an hour of its coming out.",
    ],
)
def test_sentences_that_only_speak_of_subscribers_stay(said: str) -> None:
    assert not is_furniture(said)
    assert not begins_comments(said)


def test_articles_that_stand_whole_on_one_page_are_told_apart() -> None:
    parts = [
        f"<article><h2><a href=/s/{n}>{title}</a></h2><div class=date>{n + 3} March 2024</div>"
        f"<p>{SAID[n]}</p><p>{SAID[n + 1]}</p></article>"
        for n, title in enumerate(OTHERS[:3])
    ]
    teaser = f"<article><h2><a href=/news/teaser-1>{OTHERS[3]}</a></h2><p>{SAID[4]}</p></article>"
    head = "<html lang=en><head><title>Gazette - All the news</title></head><body>"
    found = read(page(head + "".join(parts) + teaser))
    whole = [one for one in found if one.form == "article"]
    assert [one.title for one in whole] == list(OTHERS[:3])
    assert [one.text for one in whole] == [f"{SAID[n]}\n{SAID[n + 1]}" for n in range(3)]
    assert [str(one.published) for one in whole] == ["2024-03-03", "2024-03-04", "2024-03-05"]
    assert [one.url for one in whole[1:]] == ["https://gazette.example/s/1", "https://gazette.example/s/2"]
    assert [one.title for one in found if one.form == "headline"] == [OTHERS[3]]
    assert len({one.id for one in found}) == 4


def test_one_story_told_in_parts_under_one_heading_stays_one() -> None:
    parts = "".join(
        f"<article><h2>{title}</h2><p>{SAID[n]}</p><p>{SAID[n + 1]}</p></article>" for n, title in enumerate(OTHERS[:3])
    )
    main, _ = articles(f"<html lang=en><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{parts}</body></html>")
    assert main.title == TITLE
    assert all(said in main.text for said in SAID[:4])
