"""Read official activity bulletins with the grammars of `data/bulletins`: text in, figures out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from tocsin.read.equipment import listed_types
from tocsin.read.errors import ReadError
from tocsin.read.folded import Folded, fold, fold_text
from tocsin.read.grammar import FieldRule, Form, Grammar, Regime, grammars
from tocsin.read.numerals import value
from tocsin.read.period import Moment, period_of
from tocsin.records import Article, Bulletin, Observation, Quote

MADE_BY = "read.bulletin 1"
COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW", "C")
_CONTRACT = frozenset({"aircraft", "crossings", "vessels", "official_ships", "balloons"})
_READ_AT_MOST = 3000  # characters: a bulletin is short, and patterns should never see a book


@dataclass
class Reading:
    """What one grammar found, and where: `spans` are offsets into the original text."""

    figures: dict[str, int] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    sectors: set[str] = field(default_factory=set)
    activities: list[str] = field(default_factory=list)
    start: Moment = None
    end: Moment = None

    def add(self, other: Reading) -> None:
        """Fill what this reading lacks from `other`, a later form of the same bulletin (a translation, say)."""
        for name, figure in other.figures.items():
            if name not in self.figures:
                self.figures[name] = figure
                if name in other.spans:
                    self.spans[name] = other.spans[name]
        self.types = self.types or other.types
        self.sectors = self.sectors or other.sectors
        self.activities += [name for name in other.activities if name not in self.activities]
        if self.end is None:
            self.start, self.end = other.start, other.end
        elif self.start is None:
            self.start = other.start


def read_bulletin(text: str, listed: date | None = None, issuer: str | None = None) -> Bulletin | None:
    """The figures, period, sectors and activities that an official bulletin states; None where `text` is no bulletin.

    With `issuer` the text is taken for that issuer's bulletin; without, a grammar must recognise it as the issuer's own
    words. `listed` (when the bulletin was listed) only resolves words such as "today" and dates without a year: the
    period is the text's.
    """
    found = _read(text, listed, issuer)
    return None if found is None else _as_bulletin(*found)


def observe(article: Article) -> list[Observation]:
    """One observation for each figure of a bulletin, on the day its period ends; [] where that is still to come.

    Raises `ReadError` where it states figures and no day at all that its grammar reads.
    """
    published = article.published
    listed = published.date() if isinstance(published, datetime) else published
    found = _read(article.text, listed, None, article.url) if article.form == "bulletin" else None
    if found is None:
        return []
    grammar, reading, regime = found
    day = _day(reading.end)
    if day is None:
        if reading.start is None and any(grammar.observe.get(name, name) for name in reading.figures):
            raise ReadError(
                f"this bulletin of {grammar.issuer} states no day that can be read; its figures are not taken."
            )
        return []
    made = []
    for name, figure in reading.figures.items():
        series = grammar.observe.get(name, name)
        if series:
            quote = _quote(article.text, reading.spans.get(name))
            made.append(
                Observation(
                    issuer=grammar.issuer, field=series, day=day, value=float(figure), regime=regime,
                    article=article.id, quote=quote, made_by=MADE_BY,
                )
            )  # fmt: skip
    return made


def is_bulletin(text: str, url: str = "") -> bool:
    """Whether some grammar recognises `text` as a bulletin of its issuer, from whose own address less is asked."""
    return any(_forms(grammar, text, _publishes(grammar, url)) for grammar in grammars())


def _publishes(grammar: Grammar, url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return any(host == own or host.endswith(f".{own}") for own in grammar.hosts)


def _read(
    text: str, listed: date | None, issuer: str | None, url: str = ""
) -> tuple[Grammar, Reading, str | None] | None:
    text = text[:_READ_AT_MOST]
    for grammar in grammars():
        if issuer is not None and grammar.issuer != issuer:
            continue
        known = issuer is not None or _publishes(grammar, url)
        forms = _forms(grammar, text, known) or (list(grammar.form) if issuer else [])
        reading = Reading()
        for form in forms:
            reading.add(_apply(form, fold(text, form.fold), listed))
        if reading.figures or reading.activities or (forms and reading.end is not None):
            return grammar, reading, _regime(grammar.regime, text, _day(reading.end) or listed)
    return None


def _forms(grammar: Grammar, text: str, known: bool) -> list[Form]:
    """The forms that recognise `text`; where its issuer is not `known`, only if it is in the issuer's own words."""
    if len(text) > grammar.longest:
        return []
    return [form for form in grammar.form if _recognises(form, fold_text(text, form.fold), known)]


def _recognises(form: Form, text: str, known: bool) -> bool:
    if not any(all(form.pattern(source).search(text) for source in every) for every in form.recognise):
        return False
    return known or _own(form, text)


def _own(form: Form, text: str) -> bool:
    if any(form.pattern(source).search(text) for source in form.reject):
        return False
    return not form.own or any(form.pattern(source).search(text) for source in form.own)


def _apply(form: Form, folded: Folded, listed: date | None) -> Reading:
    reading = Reading()
    reading.start, reading.end = period_of(form, folded.text, listed)
    listed_sum = None
    if form.types:
        reading.types, listed_sum = listed_types(form, form.types, folded.text)
    for rule in form.field:
        _figure(form, rule, folded, reading, listed_sum)
    reading.sectors = _sectors(form, folded.text)
    for activity in form.activity:
        if any(form.pattern(source).search(folded.text) for source in activity.patterns):
            reading.activities.append(activity.name)
    return reading


def _figure(form: Form, rule: FieldRule, folded: Folded, reading: Reading, listed_sum: int | None) -> None:
    text = folded.text
    for source in rule.total:
        if match := form.pattern(source).search(text):
            reading.figures[rule.name] = value(match["n"])
            reading.spans[rule.name] = folded.original(*match.span())
            return
    parts = {m.span("n"): m for source in rule.parts for m in form.pattern(source).finditer(text)}
    if parts:
        reading.figures[rule.name] = sum(value(match["n"]) for match in parts.values())
        first = min(parts.values(), key=lambda match: match.start())
        reading.spans[rule.name] = folded.original(*first.span())
        return
    if rule.sum_of_types and listed_sum is not None:
        reading.figures[rule.name] = listed_sum
        return
    for source in rule.none:
        if match := form.pattern(source).search(text):
            reading.figures[rule.name] = 0
            reading.spans[rule.name] = folded.original(*match.span())
            return
    if rule.same_as in reading.figures and any(form.pattern(source).search(text) for source in rule.when):
        reading.figures[rule.name] = reading.figures[rule.same_as]


def _sectors(form: Form, text: str) -> set[str]:
    found: set[str] = set()
    if form.sectors is None:
        return found
    for source in form.sectors.within:
        for match in form.pattern(source).finditer(text):
            clause = match["clause"]
            for name, sector in form.sectors.names.items():
                pattern = form.pattern(name)
                if pattern.search(clause):
                    found.add(sector)
                    clause = pattern.sub(" ", clause)  # southwestern is not also western
    return found


def _regime(regimes: Iterable[Regime], text: str, day: date | None) -> str | None:
    for regime in regimes:
        if day is None and (regime.since or regime.until):
            continue
        if day is not None and ((regime.since and day < regime.since) or (regime.until and day > regime.until)):
            continue
        if regime.when is None or re.search(regime.when, text, re.IGNORECASE):
            return regime.name
    return None


def _as_bulletin(grammar: Grammar, reading: Reading, regime: str | None) -> Bulletin:
    figures = reading.figures
    return Bulletin(
        issuer=grammar.issuer,
        period_start=reading.start,
        period_end=reading.end,
        aircraft=figures.get("aircraft"),
        crossings=figures.get("crossings"),
        vessels=figures.get("vessels"),
        official_ships=figures.get("official_ships"),
        balloons=figures.get("balloons"),
        sectors=tuple(sector for sector in COMPASS if sector in reading.sectors),
        types=reading.types,
        activities=tuple(reading.activities),
        counts={name: figure for name, figure in figures.items() if name not in _CONTRACT},
        regime=regime,
    )


def _day(moment: Moment) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def _quote(text: str, span: tuple[int, int] | None) -> Quote | None:
    return None if span is None else Quote(start=span[0], end=span[1], text=text[slice(*span)])
