"""Decide and say: watches in, departures and evidence in, warnings out."""

from tocsin.warn.lifecycle import EVIDENCE_DAYS_BEFORE, Evidence, counted, likelihood, strongest, taken_back, warn
from tocsin.warn.watch import WatchError, load_watch, load_watches
from tocsin.warn.wording import describe, probability_word

__all__ = [
    "EVIDENCE_DAYS_BEFORE",
    "Evidence",
    "WatchError",
    "counted",
    "describe",
    "likelihood",
    "load_watch",
    "load_watches",
    "probability_word",
    "strongest",
    "taken_back",
    "warn",
]
