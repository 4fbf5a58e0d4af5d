"""The nightly audit: look at the whole of a day's stories again and propose, to a person, what to merge and to split.

The single pass decides with what it knew; the audit sees every article of a period at once, so word frequencies are
those of the period and the order of arrival plays no part. It proposes and changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tocsin.group.embed import available, embed
from tocsin.group.settings import Settings
from tocsin.group.sketch import Sketch, sketch
from tocsin.group.stories import Stories, Story
from tocsin.group.vocabulary import Vocabulary
from tocsin.records import Article, Membership


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that a person may make: `merge` two stories, or `split` articles off one; `margin` tells how clear."""

    kind: Literal["merge", "split"]
    stories: tuple[str, ...]
    articles: tuple[str, ...]
    margin: float
    reason: str


def audit(
    articles: Iterable[Article], memberships: Iterable[Membership], settings: Settings | None = None
) -> list[Proposal]:
    """Proposals for the stories of `articles`, the clearest first; of an article's memberships the last counts."""
    settings = settings or Settings()
    told = {membership.article: membership.story for membership in memberships}
    embeds = available() if settings.embed is None else settings.embed
    looks = {a.id: sketch(a, embed(a) if embeds else None) for a in articles if a.id in told}
    stories = _whole(looks, told, settings)
    proposals = [*_merges(stories), *_splits(looks, told, stories)]
    return sorted(proposals, key=lambda proposal: (-proposal.margin, proposal.stories, proposal.articles))


def _whole(looks: Mapping[str, Sketch], told: Mapping[str, str], settings: Settings) -> Stories:
    vocabulary = Vocabulary(settings.terms_kept)
    for look in looks.values():
        vocabulary.add(look.terms.keys() | look.concepts.keys())
    stories = Stories(settings, vocabulary)
    for number, (article, look) in enumerate(looks.items(), 1):
        stories.add(look, stories.stories.get(told[article]) or Story(told[article]), number)
    return stories


def _merges(stories: Stories) -> Iterable[Proposal]:
    seen = set()
    for story in stories.stories.values():
        for other in stories.near(story):
            pair = (min(story.id, other.id), max(story.id, other.id))
            margin = stories.margin(story, other) - stories.settings.merge_margin
            if story is not other and pair not in seen and margin >= 0:
                seen.add(pair)
                yield Proposal("merge", pair, (), round(margin, 3), "seen whole, the two tell the same")


def _splits(looks: Mapping[str, Sketch], told: Mapping[str, str], stories: Stories) -> Iterable[Proposal]:
    """An article that is less like the rest of its story than a story asks for, in stories of three and more."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for article in looks:
        members[told[article]].append(article)
    for story, of_story in members.items():
        if len(of_story) < 3:
            continue
        for article in of_story:
            rest = Story(story)
            for other in of_story:
                if other != article:
                    rest.take(looks[other], stories.length(looks[other].terms))
            margin = stories.margin(looks[article], rest)
            if margin < -0.02:
                reason = "it has less in common with the rest than an article that joins a story must have"
                yield Proposal("split", (story,), (article,), round(-margin, 3), reason)
