"""A daily series as SVG: its values, the expected band, and where it departed. Reads without colour or script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from markupsafe import Markup, escape

from tocsin.records import Departure, Measurement, Rebase
from tocsin.web.scale import Linear, calendar, number, ticks

WIDTH, LEFT, RIGHT = 1080.0, 52.0, 8.0
HEIGHT, TOP = 210.0, 12.0
UNDER, ROW = 25.0, 16.0
EPISODES = ("surge", "burden", "creep", "blind")
FEW_DAYS = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """The scales of one chart."""

    x: Linear
    y: Linear
    first: date
    last: date
    marks: Sequence[float] = ()

    def at(self, day: date) -> float:
        """The middle of a day."""
        return self.x(day.toordinal() + 0.5)

    @property
    def step(self) -> float:
        """The width of a day."""
        return self.x(1) - self.x(0)


def draw(
    series: Sequence[Measurement],
    departures: Sequence[Departure],
    title: str,
    unit: str = "",
    rebases: Sequence[Rebase] = (),
) -> Markup:
    """The chart of `series`: values, expected band, re-bases, episodes in rows of their own. Empty without a value."""
    if all(day.value is None for day in series):
        return Markup("")
    frame = _frame(series, HEIGHT)
    rows = _rows(series, departures)
    height = HEIGHT + UNDER + ROW * len(rows)
    pieces = [
        f'<svg class="chart" role="group" viewBox="0 0 {WIDTH:.0f} {height:.0f}" aria-label="{escape(title)}">',
        *_grid(frame, unit),
        *_band(frame, series),
        *_values(frame, series),
        _expected(frame, series),
        *_acts(frame, rebases, HEIGHT),
        *_time(frame, HEIGHT),
        *(piece for row, name in enumerate(rows) for piece in _row(frame, name, row, series, departures)),
        "</svg>",
    ]
    return Markup("".join(pieces))  # noqa: S704 - every text in it is escaped


def draw_creep(series: Sequence[Measurement], title: str, rebases: Sequence[Rebase] = ()) -> Markup:
    """How far what passes for normal stands from the reference (1), with its 90 % interval. Empty where unknown."""
    known = [day for day in series if day.creep_index is not None]
    if not known:
        return Markup("")
    height = 96.0
    tops = [day.creep_interval[1] if day.creep_interval else day.creep_index or 0 for day in known]
    bottoms = [day.creep_interval[0] if day.creep_interval else day.creep_index or 0 for day in known]
    marks = ticks(min(0.0, *bottoms, 1.0), max(*tops, 1.2), about=3)
    frame = Frame(_days(series), Linear(marks[0], marks[-1], height, TOP), series[0].date, series[-1].date, marks)
    runs = groupby(series, key=lambda day: day.creep_interval is not None)
    lines = [
        *(f'<path class="interval" d="{_area(frame, list(days))}"/>' for known_here, days in runs if known_here),
        f'<path class="reference" d="M{LEFT},{frame.y(1):.1f}H{WIDTH - RIGHT}"/>',
        f'<path class="index" d="{_line(frame, ((day.date, day.creep_index) for day in series))}"/>',
        *_acts(frame, rebases, height),
    ]
    head = f'<svg class="chart" role="img" viewBox="0 0 {WIDTH:.0f} {height + 20:.0f}" aria-label="{escape(title)}">'
    grid = "".join(_grid(frame, "times the reference"))
    return Markup(head + grid + "".join(lines) + "".join(_time(frame, height)) + "</svg>")  # noqa: S704 - as above


def spark(series: Sequence[Measurement], title: str) -> Markup:
    """A chart of a word's height for a table: values and the expected band."""
    if all(day.value is None for day in series):
        return Markup("")
    width, height = 180.0, 34.0
    values = [day.value for day in series if day.value is not None]
    tops = [day.interval[1] for day in series if day.interval]
    high, low = max([*values, *tops, 1.0]), min([0.0, *values])
    first = series[0].date.toordinal()
    frame = Frame(
        Linear(first, first + len(series), 0, width), Linear(low, high, height - 1, 1), series[0].date, series[-1].date
    )
    body = "".join([*_band(frame, series), *_values(frame, series, titled=False)])
    head = f'<svg class="spark" role="img" viewBox="0 0 {width:.0f} {height:.0f}" aria-label="{escape(title)}">'
    return Markup(f"{head}{body}</svg>")  # noqa: S704 - the title is escaped


def describe(series: Sequence[Measurement], unit: str) -> str:
    """What a chart shows, in a sentence, for who cannot see it."""
    values = [(day.value, day.date) for day in series if day.value is not None]
    if not values:
        return "No value is known."
    top, when = max(values)
    last, last_day = values[-1]
    surges = sum(day.surge for day in series)
    missing = len(series) - len(values)
    said = f"{len(values)} days with values from {series[0].date} to {series[-1].date}, {missing} without; "
    said += f"the highest is {number(top)} {unit} on {when}, the last {number(last)} on {last_day}"
    return f"{' '.join(said.split())}; {surges} days of surge."


def _days(series: Sequence[Measurement]) -> Linear:
    first, last = series[0].date.toordinal(), series[-1].date.toordinal() + 1
    return Linear(first, last, LEFT, WIDTH - RIGHT)


def _frame(series: Sequence[Measurement], height: float) -> Frame:
    values = [day.value for day in series if day.value is not None]
    bands = [day.interval for day in series if day.interval]
    high = max([1.0, *values, *(band[1] for band in bands)])
    low = min([0.0, *values, *(band[0] for band in bands if band[0] < 0)])
    counted = all(value == round(value) for value in values)
    marks = ticks(low, high, least=1.0 if counted else 0.0)
    return Frame(_days(series), Linear(marks[0], marks[-1], height, TOP), series[0].date, series[-1].date, marks)


def _grid(frame: Frame, unit: str) -> Iterator[str]:
    for mark in frame.marks:
        y = frame.y(mark)
        kind = "zero" if mark == 0 else "grid"
        yield f'<path class="{kind}" d="M{LEFT},{y:.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text class="tick" x="{LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{number(mark)}</text>'
    if unit:
        yield f'<text class="unit" x="{LEFT + 4}" y="{TOP - 2}">{escape(unit)}</text>'


def _time(frame: Frame, height: float) -> Iterator[str]:
    for day, name in calendar(frame.first, frame.last):
        x = frame.x(day.toordinal())
        kind = "year" if name.isdigit() else "month"
        yield f'<path class="{kind}" d="M{x:.1f},{TOP}V{height + 4}"/>'
        if x < WIDTH - 30:
            yield f'<text class="tick {kind}-name" x="{x + 3:.1f}" y="{height + 13:.1f}">{name}</text>'


def _acts(frame: Frame, rebases: Sequence[Rebase], height: float) -> Iterator[str]:
    """An upright line where a named person moved the baseline, and why."""
    for act in rebases:
        if not act.undone and frame.first <= act.day <= frame.last:
            x = frame.x(act.day.toordinal())
            end = x > WIDTH * 0.75
            at = f'x="{x - 4 if end else x + 4:.1f}" y="{TOP + 8:.1f}" text-anchor="{"end" if end else "start"}"'
            said = f"re-based from {act.day} by {act.by}: {act.reason}"
            yield f'<path class="act" d="M{x:.1f},{TOP}V{height:.1f}"><title>{escape(said)}</title></path>'
            yield f'<text class="act-name" {at}>re-based by {escape(act.by)}</text>'


def _band(frame: Frame, series: Sequence[Measurement]) -> Iterator[str]:
    for known, days in groupby(series, key=lambda day: day.interval is not None):
        if known:
            yield f'<path class="band" d="{_steps(frame, list(days))}"/>'


def _expected(frame: Frame, series: Sequence[Measurement]) -> str:
    return f'<path class="expected" d="{_line(frame, ((day.date, day.expected) for day in series))}"/>'


def _steps(frame: Frame, days: Sequence[Measurement]) -> str:
    """The area between the ends of the interval."""
    low = [(frame.at(day.date), frame.y(max(day.interval[0], frame.y.low))) for day in days if day.interval]
    high = [(frame.at(day.date), frame.y(min(day.interval[1], frame.y.high))) for day in days if day.interval]
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in [*high, *reversed(low)]) + "Z"


def _area(frame: Frame, days: Sequence[Measurement]) -> str:
    """The area between the ends of the creep index's interval."""
    ends = [(frame.at(day.date), day.creep_interval) for day in days if day.creep_interval]
    around = [(x, frame.y(end[1])) for x, end in ends] + [(x, frame.y(end[0])) for x, end in reversed(ends)]
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in around) + "Z"


def _line(frame: Frame, points: Iterable[tuple[date, float | None]]) -> str:
    parts: list[str] = []
    pen = "M"
    for day, value in points:
        if value is None:
            pen = "M"
            continue
        parts.append(f"{pen}{frame.at(day):.1f},{frame.y(value):.1f}")
        pen = "L"
    return "".join(parts)


def _values(frame: Frame, series: Sequence[Measurement], *, titled: bool = True) -> Iterator[str]:
    """A stick for each day; days of a surge stand out by width as well as colour."""
    zero, wide = frame.y(0), min(frame.step * 0.72, 9.0)
    known = [day for day in series if day.value is not None]
    for surge, kind in ((False, "value"), (True, "value surging")):
        days = [day for day in known if day.surge is surge]
        if titled and len(series) <= FEW_DAYS:
            yield from (_stick(frame, day, kind, wide) for day in days)
        elif days:
            sticks = "".join(f"M{frame.at(day.date):.1f},{zero:.1f}V{frame.y(day.value or 0):.1f}" for day in days)
            width = max(wide, 1.1 if not surge else 2.2)
            yield f'<path class="{kind}" stroke-width="{width:.2f}" d="{sticks}"/>'
    dots = "".join(f"M{frame.at(day.date) - 0.9:.1f},{zero:.1f}h1.8" for day in known if day.value == 0)
    if dots and titled:
        yield f'<path class="nought" d="{dots}"/>'


def _stick(frame: Frame, day: Measurement, kind: str, wide: float) -> str:
    value = day.value or 0.0
    said = f"{day.date}: {number(value)}"
    if day.interval:
        said += f", expected {number(day.interval[0])} to {number(day.interval[1])}"
    top, bottom = sorted((frame.y(value), frame.y(0)))
    return (
        f'<rect class="{kind}" x="{frame.at(day.date) - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" '
        f'height="{max(bottom - top, 0.8):.1f}"><title>{escape(said)}</title></rect>'
    )


def _rows(series: Sequence[Measurement], departures: Sequence[Departure]) -> list[str]:
    """Which rows stand under the chart: one for each meaning that occurs in it."""
    first, last = series[0].date, series[-1].date
    met = {found.detector for found in departures if found.since <= last and (found.until or last) >= first}
    rows: list[str] = [name for name in EPISODES if name in met]
    return [*rows, "no data"] if any(day.value is None for day in series) else rows


def _row(
    frame: Frame, name: str, row: int, series: Sequence[Measurement], departures: Sequence[Departure]
) -> Iterator[str]:
    y = HEIGHT + UNDER + ROW * row
    yield f'<text class="tick" x="{LEFT - 6}" y="{y + 8:.1f}" text-anchor="end">{name}</text>'
    if name == "no data":
        missing = "".join(f"M{frame.at(day.date):.1f},{y + 1:.1f}v7" for day in series if day.value is None)
        yield f'<path class="missing" stroke-width="{max(frame.step, 0.8):.2f}" d="{missing}"/>'
        return
    for found in departures:
        if found.detector == name and found.since <= frame.last and (found.until or frame.last) >= frame.first:
            yield _episode(frame, found, y)


def _episode(frame: Frame, found: Departure, y: float) -> str:
    """An episode as a bar from its estimated beginning to its end, with a mark on the day it was declared."""
    start, until = max(found.since, frame.first), min(found.until or frame.last, frame.last)
    left, right = frame.x(start.toordinal()), frame.x((until + timedelta(days=1)).toordinal())
    said = f"{found.detector}: since {found.since}, declared {found.declared}, "
    said += f"until {found.until}" if found.until else "lasting"
    declared = ""
    if frame.first <= found.declared <= frame.last:
        x = frame.at(found.declared)
        declared = f'<path class="declared" d="M{x:.1f},{y + 1:.1f}l4,-6h-8zM{x:.1f},{y:.1f}v8"/>'
    return (
        f'<a href="/departures/{escape(found.id)}" aria-label="{escape(said)}">'
        f'<rect class="episode {escape(found.detector)}" x="{left:.1f}" y="{y:.1f}" '
        f'width="{max(right - left, 2.5):.1f}" height="8"/>{declared}<title>{escape(said)}</title></a>'
    )
