"""A series is read from CSV as people write it; what cannot be read is told and missing, never zero."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from tocsin.measure import Series, SeriesError, read_series


def test_days_that_the_file_leaves_out_are_missing() -> None:
    series = read_series(["date,value", "2023-04-08,3", "2023-04-11,12"])
    assert series.dates == (date(2023, 4, 8), date(2023, 4, 9), date(2023, 4, 10), date(2023, 4, 11))
    assert series.values[0] == 3
    assert np.isnan(series.values[1:3]).all()


def test_an_empty_value_is_missing_and_zero_is_zero() -> None:
    series = read_series(["date,value", "2023-04-08,", "2023-04-09,0"])
    assert math.isnan(series.values[0])
    assert series.values[1] == 0
    assert series.faults == ()


def test_excel_habits_are_no_trouble() -> None:
    series = read_series(["\ufeffDate,note,Value,coverage,regime\r\n", "2023-04-08,x,3,0.5,new\r\n", "\r\n"])
    assert series.values.tolist() == [3.0]
    assert series.coverage.tolist() == [0.5]
    assert series.regime == ("new",)


def test_rows_in_any_order_make_a_calendar() -> None:
    assert read_series(["date,value", "2023-04-09,2", "2023-04-08,1"]).values.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2023-04-09,many", "value 'many' is not a number"),
        ("2023-04-09,-4", "out of range"),
        ("2023-04-09,inf", "not finite"),
        ("2023-04-09,1e16", "out of range"),
        ("2023-04-09,1,3", "coverage '3' is out of range"),
        ("09/04/2023,1", "is not a date"),
        ("2023-02-30,1", "is not a date"),
        ("2023-04-08,5", "given twice"),
        ("2023-04-09;5", "'2023-04-09;5' is not a date"),
        ("2023-04-09xyz,5", "'2023-04-09xyz' is not a date"),
        ('2023-04-09,"1,004"', "value '1,004' has a mark for thousands"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_the_rest_is_kept(row: str, told: str) -> None:
    series = read_series(["date,value,coverage", "2023-04-08,3", row, "2023-04-10,4"])
    assert [fault.line for fault in series.faults] == [3]
    assert told in str(series.faults[0])
    assert series.values[0] == 3
    assert series.values[-1] == 4
    assert np.isnan(series.values[1])


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "no column 'date'"),
        (["day,count", "2023-04-08,3"], "no column 'date'"),
        (["date,count", "2023-04-08,3"], "no column 'value'"),
        (["date,value"], "no row has a date"),
        (["date,value", "0023-04-08,3", "2023-04-08,3"], "longer than 200 years"),
    ],
)
def test_a_file_that_is_no_series_is_refused_in_one_sentence(lines: list[str], told: str) -> None:
    with pytest.raises(SeriesError, match=told):
        read_series(lines)


@pytest.mark.parametrize("absent", ["", "NA", "n/a", "NaN", "null", "None"])
def test_words_for_a_missing_value_are_no_fault(absent: str) -> None:
    series = read_series(["date,value", "2023-04-08,3", f"2023-04-09,{absent}"])
    assert np.isnan(series.values[1])
    assert not series.faults


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (["date;value", "2023-04-08;3,5"], 3.5),
        (["date\tvalue", "2023-04-08\t3"], 3.0),
        (["# from the ministry", "", "date,value", "2023-04-08,3"], 3.0),
        (['"date","value"', '"2023-04-08","3"'], 3.0),
        (["date;value", "2023-04-08;1.5"], 1.5),
        (["date;value", "2023-04-08;0.125"], 0.125),
        (["date,value", "2023-04-08,1.004"], 1.004),
        (["date,value", "2023-04-08 06:00,3"], 3.0),
        (["date,value", "2023-04-08T06:00:00Z,3"], 3.0),
    ],
)
def test_other_habits_of_writing_tables_are_read(lines: list[str], value: float) -> None:
    series = read_series(lines)
    assert series.values.tolist() == [value]
    assert not series.faults


def test_a_day_given_twice_with_one_value_is_no_fault_and_with_two_is_told() -> None:
    assert not read_series(["date,value", "2023-04-08,3", "2023-04-08,3"]).faults
    fault = read_series(["date,value", "2023-04-08,3", "2023-04-08,4"]).faults[0]
    assert str(fault) == "line 3: 2023-04-08 is given twice; the first value is kept"


def test_where_a_comma_is_decimal_a_figure_with_a_point_before_three_digits_is_not_guessed() -> None:
    series = read_series(["date;value", "2023-04-08;998", "2023-04-09;1.004", "2023-04-10;1004"])
    assert [fault.line for fault in series.faults] == [3]
    assert "'1.004' may have a mark for thousands" in str(series.faults[0])
    assert math.isnan(series.values[1])


def test_of_a_day_given_twice_the_first_that_has_a_value_is_kept() -> None:
    series = read_series(["date,value", "2023-04-08,", "2023-04-08,4", "2023-04-08,5"])
    assert series.values.tolist() == [4.0]
    assert [fault.line for fault in series.faults] == [3, 4]


def test_where_no_date_can_be_read_the_first_fault_is_quoted() -> None:
    with pytest.raises(SeriesError, match="'04/09/2023' is not a date"):
        read_series(["date,value", "04/09/2023,3"])


def test_binary_is_refused_and_a_broken_quote_harms_no_other_line() -> None:
    with pytest.raises(SeriesError):
        read_series(["\x00\x01\x02", "\x03"])
    series = read_series(["date,value", '2023-04-08,"3', "2023-04-09,4"])
    assert series.values[1] == 4


def test_a_series_has_consecutive_days() -> None:
    with pytest.raises(ValueError, match="consecutive"):
        Series((date(2023, 1, 1), date(2023, 1, 3)), np.zeros(2), np.ones(2), ("", ""))


def test_a_holiday_is_a_class_of_its_own() -> None:
    series = Series.of(date(2023, 5, 1), [1, 2], holidays=[date(2023, 5, 1)])
    assert series.day_class(date(2023, 5, 1)) == 7
    assert series.day_class(date(2023, 5, 2)) == 1
