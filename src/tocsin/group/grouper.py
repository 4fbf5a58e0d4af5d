"""The grouper: articles come one by one, each gets its story, copy group and origin; what was said may be revised."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from functools import partial
from typing import Any

import numpy as np

from tocsin.group.amendment import LEAD, amendment
from tocsin.group.copies import Copies, Shingles, shingles
from tocsin.group.embed import available, embed
from tocsin.group.lines import answer_of, article_of, given_id, outlet_of
from tocsin.group.memory import Memory, Seen
from tocsin.group.origins import Origin, origin
from tocsin.group.outlets import Outlets, plain
from tocsin.group.settings import VERSION, Settings
from tocsin.group.sketch import READ, Sketch, sketch
from tocsin.group.sketch import key as term_key
from tocsin.group.stories import Stories, Story
from tocsin.group.terms import terms
from tocsin.group.vocabulary import Vocabulary
from tocsin.records import Article, Membership, Outlet, content_id

NAMED = 0.7  # of a report's headline, by weight, that the headline of a correction or retraction of it repeats
TOLD = 0.9  # or that its headline and lead repeat between them
UNLIKE = 0.2  # of one headline, by weight, in another or in its text: below it the two have nothing to do together
WHOLE = 0.9  # asked of official bulletins, which repeat their form every day, and of copies published weeks later


class Grouper:
    """Groups articles online, in time order, with bounded memory (`Settings`).

    `take` gives the memberships that an article brings about: its own first, then revisions of earlier ones.
    `state` is the memory as bytes; a grouper made from it goes on exactly where the first stopped.
    """

    def __init__(
        self,
        outlets: Mapping[str, Outlet] | None = None,
        state: bytes | None = None,
        settings: Settings | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.outlets = Outlets.of(outlets or {})
        self._embeds = available() if self.settings.embed is None else self.settings.embed
        kept = self.settings.terms_kept
        self._memory = Memory.load(state, kept) if state else Memory(Vocabulary(kept))
        self._seen = self._memory.seen
        self._stories = Stories(self.settings, self._memory.vocabulary, self._memory.stories)
        self._copies = Copies(self.settings.copy_candidate, self.settings.copy_contained, self._memory.texts)
        self._keys = {seen.article: key for key, seen in self._seen.items()}
        self._of_story: dict[str, list[int]] = {}
        self._of_group: dict[str, list[int]] = {}
        self._of_voice: dict[tuple[str, str], list[int]] = {}
        self._roots: dict[str, int] = {}
        for key in self._seen:
            self._index(key)

    def take(self, article: Article) -> list[Membership]:
        """Group one article. An article that is remembered gets its membership again and changes nothing."""
        if (known := self._keys.get(article.id)) is not None:
            seen = self._seen[known]
            return [self._membership(seen, *self._origin(seen))]
        self._memory.count += 1
        key = self._memory.count
        self._place(key, article, shingles(article.title, article.text))
        changed = self._affected(key)
        if key - self._memory.settled >= self.settings.settle_every:
            changed |= self._settle()
        told = self._tell(changed, key)
        self._forget()
        return told

    def finish(self) -> list[Membership]:
        """Compare the open stories once more, as at the end of a batch; the revisions that follow from it."""
        return self._tell(self._settle())

    def line(self, line: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """One line of `tocsin group` in, its answer and the revisions it causes out.

        Another text under an id that is remembered is the article's new version, which takes the earlier one's place.
        Errors: ValueError, in one sentence, for a line without id or with a field of the wrong kind.
        """
        article = article_of(line)
        told = article.outlet and (line.get("ownership") or line.get("outlet_country"))
        if told and not self.outlets.get(article.outlet):
            self.outlets.learn(outlet_of(line))
        known = self._keys.get(article.id)
        if known is not None and not np.array_equal(self._copies.texts[known], shingles(article.title, article.text)):
            self._drop(known)
        first, *revised = self.take(article)
        yield {"id": line["id"], **answer_of(first)}
        for membership in revised:
            yield {"id": given_id(membership.article), "revised": answer_of(membership)}

    def end(self) -> Iterator[dict[str, Any]]:
        """The last revisions, once all lines are read."""
        for membership in self.finish():
            yield {"id": given_id(membership.article), "revised": answer_of(membership)}

    def _place(self, key: int, article: Article, text: Shingles) -> None:
        """Find the article's copies, story and origin, and remember it."""
        look = sketch(article, embed(article) if self._embeds else None)
        kind = amendment(article)
        headline = tuple(look.titles)
        alike = self._copies.of(text)
        printed = set() if kind else {other for other in alike if self._is_furniture(article, headline, other)}
        if printed and self._repeated(headline, set(map(term_key, terms(article.text[:READ])))) < UNLIKE:
            look = sketch(article.model_copy(update={"text": ""}))
        next_of: dict[str, bool] = {}
        copies = [
            other for other in alike if other not in printed and self._is_copy(article, look, text, other, next_of)
        ]
        self._stories.vocabulary.add(look.terms.keys() | look.concepts.keys())
        open_stories = self._stories.stories
        told_by_copy = next((s for k in copies if (s := open_stories.get(self._seen[k].story))), None)
        story = told_by_copy or self._stories.best(look) or Story(_new("story", article, key, open_stories))
        self._stories.add(look, story, key)
        copied = bool(copies) and kind != "retraction"
        group = self._seen[copies[0]].group if copied else _new("copies", article, key, self._of_group)
        found = origin(article, self.outlets, partial(self._publisher, story.id))
        amends = self._amended(article, found, text, copies, story.id) if kind else None
        self._seen[key] = Seen(article.id, story.id, group, found, headline, look.day, amends, kind)
        self._keys[article.id] = key
        self._index(key)
        self._copies.add(key, text)

    def _index(self, key: int) -> None:
        """Note to which story, copy group and voice a remembered article belongs."""
        seen = self._seen[key]
        self._of_story.setdefault(seen.story, []).append(key)
        self._of_group.setdefault(seen.group, []).append(key)
        self._of_voice.setdefault((seen.story, _plain_voice(seen.origin.voice)), []).append(key)
        if seen.group not in self._roots or (seen.origin.derived and not self._root(seen.group).origin.derived):
            self._roots[seen.group] = key

    def _unindex(self, key: int) -> None:
        seen = self._seen[key]
        voice = (seen.story, _plain_voice(seen.origin.voice))
        for keys in (self._of_story[seen.story], self._of_group[seen.group], self._of_voice[voice]):
            keys.remove(key)
        if self._roots[seen.group] == key:
            rest = self._of_group[seen.group]
            derived = (other for other in rest if self._seen[other].origin.derived)
            self._roots[seen.group] = next(derived, rest[0] if rest else key)
        if not self._of_story[seen.story]:
            del self._of_story[seen.story]
        if not self._of_group[seen.group]:
            del self._of_group[seen.group], self._roots[seen.group]
        if not self._of_voice[voice]:
            del self._of_voice[voice]

    def _root(self, group: str) -> Seen:
        """The article that speaks for its copies: the first that rests on another's report, else the first."""
        return self._seen[self._roots[group]]

    def _is_furniture(self, article: Article, headline: tuple[int, ...], other: int) -> bool:
        """Whether an outlet prints the text of an earlier report of its own under quite another headline.

        Such a text is a notice to subscribers, say, rather than a report; a story is then told by the headline alone.
        """
        seen = self._seen[other]
        voice = self.outlets.voice(article.outlet)
        if not voice or seen.origin.voice != voice[0] or not headline or not seen.headline:
            return False
        return max(self._repeated(headline, {*seen.headline}), self._repeated(seen.headline, {*headline})) < UNLIKE

    def _is_copy(self, article: Article, look: Sketch, text: Shingles, other: int, next_of: dict[str, bool]) -> bool:
        """Whether a text that shares enough is a copy too by its form and day; `next_of` remembers it of stories.

        A retraction repeats what it takes back and is not copied.
        """
        if self._seen[other].amendment == "retraction":
            return False
        then = self._seen[other].day
        apart = abs(look.day - then) if look.day is not None and then is not None else 0.0
        if article.form == "bulletin" or apart > self.settings.copy_days:
            return self._copies.share(text, other) >= WHOLE
        name = self._seen[other].story
        if name not in next_of:
            story = self._stories.stories.get(name)
            next_of[name] = story is not None and self._stories.next_of_series(look, story)
        return not next_of[name]

    def _amended(self, article: Article, mine: Origin, text: Shingles, copies: list[int], story: str) -> str | None:
        """The report that a notice is about: its author's own, the one whose text and headline it repeats most.

        None where it repeats neither: a report that the notice does not name is not taken back by it.
        """
        paper, heading, told = (
            {term_key(term) for term in terms(words)}
            for words in (article.outlet or "", article.title, f"{article.title}\n{article.text[:LEAD]}")
        )
        found = []
        for other in {*copies, *self._of_story.get(story, ())}:
            seen = self._seen[other]
            if seen.amendment != "retraction" and seen.origin.author == mine.author:
                headline = [term for term in seen.headline if term not in paper]
                repeated = self._repeated(headline, told)
                if other in copies or repeated >= TOLD or self._repeated(headline, heading) >= NAMED:
                    found.append((self._copies.share(text, other) + repeated, other))
        if not found and copies and not article.outlet:
            return self._seen[copies[0]].article
        return self._seen[max(found)[1]].article if found else None

    def _repeated(self, headline: Collection[int], told: Set[int]) -> float:
        """How much of a headline, its terms weighed by how telling they are, is among the terms `told`."""
        rarity = self._stories.vocabulary.rarity
        return sum(rarity(term) for term in headline if term in told) / (sum(map(rarity, headline)) or 1.0)

    def _publisher(self, story: str, name: str) -> str | None:
        """The voice of the publisher called `name`, if a report of it is in the story."""
        theirs = self._of_voice.get((story, _plain_voice(f"outlet:{name}")))
        return self._seen[theirs[0]].origin.voice if theirs else None

    def _affected(self, key: int) -> set[int]:
        """The new article; its copies, and whoever in the story cites its publisher, where their origin has changed."""
        new = self._seen[key]
        found = {key}
        copies = self._of_group[new.group]
        if len(copies) > 1:
            last = self._seen[copies[-2]]
            if (last.story, last.group, self._origin(last)[0]) != last.told:
                found.update(copies)
        if self._cites(new.story, new.origin.voice) != self._cites(new.story, new.origin.voice, without=key):
            found.update(
                other
                for other in self._of_story[new.story]
                if (told := self._seen[other].told) and new.origin.voice in (self._seen[other].origin.name, told[2])
            )
        return found

    def _settle(self) -> set[int]:
        """Merge the stories that have come to tell the same; returns the articles concerned."""
        changed: set[int] = set()
        for kept, gone in self._stories.settle(self._memory.settled):
            moved = self._of_story.pop(gone, [])
            for key in moved:
                self._seen[key].story = kept
            for voice in {_plain_voice(self._seen[key].origin.voice) for key in moved}:
                theirs = self._of_voice.get((kept, voice), []) + self._of_voice.pop((gone, voice))
                self._of_voice[kept, voice] = sorted(theirs)
            self._of_story[kept] = sorted(self._of_story.get(kept, []) + moved)
            changed.update(self._of_story[kept])
        self._memory.settled = self._memory.count
        return changed

    def _tell(self, keys: set[int], new: int | None = None) -> list[Membership]:
        """The membership of the `new` article, then those of `keys` whose answer has changed."""
        told = []
        for key in sorted(keys, key=lambda key: (key != new, key)):
            seen = self._seen[key]
            name, reason = self._origin(seen)
            answer = (seen.story, seen.group, name)
            if answer != seen.told:
                seen.told = answer
                told.append(self._membership(seen, name, reason))
        return told

    def _membership(self, seen: Seen, name: str, reason: str) -> Membership:
        return Membership(
            article=seen.article,
            story=seen.story,
            copy_group=seen.group,
            origin=name,
            origin_reason=reason,
            amends=seen.amends,
            amendment=seen.amendment if seen.amends else None,
            made_by=VERSION,
        )

    def _origin(self, seen: Seen) -> tuple[str, str]:
        """The origin of an article and why, through its copies and then along citations within its story."""
        root = self._root(seen.group)
        name, reason = root.origin.name, root.origin.reason
        if root is not seen and name != seen.origin.name:
            reason = f"copy of {root.article}: {reason}"
        elif root is not seen:
            reason = seen.origin.reason
        followed = {name}
        while further := self._cites(seen.story, name):
            if further.name in followed:
                break
            name, reason = further.name, f"{reason}, which {further.reason}"
            followed.add(name)
        return name, reason

    def _cites(self, story: str, voice: str, without: int | None = None) -> Origin | None:
        """What all reports of `voice` in the story (but for one) rest on, if none of them is its own."""
        first: Origin | None = None
        for key in self._of_voice.get((story, _plain_voice(voice)), ()):
            found = self._seen[key].origin
            if key != without:
                if not found.derived:
                    return None
                first = first or found
        return first

    def _forget(self) -> None:
        """Keep within the bounds: the articles and stories that were idle longest go first."""
        while len(self._seen) > self.settings.articles_kept:
            self._drop(next(iter(self._seen)))
        if len(self._stories.stories) > self.settings.stories_kept:
            idle = sorted(self._stories.stories.values(), key=lambda story: story.touched)
            for story in idle[: len(idle) - self.settings.stories_kept * 9 // 10]:
                self._stories.forget(story.id)

    def _drop(self, key: int) -> None:
        self._unindex(key)
        del self._keys[self._seen.pop(key).article]
        self._copies.forget(key)

    def state(self) -> bytes:
        """The memory as bytes: compact, of one version, without code in it."""
        return self._memory.dump()


def group(
    articles: Iterable[Article],
    state: bytes | None = None,
    *,
    outlets: Mapping[str, Outlet],
    settings: Settings | None = None,
) -> tuple[list[Membership], bytes]:
    """Group a batch of articles, oldest first, going on from `state`.

    Returns the memberships (one of each article, in order, each followed by the revisions that it caused: a later
    membership of an article replaces the earlier) and the new state. The same batch and state give the same result.
    Errors: `StateError` for a state that this version did not write.
    """
    grouper = Grouper(outlets, state, settings)
    memberships = [membership for article in articles for membership in grouper.take(article)]
    return memberships + grouper.finish(), grouper.state()


def _plain_voice(voice: str) -> str:
    """A voice as it is looked up: an outlet's name in whatever case, with or without its article."""
    kind, _, name = voice.partition(":")
    return f"outlet:{plain(name)}" if kind == "outlet" else voice


def _new(kind: str, article: Article, key: int, taken: Collection[str]) -> str:
    """The id of a story or copy group that an article begins; an earlier version of it may have begun one."""
    first = content_id(kind, article.id)
    return first if first not in taken else content_id(kind, [article.id, key])
