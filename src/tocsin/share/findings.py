"""What is to be told, and who tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import Field

from tocsin.records import Article, Departure, Event, Observation, Page, Value, Warning, Watch
from tocsin.share.names import stix_id


def publisher_id(organisation: str) -> str:
    """The STIX identity under which an organisation publishes: no secret, so that others may refer to it."""
    return stix_id("identity", "publisher", organisation)


class Publisher(Value):
    """The organisation that says all this. `salt` is its secret: a node's is `Share.secret("ids")`."""

    name: str
    organisation: str
    contact: str = ""
    salt: str = Field("", repr=False)

    @property
    def id(self) -> str:
        """Its STIX identity."""
        return publisher_id(self.organisation)

    def name_for(self, kind: str, *parts: object) -> str:
        """The id of an object of this publisher's: whoever does not know the salt cannot try out what is told of."""
        salted = [self.salt] if self.salt else []
        return stix_id(kind, self.organisation, *salted, *parts)


@dataclass(frozen=True, slots=True)
class Findings:
    """The records to be told, each with what it rests on: articles by id, pages by id, watches by name."""

    warnings: Iterable[Warning] = ()
    departures: Iterable[Departure] = ()
    events: Iterable[Event] = ()
    observations: Iterable[Observation] = ()
    articles: dict[str, Article] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
