"""Origins: who said it first. The counting is measured on `tests/quality/stories/origins.txt`; here are the rules."""

from __future__ import annotations

import pytest

from tocsin.data.agencies import agencies
from tocsin.group import corroboration, group
from tocsin.group.origins import origin
from tocsin.group.outlets import Outlets
from tocsin.records import Article, Outlet

CATALOGUE = {
    "guardian": Outlet(name="The Guardian", domains=("theguardian.com",), country="GBR", ownership="private"),
    "cctv": Outlet(name="CCTV", country="CHN", ownership="state"),
    "times": Outlet(name="Kestrel Times", owner="Kestrel Media", ownership="private"),
    "herald": Outlet(name="Kestrel Herald", owner="Kestrel Media", ownership="private"),
}


def article(outlet: str | None, text: str, title: str = "A report", **fields: object) -> Article:
    return Article(page=f"{outlet} {title} {text}", outlet=outlet, title=title, text=text, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outlet", "title", "text", "expected"),
    [
        ("Paper", "", "TAIPEI (Reuters) - China began drills.", "agency:Reuters"),
        ("Paper", "", "BEIJING, April 8 (Xinhua) -- The navy said.", "state:CHN"),
        ("Paper", "", "Five are dead in the city. (AFP)", "agency:AFP"),
        ("Paper", "", "By Jane Roe, Associated Press\nFive are dead.", "agency:AP"),
        ("Paper", "", "新华社北京4月8日电 解放军举行演习。", "state:CHN"),
        ("Paper", "", "（中央社台北8日電）國防部今天表示", "agency:CNA"),
        ("Paper", "Test fails, Yonhap reports", "The test failed.", "agency:Yonhap"),
        ("Paper", "", "The test failed, according to Yonhap news agency.", "agency:Yonhap"),
        ("Paper", "", "据路透社报道，试射失败。", "agency:Reuters"),
        ("Paper", "", "Iranian state television said the ship was held.", "state:IRN"),
        ("Paper", "", "The minister told the Guardian that he would go.", "outlet:The Guardian"),
        ("The Guardian", "", "The minister told the Guardian that he would go.", "outlet:The Guardian"),
        ("www.theguardian.com", "", "The minister will go.", "outlet:The Guardian"),
        ("Paper", "", "The New Dawn newspaper reported a fire.", "outlet:New Dawn"),
        ("CCTV", "", "The navy held a drill.", "state:CHN"),
        ("Kestrel Herald", "", "The mayor will go.", "owner:Kestrel Media"),
        ("Paper", "", "Reuters could not independently verify the claim.", "outlet:Paper"),
        ("Paper", "", "An AFP journalist was killed on Monday.", "outlet:Paper"),
        ("Paper", "", "A fire broke out. Nobody was hurt. It was out by noon. Kyodo reported another.", "outlet:Paper"),
        ("Paper", "", "The minister said so.", "outlet:Paper"),
    ],
)
def test_the_origin_of_one_article(outlet: str, title: str, text: str, expected: str) -> None:
    assert origin(article(outlet, text, title), Outlets.of(CATALOGUE)).name == expected


def test_the_agency_that_reading_found_is_believed() -> None:
    assert origin(article("Paper", "Five are dead.", agency="AFP"), Outlets.of({})).name == "agency:AFP"


def test_an_article_without_outlet_is_an_origin_of_its_own() -> None:
    one, other = article(None, "Five are dead."), article(None, "Six are dead.")
    assert origin(one, Outlets.of({})).name != origin(other, Outlets.of({})).name


def test_copies_count_once_and_say_whom_they_copy() -> None:
    text = (
        "A drone hit a fuel depot overnight, the governor said in a post, and firemen were still fighting the flames "
        "at dawn while the tanks burned and families were taken to a school on the far side of the river by bus."
    )
    first, second = article("Quay Journal", text), article("Port Sentinel", f"{text} Trains are late.")
    memberships, _ = group([first, second], outlets={})
    assert memberships[0].copy_group == memberships[1].copy_group
    assert memberships[1].origin == "outlet:Quay Journal"
    assert memberships[1].origin_reason == f"copy of {first.id}: own report of Quay Journal"


def test_an_origin_is_revised_when_the_cited_report_turns_out_to_cite_another() -> None:
    blog = article("Blog", "An editor was freed by a court on Tuesday, the Guardian reported.", "Editor freed by court")
    paper = article("The Guardian", "An editor was freed by a court on Tuesday, Reuters reported.", "Editor freed")
    memberships, _ = group([blog, paper], outlets=CATALOGUE)
    assert [(m.article, m.origin) for m in memberships] == [
        (blog.id, "outlet:The Guardian"),
        (paper.id, "agency:Reuters"),
        (blog.id, "agency:Reuters"),
    ]
    assert memberships[2].origin_reason == "cites Guardian, which cites Reuters"


def test_corroboration_counts_articles_outlets_and_origins_apart() -> None:
    told = [
        article("Paper", "PARIS (Reuters) - Trains stood still on Monday because of a strike."),
        article("Kestrel Times", "Trains stood still in Paris on Monday, passengers told Kestrel Times."),
        article("Kestrel Herald", "Trains stood still in Paris on Monday over a strike."),
        article("Kestrel Herald", "Trains in Paris ran again after the strike on Monday."),
    ]
    memberships, _ = group(told, outlets=CATALOGUE)
    counts = corroboration(memberships, {a.id: a for a in told}, CATALOGUE)
    assert (counts.articles, counts.outlets, counts.origins) == (4, 3, 2)
    assert counts.reasons[told[2].id] == "Kestrel Herald is owned by Kestrel Media"


def test_every_line_of_the_table_of_agencies_is_whole() -> None:
    names = [name for agency in agencies() for name in agency.names]
    assert len(agencies()) > 150
    assert all(len(agency.country) == 3 and agency.kind in ("state", "independent", "outlet") for agency in agencies())
    assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]


def test_an_outlet_of_the_same_story_is_known_by_its_name() -> None:
    text = "The mayor of Hallin will not stand again, {}."
    own = article("The Hallin Courier", text.format("she told reporters at the town hall on Monday"), "Mayor to go")
    citing = article("Paper", text.format("the Hallin Courier reported"), "Mayor of Hallin to go")
    memberships, _ = group([own, citing], outlets={})
    assert memberships[1].origin == memberships[0].origin == "outlet:The Hallin Courier"
    assert memberships[1].origin_reason == "cites Hallin Courier"
    (alone,), _ = group([citing], outlets={})
    assert alone.origin == "outlet:Paper"
