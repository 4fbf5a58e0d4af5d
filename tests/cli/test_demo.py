"""The main job on bundled input, as a user runs it: figures and reports in, warnings with their evidence out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest
from tests.cli.conftest import Tocsin

import tocsin as package
from tocsin.cli import evidence


def found(tocsin: Tocsin, demo: Path, detector: str, indicator: str) -> list[dict[str, object]]:
    lines = tocsin("warnings", "-w", demo, "--json", "--watch", "taiwan-strait").lines
    return [line for line in lines if line["detector"] == detector and indicator in str(line["title"])]


def test_the_surges_of_august_2022_and_april_2023_are_seen_by_their_second_day(tocsin: Tocsin, demo: Path) -> None:
    opened = {str(warning["opened"]) for warning in found(tocsin, demo, "surge", "aircraft")}
    assert opened & {"2022-08-03", "2022-08-04", "2022-08-05"}
    assert opened & {"2023-04-08", "2023-04-09"}


def test_the_creep_of_vessels_is_declared_by_the_end_of_april_2023(tocsin: Tocsin, demo: Path) -> None:
    (creep,) = found(tocsin, demo, "creep", "naval vessels")
    assert "2022-12-01" <= str(creep["opened"]) <= "2023-04-30"


def test_a_second_run_makes_nothing_new(tocsin: Tocsin, demo: Path) -> None:
    again = tocsin("run", "-w", demo)
    assert (again.status, again.out) == (0, "Nothing new.\n")


def test_sources_are_judged_by_the_day_that_the_workspace_stands_at(tocsin: Tocsin, demo: Path) -> None:
    told = tocsin("sources", "-w", demo, "--json").lines
    assert {str(one["state"]) for one in told} == {"ok"}
    assert not [one for one in told if "-" in str(one["says"]).replace(str(one["name"]), "")]


def test_a_warning_leads_back_to_quotes_and_pages(tocsin: Tocsin, demo: Path) -> None:
    (surge,) = [
        warning for warning in found(tocsin, demo, "surge", "aircraft") if str(warning["opened"]).startswith("2023-04")
    ]
    (shown,) = tocsin("show", surge["id"], "-w", demo, "--json").lines
    event = next(event for event in shown["events"] if "exercises" in event["quote"]["text"] or event["quote"]["text"])
    article, quote = event["article"], event["quote"]
    text = article["title"] if event["headline"] else article["text"]
    assert text[quote["start"] : quote["end"]] == quote["text"]
    assert len(article["page"]["sha256"]) == 64
    words = tocsin("show", surge["id"], "-w", demo).out
    assert "Likelihood" in words or surge["state"] == "closed"
    assert "Innocent explanations considered" in words


def test_a_warning_is_told_down_to_its_figures_and_the_latest_claims_are_the_ones_shown(
    tocsin: Tocsin, demo: Path
) -> None:
    (creep,) = found(tocsin, demo, "creep", "naval vessels")
    told = tocsin("show", creep["id"], "-w", demo)
    assert told.status == 0
    events, _, figures = told.out.partition("Official figures")
    for part in (events.partition("Events (")[2], figures):
        days = re.findall(r"^  (\d{4}-\d\d-\d\d)  ", part, re.MULTILINE)
        assert days
        assert days == sorted(days)
        assert re.search(r"^  … and \d+ earlier; --json gives all\.$", part, re.MULTILINE)
    assert "2023-12-31  twn-mnd vessels = 4" in figures
    assert "twn-mnd-counts.csv, fetched " in figures


def test_every_kind_of_record_is_told_with_the_page_it_stands_on(tocsin: Tocsin, demo: Path) -> None:
    (creep,) = found(tocsin, demo, "creep", "naval vessels")
    (shown,) = tocsin("show", creep["id"], "-w", demo, "--json").lines
    event, observation = shown["events"][0], shown["observations"][0]
    article = event["article"]
    for record, page in ((event, article["page"]), (observation, observation["article"]), (article, article["page"])):
        told = tocsin("show", record["id"], "-w", demo)
        assert told.status == 0
        assert f"{page['url']}, fetched {page['fetched']}, sha256 {page['sha256'][:16]}…" in told.out


def test_a_figure_of_a_data_set_is_told_with_the_file_it_is_from() -> None:
    figure = {
        "kind": "observation", "id": "observation-1", "issuer": "gdelt-gkg", "field": "PROTEST", "day": "2017-07-01",
        "value": 2.0, "article": "gkg2_sample.tsv", "quote": None,
    }  # fmt: skip
    assert list(evidence.lines(figure)) == ["2017-07-01  gdelt-gkg PROTEST = 2  observation-1", "  gkg2_sample.tsv"]


def test_copies_of_one_wire_report_count_as_one_origin(tocsin: Tocsin, demo: Path) -> None:
    (surge,) = [w for w in found(tocsin, demo, "surge", "aircraft") if str(w["opened"]).startswith("2023-04")]
    assert int(str(surge["origins"])) < int(str(surge["articles"]))


@pytest.mark.parametrize("what", ["events", "observations", "warnings"])
def test_what_is_stored_can_be_exported(tocsin: Tocsin, demo: Path, tmp_path: Path, what: str) -> None:
    for form in ("csv", "parquet", "geojson"):
        out = tmp_path / f"{what}.{form}"
        done = tocsin("export", what, "--format", form, "--out", out, "-w", demo)
        assert done.status == 0, done.err
        assert "rows in" in done.out
    assert pl.read_parquet(tmp_path / f"{what}.parquet").height == pl.read_csv(tmp_path / f"{what}.csv").height > 0
    assert json.loads((tmp_path / f"{what}.geojson").read_text())["type"] == "FeatureCollection"


def test_python_gives_frames(demo: Path) -> None:
    with package.open(demo) as frames:
        events = frames.events(since="2022-08-01", until="2022-08-31")
        assert events.height > 0
        assert list(frames.events(as_="pandas").columns) == events.columns
        assert frames.observations(as_="arrow").num_rows > 0


def test_a_workspace_without_problems_says_so(tocsin: Tocsin, demo: Path) -> None:
    assert tocsin("problems", "-w", demo).out == "No problems.\n"
    assert tocsin("problems", "-w", demo, "--json").out == ""


def test_the_doctor_finds_the_demo_sound(tocsin: Tocsin, demo: Path) -> None:
    done = tocsin("doctor", "-w", demo, "--json")
    assert done.status == 0
    assert all(line["state"] != "wrong" for line in done.lines)
