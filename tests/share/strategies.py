"""Random markings and subjects out of a small world, so that names meet often."""

from __future__ import annotations

import random
from datetime import timedelta

from hypothesis import strategies as st

from tocsin.share.rule import Marking, Subject

from .decisions import NOON

PEOPLE = [f"p{n}" for n in range(4)]
ORGANISATIONS = [f"o{n}" for n in range(4)]
COMMUNITIES = [f"c{n}" for n in range(3)]
NAMES = [
    *(f"person:{name}" for name in PEOPLE),
    *(f"org:{name}" for name in ORGANISATIONS),
    *(f"group:{name}" for name in COMMUNITIES),
    "o1",
    "org:p1",
]
LEVELS = ["clear", "green", "amber", "amber+strict", "red"]

times = st.none() | st.integers(-2, 2).map(lambda seconds: NOON + timedelta(seconds=seconds))

markings = st.builds(
    Marking,
    tlp=st.sampled_from([*LEVELS, "white", ""]),
    releasable_to=st.none() | st.frozensets(st.sampled_from(NAMES), max_size=5),
    not_before=times,
    not_after=times,
)

known = st.builds(
    Subject,
    at=st.integers(-3, 3).map(lambda seconds: NOON + timedelta(seconds=seconds)),
    person=st.sampled_from(PEOPLE),
    organisation=st.sampled_from(ORGANISATIONS),
    providers=st.frozensets(st.sampled_from(ORGANISATIONS), max_size=3),
    communities=st.frozensets(st.sampled_from(COMMUNITIES), max_size=3),
)
subjects = known | st.just(Subject(at=NOON))


def some_marking(chance: random.Random) -> Marking:
    """A marking as they occur: mostly sound, lists of a few names."""
    names = frozenset(chance.sample(NAMES, chance.randint(0, 5))) if chance.random() < 0.7 else None
    return Marking(
        tlp=chance.choice([*LEVELS, "unknown"]),
        releasable_to=names,
        not_before=NOON + timedelta(seconds=chance.choice([-5, 0, 5])) if chance.random() < 0.2 else None,
        not_after=NOON + timedelta(seconds=chance.choice([-5, 0, 5])) if chance.random() < 0.2 else None,
    )


def some_subject(chance: random.Random) -> Subject:
    """A partner."""
    return Subject(
        at=NOON,
        person=chance.choice(PEOPLE),
        organisation=chance.choice(ORGANISATIONS),
        providers=frozenset(chance.sample(ORGANISATIONS, chance.randint(0, 2))),
        communities=frozenset(chance.sample(COMMUNITIES, chance.randint(0, 2))),
    )
