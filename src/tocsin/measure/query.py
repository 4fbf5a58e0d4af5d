"""The language of indicators: what a watch measures, written so that an expert who is no programmer can read it.

    vessels from twn-mnd
    count events where source = CHN and target = TWN and type in (COERCE, THREATEN)
    share of events where type = ASSAULT among events where source = RUS

`parse` turns a query into a small tree or says, in one sentence with a position and a suggestion, what is wrong
with it. `indicator.build` gives it meaning. The grammar is in docs/reference/measure.md.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import get_args

from tocsin.data import texts
from tocsin.data.countries import countries
from tocsin.measure.tree import (
    Balance,
    Both,
    Composite,
    Condition,
    Events,
    Field,
    Has,
    Not,
    Query,
    Ratio,
    Share,
    Silence,
)
from tocsin.records import Domain, EventType, Status

SECTORS = frozenset({
    "GOV", "MIL", "JUD", "LEG", "COP", "SPY", "OPP", "PTY", "REB", "UAF", "CVL",
    "BUS", "EDU", "MED", "NGO", "IGO", "LAB", "CRM", "ACT", "REL", "REF",
})  # fmt: skip
VALUES: dict[str, frozenset[str]] = {
    "type": frozenset(get_args(EventType)),
    "status": frozenset(get_args(Status)),
    "domain": frozenset(get_args(Domain)),
    "sector": SECTORS,
}
FIELDS = ("source", "target", "actors", "type", "status", "sector", "place", "domain", "context", "confidence")
FORMS = ("count", "sum", "share", "ratio", "origins", "balance", "mix", "days", "max", "min")


class QueryError(ValueError):
    """A query cannot be read: one sentence, the position it speaks of (from 0), and what may have been meant."""

    def __init__(self, message: str, position: int, suggestion: str | None = None) -> None:
        hint = f"; did you mean {suggestion!r}?" if suggestion else ""
        super().__init__(f"at character {position + 1}: {message}{hint}")
        self.position = position
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    at: int
    quoted: bool = False


TOKEN = re.compile(r'\s*(?:"(?P<quoted>[^"]*)"|(?P<mark>>=|!=|[(),=])|(?P<word>[^\s(),=!>"]+)|(?P<bad>\S))')


def parse(query: str) -> Query:
    """Read a query.

    Raises:
        QueryError: it cannot be read; the message names the place and, where one is near, what may have been meant.
    """
    reader = _Reader(query)
    result = reader.query()
    reader.end()
    return result


class _Reader:
    """Recursive descent over the words of one query."""

    def __init__(self, text: str) -> None:
        self.length = len(text)
        self.tokens: list[_Token] = []
        self.at = 0
        for match in TOKEN.finditer(text):
            kind = str(match.lastgroup)
            if kind == "bad":
                raise QueryError(f"{match['bad']!r} has no meaning here", match.start("bad"))
            self.tokens.append(_Token(match[kind], match.start(kind), kind == "quoted"))

    def peek(self) -> _Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _Token("", self.length)

    def take(self) -> _Token:
        token = self.peek()
        self.at += 1
        return token

    def skip(self, word: str) -> bool:
        token = self.peek()
        if token.quoted or token.text.lower() != word:
            return False
        self.at += 1
        return True

    def need(self, *words: str) -> None:
        for word in words:
            token = self.peek()
            if not self.skip(word):
                near = _near(token.text, [word])
                raise QueryError(f"{word!r} is expected, not {_shown(token)}", token.at, near)

    def end(self) -> None:
        token = self.peek()
        if token.text:
            raise QueryError(
                f"the query is complete before {_shown(token)}", token.at, _near(token.text, ["and", "or"])
            )

    def query(self) -> Query:
        token = self.peek()
        word = token.text.lower()
        following = self.tokens[self.at + 1].text.lower() if self.at + 1 < len(self.tokens) else ""
        if following == "from":
            return self.field()
        if word not in FORMS:
            near = _near(word, FORMS)
            told = "an empty query measures nothing" if not word else f"{_shown(token)} begins no query"
            raise QueryError(f"{told}; begin with one of {', '.join(FORMS)}, or FIELD from ISSUER", token.at, near)
        self.at += 1
        result: Query = getattr(self, "_" + word)()
        return result

    def field(self) -> Field:
        name = self.take()
        self.need("from")
        issuer = self.name("an issuer of bulletins, such as twn-mnd")
        near = _near(issuer.text, _issuers())
        if near and near != issuer.text and issuer.text not in _issuers():
            raise QueryError(f"no bulletin grammar is called {issuer.text!r}", issuer.at, near)
        return Field(name.text, issuer.text)

    def name(self, what: str) -> _Token:
        token = self.take()
        if not token.text or token.text in "(),=!=>=":
            raise QueryError(f"{what} is expected, not {_shown(token)}", token.at)
        return token

    def _count(self) -> Query:
        if self.skip("articles"):
            return Events("articles", self.where())
        self.need("events")
        return Events("stories", self.where())

    def _sum(self) -> Query:
        quantity = self.name("a quantity such as aircraft, killed or arrested")
        self.need("of", "events")
        return Events("sum", self.where(), quantity.text)

    def _origins(self) -> Query:
        self.need("of", "events")
        return Events("origins", self.where())

    def _mix(self) -> Query:
        self.need("of", "events")
        return Events("mix", self.where())

    def _share(self) -> Query:
        self.need("of", "events")
        part = self.where()
        self.need("among", "events")
        return Share(part, self.where())

    def _balance(self) -> Query:
        return Balance(self.country(), self.country())

    def _days(self) -> Query:
        self.need("without")
        if self.skip("events"):
            return Silence(Events("stories", self.where()))
        return Silence(self.field())

    def _ratio(self) -> Query:
        over = self.inner()
        self.need("to")
        return Ratio(over, self.inner())

    def _max(self) -> Query:
        return Composite("max", self.several())

    def _min(self) -> Query:
        return Composite("min", self.several())

    def inner(self) -> Query:
        self.need("(")
        query = self.query()
        self.need(")")
        return query

    def several(self) -> tuple[Query, ...]:
        self.need("(")
        parts = [self.query()]
        while self.skip(","):
            parts.append(self.query())
        self.need(")")
        return tuple(parts)

    def country(self) -> str:
        token = self.name("a country such as CHN")
        _check_country(token)
        return token.text

    def where(self) -> Condition | None:
        if self.skip("where"):
            return self.any_of()
        token = self.peek()
        if near := _near(token.text, ["where"]):
            raise QueryError(f"{_shown(token)} is not understood", token.at, near)
        return None

    def any_of(self) -> Condition:
        parts = [self.all_of()]
        while self.skip("or"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Both("or", tuple(parts))

    def all_of(self) -> Condition:
        parts = [self.one()]
        while self.skip("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Both("and", tuple(parts))

    def one(self) -> Condition:
        if self.skip("not"):
            return Not(self.one())
        if self.skip("("):
            inner = self.any_of()
            self.need(")")
            return inner
        field = self.take()
        name = "place" if field.text.lower() == "country" else field.text.lower()
        if name not in FIELDS:
            raise QueryError(
                f"{_shown(field)} is no filter; the filters are {', '.join(FIELDS)}", field.at, _near(name, FIELDS)
            )
        if name == "confidence":
            return self.at_least(name)
        wanted = not self.skip("!=")
        if wanted and self.skip("in"):
            return Has(name, self.list_of(name))
        if wanted:
            self.need("=")
        return Has(name, (self.value(name),), wanted)

    def at_least(self, name: str) -> Has:
        self.need(">=")
        token = self.take()
        if not re.fullmatch(r"0?\.\d+|[01](\.0*)?", token.text):
            raise QueryError(f"{name} is a number from 0 to 1, not {_shown(token)}", token.at)
        return Has(name, (token.text,))

    def list_of(self, name: str) -> tuple[str, ...]:
        self.need("(")
        values = [self.value(name)]
        while self.skip(","):
            values.append(self.value(name))
        self.need(")")
        return tuple(values)

    def value(self, name: str) -> str:
        token = self.name(f"a value for {name}")
        if name in VALUES:
            return _known(name, token, VALUES[name])
        if name in ("source", "target", "actors") and not token.quoted:
            country, dot, sector = token.text.partition(".")
            if country:
                _check_country(_Token(country, token.at))
            if dot:
                _known("sector", _Token(sector, token.at + len(country) + 1), SECTORS)
        elif name == "place" and not token.quoted:
            _check_country(token)
        return token.text


def _known(name: str, token: _Token, values: Collection[str]) -> str:
    for value in values:
        if value.lower() == token.text.lower():
            return value
    near = _near(token.text, values)
    raise QueryError(f"{_shown(token)} is no {name} (one of {', '.join(sorted(values))})", token.at, near)


def _check_country(token: _Token) -> None:
    known = countries()
    if token.text in known:
        return
    near = token.text.upper() if token.text.upper() in known else _near(token.text.upper(), known)
    raise QueryError(
        f"{_shown(token)} is no country code; write ISO 3166-1 alpha-3 (CHN), or a name in quotation marks",
        token.at,
        near,
    )


def _near(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` is probably a slip of; of a word of three letters, only where no other is as near."""
    by_lower = {choice.lower(): choice for choice in sorted(choices)}
    short = len(word) <= 3
    close = difflib.get_close_matches(word.lower(), by_lower, 2, 0.65 if short else 0.7)
    return by_lower[close[0]] if close and not (short and len(close) > 1) else None


def _shown(token: _Token) -> str:
    return repr(token.text) if token.text or token.quoted else "the end of the query"


@cache
def _issuers() -> frozenset[str]:
    """The issuers whose bulletins a grammar reads."""
    return frozenset(name for name, _ in texts("bulletins", ".toml"))
