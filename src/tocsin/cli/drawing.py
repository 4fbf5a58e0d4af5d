"""Write a figure as SVG, or as PNG where that is asked for."""

from __future__ import annotations

import re
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path

from tocsin.config import ConfigError

FORMS = (".svg", ".png")
FACES = ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")  # of font-source-sans-pro (SIL OFL 1.1)
FONTS = "Source Sans Pro,Noto Sans,Noto Sans CJK SC,Arial Unicode MS,sans-serif"  # others for what ours has no sign for
ZOOM = 2.0  # pixels to a unit: sharp on paper and on dense screens


def check_form(path: Path) -> None:
    """Refuse, before anything is measured, a file whose name asks for neither form. Raises `ConfigError`."""
    if path.suffix.lower() not in FORMS:
        raise ConfigError(f"a plot is written as SVG or PNG: end the name in .svg or .png, not {path.name!r}.")


def write_figure(svg: str, path: Path) -> None:
    """Write a figure in the form its name asks for."""
    if path.suffix.lower() == ".png":
        path.write_bytes(rasterised(svg))
    else:
        path.write_text(svg, encoding="utf-8")


def rasterised(svg: str) -> bytes:
    """The PNG of one of our figures, on white paper.

    Its labels are in a font that comes with tocsin; a machine's own fonts serve only for signs that this one lacks.
    """
    import resvg_py

    plain = re.sub(r"@media [^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", svg)
    colours = dict(re.findall(r"(--[a-z]+):\s*([^;}]+)", plain))
    # resvg knows neither custom properties nor dark mode: the colours of paper are put in.
    plain = re.sub(r"var\((--[a-z]+)\)", lambda name: colours.get(name[1], "#000"), plain)
    plain = re.sub(r"--[a-z]+:[^;}]+;?", "", plain)
    plain = re.sub(r"font:(\d+px) system-ui,sans-serif", rf"font-size:\1;font-family:{FONTS}", plain)
    folder = files("font_source_sans_pro").joinpath("files")
    with ExitStack() as open_files:
        faces = [str(open_files.enter_context(as_file(folder.joinpath(face)))) for face in FACES]
        drawn = resvg_py.svg_to_bytes(svg_string=plain, zoom=ZOOM, background="#fff", font_files=faces)
    return bytes(drawn)
