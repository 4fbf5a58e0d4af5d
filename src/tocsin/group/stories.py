"""Stories: what many articles tell about one happening, found in a single pass.

An article joins the story it is most like. Likeness is the cosine of tf-idf vectors (with more weight on title, lead
and names) and, where the [embed] extra is installed, of sentence embeddings; across languages, of the concepts both
name. What is asked rises with the days between, with other names and with other counts, so that two missile tests a
week apart stay two and two quakes of one day stay apart; it rises less where both are about one thing with a name of
its own, so that the news of a storm or a data breach stays one story.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from tocsin.group.settings import Settings
from tocsin.group.sketch import Sketch, Vector, Weights, strongest
from tocsin.group.vocabulary import Vocabulary

PARTS = ("terms", "concepts", "titles", "names", "things", "counted", "kinds")  # what is summed over a story's articles
LEADS = ("titles", "names", "things", "counted", "kinds")  # those of titles and leads
TERMS = 200  # terms kept of a story, the heaviest
SEARCHED = 24  # terms of an article by which candidate stories are looked up, the most telling
CANDIDATES = 40
FAR = 90.0  # days: the months over which a like event becomes hardly ever the same one
FEW_NAMES = 3  # names of a title and lead that tell too little of who and where
AGREED = 0.35  # of the kinds of things that two texts count
LOST = -0.2  # a margin below which names need not be compared any more
DAYS = 64  # days remembered of a story, the latest
COMMON = 400  # a term of more stories than this tells none apart


@dataclass(slots=True)
class Story:
    """A story as the next article is compared with it: sums over its articles, and the days they are of."""

    id: str
    terms: Weights = field(default_factory=dict)
    concepts: Weights = field(default_factory=dict)
    titles: Weights = field(default_factory=dict)
    names: Weights = field(default_factory=dict)
    things: Weights = field(default_factory=dict)
    counted: Weights = field(default_factory=dict)
    kinds: Weights = field(default_factory=dict)
    vector: Vector | None = None
    days: list[float] = field(default_factory=list)
    size: int = 0
    mass: float = 0.0
    """Sum of its articles' weighted lengths: `terms` in units of one article."""
    tongues: Counter[str] = field(default_factory=Counter)
    touched: int = 0
    lengths: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Lengths of the weighted vectors, each with the vocabulary's size when it was computed."""

    def take(self, seen: Sketch | Story, mass: float) -> set[int]:
        """Add an article, or a whole other story, to the sums; returns the terms too light to be kept on."""
        for part in PARTS:
            mine: Weights = getattr(self, part)
            for term, weight in getattr(seen, part).items():
                mine[term] = mine.get(term, 0.0) + weight
        for part in LEADS:
            if len(getattr(self, part)) > TERMS:
                setattr(self, part, strongest(getattr(self, part).items(), TERMS // 2))
        if seen.vector is not None:
            self.vector = seen.vector.copy() if self.vector is None else self.vector + seen.vector
        days = seen.days if isinstance(seen, Story) else [seen.day] if seen.day is not None else []
        self.days = sorted({*self.days, *days})[-DAYS:]
        self.size += seen.size if isinstance(seen, Story) else 1
        self.mass += mass
        self.tongues.update(seen.tongues if isinstance(seen, Story) else [seen.tongue])
        self.lengths.clear()
        return self._lightened()

    def _lightened(self) -> set[int]:
        """Let go of the lightest terms and concepts where there are too many; returns those it has no more."""
        if max(len(self.terms), len(self.concepts)) <= 2 * TERMS:
            return set()
        before = self.terms.keys() | self.concepts.keys()
        self.terms, self.concepts = (strongest(part.items(), TERMS) for part in (self.terms, self.concepts))
        return before - self.terms.keys() - self.concepts.keys()


@dataclass(slots=True)
class Stories:
    """The stories that are still open, and the search for the one that an article belongs to."""

    settings: Settings
    vocabulary: Vocabulary
    stories: dict[str, Story] = field(default_factory=dict)
    _postings: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    _own_lengths: dict[int, float] = field(default_factory=dict)
    """Of the parts of what is being compared, by identity; emptied when the next is looked up (`near`)."""

    def __post_init__(self) -> None:
        for story in self.stories.values():
            self._post(story, story)

    def best(self, seen: Sketch) -> Story | None:
        """The story that `seen` belongs to, or None where it begins one of its own."""
        found = [(self.margin(seen, story), story) for story in self.near(seen)]
        margin, story = max(found, key=lambda pair: (pair[0], pair[1].id), default=(-1.0, None))
        return story if margin >= 0 else None

    def margin(self, seen: Sketch | Story, story: Story) -> float:
        """How far the likeness of `seen` to `story` exceeds what their distance in time and their names ask for."""
        settings = self.settings
        tongues = seen.tongues if isinstance(seen, Story) else {seen.tongue: 1}
        days = max(0.0, _gap(seen, story) - settings.story_near)
        rise = settings.story_rise * (1 - math.exp(-days / settings.story_days))
        rise += settings.story_far * (1 - math.exp(-max(0.0, days - FAR) / FAR))
        if not tongues.keys() & story.tongues.keys():
            alike, meaning = self._cosine("concepts", seen, story), _meaning(seen, story)
            return 0.5 * (alike + (alike if meaning is None else meaning)) - settings.abroad_alike - rise
        alike, bond = self._alike_after(days, seen, story), _bond(seen, story)
        if days and not bond:
            apart = _counted_apart(seen, story)
            if apart and alike >= settings.series_alike:
                return -1.0
            rise += settings.series_rise * (apart or _nothing_counted_alike(seen, story))
        elif not bond and _nothing_counted_alike(seen, story) and _named_apart(seen, story):
            rise += settings.series_rise
        margin = alike - settings.story_alike - rise * (1 - settings.bond * bond)
        if margin < LOST:
            return margin
        return margin - settings.names_rise * max(0.0, 1 - self._named_alike(seen, story) / settings.names_alike)

    def next_of_series(self, seen: Sketch, story: Story) -> bool:
        """Whether an article in a story's words counts the same things as the story on another day, and differently."""
        return _gap(seen, story) > self.settings.story_near and _counted_apart(seen, story)

    def _alike_after(self, days: float, seen: Sketch | Story, story: Story) -> float:
        """Like events have like meanings: as days pass, words alone count. A like title makes up for an odd body."""
        alike = self._alike(seen, story)
        if days and seen.vector is not None and story.vector is not None:
            words = self._cosine("terms", seen, story)
            alike = words + (alike - words) * math.exp(-days / self.settings.story_days)
        title_weight = self.settings.title_weight
        return alike if alike >= title_weight else max(alike, title_weight * self._cosine("titles", seen, story))

    def _named_alike(self, seen: Sketch | Story, story: Story) -> float:
        """How much who and where agree in titles and leads; 1 where either names too little to tell.

        Where both count things and have no count in common, a single name tells: two killed here, five killed there.
        """
        fewest = min(len(seen.names), len(story.names))
        few = fewest < (1 if _nothing_counted_alike(seen, story) else FEW_NAMES)
        return 1.0 if few else self._cosine("names", seen, story)

    def _alike(self, seen: Sketch | Story, story: Story) -> float:
        """The cosine of the two in a space of both words and meanings: of tf-idf vectors and, weighed in, embeddings.

        An embedding's product counts from `embedding_zero` up, below which two texts have no more in common than any.
        """
        length = self._own_length(seen.terms)
        words = self._product(seen.terms, story.terms)
        ours = length / (seen.mass / seen.size) if isinstance(seen, Story) else 1.0
        theirs = self._story_length("terms", story) / (story.mass / story.size)
        product = words / length * ours / (story.mass / story.size)
        ours, theirs = ours**2, theirs**2
        if seen.vector is not None and story.vector is not None and (share := self.settings.embedding_weight):
            many, more = (seen.size if isinstance(seen, Story) else 1), story.size
            zero, scale = self.settings.embedding_zero, 1 / (1 - self.settings.embedding_zero)
            met = max(0.0, scale * (float(seen.vector @ story.vector) - zero * many * more))
            product = (1 - share) * product + share * met
            ours = (1 - share) * ours + share * scale * (float(seen.vector @ seen.vector) - zero * many**2)
            theirs = (1 - share) * theirs + share * scale * (float(story.vector @ story.vector) - zero * more**2)
        return product / math.sqrt(ours * theirs) if product > 0 and ours > 0 and theirs > 0 else 0.0

    def add(self, seen: Sketch, story: Story, touched: int) -> None:
        """Count an article into `story`, which may be a new one."""
        self._unpost(story, story.take(seen, self.length(seen.terms)))
        story.touched = touched
        self.stories[story.id] = story
        self._post(seen, story)

    def merge(self, kept: Story, gone: Story) -> None:
        """Make one story of two."""
        self.forget(gone.id)
        self._unpost(kept, kept.take(gone, gone.mass))
        kept.touched = max(kept.touched, gone.touched)
        self._post(kept, kept)

    def settle(self, since: int) -> list[tuple[str, str]]:
        """Merge stories touched after `since` that have come to tell the same; pairs (kept, gone), in order.

        Two stories are compared as wholes, so more is asked of them than of an article (`merge_margin`); a story of
        one article is that article tried again, now that other stories have grown.
        """
        merged: list[tuple[str, str]] = []
        fresh = sorted((s for s in self.stories.values() if s.touched > since), key=lambda s: s.touched)
        for story in fresh:
            while story.id in self.stories and (other := self._mergeable(story)):
                kept, gone = (other, story) if other.size >= story.size else (story, other)
                self.merge(kept, gone)
                merged.append((kept.id, gone.id))
        return merged

    def _mergeable(self, story: Story) -> Story | None:
        found = []
        for other in self.near(story):
            if other.id != story.id:
                asked = self.settings.merge_margin if min(story.size, other.size) > 1 else self.settings.retry_margin
                found.append((self.margin(story, other) - asked, other.id, other))
        margin, _, other = max(found, default=(-1.0, "", story))
        return other if margin >= 0 else None

    def forget(self, story: str) -> None:
        """Close a story: nothing joins it any more."""
        gone = self.stories.pop(story)
        self._unpost(gone, gone.terms.keys() | gone.concepts.keys())

    def _post(self, seen: Sketch | Story, story: Story) -> None:
        for term in seen.terms.keys() | seen.concepts.keys():
            if term in story.terms or term in story.concepts:
                self._postings[term].add(story.id)

    def _unpost(self, story: Story, terms: Iterable[int]) -> None:
        for term in terms:
            holders = self._postings.get(term)
            if holders:
                holders.discard(story.id)
                if not holders:
                    del self._postings[term]

    def near(self, seen: Sketch | Story) -> list[Story]:
        """The stories that share the most telling terms and concepts with `seen`."""
        self._own_lengths.clear()
        shared: defaultdict[str, float] = defaultdict(float)
        for weights in (seen.terms, seen.concepts):
            telling = ((term, weight * self.vocabulary.rarity(term)) for term, weight in weights.items())
            for term, weight in strongest(telling, SEARCHED).items():
                holders = self._postings.get(term, ())
                if len(holders) <= COMMON:
                    for story in holders:
                        shared[story] += weight
        first = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:CANDIDATES]
        return [self.stories[story] for story, _ in first if story in self.stories]

    def _cosine(self, part: str, seen: Sketch | Story, story: Story) -> float:
        ours: Weights = getattr(seen, part)
        theirs: Weights = getattr(story, part)
        product = self._product(ours, theirs)
        return product / (self._own_length(ours) * self._story_length(part, story)) if product else 0.0

    def _own_length(self, weights: Weights) -> float:
        """The length of a vector that is compared with one story after another, computed once."""
        if (known := self._own_lengths.get(id(weights))) is None:
            known = self._own_lengths[id(weights)] = self.length(weights)
        return known

    def _product(self, ours: Weights, theirs: Weights) -> float:
        small, large = (ours, theirs) if len(ours) <= len(theirs) else (theirs, ours)
        rarity = self.vocabulary.rarity
        total = 0.0
        for term, weight in small.items():
            if other := large.get(term):
                total += weight * other * rarity(term) ** 2
        return total

    def length(self, weights: Weights) -> float:
        """The length of a vector of terms, each weighted by how telling it is."""
        rarity = self.vocabulary.rarity
        return math.sqrt(sum((weight * rarity(term)) ** 2 for term, weight in weights.items())) or 1.0

    def _story_length(self, part: str, story: Story) -> float:
        articles, length = story.lengths.get(part, (0, 0.0))
        if not articles or self.vocabulary.articles > 1.02 * articles:
            length = self.length(getattr(story, part))
            story.lengths[part] = (self.vocabulary.articles, length)
        return length


def _bond(seen: Sketch | Story, story: Story) -> float:
    """How large a part of both names one and the same thing in title or lead; 0 for less than half."""
    size = seen.size if isinstance(seen, Story) else 1
    shares = (min(w / size, story.things.get(thing, 0.0) / story.size) for thing, w in seen.things.items())
    best = max(shares, default=0.0)
    return best if best >= 0.5 else 0.0


def _counted_apart(seen: Sketch | Story, story: Story) -> bool:
    """Whether both count the same kinds of things and agree on few of them."""
    kinds = len(seen.kinds.keys() & story.kinds.keys())
    return len(seen.counted.keys() & story.counted.keys()) < AGREED * kinds


def _nothing_counted_alike(seen: Sketch | Story, story: Story) -> bool:
    """Whether both count things, and have no count in common."""
    return bool(seen.counted and story.counted) and not seen.counted.keys() & story.counted.keys()


def _named_apart(seen: Sketch | Story, story: Story) -> bool:
    """Whether both name somebody or some place, and have no name in common."""
    return bool(seen.names and story.names) and not seen.names.keys() & story.names.keys()


def _meaning(seen: Sketch | Story, story: Story) -> float | None:
    if seen.vector is None or story.vector is None:
        return None
    lengths = float(np.linalg.norm(seen.vector)) * float(np.linalg.norm(story.vector))
    return float(seen.vector @ story.vector) / lengths if lengths else 0.0


def _gap(seen: Sketch | Story, story: Story) -> float:
    """Days between the two where they are nearest, or from a day that the article names; 0 where either has no date.

    Nearest article to nearest article: a story of long ago and of today is not near to all that lies between.
    """
    ours = seen.days if isinstance(seen, Story) else [] if seen.day is None else [seen.day, *seen.mentioned]
    return min((abs(mine - theirs) for mine in ours for theirs in story.days), default=0.0)
