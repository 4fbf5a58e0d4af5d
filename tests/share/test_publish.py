"""What is let out, what is let out more widely, and what is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tocsin.share.accounts import RIGHTS, Account, Login
from tocsin.share.database import ShareError
from tocsin.share.handling import mark
from tocsin.share.opening import Share, open_share
from tocsin.share.publish import WIDENS, mark_record, markings_of, open_collection, publish, put, release, withdraw
from tocsin.share.rule import Marking, Subject
from tocsin.share.shelf import Collection
from tocsin.share.window import EVERYTHING, Window

from .records import PUBLISHER, some_findings
from .samples import an_identity
from .test_stix import faults

AMBER = Marking(tlp="amber", releasable_to=frozenset({"org:navy", "org:home"}))
WIDE = Marking(tlp="green")
RELEASER = Login(Account("ada", "home", "releaser"), RIGHTS["releaser"])
ANALYST = Login(Account("bob", "home", "analyst"), RIGHTS["analyst"])


@pytest.fixture
def share(tmp_path: Path) -> Iterator[Share]:
    opened = open_share(tmp_path / "s.db", tmp_path / "key", home="home")
    yield opened
    opened.close()


@pytest.fixture
def to(share: Share) -> Collection:
    return share.shelf.keep_collection("watch-taiwan-strait", "Taiwan Strait", WIDE)


def seen_by(share: Share, to: Collection, organisation: str) -> dict[str, list[dict[str, object]]]:
    who = Subject(at=datetime.now(UTC), person="p", organisation=organisation)
    found: dict[str, list[dict[str, object]]] = {}
    for one in Window(share.shelf, who).all(to):
        found.setdefault(one.stix["type"], []).append(one.stix)
    return found


def test_what_nobody_has_marked_is_not_shared(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="person:ada")
    assert set(seen_by(share, to, "home")) == {"identity", "extension-definition"}


def test_publishing_again_changes_nothing_and_a_revision_changes_what_it_changes(share: Share, to: Collection) -> None:
    first = publish(share, some_findings(), PUBLISHER, to, by="person:ada", default=AMBER)
    assert first.changed > 10
    assert first.refused == ()
    again = publish(share, some_findings(), PUBLISHER, to, by="person:ada", default=AMBER)
    assert (again.changed, again.unchanged) == (0, first.changed)
    revised = publish(share, some_findings(revision=2, summary="Nine vessels."), PUBLISHER, to, by="a", default=AMBER)
    assert revised.changed == 1
    report = seen_by(share, to, "navy")["report"]
    assert [one["description"] for one in report] == ["Nine vessels."]
    assert seen_by(share, to, "harbour").keys() == {"identity", "extension-definition"}


def test_a_marking_of_one_record_holds_for_what_rests_on_it(share: Share, to: Collection) -> None:
    findings = some_findings()
    event = next(iter(findings.events))
    red = Marking(tlp="red", releasable_to=frozenset({"person:ada"}))
    mark_record(share, event.id, red, by="person:ada")
    assert markings_of(share, [event.id, "unmarked"]) == {event.id: red}
    publish(share, findings, PUBLISHER, to, by="person:ada", default=AMBER)
    assert "report" not in seen_by(share, to, "navy")
    assert "sighting" in seen_by(share, to, "navy")


def test_a_marking_of_a_page_holds_for_what_was_read_from_it(share: Share, to: Collection) -> None:
    findings = some_findings()
    (event,) = findings.events
    red = Marking(tlp="red", releasable_to=frozenset({"person:ada"}))
    mark_record(share, findings.articles[event.article].page, red, by="person:ada")
    publish(share, findings, PUBLISHER, to, by="person:ada", default=AMBER)
    assert {"note", "report"}.isdisjoint(seen_by(share, to, "navy"))
    assert "observed-data" in seen_by(share, to, "navy")


def test_to_mark_more_widely_needs_a_reason(share: Share) -> None:
    mark_record(share, "event-1", AMBER, by="person:ada")
    with pytest.raises(ShareError, match="say why"):
        mark_record(share, "event-1", WIDE, by="person:ada")
    mark_record(share, "event-1", WIDE, by="person:ada", reason="the ministry has published it")
    assert [one.action for one in share.audit.entries(subject="event-1")] == ["mark", "downgrade"]
    with pytest.raises(ShareError, match="not a level"):
        mark_record(share, "event-1", Marking(tlp="white"), by="person:ada")


def test_to_hide_less_of_a_record_is_to_mark_it_more_widely(share: Share) -> None:
    source = WIDE.model_copy(update={"fields": {"external_references.[0].url": AMBER}})
    sources = WIDE.model_copy(update={"fields": {"external_references": AMBER}})
    mark_record(share, "event-1", source, by="person:ada")
    mark_record(share, "event-1", sources, by="person:bob")
    for less in (source, WIDE):
        with pytest.raises(ShareError, match="say why"):
            mark_record(share, "event-1", less, by="person:bob")
    mark_record(share, "event-1", WIDE, by="person:ada", reason="the source agrees")
    deeds = list(share.audit.entries(subject="event-1"))
    assert [one.action for one in deeds] == ["mark", "mark", "downgrade"]
    assert [one.detail["hidden"] for one in deeds[1:]] == [["external_references"], []]


def test_only_a_releaser_with_a_reason_shares_more_widely_and_it_is_recorded(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="person:ada", default=AMBER)
    sighting = str(seen_by(share, to, "navy")["sighting"][0]["id"])
    indicator = str(seen_by(share, to, "navy")["indicator"][0]["id"])
    with pytest.raises(ShareError, match="a releaser may"):
        release(share, sighting, WIDE, by=ANALYST, reason="because")
    with pytest.raises(ShareError, match="Say why"):
        release(share, sighting, WIDE, by=RELEASER, reason=" ")
    for id in (indicator, sighting):
        release(share, id, WIDE, by=RELEASER, reason="the partners asked")
    assert [one["id"] for one in seen_by(share, to, "harbour")["sighting"]] == [sighting]
    deed = [one for one in share.audit.entries(subject=sighting) if one.action == "downgrade"][-1]
    assert deed.actor == "person:ada"
    assert deed.detail["reason"] == "the partners asked"
    with pytest.raises(ShareError, match="withdraw it"):
        release(share, sighting, AMBER, by=RELEASER, reason="a mistake")


def test_publishing_more_widely_takes_a_releaser_and_a_reason(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="person:bob", default=AMBER)
    refused: list[dict[str, Any]] = [{}, {"releaser": RELEASER}, {"releaser": ANALYST, "reason": "asked"}]
    for who in refused:
        done = publish(share, some_findings(), PUBLISHER, to, by="person:bob", default=WIDE, **who)
        assert {one.says for one in done.refused} == {WIDENS}
    assert {"report", "note", "sighting"}.isdisjoint(seen_by(share, to, "harbour"))
    signed: dict[str, Any] = {"releaser": RELEASER, "reason": "the partners asked"}
    done = publish(share, some_findings(), PUBLISHER, to, by="person:ada", default=WIDE, **signed)
    assert done.refused == ()
    (report,) = seen_by(share, to, "harbour")["report"]
    (deed,) = share.audit.entries(subject=str(report["id"]))
    assert (deed.actor, deed.action, deed.detail["reason"]) == ("person:ada", "downgrade", "the partners asked")
    assert (deed.detail["from"]["tlp"], deed.detail["to"]["tlp"]) == ("amber", "green")


def test_to_hide_less_of_what_is_out_takes_a_releaser_too(share: Share, to: Collection) -> None:
    hiding = WIDE.model_copy(update={"fields": {"description": AMBER}})
    put(share, to, [mark(an_identity("x", description="where it is"), hiding)], by="person:bob")
    done = put(share, to, [mark(an_identity("x", description="where it is"), WIDE)], by="person:bob")
    assert [one.says for one in done.refused] == [WIDENS]


def test_a_collection_is_lost_by_nobody_and_shown_to_more_by_a_releaser(share: Share) -> None:
    person = Marking(tlp="red", releasable_to=frozenset({"person:omar"}))
    assert open_collection(share, "strait", "Strait", AMBER).marking == AMBER
    narrowed = open_collection(share, "strait", "Strait", person)
    assert (narrowed.marking, narrowed.unmarked) == (AMBER, person)
    with pytest.raises(ShareError, match="a releaser and a reason"):
        open_collection(share, "strait", "Strait", WIDE)
    both = open_collection(share, "strait", "Strait", person, releaser=RELEASER, reason="omar asked")
    assert both.marking == Marking(tlp="amber", releasable_to=AMBER.releasable_to | person.releasable_to)
    assert open_collection(share, "strait", "Strait", WIDE, releaser=RELEASER, reason="all asked").marking == WIDE


def test_a_warning_that_goes_on_is_told_again(share: Share, to: Collection) -> None:
    """STIX revokes an id for good, so it goes on under another one."""
    for revision, state in enumerate(("open", "cancelled", "open", "open", "cancelled", "open"), 1):
        findings = some_findings(revision=revision, state=state)
        done = publish(share, findings, PUBLISHER, to, by="a", default=AMBER)
        assert (done.changed > 0, done.refused) == (True, ())
        again = publish(share, findings, PUBLISHER, to, by="a", default=AMBER)
        assert (again.changed, again.refused) == (0, ())
        reports = seen_by(share, to, "navy")["report"]
        assert [one["revoked"] for one in reports].count(False) == (state == "open")
    assert len(reports) == 3
    notes = [one for one in seen_by(share, to, "navy")["note"] if one["abstract"] == "How sure this is"]
    assert [one["object_refs"] for one in notes] == [[one["id"] for one in reports if not one["revoked"]]]


def test_a_warning_that_goes_on_is_shown_to_no_more_than_before(share: Share, to: Collection) -> None:
    for revision, state in enumerate(("open", "cancelled"), 1):
        publish(share, some_findings(revision=revision, state=state), PUBLISHER, to, by="a", default=AMBER)
    done = publish(share, some_findings(revision=3), PUBLISHER, to, by="a", default=WIDE)
    assert {one.says for one in done.refused} == {WIDENS}
    assert "report" not in seen_by(share, to, "harbour")


def test_with_a_report_goes_the_note_on_how_sure_it_is(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="person:ada", default=AMBER)
    report = str(seen_by(share, to, "navy")["report"][0]["id"])
    withdraw(share, report, by=RELEASER, reason="the figure was wrong")
    notes = seen_by(share, to, "navy")["note"]
    assert [(one["revoked"], one["content"]) for one in notes if one["object_refs"] == [report]] == [
        (True, "Withdrawn.")
    ]
    assert any(not one.get("revoked") for one in notes)


def test_what_is_withdrawn_reaches_those_who_had_it_as_a_tombstone(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="person:ada", default=AMBER)
    report = str(seen_by(share, to, "navy")["report"][0]["id"])
    with pytest.raises(ShareError, match="a releaser may"):
        withdraw(share, report, by=ANALYST, reason="because")
    withdraw(share, report, by=RELEASER, reason="the figure was wrong")
    left = seen_by(share, to, "navy")["report"]
    assert [(one["revoked"], one["name"], "description" in one) for one in left] == [(True, "Withdrawn", False)]
    assert faults({"type": "bundle", "id": "bundle--" + report[8:], "objects": left}) == []
    assert "report" not in seen_by(share, to, "harbour")
    with pytest.raises(ShareError, match="withdrawn before"):
        withdraw(share, report, by=RELEASER, reason="again")
    with pytest.raises(ShareError, match="not an object"):
        withdraw(share, "report--" + "0" * 36, by=RELEASER, reason="never was")


def test_history_keeps_every_version_for_those_who_may_see_it(share: Share, to: Collection) -> None:
    publish(share, some_findings(), PUBLISHER, to, by="a", default=AMBER)
    publish(share, some_findings(revision=2), PUBLISHER, to, by="a", default=AMBER)
    navy = Window(share.shelf, Subject(at=datetime.now(UTC), person="p", organisation="navy"))
    report = next(one.id for one in navy.all(to, EVERYTHING) if one.stix["type"] == "report")
    assert len(navy.history(to, report)) == 2
    assert share.audit.verify().sound


def test_writers_stay_until_others_are_named(share: Share) -> None:
    shelf = share.shelf
    shelf.keep_collection("exchange", "Exchange", WIDE, writers={"org:ally"})
    assert shelf.keep_collection("exchange", "Renamed", WIDE).writers == {"org:ally"}
    assert shelf.keep_collection("exchange", "Exchange", WIDE, writers={"org:other"}).writers == {"org:other"}
    assert shelf.keep_collection("exchange", "Exchange", WIDE, writers=()).writers == frozenset()
    found = shelf.collection("exchange")
    assert found is not None
    assert found.writers == frozenset()
