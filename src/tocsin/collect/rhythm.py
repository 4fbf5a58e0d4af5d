"""How often something new is to be expected of a source, as `tocsin.toml` writes it: `rhythm = "1d"`."""

from __future__ import annotations

import re

from tocsin.collect.source import Settings

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def rhythm_of(settings: Settings) -> float | None:
    """The configured rhythm in seconds; None where the source's own past is to tell."""
    stated = settings.maybe("rhythm")
    if stated is None:
        return None
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([mhdw])\s*", stated)
    if not match or float(match[1]) == 0:
        raise settings.wrong(f"rhythm {stated!r} is not an interval; write it like 30m, 6h, 1d or 1w")
    return float(match[1]) * _UNITS[match[2]]
