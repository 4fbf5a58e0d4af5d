"""The audit proposes merges and splits to a person; it changes nothing."""

from __future__ import annotations

from tocsin.group import Settings, audit
from tocsin.records import Article, Membership

PLAIN = Settings(embed=False)
DAM = (
    "The Kuvango dam burst on Monday and water covered Matala and Chipindo, governor Duarte said; engineers had warned."
)
VOTE = "Parliament in Tirana passed the pension law by one vote after Berisha and Rama quarrelled over the budget."


def told(number: int, text: str, story: str) -> tuple[Article, Membership]:
    article = Article(page=str(number), title=f"Report {number}", text=f"{text} Number {number} of the reports.")
    membership = Membership(article=article.id, story=story, copy_group=f"c{number}", origin="o", origin_reason="r")
    return article, membership


def test_two_stories_that_tell_the_same_are_proposed_for_merging() -> None:
    articles, memberships = zip(*(told(n, DAM, f"story-{n % 2}") for n in range(4)), strict=True)
    (proposal,) = audit(articles, memberships, PLAIN)
    assert (proposal.kind, proposal.stories) == ("merge", ("story-0", "story-1"))


def test_an_article_that_does_not_belong_is_proposed_for_splitting_off() -> None:
    rows = [told(0, DAM, "s"), told(1, DAM, "s"), told(2, VOTE, "s"), told(3, DAM, "s")]
    articles, memberships = zip(*rows, strict=True)
    (proposal,) = audit(articles, memberships, PLAIN)
    assert (proposal.kind, proposal.articles) == ("split", (articles[2].id,))


def test_a_sound_grouping_gets_no_proposals() -> None:
    rows = [told(0, DAM, "a"), told(1, DAM, "a"), told(2, VOTE, "b"), told(3, VOTE, "b")]
    articles, memberships = zip(*rows, strict=True)
    assert audit(articles, memberships, PLAIN) == []
