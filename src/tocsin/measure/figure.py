"""The figure of a series: values, expected band, departures, creep index, re-bases and regimes, as one SVG.

Written by hand so that a page, a terminal and a report show the same figure without a plotting library. Colours are CSS
classes with custom properties (light and dark), nothing is told by colour alone, and `title` and `desc` say in words
what the figure shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from tocsin.measure.series import Rebase, Series
from tocsin.records import Measurement

WIDTH, HEIGHT = 860, 360
LEFT, RIGHT, TOP, LANES = 52, 12, 40, 3
LANE = 16  # height of a detector's lane
BOTTOM = 26
DETECTORS = ("surge", "burden", "creep")

STYLE = """
.tocsin{--ink:#1d2733;--faint:#5f6b78;--grid:#dde3ea;--paper:#fff;--value:#1f5fa8;--band:#bcd3ec;
--surge:#c8321f;--burden:#a86a00;--creep:#7b2fa0;font:12px system-ui,sans-serif}
@media (prefers-color-scheme:dark){.tocsin{--ink:#e8edf2;--faint:#a3afbb;--grid:#33404d;--paper:#151c23;--value:#79b4f2;
--band:#2c4a68;--surge:#ff7b66;--burden:#f0b24a;--creep:#cf94ec}}
.paper{fill:var(--paper)}.ink{fill:var(--ink)}.faint{fill:var(--faint)}.grid{stroke:var(--grid)}
.value{fill:none;stroke:var(--value);stroke-width:1.3}.dot{fill:var(--value)}
.band{fill:var(--band);opacity:.65}.expected{fill:none;stroke:var(--faint);stroke-dasharray:4 3}
.surge{fill:var(--surge)}.burden{fill:var(--burden)}.creep{fill:var(--creep)}
.missing{fill:var(--grid)}.mark{stroke:var(--ink);stroke-dasharray:2 3}.head{font-size:14px;font-weight:600}
"""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where days and values stand in the picture."""

    days: int
    top: float

    @property
    def floor(self) -> float:
        """The y of value zero."""
        return HEIGHT - BOTTOM - LANES * LANE - 8

    def x(self, at: float) -> float:
        """Across, by number of day."""
        return LEFT + (WIDTH - LEFT - RIGHT) * at / max(self.days - 1, 1)

    def y(self, value: float, bottom: float) -> float:
        """Down, by value."""
        return self.floor - (self.floor - TOP) * (value - bottom) / (self.top - bottom)


def plot(series: Series, measurements: Sequence[Measurement], title: str = "", rebases: Iterable[Rebase] = ()) -> str:
    """The SVG of a series and what `replay` made of it, one measurement for each day.

    Raises:
        ValueError: there is no day to show, or the measurements are not those of the series.
    """
    if not measurements or [m.date for m in measurements] != list(series.dates):
        raise ValueError("a figure needs at least one day, and one measurement for each day of the series")
    values = [m.value for m in measurements if m.value is not None]
    highs = [m.interval[1] for m in measurements if m.interval]
    lows = [m.interval[0] for m in measurements if m.interval]
    bottom = min([0.0, *values, *lows])
    top = _round_up(max([*values, *sorted(highs)[: max(int(len(highs) * 0.99), 1)], bottom + 1.0]) - bottom) + bottom
    frame = Frame(len(measurements), top)
    heading = title or f"{series.dates[0]} to {series.dates[-1]}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tocsin" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(heading)}</title><desc>{escape(_words(series, measurements))}</desc>",
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="ink head" x="{LEFT}" y="18">{escape(heading)}</text>',
        f'<text class="faint" x="{LEFT}" y="33">line: value · band: expected, 9 days in 10 · bars: departures</text>',
        *_axes(series, frame, bottom),
        *_band(measurements, frame, bottom),
        *_values(measurements, frame, bottom),
        *_lanes(measurements, frame),
        *_marks(series, frame, rebases),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _words(series: Series, measurements: Sequence[Measurement]) -> str:
    """What the figure shows, for those who do not see it."""
    told = [f"Daily values from {series.dates[0]} to {series.dates[-1]}."]
    for name in DETECTORS:
        episodes = [(measurements[a].date, measurements[b].date) for a, b in _episodes(measurements, name)]
        if episodes:
            runs = ", ".join(f"{first} to {last}" for first, last in episodes)
            told.append(f"{name.capitalize()}: {runs}.")
        else:
            told.append(f"No {name}.")
    last = measurements[-1]
    if last.creep_index is not None and last.creep_interval is not None:
        low, high = last.creep_interval
        told.append(f"Creep index on the last day {last.creep_index:.2f} ({low:.2f} to {high:.2f}).")
    return " ".join(told)


def _episodes(measurements: Sequence[Measurement], name: str) -> Iterator[tuple[int, int]]:
    for on, run in groupby(range(len(measurements)), key=lambda at: bool(getattr(measurements[at], name))):
        if on:
            days = list(run)
            yield days[0], days[-1]


def _round_up(value: float) -> float:
    """The next round number."""
    power = 10.0 ** (len(f"{value:.0f}") - 1) if value >= 1 else 10.0 ** -len(f"{1 / value:.0f}")
    return next(
        (step * power for step in (1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10) if step * power >= value), 10 * power
    )


def _axes(series: Series, frame: Frame, bottom: float) -> Iterator[str]:
    for n in range(5):
        value = bottom + (frame.top - bottom) * n / 4
        y = frame.y(value, bottom)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="faint" x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.4g}</text>'
    firsts = [at for at, day in enumerate(series.dates) if day.day == 1]
    months = firsts[:: -(-len(firsts) // 8) or 1] or [0]
    for at in months:
        x = frame.x(at)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        day = series.dates[at]
        label = f"{day:%Y-%m}" if firsts else str(day)
        yield f'<text class="faint" x="{x:.1f}" y="{HEIGHT - 8}">{label}</text>'


def _band(measurements: Sequence[Measurement], frame: Frame, bottom: float) -> Iterator[str]:
    for warm, run in groupby(enumerate(measurements), key=lambda item: item[1].interval is not None):
        if not warm:
            continue
        days = [(at, m.interval, m.expected) for at, m in run if m.interval is not None and m.expected is not None]
        upper = [(at, min(interval[1], frame.top)) for at, interval, _ in days]
        lower = [(at, interval[0]) for at, interval, _ in reversed(days)]
        points = " ".join(f"{frame.x(at):.1f},{frame.y(v, bottom):.1f}" for at, v in upper + lower)
        yield f'<polygon class="band" points="{points}"/>'
        line = " ".join(f"{frame.x(at):.1f},{frame.y(v, bottom):.1f}" for at, _, v in days)
        yield f'<polyline class="expected" points="{line}"/>'


def _values(measurements: Sequence[Measurement], frame: Frame, bottom: float) -> Iterator[str]:
    for known, run in groupby(enumerate(measurements), key=lambda item: item[1].value is not None):
        days = list(run)
        if not known:
            x, wide = frame.x(days[0][0]), frame.x(days[-1][0]) - frame.x(days[0][0])
            yield f'<rect class="missing" x="{x:.1f}" y="{frame.floor:.1f}" width="{wide + 1:.1f}" height="4"/>'
            continue
        points = [(frame.x(at), frame.y(m.value, bottom)) for at, m in days if m.value is not None]
        if len(points) == 1:
            yield f'<circle class="dot" cx="{points[0][0]:.1f}" cy="{points[0][1]:.1f}" r="1.6"/>'
        else:
            line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            yield f'<polyline class="value" points="{line}"/>'


def _lanes(measurements: Sequence[Measurement], frame: Frame) -> Iterator[str]:
    for row, name in enumerate(DETECTORS):
        y = frame.floor + 10 + row * LANE
        yield f'<text class="faint" x="{LEFT - 6}" y="{y + 10:.1f}" text-anchor="end">{name}</text>'
        for first, last in _episodes(measurements, name):
            x, wide = frame.x(first), max(frame.x(last) - frame.x(first), 2.0)
            when = f"{name}: {measurements[first].date} to {measurements[last].date}"
            yield f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{LANE - 5}" rx="2">'
            yield f"<title>{when}</title></rect>"


def _marks(series: Series, frame: Frame, rebases: Iterable[Rebase]) -> Iterator[str]:
    """Upright lines where the baseline was re-based by a person, or the reporting rules changed."""
    place = {day: at for at, day in enumerate(series.dates)}
    marks = [(place[act.day], f"re-based by {act.by}: {act.reason}") for act in rebases if act.day in place]
    for at in range(1, len(series)):
        if series.regime[at] != series.regime[at - 1]:
            marks.append((at, f"reporting rules: {series.regime[at] or 'unnamed'}"))
    for row, (at, told) in enumerate(sorted(marks)):
        x = frame.x(at)
        text = escape(told)
        anchor, aside = ("end", -4) if x > WIDTH * 0.7 else ("start", 4)
        yield f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{frame.floor:.1f}"/>'
        place_of = f'x="{x:.1f}" y="{TOP + 11 + 14 * (row % 3)}" dx="{aside}" text-anchor="{anchor}"'
        yield f'<text class="ink" {place_of}>{text}</text>'
