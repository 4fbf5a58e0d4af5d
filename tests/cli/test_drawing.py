"""A plot is written in the form its name asks for."""

from __future__ import annotations

import re
import struct
from datetime import date
from functools import partial
from pathlib import Path

import pytest
import resvg_py

from tocsin.cli.batch import replay
from tocsin.cli.drawing import rasterised
from tocsin.config import ConfigError
from tocsin.measure import Rebase, Series, plot
from tocsin.measure import replay as measure
from tocsin.measure.simulate import VESSELS, simulate


def test_a_png_has_the_figure_at_twice_its_size() -> None:
    series = Series.of(date(2023, 1, 2), simulate(VESSELS, 1, 200, 1)[0])
    made = rasterised(plot(series, list(measure(series)), "vessels"))
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", made[16:24]) == (2 * 860, 2 * 360)
    assert len(made) > 20_000, "more than paper"


def test_every_label_is_drawn_on_a_machine_without_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resvg_py, "svg_to_bytes", partial(resvg_py.svg_to_bytes, skip_system_fonts=True))
    series = Series.of(date(2023, 1, 2), simulate(VESSELS, 1, 200, 1)[0])
    act = Rebase(series.dates[150], "A. Müller", "новый радар")
    figure = plot(series, list(measure(series)), "vessels – Ελλάδα", [act])
    head, style = figure.split("<title>")[0], figure[figure.index("<style>") : figure.index("</style>") + 8]
    blank = rasterised(f"{head}{style}</svg>")
    labels = re.findall(r"<text.*?</text>", figure)
    assert len(labels) > 15
    for label in labels:
        assert rasterised(f"{head}{style}{label}</svg>") != blank, label


def test_the_name_decides_and_another_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    rows = tmp_path / "vessels.csv"
    rows.write_text("date,value\n" + "".join(f"2023-01-{day:02},{day % 5}\n" for day in range(1, 31)), encoding="utf-8")
    assert replay(str(rows), plot=tmp_path / "vessels.png") == 0
    assert replay(str(rows), plot=tmp_path / "vessels.svg") == 0
    assert (tmp_path / "vessels.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "vessels.svg").read_text(encoding="utf-8").startswith("<svg")
    with pytest.raises(ConfigError, match=r"end the name in \.svg or \.png"):
        replay(str(rows), plot=tmp_path / "vessels.jpg")
