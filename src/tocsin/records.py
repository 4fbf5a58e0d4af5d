"""The records that flow through tocsin: read this file first.

A page is collected, articles are read out of it, events are coded from an article, articles are grouped into
stories, events and observations become daily series, a series departs from its past, and a warning says so.
Every claim can be followed back along the ids:

    Warning → Departure → Observation / Event → quote with offsets → Article → Page (url, fetched, sha256)

All records are frozen. Ids are content hashes (`<kind>-<20 hex digits>`), so making a record twice makes the same
record. Country codes are ISO 3166-1 alpha-3, dates ISO 8601, offsets count Unicode code points, probabilities lie in
0..1. `None` means "not stated"; 0 means "stated to be none".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date as Date  # noqa: N812 - a field called `date` may not share its type's name
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
Status = Literal["happened", "ongoing", "planned", "hypothetical", "denied"]
Domain = Literal["air", "sea", "land", "cyber", "space", "information", "economic", "diplomatic", "nuclear"]
Detector = Literal["surge", "burden", "creep", "blind"]
Health = Literal["ok", "missing", "warming-up"]


def content_id(kind: str, content: object) -> str:
    """Name `content` (anything JSON can hold) by its hash: the same content has the same id everywhere."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind}-{digest[:20]}"


class Value(BaseModel):
    """A part of a record: frozen, strict about its fields, without an id of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Record(Value):
    """A thing that is stored and can be cited by its id, the hash of the fields named in `identity`."""

    kind: ClassVar[str]
    identity: ClassVar[frozenset[str]]

    id: str = ""

    @model_validator(mode="after")
    def _name_by_content(self) -> Record:
        if not self.id:
            content: dict[str, Any] = self.model_dump(mode="json", include=set(self.identity))
            object.__setattr__(self, "id", content_id(type(self).kind, content))
        return self


class Outlet(Value):
    """Who publishes: one entry of the outlet catalogue (`data/outlets`), or what a user's line says of an outlet.

    `owner` is the controlling body where one is known: outlets of one owner are one voice, and so are the state media
    of one country. `reliability` is the Admiralty letter A to F, a default for users to edit, not a verdict.
    `aliases` are the other names it goes by.
    """

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    country: str | None = None
    language: str | None = None
    ownership: Literal["state", "public", "private", "agency"] | None = None
    owner: str | None = None
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None = None
    feeds: tuple[str, ...] = ()
    origin: str = ""


class Page(Record):
    """What a source published, as it was fetched (`collect` makes it). `sha256` is of `body`, the raw bytes.

    `media_type` is what the source said it is; `published` is the source's own word for when (a feed's entry, a
    bulletin's listing date), which `read` trusts less than the page itself.
    """

    kind: ClassVar[str] = "page"
    identity: ClassVar[frozenset[str]] = frozenset({"url", "sha256"})

    url: str
    source: str = ""
    outlet: str | None = None
    fetched: datetime
    sha256: str
    media_type: str | None = None
    published: datetime | Date | None = None
    body: bytes = Field(default=b"", repr=False)


class Article(Record):
    """One text taken out of a page (`read` makes it): the main article, a listed headline, or an official bulletin.

    `agency` is the news agency that the text credits ("Reuters", "CNA"), for counting origins.
    """

    kind: ClassVar[str] = "article"
    identity: ClassVar[frozenset[str]] = frozenset({"page", "form", "title", "text"})

    page: str
    form: Literal["article", "headline", "bulletin"] = "article"
    url: str = ""
    outlet: str | None = None
    title: str = ""
    text: str = ""
    published: datetime | Date | None = None
    language: str | None = None
    agency: str | None = None
    links: tuple[str, ...] = ()
    made_by: str = ""


class Actor(Value):
    """Who: a state or an organisation, with the PLOVER sector of the part of it that acts. Offsets into the text."""

    name: str
    country: str | None = None
    sector: str | None = None
    start: int
    end: int


def parties(side: Iterable[Actor]) -> frozenset[str]:
    """Who an event's side stands for: the countries of its actors, or their names where they have none."""
    return frozenset(actor.country or actor.name for actor in side)


class Place(Value):
    """Where, resolved to GeoNames where possible. `precision` is country, region, city, sea or strait."""

    name: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    geonames_id: int | None = None
    precision: str | None = None


class Quantity(Value):
    """A number that the text states: `what` is aircraft, vessels, killed, injured, arrested, money, …"""

    what: str
    value: float
    start: int
    end: int


class Quote(Value):
    """The words that a claim rests on: `text` is the article's text from `start` to `end`."""

    start: int
    end: int
    text: str


class Event(Record):
    """Who did what to whom, where and when, in PLOVER terms (`code` makes it). See `docs/coding-guide.md`.

    `headline` tells that `quote` and the actors' offsets count in the article's title instead of its text.
    `reported` is the day the article was published. `confidence` is calibrated: of events given 0.8, eight in ten are
    right.
    """

    kind: ClassVar[str] = "event"
    identity: ClassVar[frozenset[str]] = frozenset(
        {"article", "type", "source", "target", "status", "date", "quote", "headline"}
    )

    article: str = ""
    headline: bool = False
    type: EventType
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    source: tuple[Actor, ...] = ()
    target: tuple[Actor, ...] = ()
    status: Status
    reported_by: Actor | None = None
    place: Place | None = None
    date: Date | None = None
    reported: Date | None = None
    quantities: tuple[Quantity, ...] = ()
    domains: tuple[Domain, ...] = ()
    confidence: float = Field(ge=0, le=1)
    quote: Quote
    rule: str
    coder: str

    @property
    def day(self) -> Date | None:
        """The day it counts on: when it happened where that is told, else (and for what is to come) when reported."""
        past = self.date is not None and (self.reported is None or self.date <= self.reported)
        return self.date if past else self.reported


class Bulletin(Value):
    """An official activity bulletin as its grammar reads it (`read` makes it): the contract of `tocsin bulletin`.

    The period is a local date-time where the text states a time, else a date. `counts` holds every further figure
    that the issuer's grammar names (losses by kind, say); `regime` names the reporting rules in force.
    """

    issuer: str
    period_start: datetime | Date | None = None
    period_end: datetime | Date | None = None
    aircraft: int | None = None
    crossings: int | None = None
    vessels: int | None = None
    official_ships: int | None = None
    balloons: int | None = None
    sectors: tuple[str, ...] = ()
    types: dict[str, int] = {}
    activities: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    regime: str | None = None


class Observation(Record):
    """One figure that an issuer states for one day: `field` of `issuer` was `value` on `day` (`read` makes it).

    A day that the issuer is silent about has no observation: missing is never zero. Figures counted under different
    reporting rules carry different `regime` names and are never compared. `coverage` is the share of the day reported;
    at 0 what the issuer stated before is taken back. Of several for one day the one stated last is in force.
    """

    kind: ClassVar[str] = "observation"
    identity: ClassVar[frozenset[str]] = frozenset({"issuer", "field", "day", "article"})

    issuer: str
    field: str
    day: Date
    value: float
    regime: str | None = None
    coverage: float = 1.0
    article: str
    quote: Quote | None = None
    made_by: str = ""


class Membership(Record):
    """Which story, copy group and origin an article belongs to, and why (`group` makes it).

    Articles with one `origin` corroborate nothing between them; `origin_reason` says why they were counted as one.
    A revision is a later membership of the same article; the newest counts. An article that corrects or takes back an
    earlier one `amends` it: a retracted article's events lose their weight.
    """

    kind: ClassVar[str] = "membership"
    identity: ClassVar[frozenset[str]] = frozenset({"article"})

    article: str
    story: str
    copy_group: str
    origin: str
    origin_reason: str
    amends: str | None = None
    amendment: Literal["correction", "retraction"] | None = None
    made_by: str = ""


class Problem(Record):
    """Something that could not be done to a record, kept so that it can be reported and counted.

    `stage` is what failed, `subject` the id of the record (or the name of the source), `says` one sentence why. `at` is
    when it was last met with (a run of the pipeline writes it down).
    """

    kind: ClassVar[str] = "problem"
    identity: ClassVar[frozenset[str]] = frozenset({"stage", "subject"})

    stage: str
    subject: str
    says: str
    at: datetime | None = None


class Indicator(Value):
    """One thing a watch measures every day: a `query` over events or observations (`measure` gives it meaning)."""

    name: str
    title: str
    query: str
    unit: str = ""
    detectors: tuple[Detector, ...] = ("surge", "burden", "creep")
    reference: tuple[Date, Date] | None = None
    innocent: tuple[str, ...] = ()
    would_change: tuple[str, ...] = ()


class Rebase(Record):
    """A named person's act: from `day` on, the reference of an indicator is learnt anew, for the reason given.

    A baseline is property, not habit: only this moves it. An act that is `undone` is kept and has no effect.
    """

    kind: ClassVar[str] = "rebase"
    identity: ClassVar[frozenset[str]] = frozenset({"watch", "indicator", "day", "by", "reason", "at"})

    watch: str
    indicator: str
    day: Date
    by: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    at: datetime
    undone: bool = False


class Milestone(Value):
    """A public fact that a watch ought to have seen, and the day it became plain to everybody: for backtests."""

    day: Date
    title: str


class Watch(Value):
    """A question somebody needs answered, and what would answer it: one TOML file in `data/watches`.

    `box` is west, south, east, north in degrees (west > east spans the antimeridian). The first of `countries` is the
    one the question is about. `tell` names notifiers.
    """

    name: str
    title: str
    question: str
    countries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    domains: tuple[Domain, ...] = ()
    box: tuple[float, float, float, float] | None = None
    tell: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    history: tuple[Milestone, ...] = ()

    def concerns(self, event: Event) -> bool:
        """Whether an event belongs on this watch's list.

        It does when the watch's first country has part in it, when it joins two of its countries, or when it happens
        at one of its places with one of its countries in it.
        """
        place = event.place
        countries = {actor.country for actor in (*event.source, *event.target)} | {place.country if place else None}
        involved = countries.intersection(self.countries)
        here = place is not None and (place.name in self.places or self._holds(place.lat, place.lon))
        return len(involved) > (0 if here else 1) or not involved.isdisjoint(self.countries[:1])

    def _holds(self, lat: float | None, lon: float | None) -> bool:
        if self.box is None or lat is None or lon is None:
            return False
        west, south, east, north = self.box
        across = west <= lon <= east if west <= east else lon >= west or lon <= east
        return south <= lat <= north and across


class Measurement(Value):
    """One day of one series against its own past, without look-ahead (`measure` makes it): a line of `tocsin replay`.

    `creep_index` is how far today's normal stands from the reference (1 = as then), with its 90 % interval.
    """

    date: Date
    value: float | None
    expected: float | None
    interval: tuple[float, float] | None
    surge: bool = False
    burden: bool = False
    creep: bool = False
    creep_index: float | None = None
    creep_interval: tuple[float, float] | None = None
    health: Health


class Checkpoint(Record):
    """A month of an indicator as measured, so that the next day goes on from it (a run of the pipeline makes it).

    `values`, `coverage` and `regime` are the indicator's figures from `day` on, one for each day; `memory` is what the
    detectors know at the end of the last, which was measured as `last`. `version` names what all this was made by: the
    watch, the indicator, its re-bases and tocsin's own code. Nothing is lost when checkpoints are.
    """

    kind: ClassVar[str] = "checkpoint"
    identity: ClassVar[frozenset[str]] = frozenset({"watch", "indicator", "day"})

    watch: str
    indicator: str
    day: Date
    version: str
    values: tuple[float | None, ...]
    coverage: tuple[float | None, ...]
    regime: tuple[str, ...]
    memory: str = Field(repr=False)
    last: Measurement


class Departure(Record):
    """An episode in which an indicator left its baseline (`measure` makes it).

    `declared` is the day the detector first said so, `since` the day the change is estimated to have begun, `until`
    the last day of the episode (None while it lasts). `observed` and `expected` are daily means over the episode.
    """

    kind: ClassVar[str] = "departure"
    identity: ClassVar[frozenset[str]] = frozenset({"watch", "indicator", "detector", "declared"})

    watch: str
    indicator: str
    detector: Detector
    declared: Date
    since: Date
    until: Date | None = None
    observed: float | None = None
    expected: float | None = None
    peak: float | None = None
    creep_index: float | None = None
    creep_interval: tuple[float, float] | None = None
    baseline: str = ""
    made_by: str = ""


class Forecast(Value):
    """What a series is expected to do on one lead day, or in total: a line of `tocsin forecast`.

    `reason` says in words why the `method` was issued: how the mixture has done against climatology, and what it took.
    """

    origin: Date
    lead: int | Literal["total"]
    mean: float
    median: float
    quantiles: dict[str, float]
    p_exceed: float | None = None
    method: str
    skill: float | None = None
    reason: str = ""


class Outlook(Record):
    """What was forecast of an indicator at the end of a day, kept as it was issued so that what comes can judge it.

    `threshold` is what the `p_exceed` of each lead day speaks of. Made by a run of the pipeline, once a day; an outlook
    is never rewritten.
    """

    kind: ClassVar[str] = "outlook"
    identity: ClassVar[frozenset[str]] = frozenset({"watch", "indicator", "day"})

    watch: str
    indicator: str
    day: Date
    threshold: float
    forecasts: tuple[Forecast, ...]
    made_by: str = ""


class Likelihood(Value):
    """A probability, its one word on the ICD 203 scale, what it is the probability of, and how it was arrived at."""

    probability: float = Field(ge=0, le=1)
    word: str
    of: str
    method: str


class Warning(Record):
    """What departed, against what, since when, how likely, how confident and why, resting on what (`warn` makes it).

    One warning follows one kind of departure on one watch through one period of trouble: the three detectors mean three
    things and are never mixed. A revision has the same id and a higher `revision`. `articles`, `outlets` and `origins`
    are three different counts of what was published about it; `retracted` are articles that their publisher, or the one
    they copy, took back: they are in none of the counts.
    """

    kind: ClassVar[str] = "warning"
    identity: ClassVar[frozenset[str]] = frozenset({"watch", "detector", "opened"})

    watch: str
    detector: Detector
    opened: Date
    closed: Date | None = None
    as_of: Date
    revision: int = 1
    state: Literal["open", "closed", "cancelled"] = "open"
    level: Literal["advisory", "warning"] = "advisory"
    title: str
    summary: str
    likelihood: Likelihood | None = None
    confidence: Literal["low", "moderate", "high"]
    confidence_reason: str
    departures: tuple[str, ...]
    events: tuple[str, ...] = ()
    observations: tuple[str, ...] = ()
    articles: int = 0
    outlets: int = 0
    origins: int = 0
    retracted: tuple[str, ...] = ()
    would_change: tuple[str, ...] = ()
    innocent: tuple[str, ...] = ()
    made_by: str = ""
