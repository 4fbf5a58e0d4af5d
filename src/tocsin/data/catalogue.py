"""The outlet catalogue: who publishes, who controls them, and how to recognise them by a name or an address.

The facts are `data/outlets/*.toml`, one file a theatre, one `[[outlet]]` table an outlet with the fields of
`records.Outlet`. See `docs/reference/outlets.md`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from urllib.parse import urlsplit

from pydantic import ValidationError

from tocsin.data import texts
from tocsin.records import Outlet

_HOST = re.compile(r"(?:[\w-]+\.)+[^\W\d][\w-]+\.?", re.ASCII)
_APOSTROPHES = str.maketrans("", "", "'’ʼ‘`´")


class Catalogue(Mapping[str, Outlet]):
    """Outlets by name, which also finds them by what else they are called and by where they publish."""

    def __init__(self, entries: Iterable[Outlet]) -> None:
        self._outlets = {outlet.name: outlet for outlet in entries}
        self._called: dict[str, Outlet] = {}
        self._domains: dict[str, Outlet] = {}
        for outlet in self._outlets.values():
            self._called.setdefault(fold_name(outlet.name), outlet)
            for domain in outlet.domains:
                self._domains.setdefault(domain, outlet)
        for outlet in self._outlets.values():  # after all names: a name beats an alias
            for alias in outlet.aliases:
                self._called.setdefault(fold_name(alias), outlet)

    def __getitem__(self, name: str) -> Outlet:
        return self._outlets[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._outlets)

    def __len__(self) -> int:
        return len(self._outlets)

    def find(self, name_or_domain: str) -> Outlet | None:
        """The outlet that a name, an alias, a host or a URL belongs to, or None where the catalogue does not know it.

        Names are compared as `fold_name` says. A host belongs to the outlet with the longest domain that it equals or
        lies under: `en.people.cn` to the outlet of `people.cn`.
        """
        text = name_or_domain.strip()
        folded = fold_name(text)
        return (self._called.get(folded) if folded else None) or self._at(text)

    def _at(self, address: str) -> Outlet | None:
        try:
            host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
        except ValueError:  # such as an unclosed IPv6 bracket: no host, so no outlet
            return None
        if not _HOST.fullmatch(host):
            return None
        labels = host.rstrip(".").split(".")
        above = (".".join(labels[start:]) for start in range(len(labels) - 1))
        return next((self._domains[domain] for domain in above if domain in self._domains), None)


@cache
def outlets() -> Catalogue:
    """The shipped catalogue, by outlet name."""
    return catalogue_of(texts("outlets", ".toml"))


def catalogue_of(files: Iterable[tuple[str, str]], known: Mapping[str, Outlet] | None = None) -> Catalogue:
    """Every outlet of `files`, pairs of (name without suffix, TOML text), and those `known` that no file lists anew.

    Raises ValueError, in one sentence, for text that is not such a file and for an outlet that is listed twice.
    """
    found: dict[str, Outlet] = {}
    for name, text in files:
        for outlet in _read(name, text):
            if outlet.name in found:
                raise ValueError(f"{name}.toml: the outlet {outlet.name!r} is listed a second time; remove one entry")
            found[outlet.name] = outlet
    return Catalogue({**(known or {}), **found}.values())


def find_outlet(name_or_domain: str, catalogue: Mapping[str, Outlet]) -> Outlet | None:
    """`Catalogue.find`, for any mapping of outlets; a Catalogue answers without looking through all of them."""
    known = catalogue if isinstance(catalogue, Catalogue) else Catalogue(catalogue.values())
    return known.find(name_or_domain)


def fold_name(name: str) -> str:
    """A name as it is compared: without case, diacritics, punctuation and a leading "the"."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_APOSTROPHES)
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    words = re.sub(r"[\W_]+", " ", letters).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _read(name: str, text: str) -> Iterator[Outlet]:
    try:
        tables = tomllib.loads(text).get("outlet", [])
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}.toml is not TOML: {error}") from None
    if not isinstance(tables, list):
        raise ValueError(f"{name}.toml: write each outlet as a table headed [[outlet]]")  # noqa: TRY004 - a user's file
    for table in tables:
        try:
            yield Outlet.model_validate(table)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "entry"
            known = table.get("name", "without a name") if isinstance(table, dict) else table
            raise ValueError(f"{name}.toml, outlet {known!r}: {field}: {first['msg']}") from None
