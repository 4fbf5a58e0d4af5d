"""The batch commands: a file or standard input in, JSON Lines out (see `docs/reference/commands.md`)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from cyclopts import Parameter

from tocsin.cli.app import DONE, REFUSED, app
from tocsin.cli.jsonl import Line, LineError, answer_lines, emit, flag_of, text_lines, text_of
from tocsin.records import Article

if TYPE_CHECKING:
    from tocsin import measure

Input = Annotated[str, Parameter(allow_leading_hyphen=True, help="A file of JSON Lines, or `-` for standard input.")]
Series = Annotated[
    str, Parameter(allow_leading_hyphen=True, help="A CSV file `date,value`, or `-` for standard input.")
]
AsJson = Annotated[bool, Parameter(help="JSON Lines out; these commands always write them, so nothing changes.")]


@app.command
def read(*pages: str, json: Annotated[bool, Parameter(help="JSON Lines even on a terminal.")] = False) -> int:
    """Read pages: the main article of each, and every headline of another article that it lists.

    Example: `tocsin read page.html saved-pages/ https://example.org/news --json`

    Parameters
    ----------
    pages
        Files, folders of saved pages, or addresses.
    """
    from tocsin.cli.pages import open_pages
    from tocsin.collect import SourceError, unfold
    from tocsin.read import ReadError
    from tocsin.read import read as read_page

    refused = 0
    words = sys.stdout.isatty() and not json
    for document in open_pages(pages):
        try:
            for page in unfold(document):
                for article in read_page(page):
                    _show(article, words)
        except (ReadError, SourceError) as error:
            refused += 1
            print(f"tocsin: {error}", file=sys.stderr)
    return REFUSED if refused else DONE


def _show(article: Article, words: bool) -> None:
    if words:
        print(f"[{article.form}] {article.title}", article.text, "", sep="\n")
    else:
        emit({"kind": article.form, **article.model_dump(mode="json", include=READ_FIELDS)})


READ_FIELDS = {"url", "outlet", "title", "text", "published", "language", "links"}


@app.command
def bulletin(lines: Input, /, *, json: AsJson = False) -> int:
    """Read official daily activity bulletins: counts, sectors, types, activities and the period they are for.

    In: `{"id","text","listed"?,"issuer"?}`. Without an issuer the grammars recognise the text themselves.

    Example: `tocsin bulletin bulletins.jsonl > figures.jsonl`
    """
    from tocsin.read import read_bulletin

    def respond(line: Line) -> Iterator[Line]:
        text = text_of(line, "text", required=True)
        found = read_bulletin(text, day_of(line, "listed"), text_of(line, "issuer") or None)
        if found is None:
            raise LineError("no grammar reads this text; add one in data/bulletins (see CONTRIBUTING.md)")
        yield {"id": line.get("id"), **found.model_dump(mode="json")}

    return answer_lines(lines, respond)


@app.command
def code(lines: Input, /, *, explain: bool = False, json: AsJson = False) -> int:
    """Code who did what to whom, where and when, in PLOVER terms.

    In: `{"id","text","date"?,"headline"?,"lang"?}`. Out: `{"id","events":[…]}`, empty where nothing is codable.

    Example: `echo '{"id":1,"text":"China ended its drills around Taiwan."}' | tocsin code -`

    Parameters
    ----------
    explain
        Also give, under `explain`, the words, the frame and the rule behind each event, and what the model added.
    """
    from tocsin import code as coder

    def respond(line: Line) -> Iterator[Line]:
        text = text_of(line, "text", required=True)
        on, headline, language = day_of(line, "date"), flag_of(line, "headline"), text_of(line, "lang") or None
        coding = coder.code_text(text, on=on, headline=headline, language=language)
        answer: Line = {"id": line.get("id"), "events": [event_line(event) for event in coding.events]}
        if coding.note:
            answer["note"] = coding.note
        if explain:
            answer["explain"] = asdict(coder.explain(text, on=on, headline=headline, language=language))
        yield answer

    def event_line(event: object) -> Line:
        return event.model_dump(mode="json", exclude={"id", "article", "headline", "reported"})  # type: ignore[attr-defined, no-any-return]

    return answer_lines(lines, respond)


@app.command
def group(lines: Input, /, *, json: AsJson = False) -> int:
    """Group articles into copies, stories and origins, online and in the order given.

    In: `{"id","title","text","published","outlet",…}` in time order. Out: `{"id","story","copy_group","origin",
    "origin_reason"}`; a later line `{"id","revised":{…}}` may revise an earlier answer.

    Example: `tocsin group articles.jsonl > memberships.jsonl`
    """
    from tocsin.data.catalogue import outlets
    from tocsin.group import Grouper

    grouper = Grouper(outlets=outlets())
    return answer_lines(lines, grouper.line, finish=grouper.end())


@app.command
def replay(series: Series, /, *, plot: Path | None = None, json: AsJson = False) -> int:
    """Measure every day of a series against its own past: surge, burden and creep, without look-ahead.

    In: CSV `date,value[,coverage,regime]`; an empty value is missing, never zero.

    Example: `tocsin replay vessels.csv --plot vessels.svg | tail -1`

    Parameters
    ----------
    plot
        Also draw the series with its expected band and departures: to a file that ends in .svg or .png.
    """
    from tocsin import measure
    from tocsin.cli.drawing import check_form, write_figure

    if plot:
        check_form(plot)
    days = series_from(series)
    measured = list(measure.replay(days))
    for measurement in measured:
        emit(measurement.model_dump(mode="json"))
    if plot:
        write_figure(measure.plot(days, measured, title=Path(series).stem), plot)
    return report_faults(days)


@app.command
def forecast(series: Series, /, *, horizon: int = 7, threshold: float | None = None, json: AsJson = False) -> int:
    """Forecast the days after a series, only where that has beaten climatology on this very series.

    One line a lead day and one for the total; `method` names what was issued, `reason` says why, `skill` is measured on
    this series.

    Example: `tocsin forecast vessels.csv --horizon 7 --threshold 10`

    Parameters
    ----------
    horizon
        Days ahead.
    threshold
        Also give the probability that a day's value, or on the total's line the total, reaches this.
    """
    from tocsin import measure

    days = series_from(series)
    try:
        for line in measure.forecast(days, horizon, threshold):
            emit(line.model_dump(mode="json"))
    except ValueError as error:
        report_faults(days)
        raise LineError(f"{series}: {error}") from None
    return report_faults(days)


SPARSE = 0.2
"""Share of days with a value below which a file is told to look weekly or monthly rather than daily."""


def series_from(path: str, lines: Iterable[str] | None = None) -> measure.Series:
    """Read a series, from `lines` where the file is read already; a fault of the whole file names the file.

    One that is mostly gaps is told to be so.
    """
    from tocsin import measure

    try:
        days = measure.read_series(text_lines(path) if lines is None else lines)
    except measure.SeriesError as fault:
        raise LineError(f"{path}: {fault}.") from None
    known = int(np.count_nonzero(~np.isnan(days.values)))
    if 10 <= known < SPARSE * len(days):
        share = f"only {known} of the {len(days)} days from {days.dates[0]} to {days.dates[-1]} have a value"
        print(f"tocsin: {path}: {share}; tocsin measures days, so give one line a day.", file=sys.stderr)
    return days


def report_faults(days: measure.Series) -> int:
    """Tell on standard error which lines of a series could not be read; their days count as missing."""
    for fault in days.faults:
        print(f"tocsin: {fault}.", file=sys.stderr)
    return REFUSED if days.faults else DONE


def day_of(line: Line, key: str) -> date | None:
    """The day under `key` (an ISO 8601 date or date-time), or None. Raises `LineError` where it is neither."""
    text = text_of(line, key).strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise LineError(f"{key!r} is not an ISO 8601 date: {text[:40]!r}") from None
