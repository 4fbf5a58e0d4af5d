"""tocsin's records as STIX 2.1: what a plain client reads, with what only tocsin has words for as extensions.

| record | STIX |
| --- | --- |
| actor | `identity` |
| place | `location` |
| event | `note` about the identities and the location, extension *political event* |
| official figure | `observed-data` of the bulletin's address, extension *finding* |
| a watch's indicator | `indicator`, its query as the pattern (`pattern_type` tocsin) |
| departure | `sighting` of the indicator, extension *finding* |
| warning | `report` that refers to all of these, extension *finding*, and a `note` with what would change it |

Ids are UUIDv5 of the publisher, its salt and the records' own ids, times come from the records: the same records of the
same publisher make the same objects, two publishers of one article do not claim each other's, and nobody else can work
out the id under which something would be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tocsin.records import (
    Actor,
    Departure,
    Event,
    Indicator,
    Observation,
    Place,
    Warning,
    Watch,
)
from tocsin.share.extensions import EVENT, FINDING, definitions, extended
from tocsin.share.findings import Findings, Publisher
from tocsin.share.handling import Stix, definition, mark
from tocsin.share.names import stix_id
from tocsin.share.rule import UNKNOWN, Marking, combine, wider
from tocsin.share.spelling import alpha2, is_address, moment, stamp

Markings = Callable[[str], Marking | None]
"""The marking of a record by its id, None where nobody has marked it; a page needs none beside its article's."""

CONFIDENCE = {"low": 15, "moderate": 50, "high": 85}
"""The Low, Med, High scale of STIX 2.1, appendix A."""

_WORDS = re.compile(r"[\w-]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")

SOURCE = "external_references"
"""The property that names what a finding rests on; who hides it shares the finding without its source."""

WITHHELD = "urn:tocsin:withheld"
"""Stands for the address of a figure whose source is hidden: STIX needs one."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def to_bundle(findings: Findings, publisher: Publisher, markings: Markings) -> Stix:
    """Everything as one STIX bundle, with the definitions that it rests on."""
    objects = list(to_objects(findings, publisher, markings))
    levels = {
        definition(level)["id"]: definition(level) for level in ("clear", "green", "amber", "amber+strict", "red")
    }
    used = {ref for one in objects for ref in one.get("object_marking_refs", ())}
    used |= {part["marking_ref"] for one in objects for part in one.get("granular_markings", ())}
    every = [*(levels[ref] for ref in sorted(used)), *objects]
    return {"type": "bundle", "id": stix_id("bundle", sorted(one["id"] for one in every)), "objects": every}


def to_objects(findings: Findings, publisher: Publisher, markings: Markings) -> Iterator[Stix]:
    """Every object once, marked. What rests on something unmarked is left out: nobody could see it."""
    telling = _Telling(findings, publisher, markings)
    clear = Marking(tlp="clear")
    yield from (mark(one, clear) if one["type"] == "identity" else one for one in definitions())
    yield mark(telling.publisher_identity(), clear)
    seen: set[str] = set()
    for one in telling.all():
        if one["id"] not in seen:
            seen.add(one["id"])
            yield one


class _Telling:
    """One act of telling: knows the findings and the markings, and makes the objects."""

    def __init__(self, findings: Findings, publisher: Publisher, markings: Markings) -> None:
        self.findings, self.publisher, self.markings = findings, publisher, markings
        self.events = {event.id: event for event in findings.events}
        self.observations = {observation.id: observation for observation in findings.observations}
        self.departures = {departure.id: departure for departure in findings.departures}
        self.evidence: dict[str, dict[str, None]] = {}
        for warning in findings.warnings:
            for id in warning.departures:
                self.evidence.setdefault(id, {}).update(dict.fromkeys([*warning.events, *warning.observations]))

    def all(self) -> Iterator[Stix]:
        for event in self.events.values():
            yield from self.told(self.event(event))
        for observation in self.observations.values():
            yield from self.told(self.observation(observation))
        for departure in self.departures.values():
            yield from self.told(self.departure(departure))
        for warning in self.findings.warnings:
            yield from self.told(self.warning(warning))

    def told(self, made: tuple[Marking, list[Stix]]) -> Iterator[Stix]:
        """The objects with their common marking, unless nobody could see them. Fields are the record's own object's."""
        marking, objects = made
        plain = marking.model_copy(update={"fields": {}})
        if marking != UNKNOWN:
            yield from (mark(one, plain if one["type"] in _PARTS else marking) for one in objects)

    def resting_on(self, id: str, *bases: Marking | None) -> Marking:
        """The marking of a record: its own, and no wider than what it rests on."""
        own = self.markings(id)
        if own is None:
            return UNKNOWN
        whole = combine(own, *bases)
        return whole if whole == UNKNOWN else whole.model_copy(update={"fields": own.fields})

    def evidence_marking(self, article: str) -> list[Marking | None]:
        """The marking of an article, where it is told of, and of the page it was read from, where somebody marked it.

        An article that nobody has marked makes what rests on it unknown. A table of figures rests on a page itself.
        """
        found = self.findings.articles.get(article)
        page = self.markings(found.page if found else article)
        return ([self.markings(article)] if found else []) + ([page] if page else [])

    def withheld(self, record: str, marking: Marking) -> bool:
        """Whether a record's source is kept from somebody who sees what is marked `marking`."""
        own = self.markings(record)
        parts = own.fields.items() if own else ()
        return any(name.partition(".")[0] == SOURCE and wider(marking, combine(marking, part)) for name, part in parts)

    def measured(self, departure: Departure) -> Iterator[Marking]:
        """The markings of what a departure is measured on, among the evidence of the warnings that tell of it.

        Those are the figures that its indicator's query names; where it names none, or speaks of events, all of it.
        """
        query = set(_WORDS.findall(self.measure(departure)[1].query))
        cited = self.evidence.get(departure.id, {})
        figures = [self.observations[id] for id in cited if id in self.observations]
        named = [one for one in figures if query.intersection((one.issuer, one.field))]
        yield from map(self.observation_marking, named or figures)
        if not named or "events" in query:
            yield from (self.event_marking(self.events[id]) for id in cited if id in self.events)

    def measure(self, departure: Departure) -> tuple[Watch, Indicator]:
        """The watch and the indicator that departed, or what stands for them where they are no longer known."""
        watch = self.findings.watches.get(departure.watch) or Watch(
            name=departure.watch, title=departure.watch, question=departure.watch
        )
        plain = Indicator(name=departure.indicator, title=departure.indicator, query=departure.indicator)
        return watch, next((one for one in watch.indicators if one.name == departure.indicator), plain)

    def event_marking(self, event: Event) -> Marking:
        return self.resting_on(event.id, *self.evidence_marking(event.article))

    def observation_marking(self, observation: Observation) -> Marking:
        return self.resting_on(observation.id, *self.evidence_marking(observation.article))

    def common(self, kind: str, created: datetime, modified: datetime | None = None, *parts: object) -> Stix:
        return {
            "type": kind,
            "spec_version": "2.1",
            "id": self.publisher.name_for(kind, *parts),
            "created_by_ref": self.publisher.id,
            "created": stamp(created),
            "modified": stamp(modified or created),
        }

    def publisher_identity(self) -> Stix:
        one = self.common("identity", EARLIEST)
        one |= {"id": self.publisher.id, "name": self.publisher.name, "identity_class": "organization"}
        if self.publisher.contact:
            one["contact_information"] = self.publisher.contact
        return one

    def identity(self, actor: Actor, marking: Marking) -> Stix:
        """An actor, one for each marking: that an actor occurs somewhere is itself as restricted as where it occurs."""
        key = [actor.name.casefold(), actor.country, actor.sector, _key(marking)]
        one = self.common("identity", EARLIEST, None, *key)
        one |= {"name": actor.name, "identity_class": "group" if actor.sector in _GROUPS else "organization"}
        roles = [role for role in (actor.sector and f"plover:{actor.sector}", actor.country) if role]
        if roles:
            one["roles"] = roles
        return one

    def location(self, place: Place, marking: Marking) -> Stix | None:
        """A place; STIX needs a country or a point."""
        country = alpha2(place.country)
        if country is None and (place.lat is None or place.lon is None):
            return None
        one = self.common("location", EARLIEST, None, place.name, place.country, place.geonames_id, _key(marking))
        one["name"] = place.name
        if country is not None:
            one["country"] = country
        if place.lat is not None and place.lon is not None:
            one |= {"latitude": place.lat, "longitude": place.lon}
        if place.geonames_id is not None:
            one["external_references"] = [{"source_name": "geonames", "external_id": str(place.geonames_id)}]
        return one

    def event(self, event: Event) -> tuple[Marking, list[Stix]]:
        marking = self.event_marking(event)
        article = self.findings.articles.get(event.article)
        when = moment(article.published if article else None) or moment(event.date) or EARLIEST
        sources = [self.identity(actor, marking) for actor in event.source]
        targets = [self.identity(actor, marking) for actor in event.target]
        claims = [self.identity(event.reported_by, marking)] if event.reported_by else []
        place = self.location(event.place, marking) if event.place else None
        parts = [*sources, *targets, *claims, *([place] if place else [])]
        note = self.common("note", when, None, event.id)
        note |= {
            "abstract": _headline(event),
            "content": f"{_headline(event)}\n\n“{event.quote.text}”",
            "confidence": round(100 * event.confidence),
            "object_refs": ids(parts) or [self.publisher.id],
            "extensions": extended(
                EVENT,
                event_type=event.type,
                mode=event.mode,
                contexts=list(event.contexts),
                status=event.status,
                date=event.date.isoformat() if event.date else None,
                source_refs=ids(sources),
                target_refs=ids(targets),
                reported_by_ref=claims[0]["id"] if claims else None,
                place_ref=place["id"] if place else None,
                domains=list(event.domains),
                quantities=[{"what": one.what, "value": one.value} for one in event.quantities],
                quote=event.quote.text,
                coder=event.coder,
            ),
        }
        note |= self.references([event.article])
        return marking, [*parts, note]

    def observation(self, observation: Observation) -> tuple[Marking, list[Stix]]:
        marking = self.observation_marking(observation)
        start = moment(observation.day) or EARLIEST
        article = self.findings.articles.get(observation.article)
        address = article.url if article and article.url else f"urn:tocsin:{observation.article}"
        if self.withheld(observation.id, marking):
            address = WITHHELD
        url = {
            "type": "url",
            "spec_version": "2.1",
            "id": self.publisher.name_for("url", address, _key(marking)),
            "value": address,
        }
        one = self.common("observed-data", start, None, observation.id)
        one |= {
            "first_observed": stamp(start),
            "last_observed": stamp(start + DAY - timedelta(milliseconds=1)),
            "number_observed": 1,
            "object_refs": [url["id"]],
            "extensions": extended(
                FINDING,
                issuer=observation.issuer,
                field=observation.field,
                value=observation.value,
                regime=observation.regime,
                coverage=observation.coverage,
                made_by=observation.made_by,
            ),
        }
        return marking, [url, one | self.references([observation.article])]

    def indicator(self, watch: Watch, indicator: Indicator, marking: Marking, since: datetime) -> Stix:
        one = self.common("indicator", EARLIEST, None, watch.name, indicator.name, indicator.query, _key(marking))
        return one | {
            "name": indicator.title,
            "description": f"{watch.title}: {watch.question}",
            "pattern": indicator.query,
            "pattern_type": "tocsin",
            "valid_from": stamp(EARLIEST),
            "indicator_types": ["anomalous-activity"],
        }

    def departure(self, departure: Departure) -> tuple[Marking, list[Stix]]:
        marking = self.resting_on(departure.id, *self.measured(departure))
        watch, measured = self.measure(departure)
        since = moment(departure.since) or EARLIEST
        indicator = self.indicator(watch, measured, marking, since)
        end = moment(departure.until)
        sighting = self.common("sighting", since, max(end or since, since), departure.id)
        sighting |= {
            "description": f"{measured.title}: {departure.detector} declared on {departure.declared.isoformat()}.",
            "sighting_of_ref": indicator["id"],
            "first_seen": stamp(since),
            "extensions": extended(
                FINDING,
                watch=departure.watch,
                indicator=departure.indicator,
                detector=departure.detector,
                declared=departure.declared.isoformat(),
                observed=departure.observed,
                expected=departure.expected,
                peak=departure.peak,
                creep_index=departure.creep_index,
                creep_interval=list(departure.creep_interval or ()),
                baseline=departure.baseline,
                made_by=departure.made_by,
            ),
        }
        if end is not None and end >= since:
            sighting["last_seen"] = stamp(end + DAY - timedelta(milliseconds=1))
        return marking, [indicator, sighting]

    def warning(self, warning: Warning) -> tuple[Marking, list[Stix]]:
        departures = [self.departure(self.departures[id]) for id in warning.departures if id in self.departures]
        events = [self.event(self.events[id]) for id in warning.events if id in self.events]
        figures = [self.observation(self.observations[id]) for id in warning.observations if id in self.observations]
        bases = [*departures, *events, *figures]
        marking = self.resting_on(warning.id, *(base for base, _ in bases))
        opened, as_of = moment(warning.opened) or EARLIEST, moment(warning.as_of) or EARLIEST
        modified = max(opened, as_of) + timedelta(milliseconds=warning.revision)
        report = self.common("report", opened, modified, warning.id)
        report |= {
            "name": warning.title,
            "description": warning.summary,
            "published": stamp(opened),
            "report_types": ["indicator", "observed-data"],
            "confidence": CONFIDENCE[warning.confidence],
            "revoked": warning.state == "cancelled",
            "object_refs": list(dict.fromkeys([self.publisher.id, *(one["id"] for _, made in bases for one in made)])),
            "extensions": _warning_extension(warning),
        }
        cited = {id: self.events[id].article for id in warning.events if id in self.events}
        cited |= {id: self.observations[id].article for id in warning.observations if id in self.observations}
        withheld = {article for id, article in cited.items() if self.withheld(id, marking)}
        report |= self.references(article for article in cited.values() if article not in withheld)
        return marking, [report, *self.assessment(warning, report, opened, modified)]

    def assessment(self, warning: Warning, report: Stix, opened: datetime, modified: datetime) -> list[Stix]:
        """What would change the warning and what else might explain it, as a note about the report."""
        lines = [f"Confidence is {warning.confidence}: {warning.confidence_reason}"]
        lines += [f"It would change the assessment: {one}" for one in warning.would_change]
        lines += [f"Considered as an innocent explanation: {one}" for one in warning.innocent]
        note = self.common("note", opened, modified, "assessment", warning.id)
        note |= {"abstract": "How sure this is", "content": "\n".join(lines), "object_refs": [report["id"]]}
        return [note]

    def references(self, articles: Iterable[str]) -> Stix:
        """The articles a claim rests on, with the hash of the page each was read from."""
        found = []
        for id in dict.fromkeys(articles):
            article = self.findings.articles.get(id)
            page = self.findings.pages.get(article.page) if article else None
            address = (article.url or (page.url if page else "")) if article else ""
            if article is None or not is_address(address):
                continue
            one: Stix = {"source_name": article.outlet or urlsplit(address).hostname or "article", "url": address}
            if article.title:
                one["description"] = article.title
            if page is not None and _SHA256.fullmatch(page.sha256):
                one["hashes"] = {"SHA-256": page.sha256}
            found.append(one)
        return {"external_references": found} if found else {}


def _warning_extension(warning: Warning) -> Stix:
    likely = warning.likelihood
    return extended(
        FINDING,
        watch=warning.watch,
        detector=warning.detector,
        state=warning.state,
        level=warning.level,
        revision=warning.revision,
        probability=likely.probability if likely else None,
        probability_word=likely.word if likely else None,
        probability_of=likely.of if likely else None,
        confidence_reason=warning.confidence_reason,
        articles=warning.articles,
        outlets=warning.outlets,
        origins=warning.origins,
        made_by=warning.made_by,
    )


def _headline(event: Event) -> str:
    sources = ", ".join(actor.name for actor in event.source) or "somebody unnamed"
    targets = ", ".join(actor.name for actor in event.target)
    return f"{event.type}: {sources}{f' to {targets}' if targets else ''} ({event.status})"


_PARTS = {"identity", "location", "url", "indicator"}
"""What several records may have in common."""

_GROUPS = {"REB", "CRM", "CVL", "OPP", "SPY", "UNK"}


def _key(marking: Marking) -> str | None:
    """What sets apart the objects of one marking from those of another; nothing for CLEAR, the common case."""
    plain = marking.model_copy(update={"fields": {}})
    return None if plain == Marking(tlp="clear") else plain.model_dump_json()


def ids(objects: Iterable[Stix]) -> list[str]:
    """The ids of objects, each once."""
    return list(dict.fromkeys(one["id"] for one in objects))
