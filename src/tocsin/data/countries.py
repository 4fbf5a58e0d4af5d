"""The countries and territories that tocsin knows, by their ISO 3166-1 alpha-3 codes."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping
from functools import cache

from tocsin.data import text


@cache
def countries() -> Mapping[str, str]:
    """The name of each country by its alpha-3 code."""
    return {row["iso3"]: row["name"] for row in _rows()}


def nearest_country(said: str) -> str | None:
    """The alpha-3 code that is most likely meant: by name, by alpha-2 code, or of a like spelling; None for neither."""
    spelt = {row[column].casefold(): row["iso3"] for row in _rows() for column in ("name", "iso2", "iso3")}
    near = difflib.get_close_matches(said.strip().casefold(), spelt, n=1, cutoff=0.6)
    return spelt[near[0]] if near else None


@cache
def _rows() -> tuple[dict[str, str], ...]:
    lines = [line for line in text("actors/countries.tsv").splitlines() if not line.startswith("#")]
    return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
