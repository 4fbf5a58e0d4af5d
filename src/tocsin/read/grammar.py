"""Bulletin grammars: the files of `data/bulletins`, checked and compiled (docs/reference/bulletins.md)."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, field_validator

from tocsin.data import texts
from tocsin.read.numerals import KINDS


class GrammarError(ValueError):
    """A grammar file cannot be used; the message names the file and the place."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldRule(_Part):
    """How one figure is stated. First match of `total` wins, else the sum of all `parts`, else `none` (0), else …

    `same_as` names a field whose value this one has where the text matches `when`; `sum_of_types` adds up the list.
    """

    name: str
    total: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    same_as: str | None = None
    when: tuple[str, ...] = ()
    sum_of_types: bool = False


class TypeRule(_Part):
    """How listed equipment is named: `base` + number + variant + `role`, e.g. 運 8 反潛 → Y-8 ASW."""

    base: dict[str, str]
    role: dict[str, str] = {}
    whole: dict[str, str] = {}
    shape: str
    count: str
    count_first: bool = False
    joint: str = ""
    each: str = ""
    skip: str = ""
    within: str = ""


class SectorRule(_Part):
    """Compass names inside the clauses that `within` captures (group `clause`), tried in the order written."""

    within: tuple[str, ...]
    names: dict[str, str]


class Activity(_Part):
    """A snake-case name for something the bulletin says is going on."""

    name: str
    patterns: tuple[str, ...]


class Calendar(_Part):
    """Years below `below` count from `offset` (1911 for the Republic of China, 2000 for two-digit years)."""

    offset: int = 0
    below: int = 0
    months: dict[str, int] = {}


class Form(_Part):
    """One language or layout of an issuer's bulletins.

    `recognise` tells what a bulletin speaks of, and so does news about it: a text that does not come from the issuer
    must also match one of `own` (the issuer's way of writing, if any is given) and none of `reject`.
    """

    name: str
    recognise: tuple[tuple[str, ...], ...]
    own: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    numerals: tuple[str, ...] = ("digits",)
    fold: dict[str, str] = {}
    words: dict[str, str] = {}
    calendar: Calendar = Calendar()
    period: tuple[str, ...] = ()
    today: tuple[str, ...] = ()
    field: tuple[FieldRule, ...] = ()
    types: TypeRule | None = None
    sectors: SectorRule | None = None
    activity: tuple[Activity, ...] = ()
    _compiled: dict[str, re.Pattern[str]] = PrivateAttr(default_factory=dict)

    @field_validator("numerals")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(kinds) - set(KINDS):
            raise ValueError(f"unknown numerals {sorted(unknown)}; known are {sorted(KINDS)}")
        return kinds

    def pattern(self, source: str) -> re.Pattern[str]:
        """Compile `source` after writing out `{n}`, `{name}` and `{name@prefix}` (groups get the prefix)."""
        if source not in self._compiled:
            self._compiled[source] = re.compile(_expand(source, self.words, self.numerals), re.IGNORECASE)
        return self._compiled[source]


class Regime(_Part):
    """Reporting rules in force: on days from `since` to `until`, and only if the text matches `when`."""

    name: str
    since: date | None = None
    until: date | None = None
    when: str | None = None


class Grammar(_Part):
    """Everything tocsin knows about one issuer's bulletins."""

    issuer: str
    publisher: str
    origin: str
    hosts: tuple[str, ...] = ()
    longest: int = 3000
    form: tuple[Form, ...]
    regime: tuple[Regime, ...] = ()
    observe: dict[str, str] = Field(default={}, description="field of the bulletin → field of the series")


@cache
def grammars() -> tuple[Grammar, ...]:
    """Every grammar shipped, in order of file name.

    Raises:
        GrammarError: a file is not TOML, or says something that no grammar says, or holds a bad pattern.
    """
    return tuple(parse(f"data/bulletins/{name}.toml", text) for name, text in texts("bulletins", ".toml"))


def parse(name: str, text: str) -> Grammar:
    """One grammar from its TOML `text`; `name` is what an error calls it."""
    try:
        grammar = Grammar.model_validate(tomllib.loads(text))
        for form in grammar.form:
            _try_patterns(form)
    except tomllib.TOMLDecodeError as error:
        raise GrammarError(f"{name} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise GrammarError(f"{name}: {where}: {first['msg']}") from error
    except (re.error, KeyError) as error:
        raise GrammarError(f"{name}: a pattern cannot be used: {error}") from error
    return grammar


def _try_patterns(form: Form) -> None:
    rules: list[str] = [*form.period, *form.today, *form.own, *form.reject]
    rules += [source for alternative in form.recognise for source in alternative]
    for rule in form.field:
        rules += [*rule.total, *rule.parts, *rule.none, *rule.when]
    rules += [source for activity in form.activity for source in activity.patterns]
    if form.sectors:
        rules += form.sectors.within
    for source in rules:
        form.pattern(source)


def _expand(source: str, words: dict[str, str], numerals: tuple[str, ...]) -> str:
    number = "(?P<n>" + "|".join(KINDS[kind] for kind in numerals) + ")"

    def write_out(match: re.Match[str]) -> str:
        name, prefix = match["name"], match["prefix"]
        if name == "n":
            return number if not prefix else number.replace("(?P<n>", f"(?P<{prefix}>")
        inner = _expand(words[name], words, numerals)
        return re.sub(r"\(\?P<", f"(?P<{prefix}_", inner) if prefix else inner

    return re.sub(r"\{(?P<name>[a-z_]+)(?:@(?P<prefix>[a-z_]+))?\}", write_out, source)
