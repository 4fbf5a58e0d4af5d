"""The words of a warning: one probability word with its number, dates and figures as a reader expects them.

The seven likelihood words and their ranges are those of Intelligence Community Directive 203 (2015), D.6.e(2)(a).
"""

from __future__ import annotations

from datetime import date

from tocsin.records import Departure, Indicator

_ICD_203 = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.01, "almost certain"),
)


def probability_word(probability: float) -> str:
    """The ICD 203 word for a probability (0..1); a boundary takes the stronger word."""
    return next(word for below, word in _ICD_203 if probability < below)


def figure(value: float) -> str:
    """A daily mean as prose states it: whole from 10 up, one decimal below."""
    return f"{value:,.0f}" if abs(value) >= 10 else f"{value:.1f}"


def day(value: date) -> str:
    """A date in prose: 3 August 2022."""
    return f"{value.day} {value:%B %Y}"


def span(since: date, until: date | None) -> str:
    """A period in prose, open or closed."""
    return f"since {day(since)}" if until is None else f"from {day(since)} to {day(until)}"


def describe(departure: Departure, indicator: Indicator) -> str:
    """One departure in one sentence: what, against what, since when."""
    what, when = indicator.title, span(departure.since, departure.until)
    unit = f" {indicator.unit}" if indicator.unit else ""
    if departure.detector == "blind":
        return f"{what}: no data {when}; tocsin is blind here, which is not the same as calm."
    if departure.observed is None or departure.expected is None:
        return f"{what}: {_MEANING[departure.detector]} {when}, declared on {day(departure.declared)}."
    sentence = (
        f"{what}: {_MEANING[departure.detector]} {when}, declared on {day(departure.declared)}: "
        f"{figure(departure.observed)}{unit} a day against {figure(departure.expected)} {_AGAINST[departure.detector]}"
    )
    if departure.peak is not None and departure.detector == "surge":
        sentence += f", {figure(departure.peak)} on the highest day"
    if departure.creep_index is not None and departure.detector != "surge":
        low, high = departure.creep_interval or (departure.creep_index, departure.creep_index)
        sentence += f"; normal now stands at {departure.creep_index:.2f} times the reference ({low:.2f} to {high:.2f})"
    return sentence + "."


_MEANING = {
    "surge": "a surge above its recent past",
    "burden": "a sustained burden above the reference year",
    "creep": "a slow rise of what passes for normal",
}

_AGAINST = {"surge": "expected", "burden": "in the reference", "creep": "in the reference"}

TITLES = {
    "surge": "Surge",
    "burden": "Sustained burden",
    "creep": "Creeping normal",
    "blind": "Blind",
}
