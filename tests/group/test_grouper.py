"""The grouper: one answer a line, revisions when it knows better, bounded memory, the same result every time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.group import Grouper, Settings, StateError, group
from tocsin.group import copies as copies_module
from tocsin.group.memory import pack, unpack
from tocsin.records import Article

PLAIN = Settings(embed=False)


def articles(number: int) -> list[Article]:
    """A stream of small stories: every third article goes on with a story told before."""
    made = []
    for n in range(number):
        topic = n // 3
        told = (
            f"The port of Town{topic} was shut by storm{topic} on Monday and ferry{topic} captain Name{topic} waited."
        )
        made.append(Article(page=str(n), outlet=f"Paper {n % 7}", title=f"Town{topic} port shut", text=f"{told} {n}."))
    return made


def line(**fields: Any) -> dict[str, Any]:
    return {"id": "a", "title": "T", "text": "Some text here", "published": None, "outlet": "Paper"} | fields


def test_a_line_has_one_answer_with_the_contract_s_fields() -> None:
    (answer,) = Grouper(settings=PLAIN).line(line())
    assert set(answer) == {"id", "story", "copy_group", "origin", "origin_reason"}
    assert answer["id"] == "a"


@pytest.mark.parametrize("published", [None, "", "2023-04-08", "2023-04-08T10:00:00Z", "2023-04-08T10:00:00+08:00"])
def test_published_may_be_a_date_a_time_or_nothing(published: str | None) -> None:
    assert list(Grouper(settings=PLAIN).line(line(published=published)))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"id": None}, "no id"),
        ({"published": "yesterday"}, "not an ISO 8601"),
        ({"published": 5}, "ISO 8601"),
        ({"title": ["x"]}, "'title'"),
        ({"outlet": "X", "ownership": "rich"}, "ownership"),
    ],
)
def test_a_malformed_line_is_refused_in_one_sentence(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        list(Grouper(settings=PLAIN).line(line(**fields)))


IDS = ["7", 7, 7.5, "#7", "##7", True, "true", 10**40]


def test_an_id_comes_back_as_it_was_given_and_a_number_is_not_its_digits() -> None:
    grouper = Grouper(settings=PLAIN)
    answers = [
        next(grouper.line(line(id=identifier, title=f"Town{n} port", text=f"Storm{n} shut the port of Town{n}.")))
        for n, identifier in enumerate(IDS)
    ]
    assert [(type(answer["id"]), answer["id"]) for answer in answers] == [(type(each), each) for each in IDS]


def test_a_revision_names_the_id_as_it_was_given() -> None:
    grouper = Grouper(settings=PLAIN)
    list(grouper.line(line(id=7, text=REPORT)))
    _, revised = grouper.line(line(id="7", text=f"HALLIN (Reuters) - {REPORT}", outlet="Other"))
    assert (type(revised["id"]), revised["id"]) == (int, 7)


def test_one_text_may_come_twice_and_another_under_its_id_takes_its_place() -> None:
    grouper = Grouper(settings=PLAIN)
    (first,) = grouper.line(line(text=REPORT))
    assert list(grouper.line(line(text=REPORT))) == [first]
    other = "The council of Vestby kept the ferry fares as they are on Monday."
    second, *_ = grouper.line(line(title="Ferry fares stay", text=other))
    assert second["id"] == first["id"]
    (copy, *_) = grouper.line(line(id="b", title="Ferry fares stay", text=other, outlet="Other"))
    assert copy["copy_group"] == second["copy_group"]
    (late, *_) = grouper.line(line(id="c", text=REPORT, outlet="Other"))
    assert late["copy_group"] != second["copy_group"]


def test_a_line_tells_of_outlets_that_the_catalogue_does_not_know() -> None:
    grouper = Grouper(settings=PLAIN)
    (answer,) = grouper.line(line(outlet="Morning Voice", ownership="state", outlet_country="CUB"))
    assert answer["origin"] == "state:CUB"


def test_the_same_batch_and_state_give_the_same_result() -> None:
    batch = articles(60)
    assert group(batch, outlets={}, settings=PLAIN) == group(batch, outlets={}, settings=PLAIN)


def test_grouping_goes_on_from_its_state_as_if_it_had_not_stopped() -> None:
    batch = articles(90)
    through, stopped = Grouper(settings=PLAIN), Grouper(settings=PLAIN)
    for article in batch[:50]:
        through.take(article)
        stopped.take(article)
    again = Grouper(state=stopped.state(), settings=PLAIN)
    assert [again.take(article) for article in batch[50:]] == [through.take(article) for article in batch[50:]]
    assert again.state() == through.state()


def test_a_state_without_headlines_is_taken_up() -> None:
    grouper = Grouper(settings=PLAIN)
    for article in articles(9):
        grouper.take(article)
    facts, arrays = unpack(grouper.state())
    older = pack(facts, {name: array for name, array in arrays.items() if not name.startswith("headlines")})
    again = Grouper(state=older, settings=PLAIN)
    assert [again.take(article) for article in articles(12)] == [grouper.take(article) for article in articles(12)]


def test_an_article_that_comes_again_changes_nothing() -> None:
    grouper = Grouper(settings=PLAIN)
    first = [grouper.take(article) for article in articles(9)]
    state = grouper.state()
    assert grouper.take(articles(9)[4]) == first[4][:1]
    assert grouper.state() == state


@pytest.mark.parametrize("number", [420, pytest.param(20_000, marks=pytest.mark.slow)])
def test_memory_is_bounded(number: int) -> None:
    small = Settings(embed=False, articles_kept=50, stories_kept=30, terms_kept=500)
    grouper = Grouper(settings=small)
    sizes = []
    for position, article in enumerate(articles(number), 1):
        grouper.take(article)
        if position in (number // 2, number):
            sizes.append(len(grouper.state()))
    assert sizes[1] < 1.15 * sizes[0]


@pytest.mark.parametrize("state", [b"x", b"tocsin group 0\nabc", b"tocsin group 1\n", b"tocsin group 1\nnot zlib"])
def test_a_foreign_or_damaged_state_is_refused_in_one_sentence(state: bytes) -> None:
    with pytest.raises(StateError, match="group the articles anew"):
        Grouper(state=state)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=40), st.text(max_size=300), st.one_of(st.none(), st.text(max_size=9))), max_size=8
    )
)
def test_any_text_is_grouped(rows: list[tuple[str, str, str | None]]) -> None:
    grouper = Grouper(settings=PLAIN)
    for number, (title, text, outlet) in enumerate(rows):
        first, *revised = grouper.line({"id": str(number), "title": title, "text": text, "outlet": outlet})
        assert first["id"] == str(number)
        assert all("revised" in answer for answer in revised)
    assert Grouper(state=grouper.state(), settings=PLAIN).state() == grouper.state()


REPORT = (
    "Dockers at Hallin walked out on Friday after two cranes failed an inspection, the port authority said; container "
    "ships were sent on to Vestby, and the union asked for talks with the owner before the weekend."
)


def printings(number: int) -> list[Article]:
    return [Article(page=str(n), outlet=f"Paper {n}", title="Dockers walk out", text=REPORT) for n in range(number)]


def test_one_more_copy_costs_no_more_than_the_copies_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def watch(owner: object, name: str) -> None:
        was = getattr(owner, name)

        def counting(*of: Any) -> Any:
            asked.append(name)
            return was(*of)

        monkeypatch.setattr(owner, name, counting)

    watch(Grouper, "_origin")
    watch(copies_module, "containment")
    grouper = Grouper(settings=PLAIN)
    costs = []
    for article in printings(60):
        before = len(asked)
        assert len(grouper.take(article)) == 1
        costs.append(len(asked) - before)
    assert max(costs[10:]) == costs[10]


def test_a_copy_that_names_the_agency_revises_every_copy_before_it() -> None:
    grouper = Grouper(settings=PLAIN)
    earlier = printings(5)
    for article in earlier:
        grouper.take(article)
    credited = Article(page="w", outlet="Wire Reader", title="Dockers walk out", text=f"HALLIN (Reuters) - {REPORT}")
    own, *revised = grouper.take(credited)
    assert own.origin == "agency:Reuters"
    assert [(m.article, m.origin) for m in revised] == [(article.id, "agency:Reuters") for article in earlier]
    again = Grouper(state=grouper.state(), settings=PLAIN)
    assert again.take(earlier[0]) == revised[:1]


def test_copies_follow_the_first_that_is_left_when_the_first_is_forgotten() -> None:
    grouper = Grouper(settings=Settings(embed=False, articles_kept=3))
    said = [grouper.take(article) for article in printings(6)]
    assert said[2][0].origin == "outlet:Paper 0"
    last = {membership.article: membership.origin for memberships in said for membership in memberships}
    assert [last[article.id] for article in printings(6)[3:]] == ["outlet:Paper 2"] * 3


WALL = (
    "You have read your three free reports of this month. Readers who support us see every report, the archive and "
    "the crossword for five crowns a week, and may end their support on any day they like. Signed up? Sign in."
)


def test_a_notice_to_subscribers_makes_neither_copies_nor_a_story_of_an_outlet_s_reports() -> None:
    titles = ("Two cranes fail at Hallin port", "Council of Vestby keeps ferry fares", "Storm floods the Orrin valley")
    reports = [Article(page=title, outlet="Hallin Courier", title=title, text=WALL) for title in titles]
    memberships, _ = group(reports, outlets={}, settings=PLAIN)
    assert len({membership.copy_group for membership in memberships}) == 3
    assert len({membership.story for membership in memberships}) == 3


def test_a_report_printed_again_by_its_outlet_is_a_copy_under_a_headline_that_tells_the_same() -> None:
    first = Article(page="1", outlet="Hallin Courier", title="Dockers walk out at Hallin", text=REPORT)
    again = Article(page="2", outlet="Hallin Courier", title="Hallin dockers walk out over cranes", text=REPORT)
    memberships, _ = group([first, again], outlets={}, settings=PLAIN)
    assert memberships[0].copy_group == memberships[1].copy_group


def test_a_text_of_another_outlet_is_a_copy_under_whatever_headline() -> None:
    first = Article(page="1", outlet="Hallin Courier", title="Dockers walk out at Hallin", text=REPORT)
    other = Article(page="2", outlet="Vestby Star", title="Ships sent on", text=REPORT)
    memberships, _ = group([first, other], outlets={}, settings=PLAIN)
    assert memberships[0].copy_group == memberships[1].copy_group
