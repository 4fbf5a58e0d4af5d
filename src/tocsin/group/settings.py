"""What grouping can be set to. One setting serves dated and undated streams, long articles and headlines."""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "group-1"


@dataclass(frozen=True, slots=True)
class Settings:
    """How much alike is alike, and how much is remembered.

    `copy_*`: candidates are texts whose MinHash similarity may reach `copy_candidate`; a copy contains `copy_contained`
    of the shorter text's shingles. `story_*`: an article joins the story it is most like if that reaches `story_alike`,
    raised by up to `story_rise` as days pass (`story_days` is the time constant, after `story_near` days of grace). Two
    whole stories must be more alike by `merge_margin` to be merged. `*_kept` bound
    the memory: the longest idle are forgotten first.
    """

    copy_candidate: float = 0.3
    copy_contained: float = 0.4
    story_alike: float = 0.18
    story_rise: float = 0.32
    story_days: float = 5.0
    story_near: float = 1.0
    merge_margin: float = 0.15
    abroad_alike: float = 0.34
    embedding_weight: float = 0.3
    embedding_zero: float = 0.5
    settle_every: int = 64
    articles_kept: int = 8_000
    stories_kept: int = 4_000
    terms_kept: int = 200_000
    embed: bool | None = None
    """Compare meanings too: None means if the [embed] extra is installed."""
