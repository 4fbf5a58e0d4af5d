"""What tocsin tells as STIX is valid, the same every time, and as restricted as what it rests on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tocsin.records import Place
from tocsin.share import extensions
from tocsin.share.handling import marking_of
from tocsin.share.objects import check, item_of
from tocsin.share.rule import Marking, wider
from tocsin.share.spelling import alpha2
from tocsin.share.stix import to_bundle, to_objects

from .decisions import NOON
from .records import PUBLISHER, all_clear, an_event, some_findings

AMBER = Marking(tlp="amber", releasable_to=frozenset({"org:navy", "org:home"}))
RED = Marking(tlp="red", releasable_to=frozenset({"person:jane"}))


def faults(bundle: Any) -> list[str]:
    """What the official validator has against a bundle. Deprecated modules of its own are not our concern."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from stix2validator import ValidationOptions, validate_parsed_json

        results = validate_parsed_json(bundle, ValidationOptions(version="2.1", strict=False))
    found = results if isinstance(results, list) else [results]
    assert found
    return [str(error) for result in found if not result.is_valid for error in result.errors or [result]]


def of_type(objects: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one for one in objects if one["type"] == kind]


@pytest.mark.parametrize("marking", [Marking(tlp="clear"), AMBER, RED.model_copy(update={"not_before": NOON})])
def test_the_official_validator_finds_nothing_wrong(marking: Marking) -> None:
    bundle = to_bundle(some_findings(), PUBLISHER, lambda record: marking)
    kinds = {one["type"] for one in bundle["objects"]}
    assert kinds >= {"report", "note", "sighting", "indicator", "observed-data", "identity", "location", "url"}
    assert faults(bundle) == []


def test_the_validator_is_really_asked() -> None:
    bundle = to_bundle(some_findings(), PUBLISHER, all_clear)
    del of_type(bundle["objects"], "report")[0]["published"]
    assert faults(bundle)


def test_a_record_with_hardly_anything_stated_is_valid_too() -> None:
    findings = some_findings()
    article = next(iter(findings.articles.values()))
    bare = an_event(
        article.model_copy(update={"id": "elsewhere"}),
        source=(), target=(), reported_by=None, date=None, quantities=(), domains=(), contexts=(), mode=None,
        place=Place(name="somewhere"),
    )  # fmt: skip
    bundle = to_bundle(replace(findings, events=[bare], articles={}, pages={}, watches={}), PUBLISHER, all_clear)
    assert faults(bundle) == []
    assert of_type(bundle["objects"], "location") == []


def test_the_same_records_make_the_same_objects() -> None:
    first, again = (to_bundle(some_findings(), PUBLISHER, all_clear) for _ in range(2))
    assert first == again
    assert to_bundle(some_findings("two"), PUBLISHER, all_clear)["id"] != first["id"]


def test_a_revision_is_a_later_version_of_the_same_report() -> None:
    old, new = (of_type(list(to_objects(some_findings(revision=n), PUBLISHER, all_clear)), "report")[0] for n in (1, 2))
    assert old["id"] == new["id"]
    assert old["modified"] < new["modified"]
    cancelled = of_type(list(to_objects(some_findings(state="cancelled"), PUBLISHER, all_clear)), "report")[0]
    assert cancelled["revoked"] is True


def test_the_server_takes_everything_that_tocsin_makes() -> None:
    for one in to_objects(some_findings(), PUBLISHER, lambda record: AMBER):
        assert item_of(check(one)).marking.tlp in ("amber", "clear")


def test_evidence_carries_the_address_and_the_hash_of_the_page() -> None:
    findings = some_findings()
    report = of_type(list(to_objects(findings, PUBLISHER, all_clear)), "report")[0]
    hashes = {one["hashes"]["SHA-256"] for one in report["external_references"]}
    assert hashes == {page.sha256 for page in findings.pages.values()}
    assert report["confidence"] == 50
    assert report["extensions"][extensions.FINDING]["probability_word"] == "likely"


def test_what_rests_on_restricted_evidence_is_as_restricted() -> None:
    findings = some_findings()
    secret = next(iter(findings.articles))
    objects = list(to_objects(findings, PUBLISHER, lambda record: RED if record == secret else AMBER))
    for kind in ("report", "location"):
        marking = marking_of(of_type(objects, kind)[0])
        assert marking is not None
        assert marking.tlp == "red"
        assert not wider(marking, RED)
        assert not wider(marking, AMBER)
    assert marking_of(of_type(objects, "sighting")[0]) == AMBER


def test_what_rests_on_something_unmarked_is_not_told() -> None:
    findings = some_findings()
    unmarked = next(iter(findings.articles))
    objects = list(to_objects(findings, PUBLISHER, lambda record: None if record == unmarked else AMBER))
    assert of_type(objects, "report") == []
    assert len(of_type(objects, "sighting")) == 1
    assert "Chinese navy" not in json.dumps(objects)


def test_an_actor_in_something_restricted_is_not_told_of_by_a_wider_object() -> None:
    red = {one["id"] for one in to_objects(some_findings(), PUBLISHER, lambda record: RED)}
    amber = {one["id"]: one for one in to_objects(some_findings(), PUBLISHER, lambda record: AMBER)}
    shared = [
        amber[id] for id in red & amber.keys() if amber[id]["type"] in ("identity", "location", "indicator", "url")
    ]
    assert {one["name"] for one in shared} == {"Harbour Institute", "tocsin"}


def test_extensions_hold_what_their_published_schema_says() -> None:
    objects = list(to_objects(some_findings(), PUBLISHER, lambda record: AMBER))
    names = {extensions.HANDLING: "handling", extensions.EVENT: "event", extensions.FINDING: "finding"}
    checked = 0
    for one in objects:
        for id, held in one.get("extensions", {}).items():
            if id in names:
                schema = extensions.schema(names[id])
                jsonschema.validate(held, schema)
                assert set(held) <= set(schema["properties"])
                checked += 1
    assert checked > 10
    assert len(of_type(objects, "extension-definition")) == 3


def test_countries_get_the_code_that_stix_wants() -> None:
    assert (alpha2("TWN"), alpha2("HND"), alpha2("XXX"), alpha2(None)) == ("TW", "HN", None, None)


def test_every_process_makes_the_same_objects() -> None:
    """Sets are in another order in every process; ids and markings must not be."""
    script = """
import hashlib, json
from tests.share.records import PUBLISHER, some_findings
from tocsin.share.rule import Marking
from tocsin.share.stix import to_objects
names = frozenset(f"org:o{n}" for n in range(20))
marking = Marking(tlp="amber", releasable_to=names, fields={"description": Marking(tlp="red", releasable_to=names)})
made = list(to_objects(some_findings(), PUBLISHER, lambda record: marking))
print(hashlib.sha256((json.dumps(made) + marking.model_dump_json()).encode()).hexdigest())
"""
    root = Path(__file__).resolve().parents[2]
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


OPEN = Marking(tlp="green")
HIDING = Marking(tlp="green", fields={"external_references": AMBER})


def test_a_finding_without_its_source_leaves_the_source_out_of_all_that_rests_on_it() -> None:
    findings = some_findings()
    hidden = {one.id for one in (*findings.events, *findings.observations)}
    (event,) = findings.events
    article = findings.articles[event.article]
    for hiding, telling in ((hidden, 0), ({event.id}, 1)):
        objects = list(to_objects(findings, PUBLISHER, lambda id, hiding=hiding: HIDING if id in hiding else OPEN))
        (report,) = of_type(objects, "report")
        assert [one["url"] for one in report.get("external_references", ())].count(article.url) == 0
        assert len(report.get("external_references", ())) == telling
        assert [url["value"].startswith("https://") for url in of_type(objects, "url")] == [bool(telling)]
        assert {one["type"] for one in objects if "granular_markings" in one} <= {"note", "observed-data"}


def test_what_hides_nothing_keeps_the_source() -> None:
    named = OPEN.model_copy(update={"fields": {"external_references": OPEN}})
    (report,) = of_type(list(to_objects(some_findings(), PUBLISHER, lambda id: named)), "report")
    assert len(report["external_references"]) == 2


def test_a_page_that_is_marked_restricts_what_was_read_from_it() -> None:
    findings = some_findings()
    (event,) = findings.events
    page = findings.articles[event.article].page
    marks = dict.fromkeys(findings.pages) | {page: RED}
    objects = list(to_objects(findings, PUBLISHER, lambda id: marks.get(id, OPEN)))
    levels = {one["type"]: marking_of(one) for one in objects if one["type"] in ("report", "observed-data", "note")}
    assert levels["report"] == levels["note"] == RED
    assert levels["observed-data"] == OPEN
    figure = next(iter(findings.observations)).model_copy(update={"article": page})
    told = list(to_objects(replace(findings, observations=[figure]), PUBLISHER, lambda id: marks.get(id, OPEN)))
    assert [marking_of(one) for one in of_type(told, "observed-data")] == [RED]
