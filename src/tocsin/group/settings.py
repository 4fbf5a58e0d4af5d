"""What grouping can be set to. One setting serves dated and undated streams, long articles and headlines."""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "group-3"


@dataclass(frozen=True, slots=True)
class Settings:
    """How much alike is alike, and how much is remembered.

    `copy_*`: candidates are texts whose MinHash similarity may reach `copy_candidate`; a copy contains `copy_contained`
    of the shorter text's shingles, and one published more than `copy_days` from its original must be nearly whole.
    `story_*`: an article joins the story it is most like if that reaches `story_alike`, raised by up to `story_rise`
    as days pass (`story_days` is the time constant, after `story_near` days of grace) and by up to `story_far` as
    months do; a shared thing with a name of its own takes `bond` of that rise away. A title counts for at least
    `title_weight` of its own likeness. Names in common below `names_alike` raise what is asked by up to `names_rise`;
    counts that do not agree raise it by `series_rise` on another day, and on the same day where no name agrees either;
    where another day's words are alike by `series_alike` too, it is the next event of a series. Two whole stories must
    be more alike by `merge_margin` to be merged, a story of one article by `retry_margin`. `abroad_alike` is asked of
    shared concepts across languages. `embedding_weight` is the share of meaning in likeness, `embedding_zero` the
    likeness of meanings that any two texts have. `*_kept` bound the memory.
    """

    copy_candidate: float = 0.3
    copy_contained: float = 0.4
    copy_days: float = 7.0
    story_alike: float = 0.14
    story_rise: float = 0.3
    story_days: float = 3.0
    story_far: float = 0.2
    story_near: float = 1.0
    title_weight: float = 0.35
    names_alike: float = 0.3
    names_rise: float = 0.2
    series_alike: float = 0.6
    series_rise: float = 0.15
    bond: float = 0.7
    merge_margin: float = 0.15
    retry_margin: float = -0.03
    abroad_alike: float = 0.34
    embedding_weight: float = 0.4
    embedding_zero: float = 0.5
    settle_every: int = 64
    articles_kept: int = 8_000
    stories_kept: int = 4_000
    terms_kept: int = 200_000
    embed: bool | None = None
    """Compare meanings too: None means if the [embed] extra is installed."""
