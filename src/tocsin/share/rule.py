"""The one rule of access: who may see what. Every channel asks `visible`, or its SQL form in `compiled`.

TLP 2.0 (FIRST, 2022) says how far information may travel; `releasable_to` names who it was given to. Names carry
their kind, so that a person can never be mistaken for an organisation: `person:`, `org:` or `group:`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from pydantic import Field, field_serializer, model_validator

from tocsin.records import Value

AUDIENCES: dict[str, tuple[str, ...]] = {
    "red": ("person",),
    "amber+strict": ("person", "organisation"),
    "amber": ("person", "organisation", "providers"),
    "green": ("person", "organisation", "providers", "communities"),
    "clear": ("person", "organisation", "providers", "communities"),
}
"""Strictest first: through which of its names a subject may be reached at each level of TLP 2.0.

RED is for individual recipients, AMBER+STRICT for their organisation, AMBER also for that organisation's clients,
GREEN for the community, CLEAR for everybody.
"""


class Subject(Value):
    """Who asks, and when. Somebody who has not said who they are has none of the names.

    `providers` are the organisations whose client the subject's organisation is (AMBER reaches clients).
    """

    at: datetime
    person: str | None = None
    organisation: str | None = None
    providers: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()

    @model_validator(mode="after")
    def _nobody_has_no_names(self) -> Subject:
        if (self.person is None) != (self.organisation is None):
            raise ValueError("a subject is a person of an organisation, or nobody")
        if self.person is None and (self.providers or self.communities):
            raise ValueError("nobody belongs to nothing")
        if self.at.tzinfo is None:
            raise ValueError("the time of asking needs a time zone")
        return self

    def names(self, tlp: str) -> frozenset[str]:
        """Every name through which this subject may be reached at the level `tlp`; none at an unknown level."""
        spelt = {
            "person": {f"person:{self.person}"} if self.person else set(),
            "organisation": {f"org:{self.organisation}"} if self.organisation else set(),
            "providers": {f"org:{name}" for name in self.providers},
            "communities": {f"group:{name}" for name in self.communities},
        }
        return frozenset().union(*(spelt[part] for part in AUDIENCES.get(tlp, ())))


class Marking(Value):
    """How a thing may be handled. `releasable_to` None means that nobody is named: only GREEN and CLEAR reach anyone.

    `not_before` (embargo, included) and `not_after` (excluded) bound when it may be seen. `fields` marks parts of the
    thing more strictly than the whole: STIX granular selectors to markings of their own.
    """

    tlp: str
    releasable_to: frozenset[str] | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    fields: dict[str, Marking] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _times_have_zones(self) -> Marking:
        if any(time is not None and time.tzinfo is None for time in (self.not_before, self.not_after)):
            raise ValueError("the times of a marking need a time zone")
        return self

    @field_serializer("releasable_to", when_used="json-unless-none")
    def _in_one_order(self, names: frozenset[str]) -> list[str]:
        """A set has another order in every process; what is written and hashed must not."""
        return sorted(names)


class Marked(Protocol):
    """Anything that carries a marking, or carries none and is seen by nobody."""

    @property
    def marking(self) -> Marking | None:
        """How it may be handled; None where nobody has said."""


def visible(subject: Subject, thing: Marked) -> bool:
    """Whether `subject` may see `thing`, or even know that there is such a thing. What is not known means no.

    A level that is not TLP 2.0's reaches no name and is neither green nor clear: nobody sees it.
    """
    marking = thing.marking
    if marking is None:
        return False
    if marking.not_before is not None and subject.at < marking.not_before:
        return False
    if marking.not_after is not None and subject.at >= marking.not_after:
        return False
    if marking.releasable_to is not None:
        return not marking.releasable_to.isdisjoint(subject.names(marking.tlp))
    return marking.tlp == "clear" or (marking.tlp == "green" and subject.organisation is not None)


UNKNOWN = Marking(tlp="unknown")
"""The marking of what rests on something unmarked: nobody may see it."""


def combine(*markings: Marking | None) -> Marking:
    """The widest marking that is no wider than any of `markings`: what a thing resting on them all must have.

    Strictest level, names common to all lists, latest embargo, earliest end. Markings of fields stay with the fields:
    what is derived from a finding whose source is hidden is as restricted as the finding.
    """
    known = [marking for marking in markings if marking is not None and marking.tlp in AUDIENCES]
    if not known or len(known) < len(markings):
        return UNKNOWN
    lists = [names for names in map(_named, known) if names is not None]
    return Marking(
        tlp=min((marking.tlp for marking in known), key=list(AUDIENCES).index),
        releasable_to=frozenset.intersection(*lists) if lists else None,
        not_before=max((time for marking in known if (time := marking.not_before)), default=None),
        not_after=min((time for marking in known if (time := marking.not_after)), default=None),
    )


def _named(marking: Marking) -> frozenset[str] | None:
    """Who is named; None only where nobody needs to be."""
    if marking.releasable_to is None and marking.tlp not in ("green", "clear"):
        return frozenset()
    return marking.releasable_to


def wider(marking: Marking, than: Marking) -> bool:
    """Whether `marking` could show something to somebody whom `than` keeps out: a downgrade, which a releaser signs."""
    bounded = combine(marking, than)
    return bounded.model_copy(update={"fields": {}}) != _bounds(marking)


def _bounds(marking: Marking) -> Marking:
    if marking.tlp not in AUDIENCES:
        return UNKNOWN
    return marking.model_copy(update={"fields": {}, "releasable_to": _named(marking)})


def now() -> datetime:
    """The time of asking, for those at the edge who have a clock."""
    return datetime.now(UTC)
