"""The news agencies, state media and papers that others cite, by any of their names (`group/agencies.txt`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tocsin.data import text


@dataclass(frozen=True, slots=True)
class Agency:
    """One line of `group/agencies.txt`."""

    name: str
    country: str
    kind: str
    names: tuple[str, ...]

    @property
    def state(self) -> bool:
        """Whether a government directs it."""
        return self.kind == "state"

    @property
    def voice(self) -> str:
        """The origin that its reports count towards: the state's, where the state directs it."""
        if self.state:
            return f"state:{self.country}"
        return f"{'outlet' if self.kind == 'outlet' else 'agency'}:{self.name}"


@cache
def agencies() -> tuple[Agency, ...]:
    """Every agency known, in the order of the file."""
    found = []
    for line in text("group/agencies.txt").splitlines():
        if line and not line.startswith("#"):
            name, country, kind, others = (part.strip() for part in line.split("|"))
            names = (name, *(other.strip() for other in others.split(",") if other.strip()))
            found.append(Agency(name, country, kind, names))
    return tuple(found)
