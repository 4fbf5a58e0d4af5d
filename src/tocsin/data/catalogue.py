"""The outlet catalogue: who publishes, who controls them, and how to recognise them by a name or an address.

The facts are `data/outlets/*.toml`, one file a theatre, one `[[outlet]]` table an outlet with the fields of
`records.Outlet`. See `docs/reference/outlets.md`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from urllib.parse import urlsplit

from pydantic import ValidationError

from tocsin.data import texts
from tocsin.records import Outlet

_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d][\w-]+\.?", re.ASCII)
_APOSTROPHES = str.maketrans("", "", "'’ʼ‘`´")


@cache
def outlets() -> dict[str, Outlet]:
    """The shipped catalogue, by outlet name. It is shared: copy it (`dict(outlets())`) before adding to it."""
    return catalogue_of(texts("outlets", ".toml"))


def catalogue_of(files: Iterable[tuple[str, str]]) -> dict[str, Outlet]:
    """Every outlet of `files`, pairs of (name without suffix, TOML text), by outlet name.

    Raises ValueError, in one sentence, for text that is not such a file and for an outlet that is listed twice.
    """
    catalogue: dict[str, Outlet] = {}
    for name, text in files:
        for outlet in _read(name, text):
            if outlet.name in catalogue:
                raise ValueError(f"{name}.toml: the outlet {outlet.name!r} is listed a second time; remove one entry")
            catalogue[outlet.name] = outlet
    return catalogue


def find_outlet(name_or_domain: str, catalogue: Mapping[str, Outlet]) -> Outlet | None:
    """The outlet that a name, an alias, a host or a URL belongs to, or None where the catalogue does not know it.

    Names are compared without case, diacritics, punctuation and a leading "the". A host belongs to the outlet with the
    longest domain that it equals or lies under: `en.people.cn` to the outlet of `people.cn`.
    """
    text = name_or_domain.strip()
    if not text:
        return None
    return catalogue.get(text) or _by_name(text, catalogue) or _by_host(text, catalogue)


@lru_cache(maxsize=65_536)
def fold_name(name: str) -> str:
    """A name as it is compared: "The Straits Times" and "straits times" are one, and so are "Público" and "publico"."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_APOSTROPHES)
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.sub(r"[\W_]+", " ", letters).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _read(name: str, text: str) -> Iterable[Outlet]:
    try:
        tables = tomllib.loads(text).get("outlet", [])
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}.toml is not TOML: {error}") from None
    for table in tables:
        try:
            yield Outlet.model_validate(table)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "entry"
            known = table.get("name", "without a name") if isinstance(table, dict) else table
            raise ValueError(f"{name}.toml, outlet {known!r}: {field}: {first['msg']}") from None


def _by_name(text: str, catalogue: Mapping[str, Outlet]) -> Outlet | None:
    wanted = fold_name(text)
    if not wanted:
        return None
    for outlet in catalogue.values():
        if fold_name(outlet.name) == wanted or any(fold_name(alias) == wanted for alias in outlet.aliases):
            return outlet
    return None


def _by_host(text: str, catalogue: Mapping[str, Outlet]) -> Outlet | None:
    try:
        host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    except ValueError:  # such as an unclosed IPv6 bracket: no host, so no outlet
        return None
    if not _HOST.fullmatch(host):
        return None
    labels = host.rstrip(".").split(".")
    above = {".".join(labels[start:]) for start in range(len(labels) - 1)}
    best = max(
        ((len(domain), outlet) for outlet in catalogue.values() for domain in outlet.domains if domain in above),
        key=lambda match: match[0],
        default=None,
    )
    return best[1] if best else None
