"""Who publishes, and whose voice that is: outlets by name or address, news agencies by any of their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

from tocsin.data.agencies import Agency, agencies
from tocsin.records import Outlet


def agency(name: str) -> Agency | None:
    """The agency of this name, whatever its case and article."""
    return _agency_names().get(plain(name))


@cache
def _agency_names() -> dict[str, Agency]:
    return {plain(name): agency for agency in reversed(agencies()) for name in agency.names}


def plain(name: str) -> str:
    """A name of an outlet as it is looked up: without case, scheme, `www.`, path and leading article."""
    folded = name.strip().casefold()
    if "://" in folded:
        folded = urlsplit(folded).netloc
    return folded.removeprefix("www.").removeprefix("the ").rstrip("/")


@dataclass(slots=True)
class Outlets:
    """The outlets that a catalogue, or a user's line, tells of."""

    known: dict[str, Outlet] = field(default_factory=dict)

    @classmethod
    def of(cls, catalogue: Mapping[str, Outlet]) -> Outlets:
        """A catalogue by every key, name and domain in it."""
        outlets = cls()
        for called, outlet in catalogue.items():
            outlets.learn(outlet, (called,))
        return outlets

    def learn(self, outlet: Outlet, also: Iterable[str] = ()) -> None:
        """Remember an outlet; what is already known of a name stands."""
        for name in (outlet.name, *outlet.aliases, *outlet.domains, *also):
            self.known.setdefault(plain(name), outlet)

    def get(self, name: str | None) -> Outlet | None:
        """The outlet called `name`, or whose site `name` is (a subdomain counts as its site)."""
        if not name:
            return None
        called = plain(name)
        while called:
            if found := self.known.get(called):
                return found
            called = called.partition(".")[2] if called.count(".") > 1 else ""
        return None

    def names(self, name: str) -> bool:
        """Whether `name` is the name of an outlet or agency, as a text would cite it."""
        called = plain(name)
        return called in self.known or called in _agency_names()

    def voice(self, name: str | None) -> tuple[str, str] | None:
        """The origin that the outlet's own reports count towards, and why; None for an unnamed outlet."""
        if not name:
            return None
        outlet = self.get(name)
        if outlet and outlet.ownership == "state" and outlet.country:
            return f"state:{outlet.country}", f"state media of {outlet.country}"
        known = agency(outlet.name if outlet else name)
        if known and not (outlet and known.kind == "outlet"):
            published = "own report of" if known.kind == "outlet" else "published by the agency"
            reason = f"state media of {known.country}" if known.state else f"{published} {known.name}"
            return known.voice, reason
        if outlet and outlet.owner:
            return f"owner:{outlet.owner}", f"{outlet.name} is owned by {outlet.owner}"
        called = outlet.name if outlet else name.strip()
        return f"outlet:{called}", f"own report of {called}"
