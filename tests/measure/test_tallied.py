"""Coded events are counted by day between two actors; what cannot be read is told, not guessed."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.measure import SeriesError, is_event_file, tally_events

ROWS = """date,source,target,code,goldstein
1990-08-01,IRQ,KUW,173,-5.0
1990-08-01,KUWGOV,IRQMIL,032,4.0
1990-08-01,IRQ,USA,173,-5.0
1990-08-04,KUW,IRQ,173,-5.0
1990-08-03,IRQ,KUW
someday,IRQ,KUW,1,1
1990-08-02,IRQ
1990-08-06,USA,UKG,042,1.9
"""


def test_events_of_a_pair_are_counted_whoever_acts_and_other_days_are_days_of_nothing() -> None:
    series = tally_events(ROWS.splitlines(), ("IRQ", "KUW"))
    assert series.dates[0] == date(1990, 8, 1)
    assert series.values.tolist() == [2, 0, 1, 1, 0, 0], "to the last day of the file, whoever is in it"
    assert [str(fault) for fault in series.faults] == [
        "line 7: 'someday' is not a date; write it as 2023-04-09",
        "line 8: this row has too few columns",
    ]


def test_an_event_file_is_known_by_its_first_line() -> None:
    assert is_event_file(["# a comment", "Date,Source,Target"])
    assert not is_event_file(["date,value"])
    assert not is_event_file([])


@pytest.mark.parametrize("text", ["date,value\n1990-08-01,3", "date,source,target\nx,IRQ,KUW", ""])
def test_what_is_no_event_file_is_refused(text: str) -> None:
    with pytest.raises(SeriesError):
        tally_events(text.splitlines(), ("IRQ", "KUW"))
