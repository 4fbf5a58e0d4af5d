"""Origins: how many independent sources say a thing, whoever prints it.

An article counts towards one origin: whom its lead cites, else the agency that it credits, else its publisher, where
outlets of one owner are one voice and so are the state media of one state. Copies count towards the origin of the
text they copy. Citations are followed through the story: who cites a paper that cites Reuters counts as Reuters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tocsin.group.citation import cited, credited, own
from tocsin.group.outlets import Outlets, agency, plain
from tocsin.records import Article, Membership, Outlet


@dataclass(frozen=True, slots=True)
class Origin:
    """`voice` is the publisher's own origin, `name` the one the article counts towards, `how` it was found."""

    voice: str
    name: str
    reason: str
    how: str

    @property
    def derived(self) -> bool:
        """Whether the article rests on someone else's report."""
        return self.name != self.voice

    @property
    def author(self) -> str:
        """Who answers for the text: the agency that it credits, else its publisher; not whom it cites."""
        return self.name if self.how == "agency" else self.voice


def origin(article: Article, outlets: Outlets, told: Callable[[str], str | None] = lambda name: None) -> Origin:
    """The origin of one article on its own evidence: copies and citations through the story are looked at elsewhere.

    `told` gives the voice of a publisher that the catalogue does not know, where a name is that of one.
    """
    voice, reason = outlets.voice(article.outlet) or (f"article:{article.id}", "its outlet is not named")
    credit = credited(article.title, article.text)
    by = agency(article.agency or "") or (agency(credit.name) if credit else None)
    mine = _names(article.outlet, outlets)
    if not (own(article.title, article.text, mine) and not by):
        for found in cited(article.title, article.text, lambda name: outlets.names(name) or told(name) is not None):
            name, why = _voice_of(found.name, outlets)
            name = name if outlets.names(found.name) else told(found.name) or name
            if name != voice and plain(found.name) not in mine:
                return Origin(voice, name, f"cites {why}", "citation")
    if by and by.voice != voice:
        how = credit.how if credit else "credit line"
        return Origin(voice, by.voice, f"{how} names the agency {by.name}", "agency")
    return Origin(voice, voice, reason, "own")


def _voice_of(name: str, outlets: Outlets) -> tuple[str, str]:
    if name.startswith("state:"):
        return name, f"state media of {name.removeprefix('state:')}"
    known = outlets.voice(name)
    return (known[0], name) if known else (f"outlet:{name}", name)


def _names(name: str | None, outlets: Outlets) -> frozenset[str]:
    found = outlets.get(name)
    return frozenset(
        filter(None, (name, plain(name or ""), found.name if found else "", plain(found.name) if found else ""))
    )


@dataclass(frozen=True, slots=True)
class Corroboration:
    """Three counts that are never mixed, and for each article why it counts towards its origin."""

    articles: int
    outlets: int
    origins: int
    reasons: Mapping[str, str]


def corroboration(
    memberships: Iterable[Membership], articles: Mapping[str, Article], outlets: Mapping[str, Outlet]
) -> Corroboration:
    """Count what stands behind a story (or any set of memberships; of an article's memberships the last counts).

    `articles` are by id, `outlets` as for `group`. Articles without an outlet count as one outlet each.
    """
    latest = {membership.article: membership for membership in memberships}
    known = Outlets.of(outlets)
    publishers = set()
    for identifier in latest:
        article = articles.get(identifier)
        name = article.outlet if article else None
        found = known.get(name)
        publishers.add(found.name if found else plain(name) if name else identifier)
    return Corroboration(
        articles=len(latest),
        outlets=len(publishers),
        origins=len({membership.origin for membership in latest.values()}),
        reasons={identifier: membership.origin_reason for identifier, membership in latest.items()},
    )
