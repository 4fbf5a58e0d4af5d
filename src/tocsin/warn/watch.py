"""Load watches: one TOML file a watch, checked at load, with the file, the line and a suggestion when it is wrong."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator

from pydantic import ValidationError

from tocsin.data.countries import countries, nearest_country
from tocsin.records import Indicator, Watch


class WatchError(ValueError):
    """A watch file is wrong; the message names the file, the line and what would be right."""


def load_watch(name: str, text: str, check: Callable[[str], object]) -> Watch:
    """Read the watch `name` from its TOML `text`.

    `check` is called with every indicator's query and raises `ValueError` where it cannot be understood (the query
    language belongs to `measure`). Raises `WatchError`.
    """
    file = f"{name}.toml"
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WatchError(f"{file}: this is not TOML: {error}") from None
    table = {"name": name, **table, "indicators": table.get("indicator", [])}
    table.pop("indicator", None)
    try:
        watch = Watch.model_validate(table)
    except ValidationError as error:
        raise WatchError(_explain(file, text, error)) from None
    for key, complaint in _impossible(watch):
        raise WatchError(f"{file}, line {_line_of(text, (key,))}: {complaint}.")
    names = [indicator.name for indicator in watch.indicators]
    for position, indicator in enumerate(watch.indicators):
        if indicator.name in names[:position]:
            line = _line_of(text, ("indicators", position, "name"))
            raise WatchError(f"{file}, line {line}: two indicators are called {indicator.name!r}; rename one.")
        try:
            check(indicator.query)
        except ValueError as error:
            line = _line_of(text, ("indicators", position, "query"))
            raise WatchError(f"{file}, line {line}: indicator {indicator.name!r}: {error}") from None
    return watch


def load_watches(texts: Iterable[tuple[str, str]], check: Callable[[str], object]) -> list[Watch]:
    """Read every watch of `texts`, pairs of name and TOML, in order. Raises `WatchError` at the first wrong one."""
    return [load_watch(name, text, check) for name, text in texts]


def _impossible(watch: Watch) -> Iterator[tuple[str, str]]:
    """What no event could ever meet: the key, and what is wrong with it."""
    for code in watch.countries:
        if code not in countries():
            near = nearest_country(code)
            hint = f"; did you mean {near!r} ({countries()[near]})?" if near else ""
            yield "countries", f"{code!r} is no country; write ISO 3166-1 alpha-3 codes, such as 'EST'{hint}"
    if watch.box is not None:
        west, south, east, north = watch.box
        if not (-90 <= south <= 90 and -90 <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
            yield "box", "the box is not on the globe; write west, south, east, north in degrees"
        elif south >= north:
            yield "box", f"the box ends south of where it begins ({south:g}, {north:g}); write west, south, east, north"


def _explain(file: str, text: str, error: ValidationError) -> str:
    """The first thing wrong, as one sentence with its line and the nearest right word."""
    # A key that is misspelt is also missing under its right name: the misspelling says more.
    first = min(error.errors(), key=lambda problem: problem["type"] != "extra_forbidden")
    loc = first["loc"]
    where = f"{file}, line {_line_of(text, loc)}"
    field = str(loc[-1])
    known = Indicator.model_fields if loc[0] == "indicators" and len(loc) > 1 else Watch.model_fields
    match first["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(field, [*known, "indicator"], n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(known))}."
            return f"{where}: unknown key {field!r}{hint}"
        case "missing":
            return f"{where}: {field!r} is missing."
        case "literal_error":
            expected = first["ctx"]["expected"]
            near = difflib.get_close_matches(str(first["input"]), re.findall(r"'([^']+)'", expected), n=1, cutoff=0.4)
            hint = f"; did you mean {near[0]!r}?" if near else "."
            return f"{where}: {first['input']!r} is not one of {expected}{hint}"
        case _:
            return f"{where}: {'.'.join(str(part) for part in loc)}: {first['msg'].lower()}."


def _line_of(text: str, loc: tuple[int | str, ...]) -> int:
    """The line that a pydantic location points at, as well as it can be told from the text (1 where it cannot)."""
    lines = text.splitlines()
    start = 0
    if len(loc) > 1 and loc[0] == "indicators" and isinstance(loc[1], int):
        heads = [number for number, line in enumerate(lines) if re.match(r"\s*\[\[\s*indicator\s*\]\]", line)]
        if loc[1] < len(heads):
            start = heads[loc[1]]
        loc = loc[2:]
    key = next((str(part) for part in loc if isinstance(part, str)), None)
    if key is not None:
        for number, line in enumerate(lines[start:], start):
            if re.match(rf"\s*{re.escape(key)}\s*=", line) or re.match(rf"\s*\[\[?\s*{re.escape(key)}\s*\]", line):
                return number + 1
    return start + 1
